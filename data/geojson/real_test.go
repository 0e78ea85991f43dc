package geojson_test

import (
	"bytes"
	"reflect"
	"testing"

	"callbox/data/geojson"
	"callbox/geo/area"
	"callbox/geo/road/roadtest"
)

// TestRealFiles reads the city's files, writes them and reads them again.
func TestRealFiles(t *testing.T) {
	for _, c := range []struct {
		file  string
		opts  geojson.Options
		areas int
		kind  area.Kind
		ids   []string
	}{
		{"nypd_precincts_78_simplified.geojson", geojson.Options{}, 78, area.Precinct, []string{"1", "75", "116", "123"}},
		{"nypd_precincts_78_full.geojson.gz", geojson.Options{}, 78, area.Precinct, []string{"1", "75", "116", "123"}},
		{"nypd_precincts_77_2018.geojson.gz", geojson.Options{}, 77, area.Precinct, []string{"1", "75", "123"}},
		{"nypd_sectors_303_simplified.geojson", geojson.Options{}, 303, area.Sector, []string{"75D", "101A"}},
		{"nyc_boroughs.geojson.gz", geojson.Options{IDProperty: "boro_code", Kind: "borough"}, 5, "borough", []string{"1", "2", "3", "4", "5"}},
	} {
		t.Run(c.file, func(t *testing.T) {
			areas, err := geojson.ReadFile(roadtest.DataFile(t, c.file), c.opts)
			if err != nil {
				t.Fatal(err)
			}
			if len(areas) != c.areas {
				t.Errorf("%d areas, want %d", len(areas), c.areas)
			}
			byID := map[string]area.Area{}
			for _, a := range areas {
				byID[a.ID] = a
				if a.Kind != c.kind {
					t.Errorf("%s is a %s, want a %s", a.ID, a.Kind, c.kind)
				}
			}
			for _, id := range c.ids {
				if _, ok := byID[id]; !ok {
					t.Errorf("%s is missing", id)
				}
			}
			var text bytes.Buffer
			if err := geojson.Write(&text, areas); err != nil {
				t.Fatal(err)
			}
			again, err := geojson.Read(bytes.NewReader(text.Bytes()), geojson.Options{})
			if err != nil || !reflect.DeepEqual(again, areas) {
				t.Errorf("written and read again, the areas differ (%v)", err)
			}
		})
	}
}

func TestRealPosts(t *testing.T) {
	posts, err := geojson.ReadPostsFile(roadtest.DataFile(t, "nypd_precinct_houses_77.geojson"), geojson.Options{})
	if err != nil {
		t.Fatal(err)
	}
	areas, err := geojson.ReadFile(roadtest.DataFile(t, "nypd_precincts_78_simplified.geojson"), geojson.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := area.NewSet(areas)
	if err != nil {
		t.Fatal(err)
	}
	inside := 0
	for _, post := range posts {
		if _, ok := set.Get(post.Area); !ok || post.ID != post.Area {
			t.Errorf("%+v", post)
		}
		if set.Contains(post.Area, post.At) {
			inside++
		}
	}
	if len(posts) != 77 || inside < 75 {
		t.Errorf("%d posts, %d of them in their own precinct", len(posts), inside)
	}
}

// BenchmarkRead reads the full file, 98,060 vertices, mending included.
func BenchmarkRead(b *testing.B) {
	path := roadtest.DataFile(b, "nypd_precincts_78_full.geojson.gz")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := geojson.ReadFile(path, geojson.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

package area_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"callbox/geo/area"
	"callbox/geo/road/roadtest"
)

// realAreas reads the areas of a file in the folder of shared data beside the
// project, with a reader that is not ours. It skips the test if there is no
// such folder.
func realAreas(t testing.TB, file, property string, kind area.Kind) []area.Area {
	t.Helper()
	f, err := os.Open(roadtest.DataFile(t, file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	var collection struct {
		Features []struct {
			Properties map[string]string
			Geometry   struct{ Coordinates orb.MultiPolygon }
		}
	}
	if err := json.NewDecoder(r).Decode(&collection); err != nil {
		t.Fatal(err)
	}
	var areas []area.Area
	for _, f := range collection.Features {
		areas = append(areas, area.Area{ID: f.Properties[property], Kind: kind, Shape: f.Geometry.Coordinates})
	}
	return areas
}

func set(t testing.TB, areas ...[]area.Area) *area.Set {
	t.Helper()
	var all []area.Area
	for _, a := range areas {
		all = append(all, a...)
	}
	s, err := area.NewSet(all)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRealFiles(t *testing.T) {
	for _, c := range []struct {
		file, property string
		areas          int
	}{
		{"nypd_precincts_78_simplified.geojson", "precinct", 78},
		{"nypd_precincts_78_full.geojson.gz", "precinct", 78},
		{"nypd_sectors_303_simplified.geojson", "sector", 303},
		{"nypd_precincts_77_2018.geojson.gz", "precinct", 77},
		{"nyc_boroughs.geojson.gz", "boro_code", 5},
	} {
		t.Run(c.file, func(t *testing.T) {
			areas := realAreas(t, c.file, c.property, "precinct")
			s := set(t, areas)
			if s.Len() != c.areas {
				t.Errorf("%d areas, want %d", s.Len(), c.areas)
			}
		})
	}
}

// TestParentsOfRealSectors checks that the digits of each sector's name are the
// precinct found around it.
func TestParentsOfRealSectors(t *testing.T) {
	sectors := realAreas(t, "nypd_sectors_303_simplified.geojson", "sector", area.Sector)
	for _, file := range []string{"nypd_precincts_78_simplified.geojson", "nypd_precincts_78_full.geojson.gz"} {
		s := set(t, sectors, realAreas(t, file, "precinct", area.Precinct))
		for _, a := range s.All() {
			if a.Kind == area.Sector && a.Parent != a.ID[:len(a.ID)-1] {
				t.Errorf("%s: the parent of %s is %q", file, a.ID, a.Parent)
			}
		}
	}
}

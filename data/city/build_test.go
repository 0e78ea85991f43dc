package city

import (
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"callbox/data/dimacs/dimacstest"
	"callbox/data/geojson"
	"callbox/geo"
	"callbox/geo/area"
	"callbox/geo/road/roadtest"
)

// box is a feature: a square of 0.01 degree with the given properties.
func box(lon, lat float64, properties string) string {
	ring := fmt.Sprintf("[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]", lon, lat, lon+0.01, lat+0.01)
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon","coordinates":[%s]}}`, properties, ring)
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

// A town at 20 E 45 N: two precincts, a sector, four crossings, three of them
// in the first precinct, and two posts.
var (
	townPrecincts = collection(box(20, 45, `"precinct":"1"`), box(20.01, 45, `"precinct":2`))
	townSectors   = collection(box(20, 45, `"sector":"1A"`))
	townCoords    = "p aux sp co 4\nv 1 20001000 45001000\nv 2 20009000 45001000\nv 3 20001000 45009000\nv 4 20029000 45009000\n"
	townLengths   = "p sp 4 8\na 1 2 8000\na 2 1 8000\na 1 3 9000\na 3 1 9000\na 2 4 30000\na 4 2 30000\na 3 4 30000\na 4 3 30000\n"
	townPosts     = "id,precinct,latitude,longitude\nnorth,1,45.009,20.005\nsouth,2,45.001,20.015\n"
)

// townMap is a map of the town, where the fourth crossing is behind a gate, and
// of a road elsewhere.
const townMap = `<?xml version="1.0"?>
<osm version="0.6">
<node id="1" lat="45.001" lon="20.001"/><node id="2" lat="45.001" lon="20.009"/><node id="3" lat="45.009" lon="20.001"/>
<node id="4" lat="45.009" lon="20.029"><tag k="barrier" v="gate"/></node><node id="5" lat="45" lon="20.04"/>
<way id="1"><nd ref="3"/><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
<way id="2"><nd ref="2"/><nd ref="4"/><nd ref="5"/><nd ref="77"/><tag k="highway" v="primary"/><tag k="maxspeed" v="?"/></way>
<way id="3"><nd ref="1"/><nd ref="4"/><tag k="highway" v="footway"/></way>
<relation id="1"><member type="way" ref="1" role="from"/><tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>
</osm>`

func town(t testing.TB) Sources {
	return Sources{
		Name:  "town",
		Areas: []string{put(t, "precincts.geojson", townPrecincts), put(t, "sectors.geojson", townSectors)},
		Roads: []string{put(t, "town.co", townCoords), put(t, "town-d.gr", townLengths)},
		Posts: put(t, "posts.csv", townPosts),
	}
}

func TestBuild(t *testing.T) {
	steps := make(map[string]bool)
	c, r, err := Build(town(t), func(step string, done, total int64) {
		if done > total && total > 0 || done < 0 {
			t.Errorf("%s: %d of %d", step, done, total)
		}
		steps[step] = true
	})
	if err != nil {
		t.Fatal(err)
	}
	if !steps["reading areas"] || !steps["reading roads"] {
		t.Errorf("steps: %v", steps)
	}
	want := strings.TrimPrefix(`
city               town
sectors            1
precincts          2
road nodes         4
road arcs          8, 0 of them one-way
road version       `+c.Roads.Version()+`
nodes in the city  3, in every precinct at least 0 (2)
hardly any roads   2 (1, 2): fewer than 10 nodes
posts              2
`, "\n")
	if got := r.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if a, _ := c.Areas.Get("1A"); a.Parent != "1" {
		t.Errorf("%+v", a)
	}
	if want := []Post{{ID: "north", Area: "1", At: geo.Point{Lat: 45_009_0000, Lon: 20_005_0000}}, {ID: "south", Area: "2", At: geo.Point{Lat: 45_001_0000, Lon: 20_015_0000}}}; !slices.Equal(c.Posts, want) {
		t.Errorf("%+v", c.Posts)
	}
}

func TestBuildFromAMap(t *testing.T) {
	s := town(t)
	s.Roads = []string{putGzip(t, "town.osm.gz", townMap, 0)}
	steps := map[string]bool{}
	c, r, err := Build(s, func(step string, done, total int64) { steps[step] = true })
	if err != nil {
		t.Fatal(err)
	}
	if !steps["reading ways"] || !steps["reading nodes"] {
		t.Errorf("steps: %v", steps)
	}
	// The gate is two nodes of arrival and two of departure; behind it routine
	// driving does not get.
	roads := strings.TrimPrefix(`
road nodes         8
road arcs          12, 0 of them one-way
road version       `+c.Roads.Version()+`
highways           3, 2 of them driven, 5 km
not driven         1 of a class that is not driven
passed over        1 with maxspeed that cannot be read
beyond the rim     1 nodes of highways that the file does not have
barriers           1
turn restrictions  1, 0 of them honoured by routine driving
not honoured       1 not complete, or of an unknown kind
emergency only     3 nodes that routine driving does not reach
nodes in the city  3, in every precinct at least 0 (2)
`, "\n")
	if got := r.String(); !strings.Contains(got, roads) {
		t.Errorf("got\n%s\nwant\n%s", got, roads)
	}
	checked, err := Check(s.Roads[0])
	if got := checked.String(); err != nil || got != roads[:strings.Index(roads, "nodes in the city")] {
		t.Errorf("checked: %v\n%s", err, got)
	}
}

// TestTornRoads: more than a fifth of the nodes dropped is a warning.
func TestTornRoads(t *testing.T) {
	s := town(t)
	torn := "p sp 4 5\na 1 2 8000\na 2 1 8000\na 1 3 9000\na 3 1 9000\na 2 4 30000\n"
	s.Roads[1] = put(t, "town-d.gr", torn)
	_, built, err1 := Build(s, nil)
	checked, err2 := Check(s.Roads[1])
	for _, r := range []Report{built, checked} {
		for _, want := range []string{"1 nodes that cannot be reached from everywhere\n", "25 % of 4 nodes were dropped: the roads are torn; cut the extract larger, or check the one-way streets in it\n"} {
			if got := r.String(); err1 != nil || err2 != nil || !strings.Contains(got, want) {
				t.Errorf("%v, %v, got\n%s\nwant %s", err1, err2, got, want)
			}
		}
	}
	fifth := Report{Roads: &RoadReport{Nodes: 80, Dropped: 20}}
	if got := fifth.String(); strings.Contains(got, "WARNING") {
		t.Errorf("a fifth is no more than a fifth:\n%s", got)
	}
}

// TestBuildIsReproducible builds twice, from other folders and with the files
// in another order.
func TestBuildIsReproducible(t *testing.T) {
	var folders []map[string]string
	for i := range 2 {
		s := town(t)
		if i == 1 {
			slices.Reverse(s.Areas)
			slices.Reverse(s.Roads)
		}
		c, _, err := Build(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "city")
		write(t, c, dir)
		folders = append(folders, content(t, dir))
	}
	if !maps.Equal(folders[0], folders[1]) {
		t.Error("the same files make other bytes")
	}
}

func TestBuildPlacesPosts(t *testing.T) {
	s := town(t)
	s.Posts = put(t, "posts.geojson", `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[20.005,45.005]}},
		{"type":"Feature","properties":{"name":"b","precinct":"99"},"geometry":{"type":"Point","coordinates":[20.015,45.005]}},
		{"type":"Feature","properties":{"name":"c","precinct":"98"},"geometry":{"type":"Point","coordinates":[20.1,45.005]}},
		{"type":"Feature","properties":{"name":"d","precinct":"2"},"geometry":{"type":"Point","coordinates":[20.1,45.005]}}]}`)
	c, r, err := Build(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range c.Posts {
		got = append(got, p.ID+p.Area)
	}
	if want := []string{"a1A", "b2", "c", "d2"}; !slices.Equal(got, want) {
		t.Errorf("posts and areas %q, want %q", got, want)
	}
	if !slices.Equal(r.Posts.Moved, []string{"b", "c"}) || !slices.Equal(r.Posts.Outside, []string{"c", "d"}) {
		t.Errorf("%+v", r.Posts)
	}
	if table := r.String(); !strings.Contains(table, "outside the city   2 (c, d)\n") || !strings.Contains(table, "of unknown areas   2 (b, c): placed where they lie\n") {
		t.Errorf("\n%s", table)
	}
}

func TestBuildTopSpeed(t *testing.T) {
	s := town(t)
	s.TopSpeed = geo.MetersPerSecond(10)
	c, _, err := Build(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	// 800 m on a local street, class 0.4, at 10 m/s for class 1.0.
	if got := c.Roads.Time(0, geo.Routine).Seconds(); got != 200 {
		t.Errorf("the first street takes %v s, want 200", got)
	}
	if c.Origin.TopSpeed != 10_000 {
		t.Errorf("%+v", c.Origin)
	}
}

// TestBuildFaults breaks one thing at a time.
func TestBuildFaults(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *Sources)
		rule   error
		text   string
	}{
		"no areas": {func(s *Sources) { s.Areas = nil }, geojson.NoFeatures, "needs a file of areas"},
		"one ID in two files": {func(s *Sources) { s.Areas[1] = put(t, "more.geojson", collection(box(20, 45, `"sector":"2"`))) },
			area.DuplicateID, "more.geojson: feature 0 (2): duplicate_id: feature 1 of "},
		"a parent that is in no file": {func(s *Sources) {
			s.Areas[1] = put(t, "more.geojson", collection(box(20, 45, `"sector":"9A","precinct":"9"`)))
		},
			area.NoParent, `more.geojson: feature 0 (9A): unknown_parent: its parent "9"`},
		"faults in both files": {func(s *Sources) {
			s.Areas[0] = put(t, "a.geojson", collection(box(20, 45, ``)))
			s.Areas[1] = put(t, "b.geojson", "")
		}, geojson.EmptyFile, "a.geojson: feature 0: missing_id: the area has no ID; give it one (and 1 more)"},
		"areas swapped": {func(s *Sources) { s.Areas[0] = put(t, "a.geojson", collection(box(45, 20, `"precinct":"1"`))) },
			area.Swapped, "a.geojson: swapped_coordinates: the areas lie between 20.0000000,45.0000000 and 20.0100000,45.0100000, the roads between"},
		"sectors swapped, without roads": {func(s *Sources) {
			s.Roads, s.Areas[1] = nil, put(t, "b.geojson", collection(box(45, 20, `"sector":"1A"`)))
		},
			area.Swapped, "b.geojson: swapped_coordinates"},
		"areas elsewhere": {func(s *Sources) { s.Areas[1] = put(t, "b.geojson", collection(box(3, 45, `"sector":"1A"`))) },
			Elsewhere, "b.geojson: elsewhere: the areas lie between 45.0000000,3.0000000"},
		"areas between the streets": {func(s *Sources) {
			s.Areas = []string{put(t, "a.geojson", collection(box(20.015, 44.995, `"precinct":"1"`)))}
		}, Elsewhere, "no crossing of the road network"},
		"posts swapped": {func(s *Sources) { s.Posts = put(t, "p.csv", "id,latitude,longitude\na,20.005,45.005\n") },
			area.Swapped, "p.csv: swapped_coordinates"},
		"posts elsewhere": {func(s *Sources) { s.Posts = put(t, "p.csv", "id,lat,lon\na,20.005,50.005\n") },
			Elsewhere, "p.csv: elsewhere: the posts lie between 20.0050000,50.0050000"},
		"areas that are roads":      {func(s *Sources) { s.Areas[0] = s.Roads[0] }, WrongFormat, "this is a file of DIMACS coordinates, not GeoJSON of areas"},
		"areas in a zip":            {func(s *Sources) { s.Areas[0] = put(t, "a.zip", "PK\x03\x04...") }, WrongFormat, "unpack it"},
		"OSM and DIMACS":            {func(s *Sources) { s.Roads[1] = put(t, "r.osm", townMap) }, WrongFormat, "r.osm: wrong_format: this is an OpenStreetMap file, which has all there is to know of the roads; give it alone"},
		"two OSM files":             {func(s *Sources) { s.Roads = []string{put(t, "r.osm", townMap), put(t, "q.osm", townMap)} }, WrongFormat, "merge several"},
		"OSM and a top speed":       {func(s *Sources) { s.Roads, s.TopSpeed = []string{put(t, "r.osm", townMap)}, 10_000 }, WrongFormat, "leave it out"},
		"OSM that is cut":           {func(s *Sources) { s.Roads = []string{put(t, "r.osm", townMap[:300])} }, nil, "r.osm: truncated: the file ends in the middle, on line 5"},
		"PBF that is cut":           {func(s *Sources) { s.Roads = []string{put(t, "r", "\x00\x00\x00\x0d\x0a\x09OSMHeader")} }, nil, "r: truncated: the file ends in the middle of block 0"},
		"an empty PBF":              {func(s *Sources) { s.Roads = []string{put(t, "r.osm.pbf", "rubbish")} }, nil, "r.osm.pbf: format: this is no OpenStreetMap file"},
		"OSM without roads":         {func(s *Sources) { s.Roads = []string{put(t, "r.osm", `<osm version="0.6"></osm>`)} }, nil, "r.osm: roads: there is no highway in it"},
		"roads without coordinates": {func(s *Sources) { s.Roads = s.Roads[1:] }, nil, "town-d.gr: files: want one file of coordinates"},
		"a bad arc": {func(s *Sources) { s.Roads[1] = put(t, "r.gr", strings.Replace(townLengths, "a 1 2", "a 1 9", 1)) },
			nil, "r.gr:2: id: node 9 is not from 1 to 4"},
		"a file that is not there": {func(s *Sources) { s.Areas[0] = filepath.Join(t.TempDir(), "none") }, fs.ErrNotExist, "none: no such file"},
		"roads that are not there": {func(s *Sources) { s.Roads[0] = filepath.Join(t.TempDir(), "none") }, fs.ErrNotExist, "none: no such file"},
		"posts that are not there": {func(s *Sources) { s.Posts = filepath.Join(t.TempDir(), "none") }, fs.ErrNotExist, "none: no such file"},
		"a folder":                 {func(s *Sources) { s.Areas[0] = t.TempDir() }, nil, "is a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			s := town(t)
			c.change(&s)
			city, _, err := Build(s, nil)
			if c.rule != nil && !errors.Is(err, c.rule) {
				t.Errorf("got %v, want %v", err, c.rule)
			}
			if city != nil || err == nil || !strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want one line with %q", err, c.text)
			}
			var faults Faults
			if unread := errors.As(err, new(*fs.PathError)); errors.As(err, &faults) == unread {
				t.Errorf("%T: a file that cannot be read is no fault of its content", err)
			}
		})
	}
}

func TestFaultsAreBounded(t *testing.T) {
	var first, second []string
	for i := range 150 {
		first = append(first, box(20, 45, fmt.Sprintf(`"precinct":%d`, i)))
		second = append(second, box(20, 45, fmt.Sprintf(`"sector":%d`, i)))
	}
	_, _, err := Build(Sources{Areas: []string{put(t, "a.geojson", collection(first...)), put(t, "b.geojson", collection(second...))}}, nil)
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != 101 || !faults.More() || !strings.HasSuffix(err.Error(), "(and more than 99 more)") {
		t.Errorf("%d faults: %v", len(faults), err)
	}
}

// TestNewYork builds the real city, twice, with the files in another order.
func TestNewYork(t *testing.T) {
	file := func(name string) string { return roadtest.DataFile(t, name) }
	s := Sources{
		Name:  "New York",
		Areas: []string{file("nypd_precincts_78_simplified.geojson"), file("nypd_sectors_303_simplified.geojson")},
		Roads: dimacstest.NewYorkFiles(t),
		Posts: file("nypd_precinct_houses_78.csv"),
	}
	var folders []map[string]string
	for range 2 {
		c, r, err := Build(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.Areas, []KindCount{{area.Sector, 303}, {area.Precinct, 78}}) || len(r.Alone) > 0 {
			t.Errorf("areas %v, alone %q", r.Areas, r.Alone)
		}
		if r.Roads.Nodes != 264_346 || r.Roads.Arcs != 733_846 || r.Roads.Dropped != 0 || r.Roads.OneWay != 0 ||
			r.Roads.Inside != 54_143 || r.Roads.Least != 96 || len(r.Roads.Sparse) > 0 {
			t.Errorf("roads %+v", *r.Roads)
		}
		if r.Posts.Count != 78 || len(r.Posts.Outside)+len(r.Posts.Moved) > 0 {
			t.Errorf("posts %+v", *r.Posts)
		}
		for _, p := range c.Posts {
			if cmp.Or(p.Area, "none") != p.ID {
				t.Errorf("post %s is of area %s", p.ID, p.Area)
			}
		}
		dir := filepath.Join(t.TempDir(), "city")
		write(t, c, dir)
		folders = append(folders, content(t, dir))
		if _, err := Open(dir); err != nil {
			t.Error(err)
		}
		slices.Reverse(s.Areas)
		slices.Reverse(s.Roads)
	}
	if !maps.Equal(folders[0], folders[1]) {
		t.Error("the same files make other bytes")
	}
}

func TestFullPrecincts(t *testing.T) {
	s := Sources{Areas: []string{roadtest.DataFile(t, "nypd_precincts_78_full.geojson.gz")}, Posts: roadtest.DataFile(t, "nypd_precinct_houses_77.geojson")}
	c, r, err := Build(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Areas.Len() != 78 || r.Posts.Count != 77 || len(r.Posts.Outside)+len(r.Posts.Moved) > 0 {
		t.Errorf("%d areas, posts %+v", c.Areas.Len(), *r.Posts)
	}
}

// putGzip writes a packed file, of which the end is cut off.
func putGzip(t testing.TB, name, text string, cut int) string {
	t.Helper()
	path := put(t, name, "")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	_, err1 := z.Write([]byte(text))
	err2 := z.Close()
	info, err3 := f.Stat()
	if err := errors.Join(err1, err2, err3, f.Truncate(info.Size()-int64(cut)), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

package geojson

import (
	"reflect"
	"strings"
	"testing"

	"callbox/geo"
)

func TestReadShape(t *testing.T) {
	const line, square = `[[-74,40.7],[-73.99,40.7000001]]`, `[[0,0],[2,0],[2,2],[0,0]]`
	at := func(lat, lon int32) geo.Point { return geo.Point{Lat: lat, Lon: lon} }
	a, b := at(407_000_000, -740_000_000), at(407_000_001, -739_900_000)
	ring := []geo.Point{{}, at(0, 2e7), at(2e7, 2e7), {}}
	for text, want := range map[string]geo.Shape{
		`{"type":"Point","coordinates":[-74,40.7,12]}`:                                                                                       {Points: []geo.Point{a}},
		`{"coordinates":` + line + `,"type":"MultiPoint","bbox":[1]}`:                                                                        {Points: []geo.Point{a, b}},
		`{"type":"LineString","coordinates":` + line + `}`:                                                                                   {Lines: [][]geo.Point{{a, b}}},
		`{"type":"MultiLineString","coordinates":[` + line + `,` + line + `]}`:                                                               {Lines: [][]geo.Point{{a, b}, {a, b}}},
		`{"type":"Polygon","coordinates":[` + square + `]}`:                                                                                  {Polygons: [][][]geo.Point{{ring}}},
		`{"type":"MultiPolygon","coordinates":[[` + square + `],[` + square + `,` + square + `]]}`:                                           {Polygons: [][][]geo.Point{{ring}, {ring, ring}}},
		`{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[-74,40.7]}}`:                                          {Points: []geo.Point{a}},
		`{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":` + line + `},{"type":"Point","coordinates":[0,0]}]}`: {Points: []geo.Point{{}}, Lines: [][]geo.Point{{a, b}}},
	} {
		got, _, err := ReadShape([]byte(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		canonical := AppendShape(nil, got)
		if back, _, err := ReadShape(canonical); err != nil || !reflect.DeepEqual(back, got) {
			t.Errorf("%s was written as %s, %v", text, canonical, err)
		}
	}
	_, said, err := ReadShape([]byte(`{"type":"Feature","properties":{"by":"B","x":1},"geometry":{"type":"Point","coordinates":[-74,40.7]}}`))
	if err != nil || said["by"] != "B" || len(said) != 2 {
		t.Errorf("the properties are %v, %v", said, err)
	}
	if got := string(AppendShape(nil, geo.Shape{Polygons: [][][]geo.Point{{ring[:3]}}})); got != `{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,0]]]}` {
		t.Errorf("an open ring is written as %s", got)
	}
}

func TestReadShapeSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                 "not an object of GeoJSON",
		`{"type":7}`:         "/type cannot be number",
		`{}`:                 `type is ""`,
		`{"type":"Feature"}`: "the Feature has no geometry",
		`{"type":"FeatureCollection","features":[]}`:                                                        `type is "FeatureCollection"`,
		`{"type":"Point"}`:                                                                                  "coordinates must be an array",
		`{"type":"Point","coordinates":[]}`:                                                                 "coordinates has 0 numbers",
		`{"type":"Point","coordinates":[1,2,3,4,5]}`:                                                        "coordinates has 5 numbers",
		`{"type":"Point","coordinates":[1,"2"]}`:                                                            "coordinates[1] must be a number",
		`{"type":"Point","coordinates":[40.7,-97]}`:                                                         "coordinates: latitude is outside -90 to 90: -97; a position is [lon, lat], not [lat, lon]",
		`{"type":"MultiPoint","coordinates":[]}`:                                                            "the geometry is empty",
		`{"type":"LineString","coordinates":[[1,2]]}`:                                                       "coordinates has 1 positions; a line has two or more",
		`{"type":"LineString","coordinates":[1,2]}`:                                                         "coordinates[0] must be an array",
		`{"type":"Polygon","coordinates":[]}`:                                                               "coordinates has no ring",
		`{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}`:                                            "coordinates[0] has 3 positions",
		`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}`:                                      "coordinates[0] is open",
		`{"type":"Feature","geometry":{"type":"Point","coordinates":[7]}}`:                                  "geometry.coordinates has 1 numbers",
		`{"type":"GeometryCollection","geometries":[]}`:                                                     "the geometry is empty",
		`{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[0]}]}`:                   "geometries[0].coordinates has 1 numbers",
		`{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]}]}`:        "geometries[0].type is GeometryCollection within another",
		`{"type":"LineString","coordinates":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`: "must be",
	} {
		if s, _, err := ReadShape([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.200s: %+v, %v; want %q", text, s, err, want)
		}
	}
}

func FuzzReadShape(f *testing.F) {
	f.Add([]byte(`{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[-74,40.7,12]}}`))
	f.Add([]byte(`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}`))
	f.Add([]byte(`{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[1e-7,2],[3,4]]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, _, err := ReadShape(text)
		if err != nil {
			return
		}
		canonical := AppendShape(nil, s)
		back, _, err := ReadShape(canonical)
		if err != nil || !reflect.DeepEqual(back, s) {
			t.Fatalf("%q is %+v, which is written as %s and comes back as %+v, %v", text, s, canonical, back, err)
		}
	})
}

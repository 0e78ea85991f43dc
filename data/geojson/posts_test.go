package geojson_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"callbox/data/geojson"
	"callbox/geo"
	"callbox/geo/area"
)

func TestReadPosts(t *testing.T) {
	point := `,"geometry":{"type":"Point","coordinates":[-73.9,40.6,12]}`
	at := geo.Point{Lat: 406000000, Lon: -739000000}
	got, err := geojson.ReadPosts(strings.NewReader(collection(
		`"properties":{"PRECINCT":75}`+point,
		`"id":"house","properties":{"pct":"73","name":"x"}`+point,
		`"properties":{"name":"Pier 7","precinct":"1","area":"1A"}`+point,
		`"properties":{"id":9}`+point,
	)), geojson.Options{})
	want := []geojson.Post{{ID: "75", Area: "75", At: at}, {ID: "house", Area: "73", At: at}, {ID: "Pier 7", Area: "1A", At: at}, {ID: "9", At: at}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestFaultsOfPosts(t *testing.T) {
	point := `"geometry":{"type":"Point","coordinates":[-73.9,40.6]}`
	for name, c := range map[string]struct {
		text string
		rule area.Rule
	}{
		"no ID":      {collection(point), area.MissingID},
		"a long ID":  {collection(`"id":"` + strings.Repeat("x", 129) + `",` + point), area.BadID},
		"twice":      {collection(`"id":"1",`+point, `"id":1,`+point), area.DuplicateID},
		"a polygon":  {collection(polygon(`{"id":1}`)), geojson.NotPoint},
		"a line":     {collection(`"id":1,"geometry":{"type":"Point","coordinates":[[0,0]]}`), geojson.NotPoint},
		"nothing":    {collection(`"id":1,"geometry":null`), geojson.NotPoint},
		"swapped":    {collection(`"id":1,"geometry":{"type":"Point","coordinates":[40.6,-73.9]}`), area.Swapped},
		"metres":     {collection(`"id":1,"geometry":{"type":"Point","coordinates":[1013579,186245]}`), area.Projected},
		"no feature": {collection(), geojson.NoFeatures},
		"empty":      {"", geojson.EmptyFile},
	} {
		if posts, err := geojson.ReadPosts(strings.NewReader(c.text), geojson.Options{}); !errors.Is(err, c.rule) || posts != nil {
			t.Errorf("%s: got %v, %v, want %s", name, posts, err, c.rule)
		}
	}
}

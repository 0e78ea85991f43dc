package geojson_test

import (
	"bytes"
	"errors"
	"reflect"
	"testing"

	"callbox/data/geojson"
	"callbox/geo/area"
)

// FuzzRead reads anything. What is accepted must survive being written and read
// again, and must make a set once parents are left out; what is refused must be
// refused with a fault.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		collection(polygon(`{"pct":"75"}`), polygon(`{"sector":"75D","pct":75,"name":"D"}`)),
		collection(`"id":1,"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[3,3],[3,6],[6,6],[3,3]]],[[[20,20],[21,20],[21,21],[20,20]]]]}`),
		collection(`"id":1,"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}`),
		collection(`"id":1,"geometry":{"type":"Polygon","coordinates":[[],[[]],[[0,0,0],[NaN,null]]]}`),
		`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"features":[]}`,
		`{"type":"Feature",` + polygon(`{"id":"x","kind":"beat","parent":"y"}`) + `}`,
		"\ufeff{}", "[[[[[[[[[[[[[[[[[[[[", "",
	} {
		f.Add([]byte(text))
		f.Add(zipped(f, text))
	}
	limits := geojson.Limits{Bytes: 1 << 20, Positions: 10_000, Features: 100}
	f.Fuzz(func(t *testing.T, data []byte) {
		areas, err := geojson.Read(bytes.NewReader(data), geojson.Options{Limits: limits})
		if err != nil {
			var faults area.Faults
			if !errors.As(err, &faults) || len(faults) == 0 || areas != nil {
				t.Fatalf("%v, %v", areas, err)
			}
			return
		}
		var text bytes.Buffer
		if err := geojson.Write(&text, areas); err != nil {
			t.Fatal(err)
		}
		again, err := geojson.Read(&text, geojson.Options{})
		if err != nil || !reflect.DeepEqual(again, areas) {
			t.Fatalf("%v was read again as %v, %v", areas, again, err)
		}
		for i := range areas {
			areas[i].Parent = ""
		}
		if _, err := area.NewSet(areas); err != nil {
			t.Fatal(err)
		}
	})
}

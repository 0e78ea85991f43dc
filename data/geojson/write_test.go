package geojson_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"callbox/data/geojson"
	"callbox/geo/area"
)

func ExampleWrite() {
	err := geojson.Write(os.Stdout, []area.Area{{
		ID: "75D", Kind: area.Sector, Parent: "75",
		Shape: orb.MultiPolygon{{{{-73.9, 40.6}, {-73.8, 40.6}, {-73.8, 40.7}, {-73.9, 40.6}}}},
	}})
	if err != nil {
		panic(err)
	}
	// Output:
	// {"type":"FeatureCollection","features":[
	// {"type":"Feature","id":"75D","properties":{"id":"75D","kind":"sector","parent":"75"},"geometry":{"type":"MultiPolygon","coordinates":[[[[-73.9000000,40.6000000],[-73.8000000,40.6000000],[-73.8000000,40.7000000],[-73.9000000,40.6000000]]]]}}
	// ]}
}

func TestWriteAndReadAgain(t *testing.T) {
	areas := []area.Area{
		{ID: "1", Kind: area.Precinct, Name: `"The" <First> & Größte` + "\n\u2028", Shape: orb.MultiPolygon{
			{{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 0}}, {{3, 3}, {3, 6}, {6, 6}, {3, 3}}},
			{{{-179.9999999, -45}, {-179, -45}, {-179, -44.1234567}, {-179.9999999, -45}}},
		}},
		{ID: "a.b:c_d-e", Kind: "zone", Parent: "1", Shape: orb.MultiPolygon{{{{0, 0}, {1e-7, 0}, {1e-7, 1e-7}, {0, 0}}}}},
	}
	var text bytes.Buffer
	if err := geojson.Write(&text, areas); err != nil {
		t.Fatal(err)
	}
	got, err := geojson.Read(&text, geojson.Options{})
	if err != nil || !reflect.DeepEqual(got, areas) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	triangle := orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}
	bad := orb.MultiPolygon{{{{0, 0}, {math.NaN(), 0}, {1, 1}, {0, 0}}}}
	var text bytes.Buffer
	if err := geojson.Write(&text, []area.Area{{ID: "1", Kind: area.Precinct, Shape: bad}}); !errors.Is(err, area.NotFinite) || text.Len() > 0 {
		t.Errorf("got %v and %d bytes", err, text.Len())
	}
	if err := geojson.Write(&text, []area.Area{{ID: "1", Kind: area.Precinct, Name: "\xff", Shape: triangle}}); err == nil {
		t.Error("a name that is not UTF-8 was written")
	}
	full := errors.New("the disk is full")
	if err := geojson.Write(writer{full}, []area.Area{{ID: "1", Kind: area.Precinct, Name: strings.Repeat("x", 10_000), Shape: triangle}}); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

type writer struct{ err error }

func (w writer) Write([]byte) (int, error) { return 0, w.err }

package server

import (
	"context"
	"slices"
	"strings"
	"testing"

	"callbox/api/wire"
	"callbox/assign"

	"github.com/go-json-experiment/json"
)

// areaList is the answer of GET /v1/areas.
type areaList struct {
	Type     string      `json:"type"`
	Features []any       `json:"features"`
	Areas    []wire.Area `json:"areas"`
	After    *string     `json:"after"`
}

func (b *bench) areas() (list areaList) {
	b.t.Helper()
	b.do("GET", "/v1/areas", nil, &list)
	return list
}

// north is the town as one precinct, whose sector is the northern half.
var north = collection(
	feature("80", "precinct", -74.004, 40.69, -73.983, 40.704),
	feature("80N", "sector", -74.004, 40.697, -73.983, 40.704),
)

func TestAreasRoundTrip(t *testing.T) {
	b := newBench(t)
	first := b.do("GET", "/v1/areas", nil, nil)
	list := b.areas()
	var names []string
	for _, a := range list.Areas {
		parent := "none"
		if a.Parent != nil {
			parent = *a.Parent
		}
		names = append(names, a.ID+" "+a.Kind+" "+parent)
	}
	if want := []string{"75A sector 75", "75B sector 75", "75 precinct none", "77 precinct none"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if list.Type != "FeatureCollection" || len(list.Features) != 4 || list.After != nil {
		t.Errorf("got %s", first.body)
	}
	var put, again wire.AreasAnswer
	b.do("PUT", "/v1/areas", north, &put, "Content-Type: application/geo+json")
	if put.Areas != 2 || put.Kinds["sector"] != 1 || put.Kinds["precinct"] != 1 || len(put.Hash) != 64 {
		t.Errorf("got %s", wire.Encode(put))
	}
	other := b.do("GET", "/v1/areas", nil, nil)
	b.do("PUT", "/v1/areas", string(first.body), nil, "Content-Type: application/geo+json; charset=utf-8")
	if back := b.do("GET", "/v1/areas", nil, nil); string(back.body) != string(first.body) {
		t.Errorf("%s went in and %s came out", first.body, back.body)
	}
	b.do("PUT", "/v1/areas", string(other.body), &again)
	if again.Hash != put.Hash {
		t.Errorf("the same areas have hash %s and %s", put.Hash, again.Hash)
	}
}

func TestAreasAreInForceAtOnceAndAfterARestart(t *testing.T) {
	b := newBench(t)
	b.report("c1", "10-54", corner(0, 0))
	b.do("PUT", "/v1/areas", north, nil)
	check := func(when string) {
		t.Helper()
		if c := b.call("c1"); *c.Area != "75A" {
			t.Errorf("%s: a call keeps its areas: %s", when, wire.Encode(c))
		}
		if list := b.areas(); len(list.Areas) != 2 {
			t.Errorf("%s: %d areas", when, len(list.Areas))
		}
		var list wire.CallList
		b.do("GET", "/v1/calls?area=80N", nil, &list)
		if len(list.Calls) == 0 {
			t.Errorf("%s: nothing is found in 80N", when)
		}
		b.no("PUT", "/v1/units/u1", `{"area":"75A"}`, 422, "unknown_area", "area")
		b.no("GET", "/v1/calls?area=75A", nil, 400, "unknown_area", "area")
	}
	b.report("c2", "10-54", corner(0, 0))
	if c := b.call("c2"); *c.Area != "80N" || !slices.Equal(c.Areas, []string{"80N", "80"}) {
		t.Errorf("a new call: %s", wire.Encode(c))
	}
	check("at once")
	b.restart()
	check("after a restart")
	var ready wire.Ready
	b.do("GET", "/readyz", nil, &ready)
	if ready.Areas != 2 {
		t.Errorf("ready with %d areas", ready.Areas)
	}
}

// The answer to a request that was carried out before is repeated, and the
// areas that came after it stay.
func TestReplayBringsNoAreasBack(t *testing.T) {
	b := newBench(t)
	first := b.do("PUT", "/v1/areas", boxes, nil, key)
	b.do("PUT", "/v1/areas", north, nil)
	b.replayed(first, "PUT", "/v1/areas", boxes, key)
	b.no("PUT", "/v1/areas", collection(feature("1", "precinct", -74.01, 40.69, -73.98, 40.71)), 422, "idempotency_key_reused", "Idempotency-Key", key)
	if list := b.areas(); list.Areas[0].ID != "80N" {
		t.Errorf("got %v", list.Areas)
	}
}

// Areas that were adopted over a city's own do not outlive those.
func TestAreasOfAnotherCityAreNotRestored(t *testing.T) {
	set := newSet(t, boxes)
	own, err := newAreas(set)
	if err != nil {
		t.Fatal(err)
	}
	other, err := newAreas(newSet(t, north))
	if err != nil {
		t.Fatal(err)
	}
	adopted := assign.Areas{Hash: other.hash, Base: own.hash, Document: other.document}
	if got, err := restore(own, adopted); err != nil || got.set.Len() != 2 || got.hash != other.hash {
		t.Errorf("the same city: %v, %v", got, err)
	}
	adopted.Base = "another"
	if got, err := restore(own, adopted); err != nil || got != own {
		t.Errorf("another city: %v, %v", got, err)
	}
	adopted = assign.Areas{Hash: other.hash, Base: own.hash, Document: []byte("damaged")}
	if _, err := restore(own, adopted); err == nil {
		t.Error("a damaged document is taken")
	}
}

func TestBadAreasAreRefusedWhole(t *testing.T) {
	b := newBench(t)
	before := b.do("GET", "/v1/areas", nil, nil)
	const good = `{"type":"Feature","properties":{"precinct":"80"},"geometry":{"type":"Polygon","coordinates":[[[-74,40.69],[-73.98,40.69],[-73.98,40.7],[-74,40.69]]]}}`
	for name, c := range map[string]struct {
		body    string
		faults  []string // the rule of each
		feature int      // of the first
		ring    int
	}{
		"empty":       {"", []string{"empty_file"}, -1, -1},
		"not JSON":    {`{"type":`, []string{"bad_json"}, -1, -1},
		"no features": {collection(), []string{"no_features"}, -1, -1},
		"open ring": {collection(good, strings.Replace(good, `[-74,40.69]]]`, `[-74,40.70]]]`, 1)),
			[]string{"open_ring", "duplicate_id"}, 1, 0},
		"without an id": {collection(strings.Replace(good, "precinct", "name", 1)), []string{"missing_id"}, 0, -1},
		"twice":         {collection(good, good), []string{"duplicate_id"}, 1, -1},
		"feet":          {collection(strings.Replace(good, "-73.98,40.7", "983000,197000", 1)), []string{"projected_coordinates"}, 0, 0},
		"a point":       {collection(`{"type":"Feature","id":"1","geometry":{"type":"Point","coordinates":[-74,40]}}`), []string{"not_polygon"}, 0, -1},
		"NaN":           {collection(strings.Replace(good, "40.7", "NaN", 1)), []string{"not_finite"}, 0, -1},
		"deep":          {strings.Repeat("[", 100_000), []string{"too_deep"}, -1, -1},
		"not UTF-8":     {collection(strings.Replace(good, `"80"`, "\"8\xff\"", 1)), []string{"bad_json"}, 0, -1},
	} {
		t.Run(name, func(t *testing.T) {
			p := b.no("PUT", "/v1/areas", c.body, 422, "bad_areas", "")
			var rules []string
			for _, f := range p.Faults {
				rules = append(rules, f.Rule)
			}
			slices.Sort(rules)
			slices.Sort(c.faults)
			if !slices.Equal(rules, c.faults) || p.Faults[0].Detail == "" {
				t.Fatalf("got %+v", p)
			}
			if i := slices.IndexFunc(p.Faults, func(f wire.Fault) bool { return f.Feature == c.feature && f.Ring == c.ring }); i < 0 {
				t.Errorf("nothing at feature %d, ring %d: %+v", c.feature, c.ring, p.Faults)
			}
		})
	}
	b.no("PUT", "/v1/areas", collection(feature("80", "precinct", 40.69, -74.004, 40.704, -73.983)), 422, "bad_areas", "")
	b.no("PUT", "/v1/areas?x=1", boxes, 400, "unknown_parameter", "x")
	b.no("PUT", "/v1/areas", boxes, 415, "unsupported_media_type", "Content-Type", "Content-Type: application/xml")
	if after := b.do("GET", "/v1/areas", nil, nil); string(after.body) != string(before.body) {
		t.Error("the areas in force are others")
	}
}

// All faults of a document are listed, up to a bound, and the rest is counted.
func TestManyFaults(t *testing.T) {
	b := newBench(t)
	bad := `{"type":"Feature","properties":{"precinct":"80"},"geometry":{"type":"Polygon","coordinates":[]}}`
	features := slices.Repeat([]string{bad}, 150)
	r := b.send(context.WithValue(context.Background(), loosely{}, true), "PUT", "/v1/areas", collection(features...))
	var p wire.Problem
	if err := json.Unmarshal(r.body, &p); err != nil || len(p.Faults) != 101 || p.Faults[100].Rule != "more_faults" || len(p.Detail) > 500 {
		t.Errorf("%d faults, %v: %.500s", len(p.Faults), err, r.body)
	}
}

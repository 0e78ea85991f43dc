package area_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"callbox/geo"
	"callbox/geo/area"
)

// rect is a closed, counter-clockwise ring.
func rect(west, south, east, north float64) orb.Ring {
	return orb.Ring{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}
}

func one(rings ...orb.Ring) orb.MultiPolygon { return orb.MultiPolygon{orb.Polygon(rings)} }

func precinct(id string, shape orb.MultiPolygon) area.Area {
	return area.Area{ID: id, Kind: area.Precinct, Shape: shape}
}

func reversed(r orb.Ring) orb.Ring {
	r = r.Clone()
	r.Reverse()
	return r
}

func TestFaults(t *testing.T) {
	sound := one(rect(-74, 40, -73.9, 40.1))
	for name, c := range map[string]struct {
		areas []area.Area
		rule  area.Rule
		want  string
	}{
		"metres": {
			[]area.Area{precinct("1", sound), precinct("2", one(orb.Ring{{987654.5, 210987.25}, {987754.5, 210987.25}, {987754.5, 211087.25}, {987654.5, 210987.25}}))},
			area.Projected, "feature 1 (2), polygon 0, ring 0: projected_coordinates: the position [987654.5, 210987.25] is not in degrees but in metres or feet, such as EPSG:2263 or EPSG:3857; reproject the file to WGS 84 (EPSG:4326)",
		},
		"latitude first, in New York": {
			[]area.Area{precinct("1", one(orb.Ring{{40, -74}, {40.1, -74}, {40.1, -73.9}, {40, -74}}))},
			area.Swapped, "feature 0 (1): swapped_coordinates: all of it lies between [40, -74] and [40.1, -73.9], where there is no city; exchange latitude and longitude: GeoJSON puts longitude first",
		},
		"latitude first, in Tokyo": {
			[]area.Area{precinct("1", one(orb.Ring{{35.6, 139.7}, {35.7, 139.7}, {35.7, 139.8}, {35.6, 139.7}}))},
			area.Swapped, "feature 0 (1), polygon 0, ring 0: swapped_coordinates: the position [35.6, 139.7] has a latitude above 90; exchange latitude and longitude: GeoJSON puts longitude first",
		},
		"not a number": {
			[]area.Area{precinct("1", one(orb.Ring{{0, 0}, {1, math.NaN()}, {1, 1}, {0, 0}}))},
			area.NotFinite, "feature 0 (1), polygon 0, ring 0: not_finite: the position [1, NaN] is not a pair of finite numbers; write longitude and latitude in degrees",
		},
		"infinite": {
			[]area.Area{precinct("1", one(orb.Ring{{0, 0}, {math.Inf(1), 1}, {1, 1}, {0, 0}}))},
			area.NotFinite, "feature 0 (1), polygon 0, ring 0: not_finite: the position [+Inf, 1] is not a pair of finite numbers; write longitude and latitude in degrees",
		},
		"too few": {
			[]area.Area{precinct("1", one(orb.Ring{{0, 0}, {1, 0}, {0, 0}}))},
			area.TooFew, "feature 0 (1), polygon 0, ring 0: too_few_positions: the ring has 3 positions; a ring needs four or more, the last the same as the first",
		},
		"no ring": {
			[]area.Area{precinct("1", orb.MultiPolygon{sound[0], {}})},
			area.TooFew, "feature 0 (1), polygon 1: too_few_positions: the polygon has no ring; remove it",
		},
		"open": {
			[]area.Area{precinct("1", one(orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 1}}))},
			area.OpenRing, "feature 0 (1), polygon 0, ring 0: open_ring: the ring begins at [0, 0] and ends at [0, 1]; repeat the first position at the end",
		},
		"flat": {
			[]area.Area{precinct("1", one(orb.Ring{{0, 0}, {1, 1}, {2, 2}, {0, 0}}))},
			area.ZeroArea, "feature 0 (1): zero_area: nothing is left of the area after rounding to seven decimals; remove it, or draw its polygon",
		},
		"no shape": {
			[]area.Area{precinct("1", nil)},
			area.ZeroArea, "feature 0 (1): zero_area: nothing is left of the area after rounding to seven decimals; remove it, or draw its polygon",
		},
		"bow-tie": {
			[]area.Area{precinct("1", one(orb.Ring{{0, 0}, {1, 1}, {1, 0}, {0, 2}, {0, 0}}))},
			area.SelfCrossing, "feature 0 (1), polygon 0, ring 0: self_crossing: the edge from [0, 0] to [1, 1] crosses the edge from [1, 0] to [0, 2]; redraw the ring so that it does not cross itself",
		},
		"a hole that crosses itself": {
			[]area.Area{precinct("1", orb.MultiPolygon{sound[0], {rect(5, 5, 9, 9), orb.Ring{{6, 6}, {7, 7}, {7, 6}, {6, 8}, {6, 6}}}})},
			area.SelfCrossing, "feature 0 (1), polygon 1, ring 1: self_crossing: the edge from [6, 8] to [7, 6] crosses the edge from [7, 7] to [6, 6]; redraw the ring so that it does not cross itself",
		},
		"a hole elsewhere": {
			[]area.Area{precinct("1", one(rect(5, 5, 9, 9), rect(10, 5, 11, 6)))},
			area.HoleOutside, "feature 0 (1), polygon 0, ring 1: hole_outside: the hole reaches outside its polygon at [10, 5]; make the hole a polygon of its own, or move it inside",
		},
		"a hole across the rim": {
			[]area.Area{precinct("1", one(rect(5, 5, 9, 9), rect(8, 6, 11, 7)))},
			area.HoleOutside, "feature 0 (1), polygon 0, ring 1: hole_outside: the edge from [11, 6] to [8, 6] crosses the edge from [9, 5] to [9, 9] of ring 0; redraw the hole inside its polygon",
		},
		"missing ID": {
			[]area.Area{precinct("", sound)},
			area.MissingID, "feature 0: missing_id: the area has no ID; give it one",
		},
		"bad ID": {
			[]area.Area{precinct("75 D", sound)},
			area.BadID, `feature 0: bad_id: "75 D" is not an ID; use 1 to 128 of the characters A-Z a-z 0-9 . _ : -`,
		},
		"duplicate ID": {
			[]area.Area{precinct("75", sound), precinct("73", sound), precinct("75", sound)},
			area.DuplicateID, "feature 2 (75): duplicate_id: feature 0 has this ID too; give each area its own, or join them into one MultiPolygon",
		},
		"no kind": {
			[]area.Area{{ID: "75", Shape: sound}},
			area.UnknownKind, `feature 0 (75): unknown_kind: the kind is ""; it must be a lower-case word such as precinct, sector or beat`,
		},
		"unknown parent": {
			[]area.Area{{ID: "75D", Kind: area.Sector, Parent: "75", Shape: sound}},
			area.NoParent, `feature 0 (75D): unknown_parent: its parent "75" is not among the areas; add that area, or leave the parent out`,
		},
		"a parent of the same kind": {
			[]area.Area{precinct("75", sound), {ID: "73", Kind: area.Precinct, Parent: "75", Shape: sound}},
			area.BadParent, `feature 1 (73): bad_parent: its parent "75" is a precinct, which is not coarser than a precinct; name an area of a coarser kind`,
		},
	} {
		_, err := area.NewSet(c.areas)
		if err == nil {
			t.Errorf("%s: no fault", name)
			continue
		}
		if err.Error() != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, err, c.want)
		}
		var faults area.Faults
		if !errors.Is(err, c.rule) || !errors.As(err, &faults) || len(faults) != 1 || faults[0].Rule != c.rule {
			t.Errorf("%s: %#v is not one fault of rule %s", name, err, c.rule)
		}
	}
}

func mendAll(areas []area.Area) ([]area.Area, error) {
	var report area.Report
	mended := area.Mend(areas, nil, &report)
	return mended, report.Err()
}

func TestAllFaultsAreCollected(t *testing.T) {
	_, err := mendAll([]area.Area{
		precinct("a b", one(rect(0, 0, 1, 1))),
		precinct("1", one(orb.Ring{{0, 0}, {1, 0}, {1, 1}})),
		precinct("1", orb.MultiPolygon{{orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 1}}, orb.Ring{{0, 0}}}}),
	})
	for _, rule := range []area.Rule{area.BadID, area.TooFew, area.DuplicateID, area.OpenRing} {
		if !errors.Is(err, rule) {
			t.Errorf("%s is missing in:\n%v", rule, err)
		}
	}
	if errors.Is(err, area.SelfCrossing) {
		t.Error("a fault nobody made")
	}
}

func TestFaultsAreBounded(t *testing.T) {
	areas := make([]area.Area, 1234)
	for i := range areas {
		areas[i] = precinct("", one(rect(0, 0, 1, 1)))
	}
	_, err := mendAll(areas)
	var faults area.Faults
	if !errors.As(err, &faults) || len(faults) != area.MaxFaults+1 {
		t.Fatalf("%d faults", len(faults))
	}
	if last := faults[area.MaxFaults]; last.Error() != "more_faults: 1134 more faults are not listed; mend these first" {
		t.Error(last)
	}
	var report area.Report
	for range 200 {
		report.Add(area.Feature(1, "1").Fault(area.OpenRing, ""))
	}
	report.Add(area.Nowhere.Fault(area.Projected, "of the whole file"))
	if err := report.Err(); !errors.Is(err, area.Projected) || report.Len() != 201 {
		t.Error("the fault of the whole file is lost among those of features")
	}
	if strings.Count(err.Error(), "\n") != area.MaxFaults {
		t.Error("not one line a fault")
	}
}

// TestTangles refuses rings that cross themselves too often to be judged, and
// those too tangled to be searched.
func TestTangles(t *testing.T) {
	zigzag := orb.Ring{{0, 0}}
	for i := range 200 { // back and forth across the side
		zigzag = append(zigzag, orb.Point{float64(i)/2 + 1, 1 - 2*float64(i%2)})
	}
	zigzag = append(zigzag, orb.Point{150, 0}, orb.Point{0, 0})
	comb := orb.Ring{{0, -1}}
	for i := range 4000 { // slanted teeth, each box over all others
		x := float64(i) * 0.001
		comb = append(comb, orb.Point{x, 0}, orb.Point{x + 40, 40})
	}
	comb = append(comb, orb.Point{50, 40}, orb.Point{50, -1}, orb.Point{0, -1})
	for rule, r := range map[area.Rule]orb.Ring{area.SelfCrossing: zigzag, area.TooComplex: comb} {
		if _, err := mendAll([]area.Area{precinct("1", one(r))}); !errors.Is(err, rule) {
			t.Errorf("got %v, want %s", err, rule)
		}
	}
}

func TestPoint(t *testing.T) {
	for _, c := range []struct {
		at   orb.Point
		rule area.Rule
	}{
		{orb.Point{-73.9, 40.6}, ""},
		{orb.Point{40.6, -73.9}, area.Swapped},
		{orb.Point{35.7, 139.7}, area.Swapped},
		{orb.Point{1013579, 186245}, area.Projected},
		{orb.Point{math.NaN(), 0}, area.NotFinite},
	} {
		var report area.Report
		p, ok := area.Point(c.at, area.Nowhere, &report)
		if ok != (c.rule == "") || !ok && !errors.Is(report.Err(), c.rule) {
			t.Errorf("%v: got %v, %v, %v", c.at, p, ok, report.Err())
		}
		if ok && p != at(c.at[1], c.at[0]) {
			t.Errorf("%v became %v", c.at, p)
		}
	}
}

func TestMendPutsRight(t *testing.T) {
	rim, hole, island := rect(0, 0, 9, 9), reversed(rect(3, 3, 6, 6)), rect(20, 20, 21, 21)
	want := orb.MultiPolygon{{rim, hole}, {island}}
	for name, shape := range map[string]orb.MultiPolygon{
		"nothing to do":        want,
		"all clockwise":        {{reversed(rim), hole}, {reversed(island)}},
		"holes like rims":      {{rim, reversed(hole)}, {island}},
		"mixed":                {{rim, reversed(hole)}, {reversed(island)}},
		"repeated positions":   {{orb.Ring{{0, 0}, {0, 0}, {9, 0}, {9, 9}, {9, 9}, {9, 9}, {0, 9}, {0, 0}}, hole}, {island}},
		"below a step":         {{orb.Ring{{0, 0}, {9.00000004, 0}, {9, -4e-8}, {9, 9}, {0, 9}, {0, 0}}, hole}, {island}},
		"a spike":              {{orb.Ring{{0, 0}, {9, 0}, {12, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 0}}, hole}, {island}},
		"a part without area":  {{rim, hole}, {orb.Ring{{40, 40}, {41, 41}, {42, 42}, {40, 40}}}, {island}},
		"a sliver of a step":   {{rim, hole}, {orb.Ring{{40, 40}, {41, 40}, {41, 40.00000001}, {40, 40}}}, {island}},
		"a hole without width": {{rim, hole, orb.Ring{{1, 1}, {2, 2}, {1, 1}, {1, 1}}}, {island}},
	} {
		got, err := mendAll([]area.Area{precinct("1", shape)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(got[0].Shape, want) {
			t.Errorf("%s: got %v, want %v", name, got[0].Shape, want)
		}
		again, err := mendAll(got)
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("%s: mended twice it is %v, %v", name, again, err)
		}
	}
}

func TestMendLeavesItsInputAlone(t *testing.T) {
	shape := one(reversed(rect(0, 0, 9, 9)))
	before := shape.Clone()
	if _, err := mendAll([]area.Area{precinct("1", shape)}); err != nil || !reflect.DeepEqual(shape, before) {
		t.Errorf("%v, %v", shape, err)
	}
}

func TestLooksSwapped(t *testing.T) {
	box := func(south, west, north, east int32) geo.Bound {
		return geo.Bound{Min: geo.Point{Lat: south * geo.E7, Lon: west * geo.E7}, Max: geo.Point{Lat: north * geo.E7, Lon: east * geo.E7}}
	}
	london := box(51, -1, 52, 0)
	for _, c := range []struct {
		b    geo.Bound
		want bool
	}{
		{london, false},
		{box(-1, 51, 0, 52), true},     // London, latitude first
		{box(48, 2, 49, 3), false},     // Paris
		{box(-10, -10, 60, 60), false}, // holds London
		{geo.BoundOf(), false},
	} {
		if got := area.LooksSwapped(c.b, london); got != c.want {
			t.Errorf("%v: %v", c.b, got)
		}
	}
}

func ExampleNewSet_fault() {
	_, err := area.NewSet([]area.Area{
		{ID: "75", Kind: area.Precinct, Shape: one(orb.Ring{{-73.9, 40.6}, {-73.8, 40.7}, {-73.8, 40.6}, {-73.9, 40.8}, {-73.9, 40.6}})},
	})
	fmt.Println(errors.Is(err, area.SelfCrossing))
	// Output: true
}

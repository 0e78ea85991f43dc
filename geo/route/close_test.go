package route_test

import (
	"slices"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

// TestCloseAndSetTimesKeepEachOther: what is closed stays closed when the times
// change, and the other way round.
func TestCloseAndSetTimesKeepEachOther(t *testing.T) {
	town := roadtest.Draw(t, `
		a-b-c
		|   |
		d-e-f
	`)
	slow := &route.Times{Name: "slow"}
	for p := range geo.Profiles {
		for a := range road.Arc(town.Graph.Arcs()) {
			slow.Millis[p] = append(slow.Millis[p], 2*town.Graph.Millis(a, p))
		}
	}
	n := route.New(town.Graph)
	fleet := n.Fleet()
	fleet.Put("u", town.At("a"))
	own := n.Version()
	versions := []string{own}
	expect := func(what string, want time.Duration) {
		t.Helper()
		legs, ok := fleet.Nearest(town.At("c"), geo.Routine, 0, 0)
		if !ok {
			t.Fatal("c is on no street")
		}
		for leg := range legs {
			if leg.Time != want {
				t.Errorf("%s: %v, want %v", what, leg.Time, want)
			}
		}
		versions = append(versions, fleet.Version())
	}
	arcs, length, err := n.Crossed(geo.Shape{Points: []geo.Point{town.Part("a", "b", 50)}})
	if err != nil || len(arcs) != 2 || length != roadtest.Step {
		t.Fatalf("the street of a and b: %v, %v, %v", arcs, length, err)
	}
	if err := fleet.Close(arcs); err != nil {
		t.Fatal(err)
	}
	expect("closed", 40*time.Second)
	if _, err := n.SetTimes(slow); err != nil {
		t.Fatal(err)
	}
	expect("closed and slow", 80*time.Second)
	if err := fleet.Close(nil); err != nil {
		t.Fatal(err)
	}
	expect("slow", 40*time.Second)
	if _, err := n.SetTimes(nil); err != nil {
		t.Fatal(err)
	}
	expect("as it was", 20*time.Second)
	last := len(versions) - 1
	if versions[0] != versions[last] {
		t.Errorf("the version was %s and is %s", versions[0], versions[last])
	}
	slices.Sort(versions)
	if len(slices.Compact(versions)) != last {
		t.Errorf("versions %v", versions)
	}
	if err := fleet.Close([]uint32{1 << 20}); err == nil || n.Version() != own {
		t.Errorf("an arc that is not there: %v", err)
	}
}

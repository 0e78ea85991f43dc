package route_test

import (
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

// movers are Fleet and Units.
type movers interface {
	Put(id string, at geo.Point) bool
	Nearest(to geo.Point, p geo.Profile, limit time.Duration, want uint64) (iter.Seq[geo.Leg], bool)
	Close(arcs []uint32) error
	Version() string
}

func TestCloseAndAdoptTimesKeepEachOther(t *testing.T) {
	t.Run("fleet", func(t *testing.T) {
		closeAndAdoptTimes(t, route.New, func(n *route.Network) movers { return n.Fleet() })
	})
	t.Run("units", func(t *testing.T) {
		ordered := func(g *road.Graph, o ...route.Option) *route.Network {
			return prepare(t, rand.New(rand.NewPCG(1, 9)), g, o...)
		}
		closeAndAdoptTimes(t, ordered, func(n *route.Network) movers { return n.Units() })
	})
}

// closeAndAdoptTimes: what is closed stays closed when the times change, and the
// other way round.
func closeAndAdoptTimes(t *testing.T, network func(*road.Graph, ...route.Option) *route.Network, move func(*route.Network) movers) {
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
	n := network(town.Graph)
	fleet := move(n)
	fleet.Put("u", town.At("a"))
	own := n.Version()
	versions := []string{own}
	expect := func(what string, want time.Duration) {
		t.Helper()
		versions = append(versions, fleet.Version())
		legs, ok := fleet.Nearest(town.At("c"), geo.Routine, 0, 0)
		if !ok {
			t.Fatal("c is on no street")
		}
		for leg := range legs {
			if leg.Time != want {
				t.Errorf("%s: %v, want %v", what, leg.Time, want)
			}
		}
	}
	arcs, length, err := n.Crossed(geo.Shape{Points: []geo.Point{town.Part("a", "b", 50)}})
	if err != nil || len(arcs) != 2 || length != roadtest.Step {
		t.Fatalf("the street of a and b: %v, %v, %v", arcs, length, err)
	}
	if err := fleet.Close(arcs); err != nil {
		t.Fatal(err)
	}
	expect("closed", 40*time.Second)
	if _, err := n.AdoptTimes(slow); err != nil {
		t.Fatal(err)
	}
	expect("closed and slow", 80*time.Second)
	if err := fleet.Close(nil); err != nil {
		t.Fatal(err)
	}
	expect("slow", 40*time.Second)
	if _, err := n.AdoptTimes(nil); err != nil {
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

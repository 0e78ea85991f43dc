package roadtest_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

func TestDraw(t *testing.T) {
	town := roadtest.Draw(t, `
		a-b=c
		|   "
		d<+>e
		^   v
		f   9
	`)
	const slow, fast = 10 * time.Second, 5 * time.Second
	want := map[string]time.Duration{ // by the ends of the named arcs
		"ab": slow, "ba": slow, "bc": fast, "cb": fast, "ad": slow, "da": slow,
		"ce": fast, "ec": fast, "fd": slow, "e9": slow,
	}
	if got := town.Graph.Arcs(); got != len(want)+2 {
		t.Errorf("%d arcs, want %d", got, len(want)+2)
	}
	for ends, want := range want {
		u, v := town.Node(ends[:1]), town.Node(ends[1:])
		found := false
		for a, end := town.Graph.Out(u); a < end; a++ {
			if town.Graph.Head(a) != v {
				continue
			}
			found = true
			if got := town.Graph.Time(a, geo.Routine); got != want {
				t.Errorf("%s takes %v, want %v", ends, got, want)
			}
			if got := town.Graph.Time(a, geo.Emergency); got != want*3/4 {
				t.Errorf("%s takes %v in an emergency, want %v", ends, got, want*3/4)
			}
		}
		if !found {
			t.Errorf("no arc %s", ends)
		}
	}
	for _, ends := range []string{"ab", "ad"} {
		if d := geo.Between(town.At(ends[:1]), town.At(ends[1:])); d < 99_500 || d > 100_500 {
			t.Errorf("%s is drawn %v mm long", ends, d)
		}
	}
	if town.At("a").Lat <= town.At("d").Lat || town.At("a").Lon >= town.At("b").Lon {
		t.Error("north is not up")
	}
	if half := town.Part("a", "b", 50); geo.Between(town.At("a"), half)-geo.Between(half, town.At("b")) > 20 {
		t.Errorf("%v is not half way", half)
	}
}

func TestGrid(t *testing.T) {
	g := roadtest.Grid(4, 3)
	if g.Nodes() != 12 || g.Arcs() != 2*(3*3+4*2) {
		t.Errorf("%d nodes, %d arcs", g.Nodes(), g.Arcs())
	}
	if _, dropped, err := road.LargestComponent(g); dropped != 0 || err != nil {
		t.Errorf("%d nodes apart, %v", dropped, err)
	}
}

// TestRandomHoldsWhatItPromises: tests that lean on Random would prove little
// if it never drew the awkward cases.
func TestRandomHoldsWhatItPromises(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(50) {
		g := roadtest.Random(rand.New(rand.NewPCG(seed, 0)), 20, 60)
		if _, dropped, _ := road.LargestComponent(g); dropped > 0 {
			seen["unreachable"]++
		}
		for a := range road.Arc(g.Arcs()) {
			for name, is := range map[string]bool{
				"loop":        g.Head(a) == g.Tail(a),
				"zero length": g.Length(a) == 0,
				"zero time":   g.Time(a, geo.Emergency) == 0,
				"one-way":     g.Twin(a) == road.NoArc && !g.IsTurn(a),
				"two-way":     g.Twin(a) != road.NoArc,
				"asymmetric":  g.Twin(a) != road.NoArc && g.Millis(a, 0) != g.Millis(g.Twin(a), 0),
				"profiles":    g.Millis(a, 0) != g.Millis(a, 1),
				"parallel":    a > 0 && g.Tail(a) == g.Tail(a-1) && g.Head(a) == g.Head(a-1),
				"one point":   g.Head(a) != g.Tail(a) && g.Point(g.Head(a)) == g.Point(g.Tail(a)),
				"closed":      g.Time(a, geo.Routine) == road.Never && g.Time(a, geo.Emergency) != road.Never,
				"no way":      g.Time(a, geo.Routine) == road.Never && g.Time(a, geo.Emergency) == road.Never,
				"turn":        g.IsTurn(a) && g.Tail(a) != g.Head(a),
				"no turn":     g.IsTurn(a) && g.Millis(a, geo.Routine) == road.Closed,
				"split":       g.Twin(a) != road.NoArc && g.Head(g.Twin(a)) != g.Tail(a),
			} {
				if is {
					seen[name]++
				}
			}
		}
	}
	if len(seen) != 15 {
		t.Errorf("some cases never come: %v", seen)
	}
}

package order

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

func TestFromPairs(t *testing.T) {
	g := FromPairs(make([]geo.Point, 5), [][2]uint32{{3, 0}, {0, 3}, {2, 2}, {0, 1}, {3, 0}, {3, 1}, {4, 4}})
	if got, want := fmt.Sprint(g.First, g.Neighbors), "[0 2 4 4 6 6] [1 3 0 3 0 1]"; got != want {
		t.Errorf("rows are %s, want %s", got, want)
	}
}

func TestFromRoads(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 0))
	for range 100 {
		roads := roadtest.Random(r, 1+r.IntN(20), 1+r.IntN(60))
		g := FromRoads(roads)
		want := map[[2]uint32]bool{}
		for a := range road.Arc(roads.Arcs()) {
			u, v := uint32(roads.Tail(a)), uint32(roads.Head(a))
			if u != v {
				want[[2]uint32{u, v}], want[[2]uint32{v, u}] = true, true
			}
		}
		if g.Nodes() != roads.Nodes() || len(g.Neighbors) != len(want) {
			t.Fatalf("%d nodes, %d neighbours, want %d and %d", g.Nodes(), len(g.Neighbors), roads.Nodes(), len(want))
		}
		for v := range uint32(g.Nodes()) {
			if g.Points[v] != roads.Point(road.Node(v)) {
				t.Fatalf("node %d is elsewhere", v)
			}
			for i, u := range g.Row(v) {
				if !want[[2]uint32{v, u}] || i > 0 && u <= g.Row(v)[i-1] {
					t.Fatalf("the row of %d is %v", v, g.Row(v))
				}
			}
		}
	}
}

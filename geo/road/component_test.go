package road_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

// TestLargestComponent compares with the transitive closure.
func TestLargestComponent(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 4))
		nodes := 1 + r.IntN(15)
		g := roadtest.Random(r, nodes, 1+r.IntN(2*nodes))
		reach := make([][]bool, nodes)
		for n := range reach {
			reach[n] = make([]bool, nodes)
			reach[n][n] = true
		}
		for a := range road.Arc(g.Arcs()) {
			reach[g.Tail(a)][g.Head(a)] = true
		}
		for k := range nodes {
			for i := range nodes {
				for j := range nodes {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		var want []int
		for n := range nodes {
			var with []int
			for m := range nodes {
				if reach[n][m] && reach[m][n] {
					with = append(with, m)
				}
			}
			if len(with) > len(want) {
				want = with
			}
		}
		var arcs []road.Arc
		in := map[road.Node]road.Node{}
		for i, n := range want {
			in[road.Node(n)] = road.Node(i)
		}
		for a := range road.Arc(g.Arcs()) {
			_, tail := in[g.Tail(a)]
			_, head := in[g.Head(a)]
			if tail && head {
				arcs = append(arcs, a)
			}
		}

		kept, dropped, err := road.LargestComponent(g)
		if len(arcs) == 0 {
			if !errors.Is(err, road.ErrNoArcs) {
				t.Fatalf("seed %d: nothing to drive on, but %v", seed, err)
			}
			continue
		}
		if err != nil || kept.Nodes() != len(want) || dropped != nodes-len(want) || kept.Arcs() != len(arcs) {
			t.Fatalf("seed %d: kept %d nodes, dropped %d, %v; want %v", seed, kept.Nodes(), dropped, err, want)
		}
		for i, a := range arcs {
			b := road.Arc(i)
			if kept.Tail(b) != in[g.Tail(a)] || kept.Head(b) != in[g.Head(a)] || kept.Length(b) != g.Length(a) ||
				kept.Time(b, geo.Routine) != g.Time(a, geo.Routine) || kept.Time(b, geo.Emergency) != g.Time(a, geo.Emergency) ||
				kept.Point(kept.Tail(b)) != g.Point(g.Tail(a)) {
				t.Fatalf("seed %d: arc %d is not arc %d of before", seed, b, a)
			}
		}
	}
}

// TestLargestComponentIsDeep: a street of 200,000 nodes needs no deep stack.
func TestLargestComponentIsDeep(t *testing.T) {
	var b road.Builder
	const nodes = 200_000
	for n := range nodes {
		b.AddNode(geo.Point{Lat: int32(n)})
	}
	for n := range road.Node(nodes) {
		b.AddArc(n, (n+1)%nodes, 1, both(time.Second))
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if kept, dropped, err := road.LargestComponent(g); kept != g || dropped != 0 || err != nil {
		t.Errorf("%d dropped, %v", dropped, err)
	}
}

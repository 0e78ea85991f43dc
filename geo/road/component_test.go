package road_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

// mutual gives the largest set of those nodes that can all reach each other by
// the open arcs, from the transitive closure.
func mutual(g *road.Graph, of []road.Node, open func(road.Arc) bool) []road.Node {
	nodes := g.Nodes()
	reach := make([][]bool, nodes)
	for n := range reach {
		reach[n] = make([]bool, nodes)
		reach[n][n] = true
	}
	for a := range road.Arc(g.Arcs()) {
		reach[g.Tail(a)][g.Head(a)] = reach[g.Tail(a)][g.Head(a)] || open(a)
	}
	for k := range nodes {
		for i := range nodes {
			for j := range nodes {
				reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
			}
		}
	}
	var best []road.Node
	for _, n := range of {
		var with []road.Node
		for _, m := range of {
			if reach[n][m] && reach[m][n] {
				with = append(with, m)
			}
		}
		if len(with) > len(best) {
			best = with
		}
	}
	return best
}

// connected gives the nodes that LargestComponent must keep, and the arcs that
// are closed to each profile then.
func connected(g *road.Graph) (nodes []road.Node, closed [geo.Profiles]map[road.Arc]bool) {
	for n := range road.Node(g.Nodes()) {
		nodes = append(nodes, n)
	}
	for p := range closed {
		closed[p] = map[road.Arc]bool{}
		for a := range road.Arc(g.Arcs()) {
			closed[p][a] = g.Time(a, geo.Profile(p)) == road.Never
		}
	}
	for changed := true; changed; {
		nodes = mutual(g, nodes, func(a road.Arc) bool { return !closed[geo.Routine][a] || !closed[geo.Emergency][a] })
		changed = false
		for _, closed := range closed {
			reached := mutual(g, nodes, func(a road.Arc) bool { return !closed[a] })
			for a := range road.Arc(g.Arcs()) {
				if !closed[a] && !(slices.Contains(reached, g.Tail(a)) && slices.Contains(reached, g.Head(a))) {
					closed[a], changed = true, true
				}
			}
		}
	}
	return nodes, closed
}

// TestLargestComponent compares with the transitive closure.
func TestLargestComponent(t *testing.T) {
	ends := 0
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 4))
		nodes := 1 + r.IntN(15)
		g := roadtest.Random(r, nodes, 1+r.IntN(3*nodes))
		nodesLeft, closed := connected(g)
		number := map[road.Node]road.Node{}
		for i, n := range nodesLeft {
			number[n] = road.Node(i)
		}
		var arcs []road.Arc
		arc, drivable := map[road.Arc]road.Arc{road.NoArc: road.NoArc}, false
		for a := range road.Arc(g.Arcs()) {
			_, tail := number[g.Tail(a)]
			_, head := number[g.Head(a)]
			arc[a] = road.NoArc
			if tail && head {
				arc[a] = road.Arc(len(arcs))
				arcs = append(arcs, a)
				drivable = drivable || g.Tail(a) != g.Head(a) && !(closed[geo.Routine][a] && closed[geo.Emergency][a])
			}
		}

		kept, dropped, err := road.LargestComponent(g)
		if !drivable {
			if !errors.Is(err, road.ErrNoArcs) {
				t.Fatalf("seed %d: nothing to drive on, but %v", seed, err)
			}
			continue
		}
		if err != nil || kept.Nodes() != len(nodesLeft) || dropped != nodes-len(nodesLeft) || kept.Arcs() != len(arcs) {
			t.Fatalf("seed %d: kept %d nodes, dropped %d, %v; want %v", seed, kept.Nodes(), dropped, err, nodesLeft)
		}
		for i, a := range arcs {
			b := road.Arc(i)
			if kept.Tail(b) != number[g.Tail(a)] || kept.Head(b) != number[g.Head(a)] || kept.Length(b) != g.Length(a) ||
				kept.Point(kept.Tail(b)) != g.Point(g.Tail(a)) || kept.Twin(b) != arc[g.Twin(a)] || kept.IsTurn(b) != g.IsTurn(a) {
				t.Fatalf("seed %d: arc %d is not arc %d of before", seed, b, a)
			}
			for p := range geo.Profiles {
				want := g.Time(a, p)
				if want != road.Never && closed[p][a] {
					want = road.Never
					ends++
				}
				if got := kept.Time(b, p); got != want {
					t.Fatalf("seed %d, %v: arc %d takes %v, want %v", seed, p, b, got, want)
				}
			}
		}
		if again, dropped, err := road.LargestComponent(kept); again != kept || dropped != 0 || err != nil {
			t.Fatalf("seed %d: not all is done at once: %d dropped, %v", seed, dropped, err)
		}
	}
	if ends < 100 {
		t.Errorf("only %d arcs of a dead end", ends)
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

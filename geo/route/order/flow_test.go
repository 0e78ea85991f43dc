package order

import (
	"math/rand/v2"
	"slices"
	"testing"

	"callbox/geo/road/roadtest"
)

// whole is a graph as one part, with random weights.
func whole(r *rand.Rand, g Graph) part {
	p := part{place: plane(g.Points), first: g.First, neighbors: g.Neighbors}
	for v := range g.Nodes() {
		p.nodes = append(p.nodes, uint32(v))
		p.weight = append(p.weight, 1+r.Uint32N(5))
	}
	return p
}

// reachable is all that can be reached from the ends without a cut node.
func reachable(p *part, ends, cut []uint32) map[uint32]bool {
	seen := map[uint32]bool{}
	var queue []uint32
	visit := func(nodes []uint32) {
		for _, v := range nodes {
			if !seen[v] && !slices.Contains(cut, v) {
				seen[v] = true
				queue = append(queue, v)
			}
		}
	}
	for visit(ends); len(queue) > 0; {
		v := queue[0]
		queue = queue[1:]
		visit(p.row(v))
	}
	return seen
}

// disjoint is the twin of maximize: the greatest number of ways from a to b that
// share no node, by single augmentations in a residual graph of maps.
func disjoint(p *part, a, b []uint32) (ways int) {
	n := uint32(p.size())
	source, target := 2*n, 2*n+1
	residual := make([]map[uint32]int, 2*n+2)
	for x := range residual {
		residual[x] = map[uint32]int{}
	}
	for v := range n {
		residual[2*v][2*v+1] = 1
		for _, u := range p.row(v) {
			residual[2*v+1][2*u] = p.size()
		}
	}
	for _, v := range a {
		residual[source][2*v] = 1
	}
	for _, v := range b {
		residual[2*v+1][target] = 1
	}
	for {
		seen := map[uint32]bool{}
		var walk func(x uint32) bool
		walk = func(x uint32) bool {
			if x == target {
				return true
			}
			seen[x] = true
			for y, left := range residual[x] {
				if left > 0 && !seen[y] && walk(y) {
					residual[x][y]--
					residual[y][x]++
					return true
				}
			}
			return false
		}
		if !walk(source) {
			return ways
		}
		ways++
	}
}

// TestFlow pierces random graphs until nothing is left and compares each
// flow with its twin, and looks whether each cut cuts.
func TestFlow(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 0))
	never := func(int) bool { return false }
	cuts := 0
	for range 500 {
		nodes := 4 + r.IntN(40)
		g := scatter(r, nodes, nodes+r.IntN(2*nodes))
		if r.IntN(2) == 0 {
			g = meadow(r, 2+r.IntN(8), 2+r.IntN(8))
		}
		p := whole(r, g)
		f := newFlow(&p)
		var ends [2][]uint32
		rank := make([]uint32, p.size())
		for i, v := range r.Perm(p.size()) {
			rank[v] = uint32(i)
			if side := i % 2; i < 2 || i < p.size()/4 {
				ends[side] = append(ends[side], uint32(v))
				f.end(side, uint32(v))
			}
		}
		for f.maximize(never) {
			cuts++
			if want := disjoint(&p, ends[0], ends[1]); f.value != want {
				t.Fatalf("a flow of %d, want %d", f.value, want)
			}
			for i := range f.sides {
				cut := f.separator(i)
				if len(cut) != f.value {
					t.Fatalf("side %d: a cut of %d nodes with a flow of %d", i, len(cut), f.value)
				}
				mine, others := reachable(&p, ends[i], cut), reachable(&p, ends[1-i], cut)
				weight := uint64(0)
				for v := range mine {
					if others[v] {
						t.Fatalf("side %d: the cut %v leaves a way to %d", i, cut, v)
					}
					weight += uint64(p.weight[v])
				}
				if weight != f.sides[i].weight {
					t.Fatalf("side %d weighs %d, want %d", i, f.sides[i].weight, weight)
				}
			}
			side := r.IntN(2)
			v := pick(f, side, rank)
			if v == none {
				break
			}
			// What is pierced is an end without a cut, as if its neighbours were ends.
			for u := range reachable(&p, ends[side], f.separator(side)) {
				ends[side] = append(append(ends[side], u), p.row(u)...)
			}
			ends[side] = append(append(ends[side], v), p.row(v)...)
			slices.Sort(ends[side])
			ends[side] = slices.Compact(ends[side])
			f.pierce(side, v)
		}
	}
	if cuts < 1000 {
		t.Errorf("only %d cuts", cuts)
	}
}

func TestSeparatorsSeparate(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	found := 0
	for range 200 {
		g := meadow(r, 3+r.IntN(20), 3+r.IntN(20))
		switch r.IntN(4) {
		case 0:
			g = scatter(r, 40, 60)
		case 1:
			g = FromRoads(roadtest.Grid(2+r.IntN(15), 2+r.IntN(15)))
		}
		p := whole(r, g)
		for _, p := range p.components(nil) {
			d := dissection{Options: Options{Directions: 4, Balance: 20}}
			separator := d.separator(&p)
			if separator == nil {
				continue
			}
			found++
			var total, heaviest uint64
			seen := map[uint32]bool{}
			for _, w := range p.weight {
				total += uint64(w)
			}
			for v := range uint32(p.size()) {
				if seen[v] || slices.Contains(separator, v) {
					continue
				}
				weight := uint64(0)
				for u := range reachable(&p, []uint32{v}, separator) {
					seen[u] = true
					weight += uint64(p.weight[u])
				}
				heaviest = max(heaviest, weight)
			}
			if heaviest*100 > 80*total {
				t.Errorf("a component of %d of %d", heaviest, total)
			}
		}
	}
	if found < 200 {
		t.Errorf("only %d separators", found)
	}
}

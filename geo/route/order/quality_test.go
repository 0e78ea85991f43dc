package order

import (
	"math/rand/v2"
	"testing"
)

// play is the twin of Quality: the elimination game as it is told.
func play(g Graph, order []uint32) (f Figures) {
	n := g.Nodes()
	adjacent := make([]map[uint32]bool, n)
	for v := range adjacent {
		adjacent[v] = map[uint32]bool{}
		for _, u := range g.Row(uint32(v)) {
			adjacent[v][u] = true
		}
	}
	rank := map[uint32]int{}
	upper := make([]int, n)
	parent := make([]int, n)
	for i, v := range order {
		rank[v] = i
	}
	for i, v := range order {
		parent[i] = n
		for u := range adjacent[v] {
			delete(adjacent[u], v)
			for w := range adjacent[v] {
				if u != w {
					adjacent[u][w] = true
				}
				if u < w {
					f.Triangles++
				}
			}
			upper[i]++
			parent[i] = min(parent[i], rank[u])
		}
		f.Arcs += int64(upper[i])
	}
	for i := range order {
		depth := 0
		for a := i; a < n; a = parent[a] {
			depth++
			f.SearchSpace += float64(upper[a]) / float64(n)
		}
		f.Depth += float64(depth) / float64(n)
		f.MaxDepth = max(f.MaxDepth, depth)
	}
	return f
}

func TestQuality(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	for range 200 {
		nodes := 1 + r.IntN(50)
		g := scatter(r, nodes, r.IntN(3*nodes))
		order := make([]uint32, nodes)
		for i, v := range r.Perm(nodes) {
			order[i] = uint32(v)
		}
		if r.IntN(2) == 0 {
			order = Compute(g, Options{})
		}
		got, want := Quality(g, order), play(g, order)
		near := func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }
		if got.Arcs != want.Arcs || got.Triangles != want.Triangles || got.MaxDepth != want.MaxDepth ||
			!near(got.Depth, want.Depth) || !near(got.SearchSpace, want.SearchSpace) {
			t.Fatalf("%+v, want %+v", got, want)
		}
	}
}

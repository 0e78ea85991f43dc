package cch

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"callbox/geo/route/kernel"
)

// TestSearch moves units about on random graphs, changes their masks and the
// weights, and compares every answer with a scan by Floyd and Warshall's table.
func TestSearch(t *testing.T) {
	for seed := range uint64(250) {
		r := rand.New(rand.NewPCG(seed, 2))
		g := randomGraph(r)
		top := g.topology(t, r)
		if r.IntN(5) == 0 {
			top.codes = nil // as if they were too long
		}
		m := top.Customize(Weights{Shared: g.weights})
		cells := top.Cells(1 + r.Uint32N(8))
		from, to := m.Table(From, 1+r.Uint32N(5)), m.Table(To, 1+r.Uint32N(5))
		x := NewIndex(cells, from)
		var s Search
		var target Target
		type there struct {
			node uint32
			mask uint64
		}
		units := map[int]there{}
		want := g.distances(m.Weights())
		for range 60 {
			switch r.IntN(8) {
			case 0, 1, 2, 3:
				i, u := r.IntN(12), there{r.Uint32N(uint32(g.nodes)), r.Uint64N(4)}
				x.Put(i, PlaceOf(End{top.Rank(u.node), 0}, NoEnd), u.mask)
				units[i] = u
			case 4:
				i := r.IntN(12)
				x.Put(i, Place{NoEnd, NoEnd}, 0)
				delete(units, i)
			case 5:
				for i, u := range units {
					u.mask = r.Uint64N(4)
					x.Mark(i, u.mask)
					units[i] = u
					break
				}
			case 6:
				if len(g.arcs) == 0 {
					continue
				}
				arc := r.Uint32N(uint32(len(g.arcs)))
				set := map[uint32]uint32{arc: randomWeight(r)}
				changedArcs := []uint32{arc}
				for old := range m.Weights().Set {
					changedArcs = append(changedArcs, old)
				}
				var changed []uint32
				m, changed = m.Update(Weights{Shared: g.weights, Set: set}, changedArcs)
				from.Follow(m, changed)
				to.Follow(m, changed)
				x.Follow(changed)
				want = g.distances(m.Weights())
			case 7:
				x.tighten()
			}
			v, mask, limit := r.Uint32N(uint32(g.nodes)), r.Uint64N(4), kernel.Inf>>r.Uint32N(31)
			x.Target(&target, to, PlaceOf(End{top.Rank(v), 0}, NoEnd))
			s.Start(x, &target, mask, uint32(limit))
			var got, all []uint32
			seen := map[int]bool{}
			for {
				i, cost, ok := s.Next()
				if !ok {
					break
				}
				u, known := units[i]
				if !known || seen[i] || cost != want[u.node][v] || u.mask&mask != mask {
					t.Fatalf("seed %d: unit %d (%v, %v) comes in %d", seed, i, known, u, cost)
				}
				seen[i] = true
				got = append(got, cost)
			}
			for i, u := range units {
				d := want[u.node][v]
				if x.Distance(i, &target) != d {
					t.Fatalf("seed %d: unit %d takes %d, want %d", seed, i, x.Distance(i, &target), d)
				}
				path, ok := x.Path(i, &target)
				wanted, known := m.Path(x.units[i].place, target.place)
				if ok != known || !reflect.DeepEqual(path, wanted) {
					t.Fatalf("seed %d: the path of unit %d is %v, want %v", seed, i, path, wanted)
				}
				if d < kernel.Inf && d <= uint32(limit) && u.mask&mask == mask {
					all = append(all, d)
				}
			}
			matrix := make([]uint32, 2*12)
			x.Matrix(matrix, &target, &target)
			for i := range 12 {
				d := uint32(kernel.Inf)
				if u, known := units[i]; known {
					d = want[u.node][v]
				}
				if matrix[i] != d || matrix[12+i] != d {
					t.Fatalf("seed %d: unit %d takes %d and %d in a matrix, want %d", seed, i, matrix[i], matrix[12+i], d)
				}
			}
			slices.Sort(all)
			if !slices.Equal(got, all) {
				t.Fatalf("seed %d: units come in %v, want %v", seed, got, all)
			}
		}
	}
}

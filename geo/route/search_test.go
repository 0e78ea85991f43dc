package route

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

func TestHeapSorts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	for range 300 {
		var h heap
		var want []item
		for range r.IntN(200) {
			if len(want) > 0 && r.IntN(3) == 0 {
				slices.SortFunc(want, func(a, b item) int {
					return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.place, b.place))
				})
				if got := h.pop(); got != want[0] {
					t.Fatalf("popped %v, want %v", got, want[0])
				}
				want = want[1:]
				continue
			}
			x := item{cost: cost(r.Uint64N(8)), place: r.Uint32N(4)}
			h.push(x)
			want = append(want, x)
		}
	}
}

// TestNearestIsLazy counts the nodes that a search has seen.
func TestNearestIsLazy(t *testing.T) {
	g := roadtest.Grid(100, 100)
	f := New(g).Fleet()
	for i, node := range []int{5050, 5051, 5060} {
		f.Put(string(rune('a'+i)), g.Point(road.Node(node)))
	}
	seen := func() (n int) {
		for _, l := range f.search.labels[:g.Nodes()] {
			if l.round == f.search.round {
				n++
			}
		}
		return n
	}
	legs, _ := f.Nearest(g.Point(road.Node(5050)), geo.Routine, 0, 0)
	for range legs {
		break
	}
	if n := seen(); n > 10 {
		t.Errorf("looked at %d nodes for a unit on the spot", n)
	}
	for range legs {
	}
	if n := seen(); n > 300 {
		t.Errorf("looked at %d nodes after the last unit, ten steps away", n)
	}
	limited, _ := f.Nearest(g.Point(road.Node(0)), geo.Routine, 1e10, 0)
	for range limited {
		t.Error("a unit 50 steps away came in one")
	}
	if n := seen(); n != 3 {
		t.Errorf("looked at %d nodes within one step, want 3", n)
	}
}

// TestRoundsWrap: after 2^32 searches old labels must not look like new ones.
func TestRoundsWrap(t *testing.T) {
	g := roadtest.Grid(5, 5)
	q := New(g).Query()
	want, _ := q.Time(g.Point(24), g.Point(0), geo.Routine)
	q.Time(g.Point(0), g.Point(24), geo.Routine)
	for place := range q.search.labels {
		q.search.labels[place].round = 1 // as if of the first search
	}
	q.search.round = ^uint32(0)
	if got, _ := q.Time(g.Point(24), g.Point(0), geo.Routine); got != want || q.search.round != 1 {
		t.Errorf("got %v in round %d, want %v", got, q.search.round, want)
	}
}

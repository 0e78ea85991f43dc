package route_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"callbox/data/dimacs/dimacstest"
	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route"
)

// TestNewYork compares some hundred answers for 5,000 units with a search from
// each call to everywhere.
func TestNewYork(t *testing.T) {
	g := dimacstest.NewYork(t)
	n := route.New(g)
	f, q := n.Fleet(), n.Query()
	r := rand.New(rand.NewPCG(1, 6))
	const units, calls, k = 5000, 12, 25
	var ids []string
	var cuts []road.Position
	var at []geo.Point
	for len(at) < units+calls {
		p := somewhere(r, g)
		cut, ok := n.Snap(p)
		if !ok {
			continue
		}
		at, cuts = append(at, p), append(cuts, cut)
		if len(at) <= units {
			ids = append(ids, fmt.Sprintf("u%04d", len(at)))
			f.Put(ids[len(ids)-1], p)
		}
	}
	tw := newTwin(g, cuts, geo.Emergency)
	into := tw.into()
	for i := range calls {
		call := at[units+i]
		costs := tw.dijkstra(into, units+i)
		want := legs(costs, g.Nodes(), ids, 0)
		seq, _ := f.Nearest(call, geo.Emergency, 0, 0)
		if i == 0 {
			if got := slices.Collect(seq); !slices.Equal(got, want) {
				t.Fatalf("all %d units: the streams differ", len(want))
			}
		}
		var got []geo.Leg
		for leg := range seq {
			if got = append(got, leg); len(got) == k {
				break
			}
		}
		if !slices.Equal(got, want[:k]) {
			t.Fatalf("call %d: got\n%v, want\n%v", i, got, want[:k])
		}
		unit := r.IntN(units)
		leg, ok := q.Time(at[unit], call, geo.Emergency)
		if c := costs[g.Nodes()+unit]; !ok || leg.Time.Milliseconds() != c.time || int64(leg.Distance) != c.length {
			t.Fatalf("call %d: unit %d takes %v, want %v", i, unit, leg, c)
		}
	}
}

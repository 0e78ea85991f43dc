package route_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

func prepare(t testing.TB, r *rand.Rand, g *road.Graph, options ...route.Option) *route.Network {
	t.Helper()
	order := make([]uint32, g.Nodes())
	for i, n := range r.Perm(g.Nodes()) {
		order[i] = uint32(n)
	}
	n, err := route.Prepare(g, order, options...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestUnitsAreExact compares Units and Ways with Fleet and Query, the plain
// search, on random graphs, while units come, move, change and go and arcs are
// closed and take other times. Of distances it checks that they are those of a
// way, and that none is below that of the shortest of the fastest.
func TestUnitsAreExact(t *testing.T) {
	cases, equal, lost := 0, 0, 0
	for seed := range uint64(rounds * 1200) {
		r := rand.New(rand.NewPCG(seed, 8))
		nodes := 1 + r.IntN(14)
		g := roadtest.Random(r, nodes, 1+r.IntN(4*nodes))
		n := prepare(t, r, g, route.Within(geo.Meters(5000)))
		units, fleet, ways, query := n.Units(), n.Fleet(), n.Ways(), n.Query()
		at, masks := map[string]geo.Point{}, map[string]uint64{}
		for range 4 {
			if r.IntN(3) > 0 {
				adopt(t, r, n)
			}
			for range r.IntN(12) {
				id := fmt.Sprint("u", r.IntN(15))
				if r.IntN(5) == 0 {
					units.Delete(id)
					fleet.Delete(id)
					delete(at, id)
					delete(masks, id)
					continue
				}
				at[id] = somewhere(r, g)
				if r.IntN(6) == 0 {
					at[id] = at[slices.Sorted(keys(at))[0]]
				}
				fleet.Put(id, at[id])
				if !units.Put(id, at[id]) {
					t.Fatal("no street within reach")
				}
				if r.IntN(2) == 0 {
					masks[id] = r.Uint64N(4)
					units.Mark(id, masks[id])
				}
			}
			if r.IntN(4) == 0 {
				adopt(t, r, n)
			}
			if units.Len() != len(at) || units.Version() != n.Version() || fleet.Version() != n.Version() {
				t.Fatalf("seed %d: %d units, want %d; roads %s, want %s", seed, units.Len(), len(at), units.Version(), n.Version())
			}
			call := somewhere(r, g)
			if len(at) > 0 && r.IntN(4) == 0 {
				call = at[slices.Sorted(keys(at))[0]]
			}
			for p := range geo.Profiles {
				mask, limit := r.Uint64N(4), time.Duration(0)
				all := nearest(t, fleet, call, p, 0)
				if len(all) > 0 && r.IntN(2) == 0 {
					limit = max(1, all[r.IntN(len(all))].Time+time.Duration(r.IntN(3)-1)*time.Millisecond)
				}
				var want []geo.Leg
				for _, leg := range all {
					if masks[leg.ID]&mask == mask && (limit == 0 || leg.Time <= limit) {
						want = append(want, leg)
					}
				}
				seq, _ := units.Nearest(call, p, limit, mask)
				sameLegs(t, seed, slices.Collect(seq), want)
				for i := range want {
					cases++
					if i > 0 && want[i].Time == want[i-1].Time {
						equal++
					}
				}
				lost += len(at) - len(all)
				if k := len(want); k > 0 {
					k = 1 + r.IntN(k)
					var got []geo.Leg
					seq, _ := units.Nearest(call, p, limit, mask)
					for leg := range seq {
						if got = append(got, leg); len(got) == k {
							break
						}
					}
					sameLegs(t, seed, got, want[:k])
				}
				for id := range keys(at) {
					checkWay(t, seed, g, query, ways, at[id], call, p)
					break
				}
				checkMatrix(t, seed, units, slices.Sorted(keys(at)), call, p, all)
				checkOne(t, seed, units, slices.Sorted(keys(at)), call, p, all)
			}
		}
	}
	t.Logf("%d legs compared, %d as fast as the one before, %d units that cannot come", cases, equal, lost)
	if cases < 10_000 || equal < 1000 || lost < 1000 {
		t.Error("the cases are too tame")
	}
}

// checkOne asks for each unit alone.
func checkOne(t *testing.T, seed uint64, units *route.Units, ids []string, call geo.Point, p geo.Profile, all []geo.Leg) {
	t.Helper()
	var got []geo.Leg
	for _, id := range append(ids, "nobody") {
		leg, ok := units.Leg(id, call, p)
		took, known := units.Time(id, call, p)
		if known != ok || took != leg.Time {
			t.Fatalf("seed %d: unit %s takes %v, %v, and its way %v, %v", seed, id, took, known, leg.Time, ok)
		}
		if ok {
			got = append(got, leg)
		}
	}
	slices.SortFunc(got, func(a, b geo.Leg) int { return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.ID, b.ID)) })
	sameLegs(t, seed, got, all)
	seq, _ := units.Soonest(call, p, 0, 0)
	i := 0
	for leg := range seq {
		if i >= len(all) || leg.ID != all[i].ID || leg.Time != all[i].Time || leg.Distance != geo.Unmeasured {
			t.Fatalf("seed %d: leg %d is %v", seed, i, leg)
		}
		i++
	}
}

// adopt closes some arcs, and now and then gives all of them other times.
func adopt(t *testing.T, r *rand.Rand, n *route.Network) {
	t.Helper()
	var c route.Conditions
	for a := range road.Arc(n.Graph().Arcs()) {
		if r.IntN(6) == 0 {
			c.Closed = append(c.Closed, a)
		}
	}
	if r.IntN(3) == 0 {
		c.Times = &route.Times{Name: fmt.Sprint("t", r.IntN(100))}
		for p := range geo.Profiles {
			for range n.Graph().Arcs() {
				c.Times.Millis[p] = append(c.Times.Millis[p], []uint32{0, 1, 1000, road.Closed, r.Uint32N(100_000)}[r.IntN(5)])
			}
		}
	}
	before := n.Version()
	version, err := n.Adopt(c)
	if err != nil || version != n.Version() {
		t.Fatalf("adopted %s after %s: %v", version, before, err)
	}
}

func sameLegs(t *testing.T, seed uint64, got, want []geo.Leg) {
	t.Helper()
	same := slices.EqualFunc(got, want, func(a, b geo.Leg) bool { return a.ID == b.ID && a.Time == b.Time && a.Distance >= b.Distance })
	if !same {
		t.Fatalf("seed %d: got\n%v, want\n%v", seed, got, want)
	}
}

func checkMatrix(t *testing.T, seed uint64, units *route.Units, ids []string, call geo.Point, p geo.Profile, all []geo.Leg) {
	t.Helper()
	took := make(map[string]time.Duration)
	for _, leg := range all {
		took[leg.ID] = leg.Time
	}
	off := geo.Point{Lat: 800_000_000}
	rows := units.Matrix(append(ids, "nobody"), []geo.Point{call, off}, p)
	for i, id := range append(ids, "nobody") {
		want, ok := took[id]
		if !ok {
			want = road.Never
		}
		if rows[0][i] != want || rows[1][i] != road.Never {
			t.Fatalf("seed %d: unit %s takes %v and %v, want %v and never", seed, id, rows[0][i], rows[1][i], want)
		}
	}
}

func checkWay(t *testing.T, seed uint64, g *road.Graph, query *route.Query, ways *route.Ways, from, to geo.Point, p geo.Profile) {
	t.Helper()
	want, ok := query.Time(from, to, p)
	leg, ok2 := ways.Time(from, to, p)
	path, ok3 := ways.Path(from, to, p)
	if ok != ok2 || ok != ok3 || leg.Time != want.Time || leg.Distance < want.Distance {
		t.Fatalf("seed %d: a way of %+v, %v, want %+v, %v", seed, leg, ok2, want, ok)
	}
	if !ok {
		return
	}
	if path.Time() != want.Time || path.Distance != leg.Distance || len(path.Points) != len(path.Times) || path.Times[0] != 0 || !slices.IsSorted(path.Times) {
		t.Fatalf("seed %d: a path of %v, want %+v", seed, path, want)
	}
	for i := 2; i+1 < len(path.Points); i++ {
		joined := false
		for a := range road.Arc(g.Arcs()) {
			joined = joined || g.Point(g.Tail(a)) == path.Points[i-1] && g.Point(g.Head(a)) == path.Points[i]
		}
		if !joined {
			t.Fatalf("seed %d: step %d of %v is no arc", seed, i, path)
		}
	}
}

// TestConditionsChangeWhileAsked runs under the race detector: every answer is
// that of the conditions before or after, whole.
func TestConditionsChangeWhileAsked(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 10))
	n := prepare(t, r, roadtest.Grid(12, 12))
	conditions := [2]route.Conditions{{}, {Closed: []road.Arc{3, 30, 60, 61, 90, 200, 300, 301, 302}}}
	from, to := n.Graph().Point(0), n.Graph().Point(143)
	var want [2]geo.Leg
	for i, c := range conditions {
		if _, err := n.Adopt(c); err != nil {
			t.Fatal(err)
		}
		want[i], _ = n.Ways().Time(from, to, geo.Routine)
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		for i := range 200 {
			if _, err := n.Adopt(conditions[i%2]); err != nil {
				t.Error(err)
			}
		}
	}()
	var asking sync.WaitGroup
	for range 2 {
		asking.Go(func() {
			units := n.Units()
			units.Put("u", from)
			for running := true; running; {
				select {
				case <-done:
					running = false
				default:
				}
				if leg, ok := n.Ways().Time(from, to, geo.Routine); !ok || leg != want[0] && leg != want[1] {
					t.Errorf("got %v, want %v", leg, want)
				}
				units.Version()
				stream, _ := units.Soonest(to, geo.Routine, 0, 0)
				legs := slices.Collect(stream)
				if len(legs) != 1 || legs[0].Time != want[0].Time && legs[0].Time != want[1].Time {
					t.Errorf("got %v, want %v", legs, want)
				}
			}
		})
	}
	asking.Wait()
}

// TestIsochrone compares with Bellman and Ford.
func TestIsochrone(t *testing.T) {
	found := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 11))
		g := roadtest.Random(r, 12, 30)
		n := route.New(g, route.Within(geo.Meters(5000)))
		q, to := n.Query(), somewhere(r, g)
		costs := newTwin(g, []road.Position{snap(n, to)}, geo.Routine).bellmanFord(0)
		within := time.Duration(r.IntN(3000)) * time.Millisecond
		nodes, ok := q.Isochrone(to, geo.Routine, within)
		if !ok {
			t.Fatal("no street within reach")
		}
		got := make(map[road.Node]time.Duration)
		last := time.Duration(0)
		for node, took := range nodes {
			if took < last {
				t.Fatalf("seed %d: node %d takes %v, after %v", seed, node, took, last)
			}
			got[node], last = took, took
		}
		for node := range road.Node(g.Nodes()) {
			c := costs[node]
			took, ok := got[node]
			if want := c.time <= within.Milliseconds(); ok != want || ok && took.Milliseconds() != c.time {
				t.Fatalf("seed %d: node %d takes %v, %v, want %d ms within %v", seed, node, took, ok, c.time, within)
			}
		}
		found += len(got)
	}
	if found < 1000 {
		t.Errorf("only %d nodes were reached", found)
	}
}

package route_test

import (
	"fmt"
	"math"
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

func ExampleQuery_Path() {
	network := route.New(roadtest.Grid(3, 3))
	from, to := network.Graph().Point(0), network.Graph().Point(5)
	path, ok := network.Query().Path(from, to, geo.Routine)
	fmt.Println(path.Time(), path.Distance.Meters(), "m", ok)
	fmt.Println(path.At(0) == from, path.At(time.Hour) == to)
	// Output:
	// 30s 300 m true
	// true true
}

// TestTime has scenes whose answers are known by hand. A step is 100 m and
// takes 10 s, on an arterial 5 s; in an emergency three quarters of that.
func TestTime(t *testing.T) {
	town := roadtest.Draw(t, `
		a-b=c
		|   "
		d<e-f
		    v
		g>h i
	`)
	part := func(from, to string, percent int) geo.Point { return town.Part(from, to, percent) }
	never := time.Duration(-1)
	for _, c := range []struct {
		name     string
		from, to geo.Point
		want     time.Duration
		meters   float64
	}{
		{"nowhere", town.At("a"), town.At("a"), 0, 0},
		{"one street", town.At("a"), town.At("b"), 10 * time.Second, 100},
		{"an arterial", town.At("b"), town.At("c"), 5 * time.Second, 100},
		{"against the one-way: around", town.At("d"), town.At("e"), 40 * time.Second, 500},
		{"with the one-way", town.At("e"), town.At("d"), 10 * time.Second, 100},
		{"out of the dead end", town.At("i"), town.At("f"), never, 0},
		{"into the dead end", town.At("f"), town.At("i"), 10 * time.Second, 100},
		{"another part of town", town.At("a"), town.At("h"), never, 0},
		{"from the middle to the head", part("a", "b", 50), town.At("b"), 5 * time.Second, 50},
		{"from the middle back", part("a", "b", 50), town.At("a"), 5 * time.Second, 50},
		{"into the middle", town.At("c"), part("a", "b", 50), 10 * time.Second, 150},
		{"along one street", part("a", "b", 20), part("a", "b", 70), 5 * time.Second, 50},
		{"back along one street", part("a", "b", 70), part("a", "b", 20), 5 * time.Second, 50},
		{"with a one-way street", part("e", "d", 20), part("e", "d", 70), 5 * time.Second, 50},
		{"behind on a one-way street", part("e", "d", 70), part("e", "d", 20), 45 * time.Second, 550},
		{"middle to middle", part("b", "c", 60), part("c", "f", 40), 4 * time.Second, 80},
		{"out of a one-way street", part("e", "d", 40), town.At("a"), 16 * time.Second, 160},
		{"into a one-way street", town.At("f"), part("e", "d", 40), 14 * time.Second, 140},
		{"to the end of the one-way street", town.At("a"), town.At("d"), 10 * time.Second, 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := route.New(town.Graph).Query()
			leg, ok := q.Time(c.from, c.to, geo.Routine)
			if ok != (c.want != never) {
				t.Fatalf("got %+v, %v", leg, ok)
			}
			if !ok {
				return
			}
			// Coordinates round to 11 mm and parts of a street with them.
			if d := leg.Time - c.want; d.Abs() > 10*time.Millisecond || math.Abs(leg.Distance.Meters()-c.meters) > 0.1 {
				t.Errorf("%v and %v m, want %v and %v m", leg.Time, leg.Distance.Meters(), c.want, c.meters)
			}
			emergency, ok := q.Time(c.from, c.to, geo.Emergency)
			if d := emergency.Time - c.want*3/4; !ok || d.Abs() > 10*time.Millisecond {
				t.Errorf("%v in an emergency, want %v", emergency.Time, c.want*3/4)
			}
		})
	}
}

// TestTimeAndPathAreExact compares with Bellman and Ford on random graphs, and
// follows every path along the arcs of the graph.
func TestTimeAndPathAreExact(t *testing.T) {
	found := 0
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 3))
		nodes := 1 + r.IntN(14)
		g := roadtest.Random(r, nodes, 1+r.IntN(4*nodes))
		n := route.New(g, route.Within(geo.Meters(5000)))
		q := n.Query()
		for range 4 {
			from, to := somewhere(r, g), somewhere(r, g)
			if r.IntN(4) == 0 { // the same street
				a := snap(n, to).Arc
				from = g.PointAt(road.Position{Arc: a, Along: uint32(r.Int64N(int64(g.Length(a)) + 1))})
			}
			cuts := []road.Position{snap(n, to), snap(n, from)}
			for p := range geo.Profiles {
				tw := newTwin(g, cuts, p)
				costs := tw.bellmanFord(0)
				if !slices.Equal(costs, tw.dijkstra(tw.into(), 0)) {
					t.Fatalf("seed %d: the twins disagree", seed)
				}
				want := costs[nodes+1]
				leg, ok := q.Time(from, to, p)
				if ok != (want.time < far) || ok && (leg.Time.Milliseconds() != want.time || int64(leg.Distance) != want.length) {
					t.Fatalf("seed %d, %v: got %+v, %v, want %v", seed, p, leg, ok, want)
				}
				path, ok2 := q.Path(from, to, p)
				if ok2 != ok || ok && (path.Time() != leg.Time || path.Distance != leg.Distance) {
					t.Fatalf("seed %d, %v: got a path of %v, %v, want %+v", seed, p, path, ok2, leg)
				}
				if !ok {
					continue
				}
				found++
				if path.Points[0] != g.PointAt(cuts[1]) || path.Points[len(path.Points)-1] != g.PointAt(cuts[0]) ||
					len(path.Points) != len(path.Times) || path.Times[0] != 0 || !slices.IsSorted(path.Times) {
					t.Fatalf("seed %d, %v: %v", seed, p, path)
				}
				// Between the ends every step is an arc, with its own time.
				for i := 2; i+1 < len(path.Points); i++ {
					if !isArc(g, path.Points[i-1], path.Points[i], path.Times[i]-path.Times[i-1], p) {
						t.Fatalf("seed %d, %v: step %d of %v is no arc", seed, p, i, path)
					}
				}
			}
		}
	}
	if found < 2000 {
		t.Errorf("only %d ways found", found)
	}
}

// TestPathGoesRound: the way along one's own street may be the slower one.
func TestPathGoesRound(t *testing.T) {
	var b road.Builder
	u := b.AddNode(geo.Point{})
	v := b.AddNode(geo.Point{Lon: 10_000})
	w := b.AddNode(geo.Point{Lat: 5000, Lon: 5000})
	both := func(x, y road.Node, d time.Duration) {
		b.AddArc(x, y, 1000, [geo.Profiles]time.Duration{d, d})
		b.AddArc(y, x, 1000, [geo.Profiles]time.Duration{d, d})
	}
	both(u, v, 1000*time.Second)
	both(u, w, 10*time.Second)
	both(w, v, 10*time.Second)
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	from, to := geo.Point{Lon: 1000}, geo.Point{Lon: 9000}
	path, ok := route.New(g).Query().Path(from, to, geo.Routine)
	points := []geo.Point{from, g.Point(u), g.Point(w), g.Point(v), to}
	times := []time.Duration{0, 100 * time.Second, 110 * time.Second, 120 * time.Second, 220 * time.Second}
	if !ok || !slices.Equal(path.Points, points) || !slices.Equal(path.Times, times) || path.Distance != 2200 {
		t.Errorf("got %v", path)
	}
}

// TestNetworkIsShared runs under the race detector.
func TestNetworkIsShared(t *testing.T) {
	n := route.New(roadtest.Grid(20, 20))
	want, _ := n.Query().Time(n.Graph().Point(3), n.Graph().Point(333), geo.Emergency)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			q := n.Query()
			for range 20 {
				if got, ok := q.Time(n.Graph().Point(3), n.Graph().Point(333), geo.Emergency); !ok || got != want {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	group.Wait()
}

func isArc(g *road.Graph, from, to geo.Point, d time.Duration, p geo.Profile) bool {
	for a := range road.Arc(g.Arcs()) {
		if g.Point(g.Tail(a)) == from && g.Point(g.Head(a)) == to && g.Time(a, p) == d {
			return true
		}
	}
	return false
}

func TestPathAt(t *testing.T) {
	p := route.Path{
		Points: []geo.Point{{Lat: 0}, {Lat: 1000}, {Lat: 2000}, {Lat: 2000, Lon: -500}},
		Times:  []time.Duration{0, 10 * time.Second, 10 * time.Second, 20 * time.Second},
	}
	for elapsed, want := range map[time.Duration]geo.Point{
		-time.Second:            {},
		0:                       {},
		5 * time.Second:         {Lat: 500},
		9999 * time.Millisecond: {Lat: 999},
		10 * time.Second:        {Lat: 2000}, // a street that takes no time is behind it
		12 * time.Second:        {Lat: 2000, Lon: -100},
		20 * time.Second:        {Lat: 2000, Lon: -500},
		math.MaxInt64:           {Lat: 2000, Lon: -500},
		1500 * time.Microsecond: {},
	} {
		if got := p.At(elapsed); got != want {
			t.Errorf("after %v at %v, want %v", elapsed, got, want)
		}
	}
	if got := (route.Path{}).At(time.Second); got != (geo.Point{}) {
		t.Errorf("a path of nothing: %v", got)
	}
}

// TestPathAtFollowsTheStreet: a car driven along a path is at each instant as
// far from its end as Time says, but for rounding.
func TestPathAtFollowsTheStreet(t *testing.T) {
	n := route.New(roadtest.Grid(8, 8))
	q := n.Query()
	r := rand.New(rand.NewPCG(1, 4))
	for range 200 {
		from, to := somewhere(r, n.Graph()), somewhere(r, n.Graph())
		path, ok := q.Path(from, to, geo.Routine)
		if !ok {
			t.Fatal("no way in a grid")
		}
		elapsed := time.Duration(r.Int64N(int64(path.Time()) + 1))
		left, ok := q.Time(path.At(elapsed), to, geo.Routine)
		if d := path.Time() - elapsed - left.Time; !ok || d.Abs() > 10*time.Millisecond {
			t.Fatalf("after %v of %v it still takes %v", elapsed, path.Time(), left.Time)
		}
	}
}

func TestHorizon(t *testing.T) {
	half := (route.Horizon + time.Millisecond) / 2
	slow := []time.Duration{0, half, half - time.Millisecond, time.Millisecond}
	var b road.Builder
	var last road.Node
	for i := range 4 {
		last = b.AddNode(geo.Point{Lat: int32(i) * 10_000})
		if i > 0 {
			b.AddArc(last-1, last, 1, [geo.Profiles]time.Duration{slow[i], 1})
		}
	}
	far := b.AddNode(geo.Point{Lat: -10_000})
	b.AddArc(last, far, road.MaxWeight, [geo.Profiles]time.Duration{})
	b.AddArc(far, far, road.MaxWeight, [geo.Profiles]time.Duration{})
	b.AddArc(far, 0, road.MaxWeight, [geo.Profiles]time.Duration{})
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	q := route.New(g, route.Within(0)).Query()
	prepared, err := route.Prepare(g, route.Order(g, nil), route.Within(0))
	if err != nil {
		t.Fatal(err)
	}
	ways := prepared.Ways()
	for _, c := range []struct {
		from, to road.Node
		profile  geo.Profile
		want     geo.Leg
	}{
		{0, 2, geo.Routine, geo.Leg{Time: route.Horizon, Distance: 2}},
		{0, 3, geo.Routine, geo.Leg{}},
		{0, 3, geo.Emergency, geo.Leg{Time: 3 * time.Millisecond, Distance: 3}},
		{last, 0, geo.Routine, geo.Leg{Distance: route.FarHorizon}},
		{last, 1, geo.Emergency, geo.Leg{}},
	} {
		leg, ok := q.Time(g.Point(c.from), g.Point(c.to), c.profile)
		if leg != c.want || ok != (c.want != geo.Leg{}) {
			t.Errorf("%d to %d, %v: got %v, %v, want %v", c.from, c.to, c.profile, leg, ok, c.want)
		}
		if !ok { // too far for a search, if not too long for anybody
			c.want = geo.Leg{}
			if c.profile == geo.Emergency {
				c.want = geo.Leg{Time: time.Millisecond, Distance: route.FarHorizon}
			}
		}
		if leg, _ := ways.Time(g.Point(c.from), g.Point(c.to), c.profile); leg != c.want {
			t.Errorf("%d to %d, %v, by the hierarchy: got %v, want %v", c.from, c.to, c.profile, leg, c.want)
		}
	}
}

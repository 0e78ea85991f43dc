package road_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

func both(d time.Duration) [geo.Profiles]time.Duration {
	return [geo.Profiles]time.Duration{d, d * 3 / 4}
}

func ExampleBuilder() {
	var b road.Builder
	u := b.AddNode(geo.Point{Lat: 407000000, Lon: -740000000})
	v := b.AddNode(geo.Point{Lat: 407000000, Lon: -739900000})
	b.AddArc(u, v, geo.Meters(843), both(time.Minute))
	b.AddArc(v, u, geo.Meters(843), both(time.Minute))
	g, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	position, ok := road.NewLocator(g).Snap(geo.Point{Lat: 407001000, Lon: -739950000}, geo.Meters(50))
	fmt.Println(position.Along, g.PointAt(position), ok)
	fmt.Println(g.Twin(0), g.Time(0, geo.Emergency))
	// Output:
	// 421500 40.7000000,-73.9950000 true
	// 1 45s
}

func TestBuilderNamesErrors(t *testing.T) {
	const ms = time.Millisecond
	here := geo.Point{}
	for _, c := range []struct {
		name string
		add  func(b *road.Builder)
		want error
	}{
		{"nothing", func(b *road.Builder) {}, road.ErrNoNodes},
		{"a node", func(b *road.Builder) { b.AddNode(here) }, road.ErrNoArcs},
		{"pole", func(b *road.Builder) { b.AddNode(geo.Point{Lat: 90*geo.E7 + 1}) }, road.ErrOffEarth},
		{"head", func(b *road.Builder) { b.AddArc(b.AddNode(here), 1, 1, both(ms)) }, road.ErrUnknownNode},
		{"tail", func(b *road.Builder) { b.AddArc(1, b.AddNode(here), 1, both(ms)) }, road.ErrUnknownNode},
		{"length", func(b *road.Builder) { n := b.AddNode(here); b.AddArc(n, n, -1, both(ms)) }, road.ErrNegative},
		{"time", func(b *road.Builder) {
			n := b.AddNode(here)
			b.AddArc(n, n, 1, [geo.Profiles]time.Duration{ms, -1})
		}, road.ErrNegative},
		{"long", func(b *road.Builder) { n := b.AddNode(here); b.AddArc(n, n, road.MaxWeight+1, both(ms)) }, road.ErrOverflow},
		{"very long", func(b *road.Builder) { n := b.AddNode(here); b.AddArc(n, n, math.MaxInt64, both(ms)) }, road.ErrOverflow},
		{"slow", func(b *road.Builder) {
			n := b.AddNode(here)
			b.AddArc(n, n, 1, [geo.Profiles]time.Duration{road.MaxWeight*ms + 1, ms})
		}, road.ErrOverflow},
		{"forever", func(b *road.Builder) {
			n := b.AddNode(here)
			b.AddArc(n, n, 1, [geo.Profiles]time.Duration{ms, math.MaxInt64})
		}, road.ErrOverflow},
		{"the first counts", func(b *road.Builder) {
			n := b.AddNode(here)
			b.AddArc(n, n, 1, both(-ms))
			b.AddArc(n, 7, 1, both(ms))
			b.AddArc(n, n, 1, both(ms))
		}, road.ErrNegative},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b road.Builder
			c.add(&b)
			if g, err := b.Build(); !errors.Is(err, c.want) || g != nil {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	var b road.Builder
	n := b.AddNode(here)
	b.AddArc(n, n, road.MaxWeight, [geo.Profiles]time.Duration{road.MaxWeight * ms, 1})
	g, err := b.Build()
	if err != nil || g.Time(0, geo.Routine) != road.MaxWeight*ms || g.Time(0, geo.Emergency) != ms {
		t.Errorf("the greatest weight is legal and times are rounded up: %v", err)
	}
}

// TestGraphHoldsWhatWasAdded compares a graph with a plain list of its arcs.
func TestGraphHoldsWhatWasAdded(t *testing.T) {
	type arc struct {
		tail, head road.Node
		length     geo.Distance
		time       time.Duration
	}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		var b road.Builder
		nodes := 1 + r.IntN(12)
		for range nodes {
			b.AddNode(geo.Point{Lat: r.Int32N(1000), Lon: r.Int32N(1000)})
		}
		var want []arc
		for i := range 1 + r.IntN(60) { // the time numbers the arcs
			a := arc{road.Node(r.IntN(nodes)), road.Node(r.IntN(nodes)), geo.Distance(r.IntN(3)), time.Duration(4*i) * time.Second}
			want = append(want, a)
			b.AddArc(a.tail, a.head, a.length, both(a.time))
		}
		slices.SortStableFunc(want, func(a, b arc) int {
			if a.tail != b.tail {
				return int(a.tail) - int(b.tail)
			}
			return int(a.head) - int(b.head)
		})
		g, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		into := make([][]road.Arc, nodes)
		for i, w := range want {
			a := road.Arc(i)
			into[w.head] = append(into[w.head], a)
			if got := (arc{g.Tail(a), g.Head(a), g.Length(a), g.Time(a, geo.Routine)}); got != w {
				t.Fatalf("seed %d, arc %d is %v, want %v", seed, a, got, w)
			}
			if g.Time(a, geo.Emergency) != w.time*3/4 || g.Millis(a, geo.Emergency) != uint32(w.time*3/4/time.Millisecond) {
				t.Fatalf("seed %d, arc %d: emergency time", seed, a)
			}
			if first, end := g.Out(w.tail); a < first || a >= end {
				t.Fatalf("seed %d, arc %d is not in the row of its tail", seed, a)
			}
		}
		for n := range road.Node(nodes) {
			if !slices.Equal(g.In(n), into[n]) {
				t.Fatalf("seed %d, node %d: arcs in %v, want %v", seed, n, g.In(n), into[n])
			}
			if !g.Bound().Contains(g.Point(n)) {
				t.Fatalf("seed %d: node %d is outside the bound", seed, n)
			}
		}
	}
}

// TestTwin looks for each arc in turn for the first free arc back.
func TestTwin(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		g := roadtest.Random(r, 1+r.IntN(8), 1+r.IntN(60))
		want := make([]road.Arc, g.Arcs())
		for a := range want {
			want[a] = road.NoArc
		}
		for a := range road.Arc(g.Arcs()) {
			for b := a + 1; b < road.Arc(g.Arcs()) && want[a] == road.NoArc; b++ {
				if g.Tail(a) == g.Head(b) && g.Head(a) == g.Tail(b) && g.Length(a) == g.Length(b) && want[b] == road.NoArc {
					want[a], want[b] = b, a
				}
			}
		}
		for a := range want {
			if got := g.Twin(road.Arc(a)); got != want[a] {
				t.Fatalf("seed %d: the twin of %d is %d, want %d", seed, a, got, want[a])
			}
		}
	}
}

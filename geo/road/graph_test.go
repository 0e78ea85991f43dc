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
		{"closed, and another time too long", func(b *road.Builder) {
			n := b.AddNode(here)
			b.AddArc(n, n, 1, [geo.Profiles]time.Duration{road.Never, road.Never - 1})
		}, road.ErrOverflow},
		{"street", func(b *road.Builder) {
			n := b.AddNode(here)
			b.AddStreet(1, road.Way{Tail: n, Head: n}, road.Way{Tail: n, Head: 1})
		}, road.ErrUnknownNode},
		{"turn", func(b *road.Builder) { n := b.AddNode(here); b.AddTurn(n, n, both(-ms)) }, road.ErrNegative},
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
	b.AddArc(n, n, 0, [geo.Profiles]time.Duration{road.Never, 0})
	g, err := b.Build()
	if err != nil || g.Time(0, geo.Routine) != road.MaxWeight*ms || g.Time(0, geo.Emergency) != ms {
		t.Errorf("the greatest weight is legal and times are rounded up: %v", err)
	}
	if g.Millis(1, geo.Routine) != road.Closed || g.Time(1, geo.Routine) != road.Never || g.Time(1, geo.Emergency) != 0 {
		t.Errorf("closed to one profile: %v and %v", g.Time(1, geo.Routine), g.Time(1, geo.Emergency))
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

// TestTwin compares with what the builder was told, and looks for each arc that
// it was told nothing of in turn for the first free arc back.
func TestTwin(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		var b road.Builder
		nodes := 1 + r.IntN(8)
		for range nodes {
			b.AddNode(geo.Point{})
		}
		node := func() road.Node { return road.Node(r.IntN(nodes)) }
		number := 0 // of each arc, which is its time
		next := func() [geo.Profiles]time.Duration { number++; return both(time.Duration(4*number) * time.Second) }
		told := map[int]int{}
		for range 1 + r.IntN(40) {
			switch length := geo.Distance(r.IntN(3)); r.IntN(6) {
			case 0:
				b.AddTurn(node(), node(), next())
				told[number] = number
			case 1:
				b.AddStreet(length, road.Way{Tail: node(), Head: node(), Times: next()}, road.Way{Tail: node(), Head: node(), Times: next()})
				told[number], told[number-1] = number-1, number
			default:
				b.AddArc(node(), node(), length, next())
			}
		}
		g, err := b.Build()
		if err != nil || g.Arcs() != number {
			t.Fatal(err)
		}
		arc := map[int]road.Arc{}
		numberOf := func(a road.Arc) int { return int(g.Millis(a, geo.Routine)) / 4000 }
		for a := range road.Arc(g.Arcs()) {
			arc[numberOf(a)] = a
		}
		want := make([]road.Arc, g.Arcs())
		for a := range want {
			want[a] = road.NoArc
		}
		for a := range road.Arc(g.Arcs()) {
			if other, ok := told[numberOf(a)]; ok {
				want[a] = arc[other]
				continue
			}
			for c := a + 1; c < road.Arc(g.Arcs()) && want[a] == road.NoArc; c++ {
				if _, ok := told[numberOf(c)]; !ok && g.Tail(a) == g.Head(c) && g.Head(a) == g.Tail(c) && g.Length(a) == g.Length(c) && want[c] == road.NoArc {
					want[a], want[c] = c, a
				}
			}
		}
		for i, want := range want {
			a, turn := road.Arc(i), road.Arc(i) == want
			if turn {
				want = road.NoArc
			}
			if g.Twin(a) != want || g.IsTurn(a) != turn {
				t.Fatalf("seed %d: the twin of %d is %d, want %d; a turn: %v", seed, a, g.Twin(a), want, turn)
			}
		}
	}
}

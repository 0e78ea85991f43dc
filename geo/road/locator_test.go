package road

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"callbox/geo"
)

// snapAll is the slow twin of Snap: it looks at every street.
func snapAll(g *Graph, p geo.Point, within geo.Distance) (Position, bool) {
	best, found := Position{Arc: NoArc}, false
	for a := range Arc(g.Arcs()) {
		twin := g.Twin(a)
		if twin < a || g.IsTurn(a) {
			continue // the other direction of the same street, or none
		}
		useless := false
		for p := range geo.Profiles {
			useless = useless || g.Time(a, p) == Never && (twin == NoArc || g.Time(twin, p) == Never)
		}
		if useless {
			continue
		}
		off, part := planeAround(p).foot(g.Point(g.Tail(a)), g.Point(g.Head(a)))
		if off < within || off == within && !found {
			within, found = off, true
			best = Position{a, uint32(math.Round(part * float64(g.Length(a))))}
		}
	}
	return best, found
}

// scatter builds a random graph in a box of so many steps of E7, most of its
// arcs no longer than reach.
func scatter(r *rand.Rand, corner geo.Point, box, reach int32, nodes, arcs int) *Graph {
	var b Builder
	var points []geo.Point
	random := func(n int32) int32 { return int32(r.Int64N(int64(n) + 1)) }
	for n := range nodes {
		p := geo.Point{Lat: corner.Lat + random(box), Lon: corner.Lon + random(box)}
		if n > 0 && r.IntN(3) > 0 {
			q := points[r.IntN(n)]
			p = geo.Point{Lat: min(q.Lat+random(reach), corner.Lat+box), Lon: min(q.Lon+random(reach), corner.Lon+box)}
		}
		points = append(points, p)
		b.AddNode(p)
	}
	times := func() (t [geo.Profiles]time.Duration) {
		if r.IntN(6) == 0 {
			t[r.IntN(len(t))] = Never
		}
		return t
	}
	for i := range arcs {
		tail, head := Node(r.IntN(nodes)), Node(r.IntN(nodes))
		if i < nodes {
			tail = Node(i)
		}
		length := geo.Distance(r.IntN(3) * r.IntN(100_000))
		b.AddArc(tail, head, length, times())
		if r.IntN(2) == 0 {
			b.AddArc(head, tail, length, times())
		}
		if r.IntN(5) == 0 {
			b.AddTurn(tail, Node(r.IntN(nodes)), times())
		}
	}
	g, err := b.Build()
	if err != nil {
		panic(err)
	}
	return g
}

func TestSnapIsExact(t *testing.T) {
	corners := []geo.Point{{Lat: 407e6, Lon: -740e6}, {Lat: -100, Lon: -100}, {Lat: 893e6, Lon: 0}, {Lat: -899e6, Lon: 100e7}}
	hits := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 5))
		box := []int32{0, 5, 3000, 400_000, 5_000_000}[r.IntN(5)]
		corner := corners[r.IntN(len(corners))]
		g := scatter(r, corner, box, 1+box/20, 1+r.IntN(60), 1+r.IntN(120))
		l := NewLocator(g)
		for range 50 {
			around := int64(box)*3/2 + 20
			p := geo.Point{
				Lat: corner.Lat + int32(r.Int64N(around)-around/6),
				Lon: corner.Lon + int32(r.Int64N(around)-around/6),
			}
			if r.IntN(4) == 0 {
				p = g.Point(Node(r.IntN(g.Nodes()))) // ties
			}
			within := geo.Distance(r.Int64N(2_000_000) >> r.IntN(20))
			got, ok := l.Snap(p, within)
			want, found := snapAll(g, p, within)
			if ok != found || ok && got != want {
				t.Fatalf("seed %d, box %d: %v snaps within %d to %v, %v; want %v, %v", seed, box, p, within, got, ok, want, found)
			}
			if ok {
				hits++
			}
		}
	}
	if hits < 2000 || hits > 18_000 {
		t.Errorf("%d of 20,000 points lie near a street: too one-sided a test", hits)
	}
}

// TestEachCell walks along segments in small steps, in exact fractions: every
// cell on the way must be visited.
func TestEachCell(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 5))
	for range 2000 {
		var b Builder
		for range 2 {
			b.AddNode(geo.Point{Lat: r.Int32N(60), Lon: r.Int32N(60)})
		}
		b.AddArc(0, 1, 1, [geo.Profiles]time.Duration{})
		g, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		l := &Locator{graph: g, width: 1 + r.Int64N(9), height: 1 + r.Int64N(9)}
		l.cols, l.rows = 60/l.width+1, 60/l.height+1
		visited := map[int64]bool{}
		p, q := l.segment(0)
		l.eachCell(p, q, func(cell int64) { visited[cell] = true })
		const steps = 503
		on := map[int64]bool{}
		for i := range int64(steps + 1) {
			x := (int64(p.Lon)*(steps-i) + int64(q.Lon)*i) / steps
			y := (int64(p.Lat)*(steps-i) + int64(q.Lat)*i) / steps
			cell := y/l.height*l.cols + x/l.width
			on[cell] = true
			if !visited[cell] {
				t.Fatalf("%v to %v, cells of %d by %d: cell %d is left out", p, q, l.width, l.height, cell)
			}
		}
		if len(visited) > 3*len(on)+2 {
			t.Fatalf("%v to %v: %d cells visited, %d on the way", p, q, len(visited), len(on))
		}
	}
}

// TestSnapOnAStrangeMap: few arcs across the whole earth must neither cost
// much memory nor time, and answers stay exact.
func TestSnapOnAStrangeMap(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 5))
	var b Builder
	for range 500 {
		b.AddNode(geo.Point{Lat: int32(r.Int64N(180e7+1) - 90e7), Lon: int32(r.Int64N(360e7+1) - 180e7)})
	}
	for range 1000 {
		b.AddArc(Node(r.IntN(500)), Node(r.IntN(500)), MaxWeight, [geo.Profiles]time.Duration{})
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	l := NewLocator(g)
	if len(l.arcs) > 20_000 || len(l.first) > 40_000 {
		t.Errorf("%d entries in %d cells for 1,000 arcs", len(l.arcs), len(l.first))
	}
	for range 300 {
		p := geo.Point{Lat: int32(r.Int64N(180e7+1) - 90e7), Lon: int32(r.Int64N(360e7+1) - 180e7)}
		within := geo.Meters(float64(r.IntN(1_000_000)))
		got, ok := l.Snap(p, within)
		want, found := snapAll(g, p, within)
		if ok != found || ok && got != want {
			t.Fatalf("%v snaps within %v to %v, %v; want %v, %v", p, within, got, ok, want, found)
		}
	}
}

// TestFootAgreesWithTheSphere walks along segments in small steps and measures
// each with the haversine.
func TestFootAgreesWithTheSphere(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 5))
	for range 200 {
		a := geo.Point{Lat: r.Int32N(120e7) - 60e7, Lon: r.Int32N(100e7)}
		b := geo.Point{Lat: a.Lat + r.Int32N(40_000), Lon: a.Lon + r.Int32N(40_000)}
		p := geo.Point{Lat: a.Lat + r.Int32N(80_000) - 20_000, Lon: a.Lon + r.Int32N(80_000) - 20_000}
		nearest := geo.Distance(math.MaxInt64)
		const steps = 1000
		for i := range int64(steps + 1) {
			q := geo.Point{
				Lat: a.Lat + int32(int64(b.Lat-a.Lat)*i/steps),
				Lon: a.Lon + int32(int64(b.Lon-a.Lon)*i/steps),
			}
			nearest = min(nearest, geo.Between(p, q))
		}
		off, part := planeAround(p).foot(a, b)
		if math.Abs(float64(off-nearest)) > 500+float64(nearest)/500 || part < 0 || part > 1 {
			t.Fatalf("%v is %v mm from %v to %v, on the sphere %v", p, off, a, b, nearest)
		}
	}
}

func TestPointAt(t *testing.T) {
	var b Builder
	u := b.AddNode(geo.Point{Lat: -90e7, Lon: 180e7})
	v := b.AddNode(geo.Point{Lat: 90e7, Lon: -180e7})
	b.AddArc(u, v, MaxWeight, [geo.Profiles]time.Duration{})
	b.AddArc(v, u, 0, [geo.Profiles]time.Duration{})
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for along, want := range map[uint32]geo.Point{
		0:              g.Point(u),
		MaxWeight / 4:  {Lat: -45e7, Lon: 90e7},
		MaxWeight / 2:  {},
		MaxWeight:      g.Point(v),
		math.MaxUint32: g.Point(v),
	} {
		if got := g.PointAt(Position{0, along}); got != want {
			t.Errorf("%d mm along: %v, want %v", along, got, want)
		}
	}
	if got := g.PointAt(Position{1, 5}); got != g.Point(v) {
		t.Errorf("an arc without length: %v", got)
	}
}

// TestSnapAndPointAtAgree: the point of a position snaps to that position, but
// for the rounding of coordinates to 11 mm.
func TestSnapAndPointAtAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 5))
	var b Builder
	u := b.AddNode(geo.Point{Lat: 407e6, Lon: -740e6})
	v := b.AddNode(geo.Point{Lat: 407e6 + 7000, Lon: -740e6 + 9000})
	length := geo.Between(b.points[u], b.points[v])
	b.AddArc(u, v, length, [geo.Profiles]time.Duration{})
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	l := NewLocator(g)
	for range 1000 {
		want := uint32(r.Int64N(int64(length) + 1))
		got, ok := l.Snap(g.PointAt(Position{0, want}), geo.Meters(1))
		if !ok || math.Abs(float64(got.Along)-float64(want)) > 20 {
			t.Fatalf("%d mm along came back as %v, %v", want, got, ok)
		}
	}
}

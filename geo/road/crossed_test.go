package road

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/geo"
)

// crossedAll is the slow twin of Crossed: it looks at every street.
func crossedAll(g *Graph, s geo.Shape) (arcs []Arc) {
	met := make([]bool, g.Arcs())
	ends := func(a Arc) (tail, head geo.Point) { return g.Point(g.Tail(a)), g.Point(g.Head(a)) }
	for a := range Arc(g.Arcs()) {
		tail, head := ends(a)
		for _, line := range s.Lines {
			for i := range line {
				met[a] = met[a] || geo.Meet(line[max(0, i-1)], line[i], tail, head)
			}
		}
		for _, polygon := range s.Polygons {
			for _, ring := range polygon {
				for i := range ring {
					met[a] = met[a] || geo.Meet(ring[i], ring[(i+1)%len(ring)], tail, head)
				}
			}
			met[a] = met[a] || geo.Inside(head, polygon)
		}
	}
	for _, p := range s.Points {
		least := PointReach
		off := make([]geo.Distance, g.Arcs())
		for a := range Arc(g.Arcs()) {
			if !g.IsTurn(a) && g.Twin(a) > a {
				off[a], _ = planeAround(p).foot(ends(a))
				least = min(least, off[a])
			}
		}
		for a := range Arc(g.Arcs()) {
			if twin := g.Twin(a); twin > a && off[a] == least {
				met[a] = true
				if twin != NoArc {
					met[twin] = true
				}
			}
		}
	}
	for a := range Arc(g.Arcs()) {
		if met[a] && !g.IsTurn(a) {
			arcs = append(arcs, a)
		}
	}
	return arcs
}

// drawShape draws a shape whose corners are often those of streets.
func drawShape(r *rand.Rand, g *Graph, corner geo.Point, box int32) (s geo.Shape) {
	point := func() geo.Point {
		if r.IntN(3) == 0 {
			return g.Point(Node(r.IntN(g.Nodes())))
		}
		around := int64(box)*3/2 + 20
		return geo.Point{Lat: corner.Lat + int32(r.Int64N(around)-around/6), Lon: corner.Lon + int32(r.Int64N(around)-around/6)}
	}
	chain := func(n int) (line []geo.Point) {
		for range n {
			line = append(line, point())
		}
		return line
	}
	for range r.IntN(3) {
		s.Points = append(s.Points, point())
	}
	for range r.IntN(3) {
		s.Lines = append(s.Lines, chain(1+r.IntN(4)))
	}
	for range r.IntN(3) {
		polygon := [][]geo.Point{chain(3 + r.IntN(4))}
		if r.IntN(2) == 0 {
			polygon[0] = append(polygon[0], polygon[0][0])
		}
		for range r.IntN(3) {
			polygon = append(polygon, chain(3+r.IntN(3)))
		}
		s.Polygons = append(s.Polygons, polygon)
	}
	return s
}

func TestCrossedIsExact(t *testing.T) {
	corners := []geo.Point{{Lat: 407e6, Lon: -740e6}, {Lat: -100, Lon: -100}, {Lat: 893e6, Lon: 0}, {Lat: -899e6, Lon: 100e7}}
	met, left := 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 15))
		box := []int32{0, 5, 3000, 400_000, 5_000_000}[r.IntN(5)]
		corner := corners[r.IntN(len(corners))]
		g := scatter(r, corner, box, 1+box/20, 1+r.IntN(60), 1+r.IntN(120))
		l := NewLocator(g)
		for range 20 {
			s := drawShape(r, g, corner, box)
			got, err := l.Crossed(s)
			want := crossedAll(g, s)
			if err != nil || !slices.Equal(got, want) {
				t.Fatalf("seed %d, box %d: %+v meets %v, %v; want %v", seed, box, s, got, err, want)
			}
			met, left = met+len(got), left+g.Arcs()-len(got)
		}
	}
	if met < 50_000 || left < 50_000 {
		t.Errorf("%d arcs are met, %d are not: too one-sided a test", met, left)
	}
}

// TestCrossedByHand: a street of two directions from west to east, and others
// around it.
func TestCrossedByHand(t *testing.T) {
	var b Builder
	at := func(east, north int32) geo.Point { return geo.Point{Lat: 407e6 + 10*north, Lon: -740e6 + 10*east} }
	for _, p := range []geo.Point{at(0, 0), at(1000, 0), at(0, 500), at(1000, 500), at(400, 200), at(600, 200)} {
		b.AddNode(p)
	}
	add := func(tail, head Node) {
		b.AddArc(tail, head, 1000, [geo.Profiles]time.Duration{})
	}
	add(0, 1) // arc 0
	add(1, 0) // arc 1
	add(2, 3) // arc 2, one way
	add(4, 5) // arc 3, one way, in the middle
	b.AddTurn(5, 5, [geo.Profiles]time.Duration{})
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	l := NewLocator(g)
	ring := func(west, south, east, north int32) []geo.Point {
		return []geo.Point{at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)}
	}
	for name, c := range map[string]struct {
		shape geo.Shape
		want  []Arc
	}{
		"nothing":                {geo.Shape{}, nil},
		"a line across":          {geo.Shape{Lines: [][]geo.Point{{at(100, -100), at(100, 100)}}}, []Arc{0, 1}},
		"a line that touches":    {geo.Shape{Lines: [][]geo.Point{{at(100, 0), at(100, 100)}}}, []Arc{0, 1}},
		"a line that ends short": {geo.Shape{Lines: [][]geo.Point{{at(100, 1), at(100, 100)}}}, nil},
		"a line along":           {geo.Shape{Lines: [][]geo.Point{{at(-100, 500), at(-50, 500), at(0, 500)}}}, []Arc{2}},
		"a line across all":      {geo.Shape{Lines: [][]geo.Point{{at(500, -10_000), at(500, 10_000)}}}, []Arc{0, 1, 2, 3}},
		"a street inside":        {geo.Shape{Polygons: [][][]geo.Point{{ring(300, 100, 700, 300)}}}, []Arc{3}},
		"a street in a hole":     {geo.Shape{Polygons: [][][]geo.Point{{ring(-10, -10, 1010, 510), ring(300, 100, 700, 300)}}}, []Arc{0, 1, 2}},
		"a hole's rim":           {geo.Shape{Polygons: [][][]geo.Point{{ring(-10, 10, 1010, 490), ring(300, 100, 600, 300)}}}, []Arc{3}},
		"a point in reach":       {geo.Shape{Points: []geo.Point{at(300, -200)}}, []Arc{0, 1}}, // 22 m
		"a point out of reach":   {geo.Shape{Points: []geo.Point{at(300, -250)}}, nil},         // 28 m
		"a point at an end":      {geo.Shape{Points: []geo.Point{at(600, 200)}}, []Arc{3}},
	} {
		if got, err := l.Crossed(c.shape); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
	if _, err := l.Crossed(geo.Shape{Points: make([]geo.Point, MaxVertices+1)}); !errors.Is(err, ErrManyVertices) {
		t.Errorf("too many points: %v", err)
	}
	if got := g.Span([]Arc{0, 1, 2}); got != 2000 {
		t.Errorf("a two-way and a one-way street span %v mm", got)
	}
}

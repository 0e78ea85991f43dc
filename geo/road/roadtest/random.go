package roadtest

import (
	"math/rand/v2"
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// Grid is a town of w times h nodes, each joined to its neighbours by two-way
// streets of one Step: node y*w+x lies x steps east and y south of Corner. It
// panics if there are fewer than two nodes.
func Grid(w, h int) *road.Graph {
	var b road.Builder
	for n := range w * h {
		b.AddNode(place(n%w, n/w))
	}
	both := func(u, v int) {
		b.AddArc(road.Node(u), road.Node(v), Step, street)
		b.AddArc(road.Node(v), road.Node(u), Step, street)
	}
	for n := range w * h {
		if n%w+1 < w {
			both(n, n+1)
		}
		if n+w < w*h {
			both(n, n+w)
		}
	}
	return must(b)
}

// Random draws a graph from r. Nothing about it is regular: weights differ by
// direction and by profile, and are often equal or zero; there are parallel
// arcs, loops, two-way and one-way streets, nodes at one point, and parts that
// cannot be reached. Lengths have nothing to do with the drawing. All nodes lie
// within 2 km south-east of Corner. It needs at least one node and one arc.
func Random(r *rand.Rand, nodes, arcs int) *road.Graph {
	var b road.Builder
	var points []geo.Point
	for n := range nodes {
		p := geo.Point{Lat: Corner.Lat - r.Int32N(180_000), Lon: Corner.Lon + r.Int32N(240_000)}
		if n > 0 && r.IntN(10) == 0 {
			p = points[r.IntN(n)]
		}
		points = append(points, p)
		b.AddNode(p)
	}
	// A small range makes ties, a large one makes detours worth while.
	span := []int64{3, 20, 1000, 100_000}[r.IntN(4)]
	weight := func() int64 { return max(0, r.Int64N(span+span/4+1)-span/4) }
	times := func() (t [geo.Profiles]time.Duration) {
		for p := range t {
			t[p] = time.Duration(weight()) * time.Millisecond
		}
		return t
	}
	var tail, head road.Node
	var length geo.Distance
	for left := arcs; left > 0; {
		switch r.IntN(10) {
		case 0: // parallel to the arc before, or the same again
			if r.IntN(2) == 0 {
				length = geo.Distance(weight())
			}
		case 1: // a loop
			head = tail
		case 2, 3, 4, 5: // the way back, most often of the same length
			tail, head = head, tail
			if r.IntN(5) == 0 {
				length = geo.Distance(weight())
			}
		default:
			tail, head = road.Node(r.IntN(nodes)), road.Node(r.IntN(nodes))
			length = geo.Distance(weight())
		}
		b.AddArc(tail, head, length, times())
		left--
	}
	return must(b)
}

func must(b road.Builder) *road.Graph {
	g, err := b.Build()
	if err != nil {
		panic("roadtest: " + err.Error())
	}
	return g
}

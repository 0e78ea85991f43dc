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
// direction and by profile, and are often equal or zero; arcs are closed to one
// profile or to both; there are parallel arcs, loops, two-way and one-way
// streets, streets whose directions have end nodes of their own, turns between
// nodes at one point, and parts that cannot be reached. Lengths have nothing to
// do with the drawing. All nodes lie within 2 km south-east of Corner. It needs
// at least one node and one arc; the first arc that it draws is open to all.
func Random(r *rand.Rand, nodes, arcs int) *road.Graph {
	d := drawing{r: r, at: map[geo.Point][]road.Node{}}
	for n := range nodes {
		p := geo.Point{Lat: Corner.Lat - r.Int32N(180_000), Lon: Corner.Lon + r.Int32N(240_000)}
		if n > 0 && r.IntN(5) == 0 {
			p = d.points[r.IntN(n)]
		}
		d.points = append(d.points, p)
		d.at[p] = append(d.at[p], d.b.AddNode(p))
	}
	// A small range makes ties, a large one makes detours worth while.
	d.span = []int64{3, 20, 1000, 100_000}[r.IntN(4)]
	if r.IntN(2) == 0 {
		d.closed = 15
	}
	var tail, head road.Node
	var length geo.Distance
	for left := arcs; left > 0; left-- {
		kind := r.IntN(14)
		switch {
		case left == arcs || kind > 8:
			tail, head = d.node(), d.node()
			length = geo.Distance(d.weight())
		case kind == 0: // parallel to the arc before, or the same again
			if r.IntN(2) == 0 {
				length = geo.Distance(d.weight())
			}
		case kind == 1: // a loop
			head = tail
		case kind < 6: // the way back, most often of the same length
			tail, head = head, tail
			if r.IntN(5) == 0 {
				length = geo.Distance(d.weight())
			}
		case kind == 6:
			d.b.AddTurn(tail, d.beside(tail), d.turn())
			continue
		case left > 1: // a street, at junctions of several nodes
			left--
			d.b.AddStreet(length, road.Way{Tail: tail, Head: head, Times: d.times()},
				road.Way{Tail: d.beside(head), Head: d.beside(tail), Times: d.times()})
			continue
		}
		times := d.times()
		if left == arcs {
			times = [geo.Profiles]time.Duration{time.Second, 0}
		}
		d.b.AddArc(tail, head, length, times)
	}
	return must(d.b)
}

// drawing is a random graph that is being drawn.
type drawing struct {
	r      *rand.Rand
	b      road.Builder
	points []geo.Point
	at     map[geo.Point][]road.Node
	span   int64
	closed int // percent
}

func (d *drawing) weight() int64 { return max(0, d.r.Int64N(d.span+d.span/4+1)-d.span/4) }

func (d *drawing) times() (t [geo.Profiles]time.Duration) {
	for p := range t {
		t[p] = time.Duration(d.weight()) * time.Millisecond
		if d.r.IntN(100) < d.closed {
			t[p] = road.Never
		}
	}
	return t
}

// turn is the times of a turn: zero, often closed to one profile, seldom more.
func (d *drawing) turn() (t [geo.Profiles]time.Duration) {
	switch d.r.IntN(6) {
	case 0:
		return d.times()
	case 1, 2:
		t[d.r.IntN(int(geo.Profiles))] = road.Never
	}
	return t
}

func (d *drawing) node() road.Node { return road.Node(d.r.IntN(len(d.points))) }

// beside is a node at the same point.
func (d *drawing) beside(n road.Node) road.Node {
	there := d.at[d.points[n]]
	return there[d.r.IntN(len(there))]
}

func must(b road.Builder) *road.Graph {
	g, err := b.Build()
	if err != nil {
		panic("roadtest: " + err.Error())
	}
	return g
}

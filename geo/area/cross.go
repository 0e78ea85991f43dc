package area

import "callbox/geo"

// line is the straight line between two points.
type line struct{ a, b geo.Point }

func (l line) String() string { return "from " + position(l.a) + " to " + position(l.b) }

// edge is a line of a ring.
type edge struct {
	line
	ring, at int // the ring's index in the polygon, the index of a in the ring
}

// polygon is a rim and its holes, all tidy.
type polygon []ring

func (g polygon) edges() []edge {
	var edges []edge
	for i, r := range g {
		for j, a := range r {
			edges = append(edges, edge{line{a, r[(j+1)%len(r)]}, i, j})
		}
	}
	return edges
}

// crossings calls found for the pairs of edges where a line passes through
// another, and for those of one ring that run along each other. A line that
// only touches another does not pass through it. crossings gives up and
// returns false if too many edges lie over one another to be compared in time,
// which a border drawn on a map never comes near. Of each pair e comes first in
// the polygon.
func (g polygon) crossings(found func(e, f *edge)) (checked bool) {
	edges := g.edges()
	return sweep(edges, func(i, j int) {
		if e, f := &edges[min(i, j)], &edges[max(i, j)]; g.cross(e, f) {
			found(e, f)
		}
	})
}

func (g polygon) cross(e, f *edge) bool {
	n := len(g[e.ring])
	if e.ring == f.ring && ((e.at+1)%n == f.at || (f.at+1)%n == e.at) {
		return false // neighbors share a point; tidy has taken out those that turn back
	}
	fa, fb := geo.Turn(e.a, e.b, f.a), geo.Turn(e.a, e.b, f.b)
	if fa*fb > 0 {
		return false
	}
	ea, eb := geo.Turn(f.a, f.b, e.a), geo.Turn(f.a, f.b, e.b)
	switch {
	case fa*fb < 0 && ea*eb < 0:
		return true
	case e.a == f.a: // the lines meet in a point of both
		a := g.before(e)
		return overlap(e, f) || left(a, e.a, e.b, g.before(f)) != left(a, e.a, e.b, f.b)
	case fa == 0 && fb == 0:
		return overlap(e, f)
	case fa == 0 && ea*eb < 0: // f begins inside e
		return geo.Turn(e.a, e.b, g.before(f))*fb < 0
	case ea == 0 && fa*fb < 0: // e begins inside f
		return geo.Turn(f.a, f.b, g.before(e))*eb < 0
	}
	return false
}

// before is the point that comes before e in its ring.
func (g polygon) before(e *edge) geo.Point {
	r := g[e.ring]
	return r[(e.at+len(r)-1)%len(r)]
}

// left reports whether p lies to the left of the line from a over o to b.
func left(a, o, b, p geo.Point) bool {
	in, out := geo.Turn(a, o, p) > 0, geo.Turn(o, b, p) > 0
	if geo.Turn(a, o, b) > 0 {
		return in && out
	}
	return in || out
}

// overlap reports whether two edges of one ring lie on one line and share more
// than a point.
func overlap(e, f *edge) bool { return e.ring == f.ring && shared(e, f) > 0 }

// shared is the length, in steps along the longer axis, that two edges have in
// common.
func shared(e, f *edge) int64 {
	if geo.Turn(e.a, e.b, f.a) != 0 || geo.Turn(e.a, e.b, f.b) != 0 {
		return 0
	}
	x, y := geo.BoundOf(e.a, e.b), geo.BoundOf(f.a, f.b)
	return max(0,
		int64(min(x.Max.Lon, y.Max.Lon))-int64(max(x.Min.Lon, y.Min.Lon)),
		int64(min(x.Max.Lat, y.Max.Lat))-int64(max(x.Min.Lat, y.Min.Lat)))
}

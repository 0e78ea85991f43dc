package geo

// Shape is a geometry of any kind: points, lines, and polygons, in the plane of
// longitude (x) and latitude (y). A polygon is a list of rings with what lies
// between them by the even-odd rule: as a rule the outer ring, then its holes. A
// ring may repeat its first point at the end. Lines and rims belong to the
// shape.
type Shape struct {
	Points   []Point
	Lines    [][]Point
	Polygons [][][]Point
}

// Vertices is the number of points in the whole shape.
func (s Shape) Vertices() int {
	n := len(s.Points)
	for _, line := range s.Lines {
		n += len(line)
	}
	for _, polygon := range s.Polygons {
		for _, ring := range polygon {
			n += len(ring)
		}
	}
	return n
}

// Bound is the smallest box around the shape.
func (s Shape) Bound() Bound {
	b := BoundOf(s.Points...)
	for _, line := range s.Lines {
		b = b.Union(BoundOf(line...))
	}
	for _, polygon := range s.Polygons {
		for _, ring := range polygon {
			b = b.Union(BoundOf(ring...))
		}
	}
	return b
}

// Meet reports whether the segments a to b and c to d share a point. A segment
// may be a single point. It is exact, as Turn is.
func Meet(a, b, c, d Point) bool {
	if !BoundOf(a, b).Touches(BoundOf(c, d)) {
		return false
	}
	// Boxes that touch, and no line that has the other segment on one side.
	return Turn(a, b, c)*Turn(a, b, d) <= 0 && Turn(c, d, a)*Turn(c, d, b) <= 0
}

// Inside reports whether p lies inside a polygon by the even-odd rule. It is
// exact for points off the rim; on the rim it may say either. It looks at every
// vertex.
func Inside(p Point, polygon [][]Point) bool {
	inside := false
	for _, ring := range polygon {
		for i, b := range ring {
			if RayMeets(p, ring[(i+len(ring)-1)%len(ring)], b) {
				inside = !inside
			}
		}
	}
	return inside
}

// RayMeets reports whether a ray from p due east meets the segment a to b. Of a
// segment the southern end counts and the northern does not, so that a ray
// through a vertex of a ring goes in or out there once, or twice, as the ring
// does.
func RayMeets(p, a, b Point) bool {
	if (a.Lat > p.Lat) == (b.Lat > p.Lat) {
		return false
	}
	if a.Lat > b.Lat {
		a, b = b, a
	}
	return Turn(a, b, p) > 0
}

package road

import (
	"math"

	"callbox/geo"
)

// Locator finds the street on which a point lies, and the streets that a shape
// meets. It is a uniform grid over the segments of a graph: the cells in
// compressed sparse rows, each with the arcs that pass through it. Cells are
// 250 m wide, or wider where that would cost more memory than a small multiple
// of the graph's. It is immutable and safe for concurrent use.
type Locator struct {
	graph         *Graph
	origin        geo.Point // south-west corner
	width, height int64     // of a cell, in steps of longitude and latitude
	cols, rows    int64
	first         []uint32 // arcs[first[2c]:first[2c+2]] pass through cell c, those up to first[2c+1] serve all
	arcs          []Arc
}

const (
	cellSide       = 250_000 // millimetres
	cellsPerStreet = 8       // on average, at most
)

// NewLocator builds the grid in time O(nodes + arcs). Of a two-way street it
// keeps the arc with the lower number. It leaves out turns. Streets that are
// closed to a profile in both directions stand apart, for Snap to pass over:
// whoever were put there could not come away again, or not be reached.
func NewLocator(g *Graph) *Locator {
	l := &Locator{graph: g, origin: g.bound.Min}
	var streets []Arc
	for a := range Arc(g.Arcs()) {
		if g.twin[a] > a { // one-way streets too: NoArc is the greatest number
			streets = append(streets, a)
		}
	}
	l.chooseCells(streets)
	counts := make([]uint32, 2*l.cols*l.rows+1)
	each := func(visit func(slot int64, a Arc)) {
		for _, a := range streets {
			apart := int64(1)
			if g.serves(a) {
				apart = 0
			}
			tail, head := l.segment(a)
			l.eachCell(tail, head, func(cell int64) { visit(2*cell+apart, a) })
		}
	}
	each(func(slot int64, _ Arc) { counts[slot+1]++ })
	for slot := range 2 * l.cols * l.rows {
		counts[slot+1] += counts[slot]
	}
	l.arcs = make([]Arc, counts[len(counts)-1])
	l.first = append([]uint32(nil), counts...)
	each(func(slot int64, a Arc) {
		l.arcs[counts[slot]] = a
		counts[slot]++
	})
	return l
}

// serves reports whether every profile may drive the street of an arc, in one
// direction at least.
func (g *Graph) serves(a Arc) bool {
	for _, times := range g.millis {
		if twin := g.Twin(a); times[a] == Closed && (twin == NoArc || times[twin] == Closed) {
			return false
		}
	}
	return true
}

// chooseCells doubles the cell until the grid and its content are small.
func (l *Locator) chooseCells(streets []Arc) {
	box := l.graph.bound
	spanLon := int64(box.Max.Lon) - int64(box.Min.Lon)
	spanLat := int64(box.Max.Lat) - int64(box.Min.Lat)
	middle, _ := geo.Point{Lat: box.Min.Lat/2 + box.Max.Lat/2}.Degrees()
	l.height = int64(math.Round(cellSide / stepMillimetres))
	l.width = int64(math.Round(cellSide / stepMillimetres / max(0.01, math.Cos(middle*math.Pi/180))))
	limit := int64(cellsPerStreet) * int64(len(streets)+1000)
	for {
		l.cols, l.rows = spanLon/l.width+1, spanLat/l.height+1
		content := int64(0)
		for _, a := range streets {
			p, q := l.segment(a)
			content += 4 + abs(int64(p.Lon)-int64(q.Lon))/l.width + 2*(abs(int64(p.Lat)-int64(q.Lat))/l.height)
		}
		if l.cols*l.rows <= limit && content <= limit {
			return
		}
		l.width, l.height = 2*l.width, 2*l.height
	}
}

func (l *Locator) segment(a Arc) (tail, head geo.Point) {
	return l.graph.points[l.graph.tail[a]], l.graph.points[l.graph.head[a]]
}

// eachCell visits every cell that the segment p to q passes through: row by
// row, from the column where the segment enters the row to that where it
// leaves it. Where it leaves on the corner of a cell, that one is visited too.
// What lies off the grid is passed over.
func (l *Locator) eachCell(p, q geo.Point, visit func(cell int64)) {
	if p.Lat > q.Lat {
		p, q = q, p
	}
	px, py := l.offset(p)
	qx, qy := l.offset(q)
	// Rounding down keeps a point in its cell: cells begin at whole steps.
	lonAt := func(y int64) int64 { return px + floorDiv((qx-px)*(y-py), qy-py) }
	for row := max(0, floorDiv(py, l.height)); row <= min(l.rows-1, floorDiv(qy, l.height)); row++ {
		enter, leave := px, qx
		if py < row*l.height {
			enter = lonAt(row * l.height)
		}
		if qy > (row+1)*l.height {
			leave = lonAt((row + 1) * l.height)
		}
		low, high := floorDiv(min(enter, leave), l.width), floorDiv(max(enter, leave), l.width)
		for col := max(0, low); col <= min(l.cols-1, high); col++ {
			visit(row*l.cols + col)
		}
	}
}

// offset is a point in steps east and north of the origin.
func (l *Locator) offset(p geo.Point) (x, y int64) {
	return int64(p.Lon) - int64(l.origin.Lon), int64(p.Lat) - int64(l.origin.Lat)
}

// Snap finds the position nearest to p on a street of the locator within the given distance
// of it, or false if there is none. Nearest is by the straight segments, in
// the plane around p (local equirectangular projection), in whole millimetres;
// of several equally near arcs it is the lowest. Of a two-way street it gives
// the arc with the lower number. The time grows with the number of streets in
// the cells up to the nearest street: a few microseconds in a city.
func (l *Locator) Snap(p geo.Point, within geo.Distance) (Position, bool) {
	s := search{l: l, plane: planeAround(p), off: within, arc: NoArc}
	x, y := l.offset(p)
	s.col, s.row = floorDiv(x, l.width), floorDiv(y, l.height)
	// Ring by ring around the cell of p, from the first ring that meets the
	// grid to the last, while a street outside the rings may be nearer or, one
	// millimetre for the rounding, as near.
	start := max(0, -s.col, s.col-l.cols+1, -s.row, s.row-l.rows+1)
	end := max(s.col, l.cols-1-s.col, s.row, l.rows-1-s.row)
	for ring := start; ring <= end && s.outside(ring) <= float64(s.off)+1; ring++ {
		s.ring(ring)
	}
	if s.arc == NoArc {
		return Position{}, false
	}
	along := math.Round(s.part * float64(l.graph.length[s.arc]))
	return Position{Arc: s.arc, Along: uint32(along)}, true
}

// search is one call of Snap: the nearest street so far.
type search struct {
	l        *Locator
	plane    plane
	col, row int64 // the cell of the point, perhaps off the grid
	off      geo.Distance
	arc      Arc
	part     float64
}

// outside is a lower bound, in millimetres, on the distance to whatever lies
// in no ring below the given one.
func (s *search) outside(ring int64) float64 {
	if ring == 0 {
		return 0
	}
	x, y := s.l.offset(s.plane.centre)
	x, y = x-s.col*s.l.width, y-s.row*s.l.height
	w, h := (ring-1)*s.l.width, (ring-1)*s.l.height
	return min(
		float64(w+min(x, s.l.width-x))*s.plane.perLon,
		float64(h+min(y, s.l.height-y))*s.plane.perLat,
	)
}

// ring looks at the cells that are so many rows or columns away.
func (s *search) ring(ring int64) {
	low, high := max(0, s.col-ring), min(s.l.cols-1, s.col+ring)
	for row := max(0, s.row-ring); row <= min(s.l.rows-1, s.row+ring); row++ {
		if row == s.row-ring || row == s.row+ring {
			for col := low; col <= high; col++ {
				s.cell(row*s.l.cols + col)
			}
			continue
		}
		if s.col-ring >= 0 && s.col-ring < s.l.cols {
			s.cell(row*s.l.cols + s.col - ring)
		}
		if s.col+ring >= 0 && s.col+ring < s.l.cols {
			s.cell(row*s.l.cols + s.col + ring)
		}
	}
}

func (s *search) cell(cell int64) {
	for _, a := range s.l.arcs[s.l.first[2*cell]:s.l.first[2*cell+1]] {
		if off, part := s.plane.foot(s.l.segment(a)); off < s.off || off == s.off && a < s.arc {
			s.off, s.arc, s.part = off, a, part
		}
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func abs(v int64) int64 { return max(v, -v) }

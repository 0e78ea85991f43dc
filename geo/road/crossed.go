package road

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"callbox/geo"
)

// MaxVertices is the greatest number of points in a shape for
// Locator.Crossed.
const MaxVertices = 12_000

// PointReach is how far from a point its street may be, for Locator.Crossed.
const PointReach = geo.Distance(25_000)

// ErrManyVertices is returned by Locator.Crossed beyond MaxVertices.
var ErrManyVertices = errors.New("the shape has too many points")

// Crossed gives the arcs of the streets that a shape meets, both directions of
// each and no turns, in ascending order. A line meets the streets whose straight
// segments it crosses or touches; a polygon those that touch its rim or lie
// inside, not those in a hole; a point meets the street nearest to it within
// PointReach, or the streets if several are equally near to the millimetre.
// Lines and polygons are exact. Streets count whether or not anybody may drive
// them. The time grows with the cells that lines pass through and polygons lie
// over, and the streets in them: some microseconds for a crossing, some
// milliseconds for a part of a city. The error is ErrManyVertices.
func (l *Locator) Crossed(s geo.Shape) ([]Arc, error) {
	if n := s.Vertices(); n > MaxVertices {
		return nil, fmt.Errorf("%w: it has %d, and may have %d", ErrManyVertices, n, MaxVertices)
	}
	c := crossing{l: l, met: make(map[Arc]bool)}
	for _, p := range s.Points {
		c.point(p)
	}
	for _, line := range s.Lines {
		for i := range line {
			c.segment(line[max(0, i-1)], line[i])
		}
	}
	for _, polygon := range s.Polygons {
		for _, ring := range polygon {
			for i := range ring {
				c.segment(ring[(i+len(ring)-1)%len(ring)], ring[i])
			}
		}
		c.inside(polygon)
	}
	for _, a := range slices.Collect(maps.Keys(c.met)) {
		if twin := l.graph.Twin(a); twin != NoArc {
			c.met[twin] = true
		}
	}
	return slices.Sorted(maps.Keys(c.met)), nil
}

// Span is the length of the streets of some arcs. A street counts once, though
// both of its directions are among them.
func (g *Graph) Span(arcs []Arc) (sum geo.Distance) {
	counted := make(map[Arc]bool, len(arcs))
	for _, a := range arcs {
		if street := min(a, g.Twin(a)); !counted[street] {
			counted[street] = true
			sum += g.Length(a)
		}
	}
	return sum
}

// crossing is one call of Crossed: the streets so far, each by the arc that the
// locator keeps of it.
type crossing struct {
	l   *Locator
	met map[Arc]bool
}

// streets are all that pass through a cell.
func (l *Locator) streets(cell int64) []Arc { return l.arcs[l.first[2*cell]:l.first[2*cell+2]] }

func (c *crossing) segment(p, q geo.Point) {
	c.l.eachCell(p, q, func(cell int64) {
		for _, a := range c.l.streets(cell) {
			if tail, head := c.l.segment(a); !c.met[a] && geo.Meet(p, q, tail, head) {
				c.met[a] = true
			}
		}
	})
}

// point takes the streets nearest to p.
func (c *crossing) point(p geo.Point) {
	plane, least := planeAround(p), PointReach
	var nearest []Arc
	c.l.eachCellIn(geo.Around(p, PointReach), func(_, cell int64) {
		for _, a := range c.l.streets(cell) {
			off, _ := plane.foot(c.l.segment(a))
			if off < least {
				least, nearest = off, nearest[:0]
			}
			if off == least {
				nearest = append(nearest, a)
			}
		}
	})
	for _, a := range nearest {
		c.met[a] = true
	}
}

// inside takes the streets that lie in a polygon without touching its rim,
// which is to say that their tails do. Each is looked at in the cell of its
// tail. A ray due east from there meets no more of the rim than what passes
// through that row of cells.
func (c *crossing) inside(polygon [][]geo.Point) {
	box := geo.Shape{Polygons: [][][]geo.Point{polygon}}.Bound()
	rim := make(map[int64][][2]geo.Point) // by row
	for _, ring := range polygon {
		for i, q := range ring {
			p := ring[(i+len(ring)-1)%len(ring)]
			_, low := c.l.offset(geo.Point{Lat: min(p.Lat, q.Lat)})
			_, high := c.l.offset(geo.Point{Lat: max(p.Lat, q.Lat)})
			for row := max(0, floorDiv(low, c.l.height)); row <= min(c.l.rows-1, floorDiv(high, c.l.height)); row++ {
				rim[row] = append(rim[row], [2]geo.Point{p, q})
			}
		}
	}
	c.l.eachCellIn(box, func(row, cell int64) {
		for _, a := range c.l.streets(cell) {
			tail, _ := c.l.segment(a)
			if c.met[a] || !box.Contains(tail) || c.l.cell(tail) != cell {
				continue
			}
			in := false
			for _, edge := range rim[row] {
				if geo.RayMeets(tail, edge[0], edge[1]) {
					in = !in
				}
			}
			if in {
				c.met[a] = true
			}
		}
	})
}

// cell is the one that a point of the grid lies in.
func (l *Locator) cell(p geo.Point) int64 {
	x, y := l.offset(p)
	return y/l.height*l.cols + x/l.width
}

// eachCellIn visits every cell that a box meets, with its row.
func (l *Locator) eachCellIn(box geo.Bound, visit func(row, cell int64)) {
	west, south := l.offset(box.Min)
	east, north := l.offset(box.Max)
	for row := max(0, floorDiv(south, l.height)); row <= min(l.rows-1, floorDiv(north, l.height)); row++ {
		for col := max(0, floorDiv(west, l.width)); col <= min(l.cols-1, floorDiv(east, l.width)); col++ {
			visit(row, row*l.cols+col)
		}
	}
}

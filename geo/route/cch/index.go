package cch

import (
	"slices"

	"callbox/geo/route/kernel"
)

// Index keeps the labels of units, numbered from 0, with the tree of their
// minima: for each cell the least distance of a unit in it, or below it, to each
// of the ancestors that all of the cell have in common. From that follows in one
// go how soon any unit of the cell can be at a place outside, exactly. An Index
// belongs to one goroutine.
type Index struct {
	cells  *Cells
	table  *Table
	stride int
	labels []uint32 // of unit i from i*stride on
	units  []unit
	spots  []spot
	masks  []uint64 // what each unit is and can do
	cellOf []cellState
	moves  int // since the minima were computed
	matrix matrix
}

// unit is what is asked of one unit, spot what is asked of many at once.
type unit struct {
	place Place
	cell  uint32
	at    uint32 // in the cell's list
}

type spot struct {
	code   code   // of its node
	length uint32 // of its label; 0 if it is not there
}

type cellState struct {
	minima []uint32
	units  []uint32
	mask   uint64 // of all units in it and below, those that have left since too
	count  int
}

// NewIndex makes an empty index whose units' labels are made by a table of side
// From.
func NewIndex(cells *Cells, table *Table) *Index {
	x := &Index{cells: cells, table: table, stride: aligned(cells.Deep()), cellOf: make([]cellState, cells.Len())}
	size := 0
	for _, hang := range cells.hang {
		size += aligned(int(hang))
	}
	minima := make([]uint32, size)
	clearLabel(minima)
	for i, hang := range cells.hang {
		x.cellOf[i].minima = minima[:hang:hang]
		minima = minima[aligned(int(hang)):]
	}
	return x
}

// aligned is n, or so many more that the next row begins with a line of the
// cache if this one does.
func aligned(n int) int {
	const line = 16
	return (n + line - 1) / line * line
}

// Put sets where a unit is, whether it was there or not. A place without ends is
// nowhere. The mask tells what the unit is and can do, a bit each.
func (x *Index) Put(i int, p Place, mask uint64) {
	for len(x.units) <= i {
		x.units = append(x.units, unit{place: Nowhere})
		x.spots, x.masks = append(x.spots, spot{}), append(x.masks, 0)
		x.labels = append(x.labels, make([]uint32, x.stride)...)
	}
	x.remove(i)
	x.units[i], x.masks[i] = unit{place: p}, mask
	x.spots[i].length = uint32(x.cells.Length(p))
	if x.spots[i].length == 0 {
		return
	}
	x.label(i)
	x.insert(i)
	x.moves++
	x.refresh()
}

// label computes the label of a unit.
func (x *Index) label(i int) { x.table.Label(x.row(i), x.units[i].place) }

// row is the label of a unit.
func (x *Index) row(i int) []uint32 {
	return x.labels[i*x.stride : i*x.stride+int(x.spots[i].length)]
}

func (x *Index) insert(i int) {
	u := &x.units[i]
	if x.cells.codes != nil {
		x.spots[i].code = x.cells.codes[u.place.Low.Node]
	}
	u.cell = x.cells.cell[u.place.Low.Node]
	c := &x.cellOf[u.cell]
	u.at = uint32(len(c.units))
	c.units = append(c.units, uint32(i))
	for cell := u.cell; cell != none; cell = x.cells.up[cell] {
		x.cellOf[cell].count++
		x.cellOf[cell].mask |= x.masks[i]
	}
	x.lower(i)
}

// lower takes the label of a unit into the minima above it.
func (x *Index) lower(i int) {
	row := x.row(i)
	for cell := x.units[i].cell; cell != none; cell = x.cells.up[cell] {
		minima := x.cellOf[cell].minima
		kernel.MinInto(minima, row[:len(minima)])
	}
}

// remove takes a unit out. Minima and masks stay too low and too wide until
// there is nothing left in a cell, or they are computed anew: they are bounds.
func (x *Index) remove(i int) {
	u := &x.units[i]
	if x.spots[i].length == 0 {
		return
	}
	c := &x.cellOf[u.cell]
	last := c.units[len(c.units)-1]
	c.units[u.at], x.units[last].at = last, u.at
	c.units = c.units[:len(c.units)-1]
	x.spots[i].length = 0
	for cell := u.cell; cell != none; cell = x.cells.up[cell] {
		c := &x.cellOf[cell]
		if c.count--; c.count == 0 {
			clearLabel(c.minima)
			c.mask = 0
		}
	}
}

// Mark changes the mask of a unit.
func (x *Index) Mark(i int, mask uint64) {
	x.masks[i] = mask
	if x.spots[i].length == 0 {
		return
	}
	for cell := x.units[i].cell; cell != none; cell = x.cells.up[cell] {
		x.cellOf[cell].mask |= mask
	}
	x.moves++
}

// refresh tightens the bounds once they have been loosened often.
func (x *Index) refresh() {
	if x.moves > 1000+len(x.units) {
		x.tighten()
	}
}

// tighten computes minima and masks anew, from the cells at the bottom upward.
func (x *Index) tighten() {
	x.moves = 0
	for i := range x.cellOf {
		clearLabel(x.cellOf[i].minima)
		x.cellOf[i].mask = 0
	}
	for cell := len(x.cellOf) - 1; cell >= 0; cell-- { // cells below come after
		c := &x.cellOf[cell]
		for _, i := range c.units {
			kernel.MinInto(c.minima, x.row(int(i))[:len(c.minima)])
			c.mask |= x.masks[i]
		}
		if up := x.cells.up[cell]; up != none && c.count > 0 {
			above := &x.cellOf[up]
			kernel.MinInto(above.minima, c.minima[:len(above.minima)])
			above.mask |= c.mask
		}
	}
}

// Follow computes the labels anew after the table has followed a metric that
// differs only in arcs from the changed nodes.
func (x *Index) Follow(changed []uint32) {
	var ranges [][2]uint32
	Subtrees(x.cells.Topology, changed, func(low, high uint32) { ranges = append(ranges, [2]uint32{low, high}) })
	slices.Reverse(ranges)
	for i := range x.units {
		u := &x.units[i]
		if x.spots[i].length == 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(ranges, u.place.Low.Node, func(r [2]uint32, node uint32) int {
			if r[1] < node {
				return -1
			}
			return 1
		})
		if at < len(ranges) && ranges[at][0] <= u.place.Low.Node {
			x.label(i)
			x.lower(i)
			x.moves++
		}
	}
	x.refresh()
}

// Bytes is the memory of the labels and minima.
func (x *Index) Bytes() int {
	numbers := len(x.labels)
	for i := range x.cellOf {
		numbers += len(x.cellOf[i].minima)
	}
	return 4 * numbers
}

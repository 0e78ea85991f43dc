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
	length []uint32 // of the label of each unit; 0 if it is not there
	code   []code   // of each unit's node
	cellOf []cellState
	moves  int // since the minima were computed
}

type unit struct {
	place Place
	cell  uint32
	at    uint32 // in the cell's list
	mask  uint64
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
		x.length, x.code = append(x.length, 0), append(x.code, code{})
		x.labels = append(x.labels, make([]uint32, x.stride)...)
	}
	x.remove(i)
	x.units[i] = unit{place: p, mask: mask}
	x.length[i] = uint32(x.cells.Length(p))
	if x.length[i] == 0 {
		return
	}
	x.label(i)
	x.insert(i)
	if x.moves++; x.moves > 1000+len(x.units) {
		x.tighten()
	}
}

// label computes the label of a unit.
func (x *Index) label(i int) { x.table.Label(x.row(i), x.units[i].place) }

// row is the label of a unit.
func (x *Index) row(i int) []uint32 {
	return x.labels[i*x.stride : i*x.stride+int(x.length[i])]
}

func (x *Index) insert(i int) {
	u := &x.units[i]
	if x.cells.codes != nil {
		x.code[i] = x.cells.codes[u.place.Low.Node]
	}
	u.cell = x.cells.cell[u.place.Low.Node]
	c := &x.cellOf[u.cell]
	u.at = uint32(len(c.units))
	c.units = append(c.units, uint32(i))
	for cell := u.cell; cell != none; cell = x.cells.up[cell] {
		x.cellOf[cell].count++
		x.cellOf[cell].mask |= u.mask
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
	if x.length[i] == 0 {
		return
	}
	c := &x.cellOf[u.cell]
	last := c.units[len(c.units)-1]
	c.units[u.at], x.units[last].at = last, u.at
	c.units = c.units[:len(c.units)-1]
	x.length[i] = 0
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
	u := &x.units[i]
	u.mask = mask
	if x.length[i] == 0 {
		return
	}
	for cell := u.cell; cell != none; cell = x.cells.up[cell] {
		x.cellOf[cell].mask |= mask
	}
	x.moves++
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
			c.mask |= x.units[i].mask
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
		if x.length[i] == 0 {
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
	if x.moves > 1000+len(x.units) {
		x.tighten()
	}
}

// Target is a place with its label of side To, ready for questions.
type Target struct {
	place Place
	label []uint32
	way   Way
	known bool // way is filled in
}

// Target computes the label of a place by a table of side To.
func (x *Index) Target(into *Target, table *Table, p Place) {
	into.place = p
	n := x.cells.Length(p)
	if cap(into.label) < n {
		into.label = make([]uint32, x.stride)
	}
	into.label = into.label[:n]
	if n > 0 {
		table.Label(into.label, p)
	}
	into.known = false
}

// Distance is how long a unit takes to a target, kernel.Inf if it cannot come.
func (x *Index) Distance(i int, to *Target) uint32 {
	x.prepare(to)
	at := i * x.stride
	return kernel.MinSum(x.labels[at:at+int(x.shared(i, to))], to.label)
}

// prepare fills in what a target needs for questions about any unit.
func (x *Index) prepare(to *Target) {
	if !to.known && len(to.label) > 0 {
		x.cells.Way(&to.way, to.place.Low.Node)
		to.known = true
	}
}

// shared is how many ancestors a unit and a target have in common.
func (x *Index) shared(i int, to *Target) uint32 {
	if x.cells.codes == nil {
		if x.length[i] == 0 || len(to.label) == 0 {
			return 0
		}
		return uint32(x.cells.sharedByWalking(to.way.node, x.units[i].place.Low.Node))
	}
	return min(uint32(to.way.shared[to.way.code.differ(x.code[i])]), x.length[i], uint32(len(to.label)))
}

// Distances sets out[i] to how long unit i takes to a target, for as many units
// as out is long.
func (x *Index) Distances(out []uint32, to *Target) {
	x.prepare(to)
	if x.cells.codes != nil && len(to.label) > 0 {
		for i, length := range x.length[:len(out)] {
			out[i] = min(uint32(to.way.shared[to.way.code.differ(x.code[i])]), length)
		}
	} else {
		for i := range out {
			out[i] = x.shared(i, to)
		}
	}
	kernel.MinSums(out, to.label, x.labels, x.stride, out)
}

// Matrix sets out to the distances of the first units to all targets, a row for
// each target.
func (x *Index) Matrix(out []uint32, targets []Target) {
	if len(targets) == 0 {
		return
	}
	units := len(out) / len(targets)
	for i := range targets {
		x.Distances(out[i*units:(i+1)*units], &targets[i])
	}
}

// Bytes is the memory of the labels and minima.
func (x *Index) Bytes() int {
	numbers := len(x.labels)
	for i := range x.cellOf {
		numbers += len(x.cellOf[i].minima)
	}
	return 4 * numbers
}

package cch

import "callbox/geo/route/kernel"

// Target is a place with its label of side To, ready for questions.
type Target struct {
	place Place
	label []uint32
	cell  uint32 // of the place, unless it has no ends
	known bool   // way is filled in
	way   Way
}

// Target computes the label of a place by a table of side To.
func (x *Index) Target(into *Target, table *Table, p Place) {
	into.place, into.known = p, false
	n := x.cells.Length(p)
	if cap(into.label) < n {
		into.label = make([]uint32, x.stride)
	}
	into.label = into.label[:n]
	if n > 0 {
		into.cell = x.cells.cell[p.Low.Node]
		table.Label(into.label, p)
	}
}

// Distance is how long a unit takes to a target, kernel.Inf if it cannot come.
func (x *Index) Distance(i int, to *Target) uint32 {
	x.prepare(to)
	return kernel.MinSum(x.labels[i*x.stride:][:x.stride], to.label, x.shared(i, to))
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
		if x.spots[i].length == 0 || len(to.label) == 0 {
			return 0
		}
		return uint32(x.cells.sharedByWalking(to.way.node, x.units[i].place.Low.Node))
	}
	at := &x.spots[i]
	return min(uint32(to.way.shared[to.way.code.differ(at.code)]), at.length, uint32(len(to.label)))
}

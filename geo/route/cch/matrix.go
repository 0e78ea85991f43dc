package cch

import (
	"iter"
	"slices"

	"callbox/geo/route/kernel"
)

// A matrix is computed in pieces whose labels lie in the cache: so many targets,
// and for one target after the other so many units or a few more.
const (
	targetsTogether = 16
	unitsTogether   = 512
)

// Matrix gives how long units take to targets, a row of out for each target:
// entry i is unit i, kernel.Inf where it cannot come or there is no such unit.
// It panics if a row has no room for a unit. Time O(units * targets), a few
// nanoseconds each.
func (x *Index) Matrix(out []uint32, targets ...*Target) {
	for i := range out {
		out[i] = kernel.Inf
	}
	width := len(out) / max(1, len(targets))
	for group := range slices.Chunk(targets, targetsTogether) {
		x.rows(out[:len(group)*width], width, group)
		out = out[len(group)*width:]
	}
}

func (x *Index) rows(out []uint32, width int, targets []*Target) {
	m, cells := &x.matrix, x.cells.Len()
	m.shared = slices.Grow(m.shared[:0], len(targets)*cells)[:len(targets)*cells]
	for i, to := range targets {
		x.cells.sharedByCell(m.shared[i*cells:][:cells], to)
	}
	for rest := x.cells.preorder; len(rest) > 0; {
		rest = m.fill(x.cellOf, rest)
		for i, to := range targets {
			m.ask(x, to, m.shared[i*cells:][:cells], out[i*width:][:width])
		}
	}
	for i, to := range targets {
		for cell := range x.cells.around(to) {
			for _, unit := range x.cellOf[cell].units {
				out[i*width+int(unit)] = x.Distance(int(unit), to)
			}
		}
	}
}

// matrix is memory that is used again: for each target and cell what they share,
// and a block of units, one cell after the other, with how long they take.
type matrix struct {
	shared []uint32
	units  []uint32
	runs   []run
	sums   []uint32
}

// run is where the units of a cell end in a block.
type run struct{ cell, end uint32 }

// fill takes the units of cells, a good number together, and gives the cells
// that are left.
func (m *matrix) fill(states []cellState, cells []uint32) (rest []uint32) {
	m.units, m.runs = m.units[:0], m.runs[:0]
	for len(cells) > 0 && len(m.units) < unitsTogether {
		if units := states[cells[0]].units; len(units) > 0 {
			m.units = append(m.units, units...)
			m.runs = append(m.runs, run{cells[0], uint32(len(m.units))})
		}
		cells = cells[1:]
	}
	m.sums = slices.Grow(m.sums[:0], len(m.units))[:len(m.units)]
	return cells
}

// ask sets out how long the units take to a target with which those of each cell
// share so many ancestors. Cells that follow each other mostly share as many.
func (m *matrix) ask(x *Index, to *Target, shared, out []uint32) {
	var start uint32
	for i, run := range m.runs {
		n := shared[run.cell]
		if i+1 == len(m.runs) || shared[m.runs[i+1].cell] != n {
			kernel.MinSums(m.sums[start:run.end], to.label, x.labels, x.stride, m.units[start:run.end], n)
			start = run.end
		}
	}
	for j, unit := range m.units {
		out[unit] = m.sums[j]
	}
}

// sharedByCell sets how many ancestors all nodes of a cell share with a target.
// Those of the cells around it share now more, now fewer: there it is 0.
func (c *Cells) sharedByCell(shared []uint32, to *Target) {
	const around = 1 << 31
	clear(shared)
	depth := uint32(len(to.label))
	for cell := range c.around(to) {
		shared[cell] = around | depth
		depth = c.hang[cell]
	}
	for cell, up := range c.up { // from the roots down
		if shared[cell] == 0 && up != none {
			shared[cell] = min(shared[up]&^around, c.hang[cell])
		}
	}
	for cell := range c.around(to) {
		shared[cell] = 0
	}
}

// around yields the cell of a target, and those above it.
func (c *Cells) around(to *Target) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if len(to.label) == 0 {
			return
		}
		for cell := to.cell; cell != none && yield(cell); cell = c.up[cell] {
		}
	}
}

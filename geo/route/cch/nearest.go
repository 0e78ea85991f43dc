package cch

import (
	"slices"

	"callbox/geo/route/kernel"
)

// Search finds units by the time they take to a target, soonest first. Its
// memory is used again by the next one.
type Search struct {
	index  *Index
	to     *Target
	want   uint64
	limit  uint32
	queue  queue
	shared []uint32 // of each cell in the queue: ancestors that it shares with the target
	picked []uint32 // the suitable units of a cell
	sums   []uint32 // how long they take
}

// Start begins a search for the units whose masks have all bits of want and that
// take at most limit. The index and the target must not change until it is over.
func (s *Search) Start(x *Index, to *Target, want uint64, limit uint32) {
	s.index, s.to, s.want, s.limit = x, to, want, min(limit, kernel.Inf-1)
	s.queue = s.queue[:0]
	if len(to.label) == 0 {
		return
	}
	// The cells around the target, from its own to the root, are gone through
	// at once: they hold no bound. In each, the target hangs so deep.
	c := x.cells
	depth := uint32(len(to.label))
	s.shared = slices.Grow(s.shared[:0], c.Len())[:c.Len()]
	for cell, from := to.cell, none; cell != none; cell, from = c.up[cell], cell {
		if x.cellOf[cell].count > 0 {
			for _, i := range s.suitable(cell) {
				s.offer(i, x.Distance(int(i), to))
			}
			for below := c.below[cell]; below < c.below[cell+1]; below++ {
				if below != from {
					s.cell(below, min(depth, c.hang[below]))
				}
			}
		}
		depth = c.hang[cell]
	}
}

// Direct adds a unit that has another way to the target than by its ends.
func (s *Search) Direct(i int, cost uint32) {
	if s.index.masks[i]&s.want == s.want {
		s.offer(uint32(i), cost)
	}
}

// suitable are the units in a cell that have what is wanted.
func (s *Search) suitable(cell uint32) []uint32 {
	units := s.index.cellOf[cell].units
	if s.want == 0 {
		return units
	}
	s.picked = s.picked[:0]
	for _, i := range units {
		if s.index.masks[i]&s.want == s.want {
			s.picked = append(s.picked, i)
		}
	}
	return s.picked
}

func (s *Search) offer(i, cost uint32) {
	if cost <= s.limit {
		s.queue.push(unitKey(i, cost))
	}
}

// cell offers all units of a cell, which share so many ancestors with the target.
func (s *Search) cell(cell, shared uint32) {
	state := &s.index.cellOf[cell]
	if state.count == 0 || state.mask&s.want != s.want {
		return
	}
	if bound := kernel.MinSum(state.minima, s.to.label, shared); bound <= s.limit {
		s.shared[cell] = shared
		s.queue.push(cellKey(cell, bound))
	}
}

// Next gives the next unit and how long it takes; units that take the same time
// come in no particular order, and a unit comes again if it was added by Direct.
func (s *Search) Next() (unit int, cost uint32, ok bool) {
	for len(s.queue) > 0 {
		top := s.queue.pop()
		if top.isUnit() {
			return int(top.ref()), top.cost(), true
		}
		x, cell := s.index, top.ref()
		shared := s.shared[cell]
		units := s.suitable(cell)
		s.sums = slices.Grow(s.sums[:0], len(units))[:len(units)]
		kernel.MinSums(s.sums, s.to.label, x.labels, x.stride, units, shared)
		for j, cost := range s.sums {
			s.offer(units[j], cost)
		}
		for below := x.cells.below[cell]; below < x.cells.below[cell+1]; below++ {
			s.cell(below, shared)
		}
	}
	return 0, 0, false
}

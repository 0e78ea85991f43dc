package cch

import "callbox/geo/route/kernel"

// Search finds units by the time they take to a target, soonest first. Its
// memory is used again by the next one.
type Search struct {
	index *Index
	to    *Target
	want  uint64
	limit uint32
	heap  itemHeap
	chain []uint32 // the target's node and its ancestors in the same cell
}

// item is a unit, or a cell with those in it and below: how soon any of them
// can be there, at least.
type item struct {
	key    uint64 // the time, twice, and 1 for a unit: of equal ones cells come first
	ref    uint32
	shared uint32 // of a cell: ancestors that it shares with the target
}

// Start begins a search for the units whose masks have all bits of want and that
// take at most limit. The index and the target must not change until it is over.
func (s *Search) Start(x *Index, to *Target, want uint64, limit uint32) {
	s.index, s.to, s.want, s.limit = x, to, want, min(limit, kernel.Inf-1)
	s.heap = s.heap[:0]
	if len(to.label) == 0 {
		return
	}
	// The cells around the target, from its own to the root, are gone through
	// at once: they hold no bound. In each, the target hangs so deep.
	c := x.cells
	node := to.place.Low.Node
	depth := c.depth[node] + 1
	for cell, from := c.cell[node], none; cell != none; cell, from = c.up[cell], cell {
		state := &x.cellOf[cell]
		if state.count == 0 {
			depth = c.hang[cell]
			continue
		}
		if c.leaf[cell] {
			s.inside(cell, node)
		} else {
			for _, i := range state.units {
				s.unit(i, min(depth, x.length[i]))
			}
		}
		for below := c.below[cell]; below < c.below[cell+1]; below++ {
			if below != from {
				s.cell(below, min(depth, c.hang[below]))
			}
		}
		depth = c.hang[cell]
	}
}

// inside offers the units of the cell that the target itself is in: each shares
// with it the ancestors from where their ways part in the cell.
func (s *Search) inside(cell, node uint32) {
	x, c := s.index, s.index.cells
	if len(x.cellOf[cell].units) == 0 {
		return
	}
	s.chain = s.chain[:0]
	for ; node != none && c.cell[node] == cell; node = c.parent[node] {
		s.chain = append(s.chain, node)
	}
	for _, i := range x.cellOf[cell].units {
		at, shared := x.units[i].place.Low.Node, c.hang[cell]
		for _, up := range s.chain {
			if c.within(at, up) {
				shared = c.depth[up] + 1
				break
			}
		}
		s.unit(i, shared)
	}
}

// Direct adds a unit that has another way to the target than by its ends.
func (s *Search) Direct(i int, cost uint32) {
	if s.index.units[i].mask&s.want == s.want {
		s.offer(uint32(i), cost)
	}
}

func (s *Search) offer(i, cost uint32) {
	if cost <= s.limit && s.index.units[i].mask&s.want == s.want {
		s.heap.push(item{key: uint64(cost)<<1 | 1, ref: i})
	}
}

// unit offers a unit that shares so many ancestors with the target.
func (s *Search) unit(i, shared uint32) {
	x := s.index
	if x.units[i].mask&s.want != s.want {
		return
	}
	at := int(i) * x.stride
	s.offer(i, kernel.MinSum(x.labels[at:at+int(shared)], s.to.label))
}

// cell offers all units of a cell.
func (s *Search) cell(cell, shared uint32) {
	state := &s.index.cellOf[cell]
	if state.count == 0 || state.mask&s.want != s.want {
		return
	}
	if bound := kernel.MinSum(state.minima[:shared], s.to.label); bound <= s.limit {
		s.heap.push(item{key: uint64(bound) << 1, ref: cell, shared: shared})
	}
}

// Next gives the next unit and how long it takes; units that take the same time
// come in no particular order, and a unit comes again if it was added by Direct.
func (s *Search) Next() (unit int, cost uint32, ok bool) {
	for len(s.heap) > 0 {
		top := s.heap.pop()
		if top.key&1 == 1 {
			return int(top.ref), uint32(top.key >> 1), true
		}
		for _, i := range s.index.cellOf[top.ref].units {
			s.unit(i, top.shared)
		}
		below := s.index.cells.below
		for below, end := below[top.ref], below[top.ref+1]; below < end; below++ {
			s.cell(below, top.shared)
		}
	}
	return 0, 0, false
}

// itemHeap is a 4-ary heap by key.
type itemHeap []item

func (h *itemHeap) push(x item) {
	*h = append(*h, x)
	s := *h
	i := len(s) - 1
	for i > 0 {
		up := (i - 1) / 4
		if s[up].key <= x.key {
			break
		}
		s[i] = s[up]
		i = up
	}
	s[i] = x
}

func (h *itemHeap) pop() item {
	s := *h
	top, x := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	i := 0
	for {
		child := 4*i + 1
		if child >= len(s) {
			break
		}
		first := child
		for c := child + 1; c < min(child+4, len(s)); c++ {
			if s[c].key < s[first].key {
				first = c
			}
		}
		if x.key <= s[first].key {
			break
		}
		s[i] = s[first]
		i = first
	}
	if len(s) > 0 {
		s[i] = x
	}
	return top
}

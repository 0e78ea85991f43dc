package match

import "slices"

// search is the memory of one search, kept from one to the next so that none is
// allocated in a steady state. A mark is found or final, numbers that no search
// before had, so that nothing needs clearing.
type search struct {
	found mark // a way is known
	final mark // and none is shorter
	queue queue
	end   end
	heard Cost // scratch: what a source gave last

	// Of columns. In a search from a row: how far it is and from which row. In a
	// search from a column only dist is used.
	columnMark []mark
	from       []int32
	dist       []int64
	order      []int32 // the columns that are final, nearest first

	// Of rows. In a search from a row: base is the row's distance less its price,
	// rank its place in the order of becoming final. In a search from a column:
	// base is the row's distance, via the column that it would take, and slack is
	// scratch: a column's distance less its price.
	rowMark []mark
	base    []int64
	rank    []int32
	via     []int32
	slack   Cost
}

type mark uint64

// end is the nearest place where a path may end.
type end struct {
	there bool
	node  node
	dist  Cost
}

// begin starts a search.
func (s *search) begin(levels int) {
	s.found, s.final = s.found+2, s.found+3
	s.queue.clear(levels)
	s.order = s.order[:0]
	s.end.there = false
	if len(s.end.dist) != levels {
		s.end.dist = make(Cost, levels)
		s.slack = make(Cost, levels)
	}
}

func (s *search) columns(n, levels int) {
	s.columnMark = longer(s.columnMark, n)
	s.from = longer(s.from, n)
	s.dist = longer(s.dist, n*levels)
}

func (s *search) rows(n, levels int) {
	s.rowMark = longer(s.rowMark, n)
	s.base = longer(s.base, n*levels)
	s.rank = longer(s.rank, n)
	s.via = longer(s.via, n)
}

// longer is s with room for n, what is new being zero. It at least doubles, where
// it must move.
func longer[T any](s []T, n int) []T {
	if n > cap(s) {
		s = slices.Grow(s, max(n-len(s), len(s)))
	}
	return s[:max(n, len(s))]
}

// offer is base + c - v as the distance of a place to end at. Of equal ones the
// first node is taken.
func (s *search) offer(n node, base, c, v []int64) {
	if s.end.there {
		if d := compareSum(base, c, v, s.end.dist); d > 0 || d == 0 && n >= s.end.node {
			return
		}
	}
	s.end.there = true
	s.end.node = n
	sum(s.end.dist, base, c, v)
}

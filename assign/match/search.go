package match

import "slices"

// search is the memory of one search, kept from one to the next so that none is
// allocated in a steady state. Marks are the number of the search that set them,
// so that nothing needs clearing.
type search struct {
	round uint64
	queue queue
	end   end

	// Of columns. In a search from a row: how far it is, from which row, and
	// whether that is final. In a search from a column only seen and dist are used.
	seen    []uint64
	settled []uint64
	from    []int32
	dist    []int64
	order   []int32 // the settled columns, nearest first

	slack []int64 // scratch: of a column, its distance less its price

	// Of rows. In a search from a row: base is the row's distance less its price,
	// rank its place in the order of settling. In a search from a column: base is
	// the row's distance, via the column that it would take.
	reached []uint64
	done    []uint64
	base    []int64
	rank    []int32
	via     []int32
}

// end is the nearest place where a path may end.
type end struct {
	found bool
	node  node
	dist  Cost
}

// begin starts a search.
func (s *search) begin(levels int) {
	s.round++
	s.queue.clear(levels)
	s.order = s.order[:0]
	s.end.found = false
	if len(s.end.dist) != levels {
		s.end.dist = make(Cost, levels)
		s.slack = make([]int64, levels)
	}
}

func (s *search) columns(n, levels int) {
	s.seen = longer(s.seen, n)
	s.settled = longer(s.settled, n)
	s.from = longer(s.from, n)
	s.dist = longer(s.dist, n*levels)
}

func (s *search) rows(n, levels int) {
	s.reached = longer(s.reached, n)
	s.done = longer(s.done, n)
	s.base = longer(s.base, n*levels)
	s.rank = longer(s.rank, n)
	s.via = longer(s.via, n)
}

// longer is s with room for n, what is new being zero.
func longer[T any](s []T, n int) []T {
	return slices.Grow(s, max(0, n-len(s)))[:max(n, len(s))]
}

// offer is base + c - v as the distance of a place to end at. Of equal ones the
// first node is taken.
func (s *search) offer(n node, base, c, v []int64) {
	if s.end.found {
		if d := compareSum(base, c, v, s.end.dist); d > 0 || d == 0 && n >= s.end.node {
			return
		}
	}
	s.end.found = true
	s.end.node = n
	sum(s.end.dist, base, c, v)
}

package route

import "math/bits"

// item is a place in the search and what the way from there costs.
type item struct {
	cost  cost
	place uint32
}

// before is 1 if i comes first, by cost and then by place, else 0. It has no
// branch: whether it is one or the other cannot be foretold, and a wrong guess
// of the processor costs more than the comparison.
func (i item) before(j item) int {
	_, borrow := bits.Sub64(uint64(i.place), uint64(j.place), 0)
	_, borrow = bits.Sub64(uint64(i.cost), uint64(j.cost), borrow)
	return int(borrow)
}

// heap is a 4-ary heap: the children of h[i] are h[4i+1] to h[4i+4].
type heap []item

func (h *heap) push(x item) {
	*h = append(*h, x)
	s := *h
	i := len(s) - 1
	for i > 0 {
		up := (i - 1) / 4
		if x.before(s[up]) == 0 {
			break
		}
		s[i] = s[up]
		i = up
	}
	s[i] = x
}

// pop removes the first item. The heap must not be empty.
func (h *heap) pop() item {
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
			first += (c - first) * s[c].before(s[first])
		}
		if s[first].before(x) == 0 {
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

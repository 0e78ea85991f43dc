package order

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

// separator is a set of nodes of p without which no component is much heavier
// than the balance allows, or nil if none was found. p must be connected.
//
// It is found by inertial flow (Schild and Sommer, "On balanced separators in
// road networks", SEA 2015): for each of some directions the first nodes and
// the last are the two ends of a flow through nodes, and the least cut between
// them is a separator. The lighter side then takes in one node of its cut after
// the other, so that cuts of growing size and balance come by (FlowCutter: Hamann
// and Strasser, "Graph bisection with Pareto optimization", ACM Journal of
// Experimental Algorithmics 23, 2018; the two joined: Gottesbüren, Hamann, Uhl
// and Wagner, "Faster and better nested dissection orders for customizable
// contraction hierarchies", Algorithms 12, 2019).
func (d *dissection) separator(p *part) []uint32 {
	s := search{part: p, balance: uint64(d.Balance)}
	for _, w := range p.weight {
		s.total += uint64(w)
	}
	d.each(d.Directions, func(int) bool { return p.size() >= large }, func(k int) {
		s.sweep(k, direction(k, d.Directions))
	})
	return s.best.nodes
}

// direction is the k-th of n directions around half a square.
func direction(k, n int) spot {
	switch at, side := int64(4*k), int64(n); {
	case at <= side:
		return spot{side, at}
	case at <= 3*side:
		return spot{2*side - at, side}
	default:
		return spot{-side, 4*side - at}
	}
}

// search is for the best separator of one part.
type search struct {
	*part
	total   uint64 // weight
	balance uint64 // per cent of it

	mutex sync.Mutex
	best  cut
}

// cut is a separator, the weight of its lighter side, and its direction.
type cut struct {
	nodes     []uint32
	lighter   uint64
	direction int
}

// compare tells which of two cuts is better, by size² / lighter side: a negative
// number if it is a. A cut of half the nodes may be a quarter as balanced.
func compare(sizeA int, lighterA uint64, sizeB int, lighterB uint64) int {
	hiA, loA := bits.Mul64(uint64(sizeA)*uint64(sizeA), lighterB)
	hiB, loB := bits.Mul64(uint64(sizeB)*uint64(sizeB), lighterA)
	return cmp.Or(cmp.Compare(hiA, hiB), cmp.Compare(loA, loB))
}

// offer keeps a cut if it is the best so far; of equally good ones that of the
// first direction, and there the first.
func (s *search) offer(nodes []uint32, lighter uint64, direction int) {
	if lighter*100 < s.balance*s.total {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.best.nodes != nil {
		c := compare(len(nodes), lighter, len(s.best.nodes), s.best.lighter)
		if cmp.Or(c, cmp.Compare(direction, s.best.direction)) >= 0 {
			return
		}
	}
	s.best = cut{slices.Clone(nodes), lighter, direction}
}

// hopeless reports whether a cut of that size loses against the best so far
// even in perfect balance. Whether a sweep is given up therefore depends on
// when others ran, what is found does not.
func (s *search) hopeless(size int) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.best.nodes != nil && compare(size, s.total/2, len(s.best.nodes), s.best.lighter) > 0
}

// sweep offers the cuts that are found in one direction.
func (s *search) sweep(number int, to spot) {
	order, rank := s.along(to)
	f := newFlow(s.part)
	s.ends(f, order)
	for f.maximize(s.hopeless) {
		light := 0
		for i := range f.sides {
			nodes := f.separator(i)
			mine := f.sides[i].weight
			other := s.total - mine
			for _, v := range nodes {
				other -= uint64(s.weight[v])
			}
			s.offer(nodes, min(mine, other), number)
			if mine < f.sides[0].weight {
				light = i
			}
		}
		v := pick(f, light, rank)
		if v == none || f.sides[light].weight > s.total/2 {
			return
		}
		f.pierce(light, v)
	}
}

// along gives the nodes in the order in which a line that moves in that
// direction meets them, and for each node its rank there.
func (s *search) along(to spot) (order, rank []uint32) {
	key := make([]int64, s.size())
	order, rank = make([]uint32, s.size()), make([]uint32, s.size())
	for v := range order {
		key[v] = to.x*s.place[v].x + to.y*s.place[v].y
		order[v] = uint32(v)
	}
	slices.SortFunc(order, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(key[a], key[b]), cmp.Compare(a, b))
	})
	for i, v := range order {
		rank[v] = uint32(i)
	}
	return order, rank
}

// ends makes the first and the last nodes, with half the weight that the
// smaller side must have, the ends of the flow; at least one each.
func (s *search) ends(f *flow, order []uint32) {
	for i := range f.sides {
		weight, n := uint64(0), 0
		for ; n < len(order)/2 && (n == 0 || weight*200 < s.balance*s.total); n++ {
			f.end(i, order[n])
			weight += uint64(s.weight[order[n]])
		}
		slices.Reverse(order)
	}
}

// pick is the node of the cut of a side by which it grows, none if there is no
// more: one by which the flow does not grow, if any, and of these the farthest
// back.
func pick(f *flow, i int, rank []uint32) uint32 {
	best, bestFree := none, false
	for _, v := range f.separator(i) {
		if f.owns(1-i, v) {
			continue
		}
		free := !f.reaches(1-i, v)
		if best == none || free && !bestFree ||
			free == bestFree && (rank[v] < rank[best]) == (i == 0) {
			best, bestFree = v, free
		}
	}
	return best
}

package cch

import (
	"math/bits"
	"slices"

	"callbox/geo/route/kernel"
)

// Update is the metric with other weights, which differ from those of m for the
// given arcs only. It is the same, number by number, as a metric customized
// from nothing. Of the arcs of the topology it recomputes those that depend on
// one that has changed, either way by itself, and copies no more than the pages
// that they lie in.
//
// Changed are the nodes from which an arc up or down has another weight now, in
// ascending order: labels of nodes outside their subtrees are as they were.
func (m *Metric) Update(w Weights, arcs []uint32) (updated *Metric, changed []uint32) {
	u := &update{Topology: m.Topology, weights: w, queue: make(sides, len(m.head)/32+1)}
	for s, p := range [...]pages{m.up, m.down} {
		u.pages[s], u.copied[s] = slices.Clone(p), make([]bool, len(p))
	}
	for _, i := range arcs {
		if side := m.inputs.side[i]; side != none {
			u.queue.add(side)
		}
	}
	for side, ok := u.queue.next(0); ok; side, ok = u.queue.next(side + 1) {
		if x := m.tail(side >> 1); u.renew(side, x) && (len(changed) == 0 || changed[len(changed)-1] != x) {
			changed = append(changed, x)
		}
	}
	return &Metric{Topology: m.Topology, weights: w, up: u.pages[From], down: u.pages[To]}, changed
}

// update is one call of Update. Sides are those of inputs.
type update struct {
	*Topology
	weights Weights
	pages   [2]pages  // up and down
	copied  [2][]bool // of each page: it is not the old metric's
	queue   sides     // that may have changed
	lower   []below   // the triangles below an arc
	lowerOf uint32    // the arc and 1
}

// renew recomputes a side of an arc up from x. If it has changed, it queues those
// that may depend on it; all of them are later sides.
func (u *update) renew(side, x uint32) (changed bool) {
	here := side & 1
	i := side>>1 - u.first[x]
	old, now := u.pages[here].of(u.Topology, x)[i], u.recompute(side)
	if old == now {
		return false
	}
	if page := x >> pageBits; !u.copied[here][page] {
		u.copied[here][page] = true
		u.pages[here][page] = slices.Clone(u.pages[here][page])
	}
	u.pages[here].of(u.Topology, x)[i] = now
	// By x a way goes from one of its heads to another: down one arc and up the
	// other. From the i-th to the j-th if it is the way down that has changed,
	// else from the j-th to the i-th.
	heads := u.row(x)
	for j, other := range u.pages[here^1].of(u.Topology, x) {
		j := uint32(j)
		if j == i || other >= kernel.Inf {
			continue
		}
		low, high := min(i, j), max(i, j)
		a := u.upper(u.first[x]+low, high-low)
		there := here
		if j > i {
			there ^= 1
		}
		shortest := u.pages[there].at(u.Topology, heads[low], a)
		if old+other == shortest && shortest < kernel.Inf || now+other < shortest {
			u.queue.add(2*a + there)
		}
	}
	return true
}

// recompute is the weight of a side by its own weights and its lower triangles.
func (u *update) recompute(side uint32) uint32 {
	if a := side >> 1; u.lowerOf != a+1 {
		u.lower, u.lowerOf = u.lowerTriangles(u.lower[:0], a), a+1
	}
	least := u.inputs.least(side, u.weights)
	for _, w := range u.lower {
		from, to := w.toX, w.toY // down to w, and up again
		if side&1 == 1 {
			from, to = to, from
		}
		least = min(least, u.pages[To].at(u.Topology, w.node, from)+u.pages[From].at(u.Topology, w.node, to))
	}
	return least
}

// sides is a set, a bit each.
type sides []uint64

func (s sides) add(side uint32) { s[side/64] |= 1 << (side % 64) }

// next is the first side in the set that is not before one.
func (s sides) next(side uint32) (uint32, bool) {
	word := int(side / 64)
	if word >= len(s) {
		return 0, false
	}
	rest := s[word] >> (side % 64) << (side % 64)
	for rest == 0 {
		if word++; word == len(s) {
			return 0, false
		}
		rest = s[word]
	}
	return uint32(64*word + bits.TrailingZeros64(rest)), true
}

package cch

import (
	"slices"

	"callbox/geo/route/kernel"
)

// Update is the metric with other weights, which differ from those of m for the
// given arcs only. It is the same, number by number, as a metric customized
// from nothing. Of the arcs of the topology it recomputes those that depend on
// one that has changed, and copies no more than the pages that they lie in.
//
// Changed are the nodes from which an arc up or down has another weight now, in
// ascending order: labels of nodes outside their subtrees are as they were.
func (m *Metric) Update(w Weights, arcs []uint32) (updated *Metric, changed []uint32) {
	u := &update{Topology: m.Topology, weights: w, queued: make([]uint64, len(m.head)/64+1)}
	u.up, u.down = slices.Clone(m.up), slices.Clone(m.down)
	u.copied = make([]bool, len(m.up))
	for _, i := range arcs {
		if side := m.inputs.side[i]; side != none {
			u.push(side >> 1)
		}
	}
	for len(u.queue) > 0 {
		if x := u.next(); x != none && (len(changed) == 0 || changed[len(changed)-1] != x) {
			changed = append(changed, x)
		}
	}
	return &Metric{Topology: m.Topology, weights: w, up: u.up, down: u.down}, changed
}

// update is one call of Update.
type update struct {
	*Topology
	weights  Weights
	up, down pages
	copied   []bool   // of each page: it is not the old metric's
	queue    arcHeap  // arcs that may have changed
	queued   []uint64 // a bit for each arc
}

func (u *update) push(arc uint32) {
	if word, bit := &u.queued[arc/64], uint64(1)<<(arc%64); *word&bit == 0 {
		*word |= bit
		u.queue.push(arc)
	}
}

// next recomputes the lowest arc that may have changed and, if it has, queues
// those that may depend on it. It gives the tail of an arc that has changed, or
// none.
func (u *update) next() uint32 {
	a := u.queue.pop()
	u.queued[a/64] &^= 1 << (a % 64)
	x, y := u.tail(a), u.head[a]
	old := [2]uint32{u.up.at(u.Topology, x, a), u.down.at(u.Topology, x, a)}
	now := u.recompute(a, x, y)
	if old == now {
		return none
	}
	if page := x >> pageBits; !u.copied[page] {
		u.copied[page] = true
		u.up[page], u.down[page] = slices.Clone(u.up[page]), slices.Clone(u.down[page])
	}
	i := a - u.first[x]
	u.up.of(u.Topology, x)[i], u.down.of(u.Topology, x)[i] = now[0], now[1]
	u.pushUpper(x, i, old, now)
	return x
}

// recompute is the weight of an arc, up and down, by its own weights and its
// lower triangles.
func (u *update) recompute(a, x, y uint32) [2]uint32 {
	up, down := u.inputs.least(2*a, u.weights), u.inputs.least(2*a+1, u.weights)
	for w := range u.lowerTriangles(x, y) {
		up = min(up, u.down.at(u.Topology, w.node, w.toX)+u.up.at(u.Topology, w.node, w.toY))
		down = min(down, u.down.at(u.Topology, w.node, w.toY)+u.up.at(u.Topology, w.node, w.toX))
	}
	return [2]uint32{up, down}
}

// pushUpper queues the arcs between the head of the i-th arc of x and the other
// heads of x, if they may have had their weight by this arc or may have it now.
func (u *update) pushUpper(x, i uint32, old, now [2]uint32) {
	ups, downs := u.up.of(u.Topology, x), u.down.of(u.Topology, x)
	heads := u.row(x)
	for j := range uint32(len(heads)) {
		if j == i {
			continue
		}
		low, high := min(i, j), max(i, j)
		a := u.upper(u.first[x]+low, high-low)
		// From the head of i by x to that of j, and back.
		there, back := u.up.at(u.Topology, heads[low], a), u.down.at(u.Topology, heads[low], a)
		if i > j {
			there, back = back, there
		}
		if concerns(old[1], now[1], ups[j], there) || concerns(old[0], now[0], downs[j], back) {
			u.push(a)
		}
	}
}

// concerns reports whether a way whose one part has changed was the shortest,
// or is shorter now.
func concerns(old, now, other, shortest uint32) bool {
	return old != now && (old+other == shortest && shortest < kernel.Inf || now+other < shortest)
}

// arcHeap is a binary heap of arcs, the lowest first.
type arcHeap []uint32

func (h *arcHeap) push(x uint32) {
	*h = append(*h, x)
	s := *h
	i := len(s) - 1
	for i > 0 && s[(i-1)/2] > x {
		s[i] = s[(i-1)/2]
		i = (i - 1) / 2
	}
	s[i] = x
}

func (h *arcHeap) pop() uint32 {
	s := *h
	top, x := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	i := 0
	for child := 1; child < len(s); child = 2*i + 1 {
		if child+1 < len(s) && s[child+1] < s[child] {
			child++
		}
		if s[child] >= x {
			break
		}
		s[i] = s[child]
		i = child
	}
	if len(s) > 0 {
		s[i] = x
	}
	return top
}

package cch

import (
	"container/heap"
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
	u := &update{Topology: m.Topology, weights: w, old: m, queued: make(map[uint32]bool)}
	u.up, u.down = slices.Clone(m.up), slices.Clone(m.down)
	u.copied = make([]bool, len(m.up))
	for _, i := range arcs {
		if side := m.inputs.side[i]; side != none {
			u.push(side >> 1)
		}
	}
	for u.queue.Len() > 0 {
		if x := u.next(); len(changed) == 0 || changed[len(changed)-1] != x {
			if x != none {
				changed = append(changed, x)
			}
		}
	}
	return &Metric{Topology: m.Topology, weights: w, up: u.up, down: u.down}, changed
}

// update is one call of Update.
type update struct {
	*Topology
	weights  Weights
	old      *Metric
	up, down pages
	copied   []bool
	queue    arcHeap
	queued   map[uint32]bool
}

func (u *update) push(arc uint32) {
	if !u.queued[arc] {
		u.queued[arc] = true
		heap.Push(&u.queue, arc)
	}
}

// next recomputes the lowest arc that may have changed and, if it has, queues
// those that may depend on it. It gives the tail of an arc that has changed, or
// none.
func (u *update) next() uint32 {
	a := heap.Pop(&u.queue).(uint32)
	delete(u.queued, a)
	x := u.tail(a)
	y := u.head[a]
	i := a - u.first[x]
	up, down := u.recompute(a, x, y)
	oldUp, oldDown := u.up.of(u.Topology, x)[i], u.down.of(u.Topology, x)[i]
	if up == oldUp && down == oldDown {
		return none
	}
	u.own(x)
	u.up.of(u.Topology, x)[i], u.down.of(u.Topology, x)[i] = up, down
	u.pushUpper(x, i, [2]uint32{oldUp, oldDown}, [2]uint32{up, down})
	return x
}

// tail is the node that an arc goes up from.
func (t *Topology) tail(a uint32) uint32 {
	x, _ := slices.BinarySearch(t.first, a+1)
	return uint32(x) - 1
}

// own makes sure that the page of a node is not that of the old metric.
func (u *update) own(x uint32) {
	page := x >> pageBits
	if !u.copied[page] {
		u.copied[page] = true
		u.up[page], u.down[page] = slices.Clone(u.up[page]), slices.Clone(u.down[page])
	}
}

// recompute is the weight of an arc by its own weights and its lower triangles.
func (u *update) recompute(a, x, y uint32) (up, down uint32) {
	up, down = u.inputs.least(2*a, u.weights), u.inputs.least(2*a+1, u.weights)
	u.lowerTriangles(x, y, func(w, wx, wy uint32) bool {
		ups, downs := u.up.of(u.Topology, w), u.down.of(u.Topology, w)
		wx, wy = wx-u.first[w], wy-u.first[w]
		up = min(up, downs[wx]+ups[wy])
		down = min(down, downs[wy]+ups[wx])
		return true
	})
	return up, down
}

// lowerTriangles visits the nodes below both x and y with their arcs up to
// them, in order, until visit says to stop.
func (t *Topology) lowerTriangles(x, y uint32, visit func(w, wx, wy uint32) bool) {
	below := t.lower[t.lowerFirst[x]:t.lowerFirst[x+1]]
	beside := t.lower[t.lowerFirst[y]:t.lowerFirst[y+1]]
	// All that is below x lies in the subtree of x.
	from, _ := slices.BinarySearchFunc(beside, x+1-t.size[x], func(l lowerArc, first uint32) int { return int(int64(l.tail) - int64(first)) })
	beside = beside[from:]
	for _, b := range below {
		for len(beside) > 0 && beside[0].tail < b.tail {
			beside = beside[1:]
		}
		if len(beside) == 0 {
			return
		}
		if beside[0].tail == b.tail && !visit(b.tail, b.arc, beside[0].arc) {
			return
		}
	}
}

// pushUpper queues the arcs between the head of the i-th arc of x and the other
// heads of x, if they may have had their weight by this arc or may have it now.
func (u *update) pushUpper(x, i uint32, old, now [2]uint32) {
	heads := u.row(x)
	ups, downs := u.up.of(u.Topology, x), u.down.of(u.Topology, x)
	y := heads[i]
	for j, z := range heads {
		if uint32(j) == i {
			continue
		}
		low, high := min(y, z), max(y, z)
		a, _ := u.arc(low, high)
		at := a - u.first[low]
		// From y by x to z, and from z by x to y.
		toZ, toY := u.up.of(u.Topology, low)[at], u.down.of(u.Topology, low)[at]
		if y > z {
			toZ, toY = toY, toZ
		}
		if concerns(old[1], now[1], ups[j], toZ) || concerns(old[0], now[0], downs[j], toY) {
			u.push(a)
		}
	}
}

// concerns reports whether a way whose one part has changed was the shortest,
// or is shorter now.
func concerns(old, now, other, shortest uint32) bool {
	return old != now && (min(old+other, kernel.Inf) == shortest && shortest < kernel.Inf || now+other < shortest)
}

// arcHeap is a heap of arcs, the lowest first.
type arcHeap []uint32

func (h arcHeap) Len() int           { return len(h) }
func (h arcHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h arcHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push implements heap.Interface.
func (h *arcHeap) Push(x any) { *h = append(*h, x.(uint32)) }

// Pop implements heap.Interface.
func (h *arcHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

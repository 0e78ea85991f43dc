package cch

import "callbox/geo/route/kernel"

// Metric is a topology with the weights that make ways shortest. It is
// immutable and safe for concurrent use.
type Metric struct {
	*Topology
	weights  Weights
	up, down pages // up[a] is from the tail of arc a to its head, down[a] back
}

// Customize computes the metric of some weights: one for each arc that the
// topology was made for. Time O(arcs + triangles), a word of memory for each
// direction of an arc.
func (t *Topology) Customize(w Weights) *Metric {
	up, down := make([]uint32, len(t.head)), make([]uint32, len(t.head))
	for a := range up {
		up[a], down[a] = kernel.Inf, kernel.Inf
	}
	for i, side := range t.inputs.side {
		if side == none {
			continue
		}
		list := up
		if side&1 == 1 {
			list = down
		}
		list[side>>1] = min(list[side>>1], w.At(uint32(i)))
	}
	for x := range uint32(len(t.rank)) {
		t.relaxAbove(up, down, x)
	}
	return &Metric{Topology: t, weights: w, up: t.paged(up), down: t.paged(down)}
}

// relaxAbove relaxes the triangles whose lowest node is x. The arcs from x are
// final: their own lower triangles end in lower nodes.
func (t *Topology) relaxAbove(up, down []uint32, x uint32) {
	begin, end := t.first[x], t.first[x+1]
	for a := begin; a+1 < end; a++ {
		there, back := up[a], down[a]
		if there >= kernel.Inf && back >= kernel.Inf {
			continue
		}
		laterUp, laterDown := up[a+1:end], down[a+1:end]
		target := t.target[a]
		if target&runFlag != 0 {
			d := target &^ runFlag
			kernel.Relax(up[d:], laterUp, back)
			kernel.Relax(down[d:], laterDown, there)
			continue
		}
		for i, d := range t.targets[target : target+uint32(len(laterUp))] {
			up[d] = min(up[d], back+laterUp[i])
			down[d] = min(down[d], laterDown[i]+there)
		}
	}
}

// Weights are what the metric was made of.
func (m *Metric) Weights() Weights { return m.weights }

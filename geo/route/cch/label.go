package cch

import "callbox/geo/route/kernel"

// Side says which way a label's distances go.
type Side int

// The sides of a label.
const (
	From Side = iota // from the node to its ancestors, up the tree
	To               // from the ancestors to the node, down the tree
)

func (m *Metric) side(s Side) pages {
	if s == From {
		return m.up
	}
	return m.down
}

// End is a node, and what it costs to get there from a place, or from there to
// the place.
type End struct{ Node, Cost uint32 }

// NoEnd is the end of a way that does not exist.
var NoEnd = End{none, kernel.Inf}

// Place is somewhere on a street: by what nodes it is left, or entered. High is
// an ancestor of Low, or NoEnd.
type Place struct{ Low, High End }

// PlaceOf puts two ends in order. Nodes that are neighbours in the graph always
// have one; two others may have none.
func PlaceOf(a, b End) Place {
	if a.Node == none || b.Node != none && b.Node < a.Node {
		a, b = b, a
	}
	if a.Node == b.Node {
		return Place{Low: End{a.Node, min(a.Cost, b.Cost)}, High: NoEnd}
	}
	return Place{Low: a, High: b}
}

// Nowhere is a place without ends.
var Nowhere = Place{NoEnd, NoEnd}

func (p Place) ends() [2]End { return [2]End{p.Low, p.High} }

// begin fills in what is known before any arc is looked at.
func (p Place) begin(t *Topology, label []uint32) {
	clearLabel(label)
	for _, end := range p.ends() {
		if end.Node != none {
			label[t.depth[end.Node]] = min(end.Cost, kernel.Inf)
		}
	}
}

func clearLabel(label []uint32) {
	for i := range label {
		label[i] = kernel.Inf
	}
}

// Length is the length of the label of a place, 0 if it has no ends.
func (t *Topology) Length(p Place) int {
	if p.Low.Node == none {
		return 0
	}
	return int(t.depth[p.Low.Node]) + 1
}

// Label fills in the label of a place, which must have its length: the distance
// to each ancestor, or from it. It goes up the elimination tree and relaxes every
// arc on the way, in the time of as many arcs as the search space has.
func (m *Metric) Label(s Side, label []uint32, p Place) {
	p.begin(m.Topology, label)
	weights := m.side(s)
	for x := p.Low.Node; x != none; x = m.parent[x] {
		d := label[m.depth[x]]
		if d >= kernel.Inf {
			continue
		}
		levels := m.level[m.first[x]:m.first[x+1]]
		for i, w := range weights.of(m.Topology, x) {
			label[levels[i]] = min(label[levels[i]], d+w)
		}
	}
}

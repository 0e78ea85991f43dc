package cch

import (
	"slices"

	"callbox/geo/route/kernel"
)

// Table keeps the labels of all nodes near the root, those whose subtrees are
// large: the label of any node is a few of its rows put together. It belongs to
// one goroutine.
type Table struct {
	metric *Metric
	side   Side
	row    []int32 // place of a node's label in labels, -1 if it is not kept
	nodes  []uint32
	labels []uint32
	hits   []End // ancestors with a row that a label has come to
}

// Table makes a table of the nodes whose subtrees have at least so many nodes.
func (m *Metric) Table(s Side, least uint32) *Table {
	t := &Table{side: s, row: make([]int32, len(m.rank))}
	size := 0
	for x := range uint32(len(m.rank)) {
		t.row[x] = -1
		if m.size[x] >= least {
			t.row[x] = int32(size)
			size += int(m.depth[x]) + 1
			t.nodes = append(t.nodes, x)
		}
	}
	t.labels = make([]uint32, size)
	t.metric = m
	for i := len(t.nodes) - 1; i >= 0; i-- {
		t.compute(t.nodes[i])
	}
	return t
}

// Follow moves the table to another metric of the same topology that differs
// only in arcs from the changed nodes.
func (t *Table) Follow(m *Metric, changed []uint32) {
	t.metric = m
	Subtrees(m.Topology, changed, func(low, high uint32) {
		begin, _ := slices.BinarySearch(t.nodes, low)
		end, _ := slices.BinarySearch(t.nodes, high+1)
		for i := end - 1; i >= begin; i-- {
			t.compute(t.nodes[i])
		}
	})
}

// Subtrees visits the ranges of nodes that lie in the subtree of one of the
// given nodes, which must ascend: the highest range first, each node once.
func Subtrees(t *Topology, nodes []uint32, visit func(low, high uint32)) {
	covered := none
	for i := len(nodes) - 1; i >= 0; i-- {
		high := nodes[i]
		if high >= covered {
			continue
		}
		covered = high + 1 - t.size[high]
		visit(covered, high)
	}
}

// label is the row of a node that has one.
func (t *Table) label(x uint32) []uint32 {
	at := t.row[x]
	return t.labels[at : at+int32(t.metric.depth[x])+1]
}

// compute fills the row of a node. Those of its ancestors are filled.
func (t *Table) compute(x uint32) {
	m := t.metric
	label := t.label(x)
	clearLabel(label)
	label[len(label)-1] = 0
	levels := m.level[m.first[x]:m.first[x+1]]
	heads := m.row(x)
	for i, w := range m.side(t.side).of(m.Topology, x) {
		if w < label[levels[i]] {
			kernel.Relax(label, t.label(heads[i]), w)
		}
	}
}

// Label does what Metric.Label does, by the rows.
func (t *Table) Label(label []uint32, p Place) {
	m := t.metric
	weights := m.side(t.side)
	p.begin(m.Topology, label)
	t.hits = t.hits[:0]
	for _, end := range p.ends() {
		if end.Node != none && t.row[end.Node] >= 0 {
			t.hits = append(t.hits, end)
		}
	}
	for x := p.Low.Node; x != none && t.row[x] < 0; x = m.parent[x] {
		d := label[m.depth[x]]
		if d >= kernel.Inf {
			continue
		}
		heads := m.row(x)
		levels := m.level[m.first[x]:m.first[x+1]]
		for i, w := range weights.of(m.Topology, x) {
			if d+w < label[levels[i]] {
				label[levels[i]] = d + w
				if t.row[heads[i]] >= 0 {
					t.hits = append(t.hits, End{heads[i], d + w})
				}
			}
		}
	}
	for _, h := range t.hits {
		// One that was bettered is part of a way that is put in elsewhere.
		if level := m.depth[h.Node]; label[level] == h.Cost {
			kernel.Relax(label, t.label(h.Node), h.Cost)
		}
	}
}

package cch

import (
	"slices"

	"callbox/geo/route/kernel"
)

// Table keeps the labels of all nodes but those near the leaves, whose subtrees
// are small: the label of any node is a few of its rows put together. A row is
// computed when it is first asked for, and again after the metric has changed
// below it. A Table belongs to one goroutine.
type Table struct {
	metric *Metric
	side   Side
	place  []int32  // of each node: that of its row, -1 if it has none
	nodes  []uint32 // of each row, ascending
	start  []uint32 // of each row, in labels
	valid  []bool   // of each row
	labels []uint32
	hits   []End // ancestors with a row that a label has come to
}

// Table makes a table of the nodes whose subtrees have at least so many nodes.
func (m *Metric) Table(s Side, least uint32) *Table {
	t := &Table{metric: m, side: s, place: make([]int32, len(m.rank))}
	size := uint32(0)
	for x := range uint32(len(m.rank)) {
		t.place[x] = -1
		if m.size[x] >= least {
			t.place[x] = int32(len(t.nodes))
			t.nodes, t.start = append(t.nodes, x), append(t.start, size)
			size += m.depth[x] + 1
		}
	}
	t.labels, t.valid = make([]uint32, size), make([]bool, len(t.nodes))
	return t
}

// Follow moves the table to another metric of the same topology that differs
// only in arcs from the changed nodes.
func (t *Table) Follow(m *Metric, changed []uint32) {
	t.metric = m
	Subtrees(m.Topology, changed, func(low, high uint32) {
		begin, _ := slices.BinarySearch(t.nodes, low)
		end, _ := slices.BinarySearch(t.nodes, high+1)
		clear(t.valid[begin:end])
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

// row is the label of a node that has one.
func (t *Table) row(x uint32) []uint32 {
	place := t.place[x]
	start := t.start[place]
	row := t.labels[start : start+t.metric.depth[x]+1]
	if !t.valid[place] {
		t.compute(row, x)
		t.valid[place] = true
	}
	return row
}

// compute fills in the row of a node from those of its ancestors.
func (t *Table) compute(row []uint32, x uint32) {
	m := t.metric
	clearLabel(row)
	row[len(row)-1] = 0
	levels := m.level[m.first[x]:m.first[x+1]]
	heads := m.row(x)
	for i, w := range m.side(t.side).of(m.Topology, x) {
		if w < row[levels[i]] {
			kernel.Relax(row, t.row(heads[i]), w)
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
		if end.Node != none && t.place[end.Node] >= 0 {
			t.hits = append(t.hits, end)
		}
	}
	for x := p.Low.Node; x != none && t.place[x] < 0; x = m.parent[x] {
		d := label[m.depth[x]]
		if d >= kernel.Inf {
			continue
		}
		heads := m.row(x)
		levels := m.level[m.first[x]:m.first[x+1]]
		for i, w := range weights.of(m.Topology, x) {
			if d+w < label[levels[i]] {
				label[levels[i]] = d + w
				if t.place[heads[i]] >= 0 {
					t.hits = append(t.hits, End{heads[i], d + w})
				}
			}
		}
	}
	for _, h := range t.hits {
		// One that was bettered is part of a way that is put in elsewhere.
		if level := m.depth[h.Node]; label[level] == h.Cost {
			kernel.Relax(label, t.row(h.Node), h.Cost)
		}
	}
}

// Bytes is the memory of the rows, those not yet computed too.
func (t *Table) Bytes() int { return 4 * len(t.labels) }

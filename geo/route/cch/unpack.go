package cch

import "callbox/geo/route/kernel"

// Path gives the arcs of the caller's along a shortest way between two places,
// in order, and which of their ends it takes: false if there is none. Of several
// shortest ways it is always the same one, whatever led to the metric. Time
// grows with the search spaces and the triangles below the arcs of the way.
func (m *Metric) Path(from, to Place) (arcs []uint32, first, last uint32, ok bool) {
	there, back := m.climb(From, from, 0), m.climb(To, to, 0)
	shared := 0
	if from.Low.Node != none && to.Low.Node != none {
		shared = m.sharedByWalking(from.Low.Node, to.Low.Node)
	}
	meet := meeting(there.label[:shared], back.label)
	if meet < 0 {
		return nil, 0, 0, false
	}
	arcs, first, last = m.join(there, back, meet)
	return arcs, first, last, true
}

// Path is Metric.Path from a unit to a target, which saves the search for where
// their ways meet and all that lies above.
func (x *Index) Path(i int, to *Target) (arcs []uint32, first, last uint32, ok bool) {
	x.prepare(to)
	m := x.table.metric
	meet := meeting(x.row(i)[:x.shared(i, to)], to.label)
	if meet < 0 {
		return nil, 0, 0, false
	}
	arcs, first, last = m.join(m.climb(From, x.units[i].place, meet), m.climb(To, to.place, meet), meet)
	return arcs, first, last, true
}

// meeting is the first level of the least sum of two labels, -1 if there is no
// way.
func meeting(there, back []uint32) int {
	best, meet := uint32(kernel.Inf), -1
	for level, d := range there {
		if sum := d + back[level]; sum < best {
			best, meet = sum, level
		}
	}
	return meet
}

// join unpacks the way up to where two ways meet, and down again.
func (m *Metric) join(there, back climbed, meet int) (arcs []uint32, first, last uint32) {
	up, first := there.down(meet)
	down, last := back.down(meet)
	for i := len(up) - 1; i >= 0; i-- {
		arcs = m.unpack(arcs, 2*up[i])
	}
	for _, a := range down {
		arcs = m.unpack(arcs, 2*a+1)
	}
	return arcs, first, last
}

// climbed is a label with the arcs that made it.
type climbed struct {
	*Metric
	label []uint32
	via   []uint32 // the last arc of the way to the ancestor; none at an end
	node  []uint32 // by depth
}

// climb is Label with a memory, up to the ancestor of a depth.
func (m *Metric) climb(s Side, p Place, depth int) climbed {
	n := m.Length(p)
	c := climbed{m, make([]uint32, n), filled(n), make([]uint32, n)}
	p.begin(m.Topology, c.label)
	weights := m.side(s)
	for x := p.Low.Node; x != none && m.depth[x] >= uint32(depth); x = m.parent[x] {
		d := c.label[m.depth[x]]
		c.node[m.depth[x]] = x
		if d >= kernel.Inf {
			continue
		}
		first := m.first[x]
		for i, w := range weights.of(m.Topology, x) {
			level := m.level[first+uint32(i)]
			if d+w < c.label[level] {
				c.label[level] = d + w
				c.via[level] = first + uint32(i)
			}
		}
	}
	return c
}

// down goes from an ancestor back to the end that its way began with: the arcs
// on the way, and the node of the end.
func (c climbed) down(level int) (arcs []uint32, end uint32) {
	for c.via[level] != none {
		a := c.via[level]
		arcs = append(arcs, a)
		level = int(c.depth[c.tail(a)])
	}
	return arcs, c.node[level]
}

// unpack appends the caller's arcs that a side of an arc stands for: one of the
// same weight, or else those of its lowest triangle that has it.
func (m *Metric) unpack(arcs []uint32, side uint32) []uint32 {
	a := side >> 1
	x, y := m.tail(a), m.head[a]
	weight := m.side(Side(side&1)).of(m.Topology, x)[a-m.first[x]]
	for _, i := range m.inputs.along(side) {
		if m.weights.At(i) == weight {
			return append(arcs, i)
		}
	}
	for w := range m.lowerTriangles(x, y) {
		from, to := w.toX, w.toY // down to w, and up again
		if side&1 == 1 {
			from, to = to, from
		}
		if m.down.at(m.Topology, w.node, from)+m.up.at(m.Topology, w.node, to) == weight {
			return m.unpack(m.unpack(arcs, 2*from+1), 2*to)
		}
	}
	panic("cch: an arc has a weight that nothing below it explains")
}

package cch

import (
	"slices"

	"callbox/geo/route/kernel"
)

// Path is a way: the caller's arcs in order, and the nodes that it begins and
// ends with.
type Path struct {
	Arcs        []uint32
	First, Last uint32
}

// Path is a shortest way between two places; false if there is none. Of several
// it is always the same one, whatever led to the metric. Time grows with the
// search spaces and the triangles below the arcs of the way.
func (m *Metric) Path(from, to Place) (Path, bool) {
	there, back := m.climb(From, from, 0), m.climb(To, to, 0)
	shared := 0
	if from.Low.Node != none && to.Low.Node != none {
		shared = m.sharedByWalking(from.Low.Node, to.Low.Node)
	}
	meet := meeting(there.label[:shared], back.label)
	if meet < 0 {
		return Path{}, false
	}
	return m.join(there, back, meet), true
}

// Path is Metric.Path from a unit to a target, which saves the search for where
// their ways meet and all that lies above.
func (x *Index) Path(i int, to *Target) (Path, bool) {
	x.prepare(to)
	m := x.table.metric
	meet := meeting(x.row(i)[:x.shared(i, to)], to.label)
	if meet < 0 {
		return Path{}, false
	}
	return m.join(m.climb(From, x.units[i].place, meet), m.climb(To, to.place, meet), meet), true
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
func (m *Metric) join(there, back climbed, meet int) Path {
	up, first := there.down(meet)
	down, last := back.down(meet)
	u := unpacking{Metric: m}
	for i := len(up) - 1; i >= 0; i-- {
		u.unpack(2 * up[i])
	}
	for _, a := range down {
		u.unpack(2*a + 1)
	}
	return Path{u.arcs, first, last}
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

// unpacking is a way in the caller's arcs, as far as it is known.
type unpacking struct {
	*Metric
	arcs  []uint32
	lower []below // memory
}

// unpack appends the arcs that a side of an arc stands for: one of the same
// weight, or else those of its lowest triangle that has it.
func (u *unpacking) unpack(side uint32) {
	a := side >> 1
	x := u.tail(a)
	weight := u.side(Side(side&1)).of(u.Topology, x)[a-u.first[x]]
	for _, i := range u.inputs.along(side) {
		if u.weights.At(i) == weight {
			u.arcs = append(u.arcs, i)
			return
		}
	}
	u.lower = u.lowerTriangles(u.lower[:0], a)
	for _, w := range slices.Backward(u.lower) {
		from, to := w.toX, w.toY // down to w, and up again
		if side&1 == 1 {
			from, to = to, from
		}
		if u.down.at(u.Topology, w.node, from)+u.up.at(u.Topology, w.node, to) == weight {
			u.unpack(2*from + 1)
			u.unpack(2 * to)
			return
		}
	}
	panic("cch: an arc has a weight that nothing below it explains")
}

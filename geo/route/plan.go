package route

import (
	"callbox/geo/road"
	"callbox/geo/route/cch"
)

// plan is the streets with the hierarchy above them.
type plan struct {
	streets
	metric *cch.Metric
}

// leaving and entering are a position by the nodes at its ends.
func (p plan) leaving(at road.Position) cch.Place { return p.ends(at, p.exit, p.leave) }

func (p plan) entering(at road.Position) cch.Place { return p.ends(at, p.entry, p.enter) }

// A position is left by exit and leave, and entered by entry and enter: at which
// node, and at what cost.
type (
	nodeAt func(at road.Position, end int) (road.Node, bool)
	costAt func(at road.Position, end int) (cost, bool)
)

func (p plan) ends(at road.Position, node nodeAt, cost costAt) cch.Place {
	nodes := [ends]cch.End{cch.NoEnd, cch.NoEnd}
	for end := range ends {
		if n, ok := node(at, end); ok {
			if c, ok := cost(at, end); ok {
				nodes[end] = cch.End{Node: p.metric.Rank(uint32(n)), Cost: c.time()}
			}
		}
	}
	return cch.PlaceOf(nodes[atHead], nodes[atTail])
}

// drive is a fastest way between two positions in a hierarchy.
type drive struct {
	from, to     road.Position
	whole        bool       // along their own street, by no arc
	arcs         []road.Arc // else: between the streets
	first        road.Node  // where it leaves its own street
	leave, enter cost
	total        cost
}

// fastest finds a fastest way; of several always the same one.
func (p plan) fastest(from, to road.Position) (drive, bool) {
	path, ok := p.metric.Path(p.leaving(from), p.entering(to))
	return p.better(drive{from: from, to: to}, path, ok)
}

// better completes a way along a path, if there is one. A way along the street
// itself is preferred.
func (p plan) better(d drive, path cch.Path, ok bool) (drive, bool) {
	if ok {
		d.first, d.leave = p.cheapest(d.from, path.First, p.exit, p.leave)
		_, d.enter = p.cheapest(d.to, path.Last, p.entry, p.enter)
		d.total = d.leave.plus(d.enter)
		for _, a := range path.Arcs {
			c, _ := p.arc(road.Arc(a))
			d.arcs = append(d.arcs, road.Arc(a))
			d.total = d.total.plus(c)
		}
	}
	if c, direct := p.direct(d.from, d.to); direct && (!ok || c.time() <= d.total.time()) {
		return drive{from: d.from, to: d.to, whole: true, total: c}, true
	}
	return d, ok
}

// cheapest is the cost between a position and that end of it which has the rank,
// and its node.
func (p plan) cheapest(at road.Position, rank uint32, node nodeAt, by costAt) (place road.Node, best cost) {
	best = ^cost(0)
	for end := range ends {
		if n, ok := node(at, end); ok && p.metric.Rank(uint32(n)) == rank {
			if c, ok := by(at, end); ok {
				place, best = n, min(best, c)
			}
		}
	}
	return place, best
}

package route

import (
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route/cch"
)

// leaving and entering are a position by the nodes at its ends.
func (s streets) leaving(t *cch.Topology, at road.Position) cch.Place {
	return s.ends(t, at, s.exit, s.leave)
}

func (s streets) entering(t *cch.Topology, at road.Position) cch.Place {
	return s.ends(t, at, s.entry, s.enter)
}

func (s streets) ends(t *cch.Topology, at road.Position, node func(road.Position, int) (road.Node, bool), cost func(road.Position, int) (cost, bool)) cch.Place {
	nodes := [ends]cch.End{cch.NoEnd, cch.NoEnd}
	for end := range ends {
		if n, ok := node(at, end); ok {
			if c, ok := cost(at, end); ok {
				nodes[end] = cch.End{Node: t.Rank(uint32(n)), Cost: c.time()}
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

// fastest finds a fastest way; of several always the same one. A way along the
// street itself is preferred.
func (s streets) fastest(t *cch.Topology, m *cch.Metric, from, to road.Position) (drive, bool) {
	arcs, first, last, ok := m.Path(s.leaving(t, from), s.entering(t, to))
	return s.drivenBy(t, from, to, arcs, first, last, ok)
}

// drivenBy completes a way along arcs, if there is one, from one end to another.
func (s streets) drivenBy(t *cch.Topology, from, to road.Position, arcs []uint32, first, last uint32, ok bool) (drive, bool) {
	d := drive{from: from, to: to}
	if ok {
		d.first, d.leave = s.cheapest(t, from, first, s.exit, s.leave)
		_, d.enter = s.cheapest(t, to, last, s.entry, s.enter)
		d.total = d.leave + d.enter
		for _, a := range arcs {
			c, _ := s.arc(road.Arc(a))
			d.arcs = append(d.arcs, road.Arc(a))
			d.total += c
		}
	}
	if c, direct := s.direct(from, to); direct && (!ok || c.time() <= d.total.time()) {
		return drive{from: from, to: to, whole: true, total: c}, true
	}
	return d, ok
}

// cheapest is the cost between a position and that end of it which has the rank,
// and its node.
func (s streets) cheapest(t *cch.Topology, at road.Position, rank uint32, node func(road.Position, int) (road.Node, bool), by func(road.Position, int) (cost, bool)) (place road.Node, best cost) {
	best = ^cost(0)
	for end := range ends {
		if n, ok := node(at, end); ok && t.Rank(uint32(n)) == rank {
			if c, ok := by(at, end); ok {
				place, best = n, min(best, c)
			}
		}
	}
	return place, best
}

// leg is the way of a unit that takes so long to the target of the lane.
func (u *Units) leg(t timed, to road.Position, p geo.Profile) geo.Leg {
	l := &u.lanes[p]
	leg := geo.Leg{ID: u.units[t.slot].id, Time: duration(t.cost)}
	arcs, first, last, ok := l.index.Path(t.slot, &l.target)
	if d, ok := l.drivenBy(u.net.hierarchy.topology, u.units[t.slot].at, to, arcs, first, last, ok); ok {
		leg.Distance = geo.Distance(d.total.length())
	}
	return leg
}

// Ways asks for ways from one place to another on a network with a hierarchy, as
// Query does on one without, some thousand times as fast. Each question is
// answered under the conditions that are in force when it is asked. Ways may be
// shared.
type Ways struct{ net *Network }

// Ways makes a Ways. It panics if the network has no hierarchy.
func (n *Network) Ways() *Ways {
	if n.hierarchy == nil {
		panic("route: a network without a hierarchy has no Ways; use Prepare")
	}
	return &Ways{n}
}

// Time is how long and how far it is from one place to another by a fastest way;
// false if either has no street within reach or there is no way. The leg has no
// ID.
func (w *Ways) Time(from, to geo.Point, p geo.Profile) (geo.Leg, bool) {
	_, d, ok := w.drive(from, to, p)
	return d.total.leg(""), ok
}

func (w *Ways) drive(from, to geo.Point, p geo.Profile) (streets, drive, bool) {
	e := w.net.epoch.Load()
	s := streets{w.net.graph, p, e}
	a, ok1 := w.net.Snap(from)
	b, ok2 := w.net.Snap(to)
	if !ok1 || !ok2 {
		return s, drive{}, false
	}
	d, ok := s.fastest(w.net.hierarchy.topology, e.metrics[p], a, b)
	return s, d, ok
}

// Path is the way that Time measures; false in the same cases.
func (w *Ways) Path(from, to geo.Point, p geo.Profile) (Path, bool) {
	s, d, ok := w.drive(from, to, p)
	if !ok {
		return Path{}, false
	}
	path := Path{Distance: geo.Distance(d.total.length())}
	var since cost
	add := func(at geo.Point, c cost) {
		since += c
		path.Points = append(path.Points, at)
		path.Times = append(path.Times, time.Duration(since.time())*time.Millisecond)
	}
	add(s.PointAt(d.from), 0)
	if !d.whole {
		add(s.Point(d.first), d.leave)
		for _, a := range d.arcs {
			c, _ := s.arc(a)
			add(s.Point(s.Head(a)), c)
		}
		add(s.PointAt(d.to), d.enter)
	} else {
		add(s.PointAt(d.to), d.total)
	}
	return path, true
}

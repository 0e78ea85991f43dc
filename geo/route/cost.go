package route

import (
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// cost is what a way costs: its time in milliseconds, times 2^32, plus its
// length in millimetres. So costs compare by time, then by length, and add up
// as one number. Both parts of a way are at most horizon and both parts of an
// arc at most road.MaxWeight, so no sum overflows and none carries.
type cost uint64

func costOf(ms, mm uint32) cost { return cost(ms)<<32 | cost(mm) }

func (c cost) time() uint32   { return uint32(c >> 32) }
func (c cost) length() uint32 { return uint32(c) }

func (c cost) leg(id string) geo.Leg {
	return geo.Leg{ID: id, Time: duration(c.time()), Distance: geo.Distance(c.length())}
}

func duration(ms uint32) time.Duration { return time.Duration(ms) * time.Millisecond }

// streets gives the costs of parts of arcs in one profile.
type streets struct {
	*road.Graph
	profile geo.Profile
}

// arc is the cost of the whole arc.
func (s streets) arc(a road.Arc) cost {
	return costOf(s.Millis(a, s.profile), uint32(s.Length(a)))
}

// before is the cost from the tail of the arc to the position on it.
func (s streets) before(p road.Position) cost {
	whole := s.arc(p.Arc)
	if whole.length() == 0 {
		return 0
	}
	ms := uint64(whole.time()) * uint64(p.Along) / uint64(whole.length())
	return costOf(uint32(ms), p.Along)
}

// beforeBack is the cost from the tail of the twin, the head of the arc, to
// the position, driving the twin.
func (s streets) beforeBack(p road.Position, twin road.Arc) cost {
	whole := s.arc(twin)
	if whole.length() == 0 {
		return whole // the position is the tail of the arc, the head of the twin
	}
	return s.before(road.Position{Arc: twin, Along: whole.length() - p.Along})
}

// The two ends by which a position is left and entered.
const (
	atHead = iota
	atTail
	ends
)

// end is the node of an end.
func (s streets) end(p road.Position, end int) road.Node {
	if end == atHead {
		return s.Head(p.Arc)
	}
	return s.Tail(p.Arc)
}

// leave is the cost from the position to an end of its arc; false if there is
// no way along the arc.
func (s streets) leave(p road.Position, end int) (cost, bool) {
	if end == atHead {
		return s.arc(p.Arc) - s.before(p), true
	}
	if p.Along == 0 {
		return 0, true
	}
	twin := s.Twin(p.Arc)
	if twin == road.NoArc {
		return 0, false
	}
	return s.arc(twin) - s.beforeBack(p, twin), true
}

// enter is the cost from an end of the arc to the position; false if there is
// no way along the arc.
func (s streets) enter(p road.Position, end int) (cost, bool) {
	if end == atTail {
		return s.before(p), true
	}
	if p.Along > 0 && p.Along == uint32(s.Length(p.Arc)) {
		return 0, true
	}
	twin := s.Twin(p.Arc)
	if twin == road.NoArc {
		return 0, false
	}
	return s.beforeBack(p, twin), true
}

// direct is the cost between two positions on one arc without leaving it;
// false if there is none.
func (s streets) direct(from, to road.Position) (cost, bool) {
	if from.Arc != to.Arc {
		return 0, false
	}
	if from.Along <= to.Along {
		return s.before(to) - s.before(from), true
	}
	twin := s.Twin(from.Arc)
	if twin == road.NoArc {
		return 0, false
	}
	return s.beforeBack(to, twin) - s.beforeBack(from, twin), true
}

package route

import (
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route/kernel"
)

// cost is what a way costs: its time in milliseconds, times 2^32, plus its
// length in millimetres. So costs compare by time, then by length, and add up
// as one number. Both parts of an arc are at most road.MaxWeight; a search goes
// no further than horizon and farHorizon, so no sum overflows and none carries.
type cost uint64

func costOf(ms, mm uint32) cost { return cost(ms)<<32 | cost(mm) }

func (c cost) time() uint32   { return uint32(c >> 32) }
func (c cost) length() uint32 { return uint32(c) }

// plus adds to a way that may be longer than farHorizon, and then stays so long.
func (c cost) plus(d cost) cost {
	return costOf(c.time()+d.time(), min(c.length()+d.length(), farHorizon))
}

func (c cost) leg(id string) geo.Leg {
	return geo.Leg{ID: id, Time: duration(c.time()), Distance: geo.Distance(c.length())}
}

func duration(ms uint32) time.Duration { return time.Duration(ms) * time.Millisecond }

// streets gives the costs of parts of arcs in one profile.
type streets struct {
	*road.Graph
	profile geo.Profile
	epoch   *epoch
}

// arc is the cost of the whole arc; false if it is closed.
func (s streets) arc(a road.Arc) (cost, bool) {
	ms := s.epoch.weights[s.profile].At(uint32(a))
	return costOf(ms, uint32(s.Length(a))), ms < kernel.Inf
}

// drive is the cost of driving the street of a position along its arc, or back
// along the twin: from where one enters it up to the position, and from there
// on. It is false if there is no way in that direction.
func (s streets) drive(p road.Position, back bool) (before, after cost, ok bool) {
	a, along := p.Arc, p.Along
	if back {
		if a = s.Twin(a); a == road.NoArc {
			return 0, 0, false
		}
		along = uint32(s.Length(a)) - along
	}
	whole, ok := s.arc(a)
	switch {
	case !ok:
		return 0, 0, false
	case whole.length() > 0:
		ms := uint64(whole.time()) * uint64(along) / uint64(whole.length())
		before = costOf(uint32(ms), along)
	case back:
		before = whole // the position is the tail of the arc, where the twin ends
	}
	return before, whole - before, true
}

// The two ends of the arc of a position. It is left and entered by either, at
// nodes that may be two: see exit and entry.
const (
	atHead = iota
	atTail
	ends
)

// at reports whether the position is the very end: at the crossing, whatever
// is closed.
func (s streets) at(p road.Position, end int) bool {
	if end == atTail {
		return p.Along == 0
	}
	return p.Along > 0 && p.Along == uint32(s.Length(p.Arc))
}

// exit is the node at which the position is left by an end; false if it is not
// in any profile. At the tail of the arc it is where those arrive who drive the
// twin.
func (s streets) exit(p road.Position, end int) (road.Node, bool) {
	if end == atHead {
		return s.Head(p.Arc), true
	}
	if twin := s.Twin(p.Arc); twin != road.NoArc {
		return s.Head(twin), true
	}
	return s.Tail(p.Arc), s.at(p, end)
}

// entry is the node from which the position is entered by an end; false if it
// is not in any profile.
func (s streets) entry(p road.Position, end int) (road.Node, bool) {
	if end == atTail {
		return s.Tail(p.Arc), true
	}
	if twin := s.Twin(p.Arc); twin != road.NoArc {
		return s.Tail(twin), true
	}
	return s.Head(p.Arc), s.at(p, end)
}

// leave is the cost from the position to its exit at an end; false if there is
// no way along the street.
func (s streets) leave(p road.Position, end int) (cost, bool) {
	if s.at(p, end) {
		return 0, true
	}
	_, after, ok := s.drive(p, end == atTail)
	return after, ok
}

// enter is the cost from the entry at an end to the position; false if there is
// no way along the street.
func (s streets) enter(p road.Position, end int) (cost, bool) {
	if s.at(p, end) {
		return 0, true
	}
	before, _, ok := s.drive(p, end == atHead)
	return before, ok
}

// direct is the cost between two positions on one arc without leaving its
// street; false if there is no way.
func (s streets) direct(from, to road.Position) (cost, bool) {
	if from.Arc != to.Arc {
		return 0, false
	}
	if from.Along == to.Along {
		return 0, true
	}
	back := from.Along > to.Along
	begin, _, ok := s.drive(from, back)
	end, _, _ := s.drive(to, back)
	return end - begin, ok
}

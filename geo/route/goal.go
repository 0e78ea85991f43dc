package route

import (
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route/cch"
	"callbox/geo/route/kernel"
)

// goal is a place that was asked for, with its label, which is kept until the
// roads change: whoever decides asks for the same places again and again.
type goal struct {
	at     road.Position
	target cch.Target
}

type goalKey struct {
	to geo.Point
	p  geo.Profile
}

// maxGoals bounds the labels that are kept, of some kilobytes each.
const maxGoals = 4096

// goal finds a place; false if no street is within reach of it.
func (u *Units) goal(to geo.Point, p geo.Profile) (*goal, bool) {
	if g := u.goals[goalKey{to, p}]; g != nil {
		return g, true
	}
	at, ok := u.net.Snap(to)
	if !ok {
		return nil, false
	}
	if len(u.goals) == maxGoals {
		clear(u.goals)
	}
	g, l := &goal{at: at}, &u.lanes[p]
	l.index.Target(&g.target, l.to, l.entering(at))
	u.goals[goalKey{to, p}] = g
	return g, true
}

// Time is how long one unit takes to a place, as Nearest tells; false where that
// leaves it out. The first question about a place takes some microseconds, later
// ones well below one.
func (u *Units) Time(unit string, to geo.Point, p geo.Profile) (time.Duration, bool) {
	t, _, ok := u.timed(unit, to, p)
	if !ok {
		return 0, false
	}
	return duration(t.cost), true
}

// Leg is the way of one unit to a place, as Nearest tells.
func (u *Units) Leg(unit string, to geo.Point, p geo.Profile) (geo.Leg, bool) {
	t, g, ok := u.timed(unit, to, p)
	if !ok {
		return geo.Leg{}, false
	}
	return u.leg(t, g, p), true
}

func (u *Units) timed(unit string, to geo.Point, p geo.Profile) (timed, *goal, bool) {
	slot, known := u.slots[unit]
	g, ok := u.goal(to, p)
	if !known || !ok {
		return timed{}, nil, false
	}
	l := &u.lanes[p]
	t := timed{slot, l.index.Distance(slot, &g.target)}
	if at := u.units[slot].at; at.Arc == g.at.Arc {
		if c, ok := l.direct(at, g.at); ok {
			t.cost = min(t.cost, c.time())
		}
	}
	return t, g, t.cost < kernel.Inf
}

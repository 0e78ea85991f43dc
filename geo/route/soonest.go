package route

import (
	"iter"
	"slices"
	"strings"
	"time"

	"callbox/geo"
)

// timed is a unit that takes so long.
type timed struct {
	slot int
	cost uint32
}

// Nearest streams the units whose masks have all bits of want by the time they
// take to a place, soonest first; those that take the same time in order of ID.
// It is exact, and lazy. Units that cannot get there, or take longer than limit
// (0 is no limit), are left out; ok is false if no street is within reach of the
// place. The distance of a leg is that of a fastest way, the same one whenever
// the roads are the same.
//
// The stream may be left early and ranged over again; each time it sees the
// units as they are then. While it runs, Units must not be used: Put, Delete,
// Mark or another stream inside the loop make it panic at the next step.
func (u *Units) Nearest(to geo.Point, p geo.Profile, limit time.Duration, want uint64) (legs iter.Seq[geo.Leg], ok bool) {
	g, ok := u.goal(to, p)
	if !ok {
		return func(func(geo.Leg) bool) {}, false
	}
	return func(yield func(geo.Leg) bool) {
		u.stream(g, p, limit, want, func(t timed) bool { return yield(u.leg(t, g, p)) })
	}, true
}

// Soonest streams what Nearest does, unmeasured: distances take longer to find
// than all the rest.
func (u *Units) Soonest(to geo.Point, p geo.Profile, limit time.Duration, want uint64) (legs iter.Seq[geo.Leg], ok bool) {
	g, ok := u.goal(to, p)
	if !ok {
		return func(func(geo.Leg) bool) {}, false
	}
	return func(yield func(geo.Leg) bool) {
		u.stream(g, p, limit, want, func(t timed) bool {
			return yield(geo.Leg{ID: u.units[t.slot].id, Time: duration(t.cost), Distance: geo.Unmeasured})
		})
	}, true
}

func (u *Units) stream(to *goal, p geo.Profile, limit time.Duration, want uint64, yield func(timed) bool) {
	if limit < 0 {
		return
	}
	u.change++
	most := uint32(horizon)
	if limit != 0 {
		most = uint32(min(horizon, limit.Milliseconds()))
	}
	l := &u.lanes[p]
	l.search.Start(l.index, &to.target, want, most)
	for _, slot := range u.street[to.at.Arc] {
		if c, ok := l.direct(u.units[slot].at, to.at); ok {
			l.search.Direct(slot, c.time())
		}
	}
	// Units that take the same time wait for each other, to be put in order.
	u.batch, u.direct = u.batch[:0], u.direct[:0]
	for {
		slot, cost, ok := l.search.Next()
		if !ok {
			break
		}
		if u.units[slot].at.Arc == to.at.Arc { // it may come twice, once by the street itself
			if slices.Contains(u.direct, slot) {
				continue
			}
			u.direct = append(u.direct, slot)
		}
		if len(u.batch) > 0 && cost > u.batch[0].cost && !u.flush(yield) {
			return
		}
		u.batch = append(u.batch, timed{slot, cost})
	}
	u.flush(yield)
}

// flush yields the batch in order of ID and empties it; false if the loop is
// left.
func (u *Units) flush(yield func(timed) bool) bool {
	if len(u.batch) > 1 {
		slices.SortFunc(u.batch, func(a, b timed) int { return strings.Compare(u.units[a.slot].id, u.units[b.slot].id) })
	}
	change := u.change
	for _, t := range u.batch {
		if !yield(t) {
			return false
		}
		if u.change != change {
			panic("route: the units were used while a stream of Nearest ran")
		}
	}
	u.batch = u.batch[:0]
	return true
}

// leg is the way of a unit that takes so long to a place.
func (u *Units) leg(t timed, to *goal, p geo.Profile) geo.Leg {
	l := &u.lanes[p]
	leg := geo.Leg{ID: u.units[t.slot].id, Time: duration(t.cost)}
	path, ok := l.index.Path(t.slot, &to.target)
	if d, ok := l.better(drive{from: u.units[t.slot].at, to: to.at}, path, ok); ok {
		leg.Distance = geo.Distance(d.total.length())
	}
	return leg
}

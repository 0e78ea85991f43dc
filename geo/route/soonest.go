package route

import (
	"iter"
	"slices"
	"strings"
	"time"

	"callbox/geo"
	"callbox/geo/road"
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
	at, ok := u.net.Snap(to)
	if !ok {
		return func(func(geo.Leg) bool) {}, false
	}
	return func(yield func(geo.Leg) bool) {
		u.stream(at, p, limit, want, func(t timed) bool { return yield(u.leg(t, at, p)) })
	}, true
}

// Soonest gives the k nearest units as Nearest does, without their distances.
func (u *Units) Soonest(legs []geo.Leg, to geo.Point, p geo.Profile, k int, want uint64) ([]geo.Leg, bool) {
	at, ok := u.net.Snap(to)
	if !ok || k < 1 {
		return legs, ok
	}
	u.stream(at, p, 0, want, func(t timed) bool {
		legs = append(legs, geo.Leg{ID: u.units[t.slot].id, Time: duration(t.cost)})
		k--
		return k > 0
	})
	return legs, true
}

func (u *Units) stream(to road.Position, p geo.Profile, limit time.Duration, want uint64, yield func(timed) bool) {
	if limit < 0 {
		return
	}
	u.change++
	most := uint32(horizon)
	if limit != 0 {
		most = uint32(min(horizon, limit.Milliseconds()))
	}
	l := &u.lanes[p]
	l.index.Target(&l.target, l.to, l.entering(to))
	l.search.Start(l.index, &l.target, want, most)
	for _, slot := range u.street[to.Arc] {
		if c, ok := l.direct(u.units[slot].at, to); ok {
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
		if u.units[slot].at.Arc == to.Arc { // it may come twice, once by the street itself
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

// leg is the way of a unit that takes so long to the target of the lane.
func (u *Units) leg(t timed, to road.Position, p geo.Profile) geo.Leg {
	l := &u.lanes[p]
	leg := geo.Leg{ID: u.units[t.slot].id, Time: duration(t.cost)}
	path, ok := l.index.Path(t.slot, &l.target)
	if d, ok := l.better(drive{from: u.units[t.slot].at, to: to}, path, ok); ok {
		leg.Distance = geo.Distance(d.total.length())
	}
	return leg
}

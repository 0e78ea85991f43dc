package route

import (
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route/cch"
	"callbox/geo/route/kernel"
)

// Matrix gives how long units take to places, a row for each place: road.Never
// where there is no way, the unit is not on the network, or no street is within
// reach of the place. Time O(places * all units), some nanoseconds each.
func (u *Units) Matrix(units []string, to []geo.Point, p geo.Profile) [][]time.Duration {
	l := &u.lanes[p]
	all := make([]uint32, len(u.units))
	rows := make([][]time.Duration, len(to))
	var target cch.Target
	for i, place := range to {
		rows[i] = make([]time.Duration, len(units))
		at, ok := u.net.Snap(place)
		if ok {
			l.index.Target(&target, l.to, l.entering(u.net.hierarchy.topology, at))
			l.index.Matrix(all, &target)
			u.alongStreet(all, at, p)
		}
		for j, id := range units {
			slot, known := u.slots[id]
			if !ok || !known || all[slot] >= kernel.Inf {
				rows[i][j] = road.Never
			} else {
				rows[i][j] = duration(all[slot])
			}
		}
	}
	return rows
}

// alongStreet lowers the times of units that need not leave their street.
func (u *Units) alongStreet(times []uint32, to road.Position, p geo.Profile) {
	for _, slot := range u.street[to.Arc] {
		if c, ok := u.lanes[p].streets.direct(u.units[slot].at, to); ok {
			times[slot] = min(times[slot], c.time())
		}
	}
}

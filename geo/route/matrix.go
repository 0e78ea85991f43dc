package route

import (
	"slices"
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
	rows := make([][]time.Duration, 0, len(to))
	for places := range slices.Chunk(to, placesTogether) {
		for _, all := range u.toPlaces(places, p) {
			row := make([]time.Duration, len(units))
			for j, id := range units {
				row[j] = road.Never
				if slot, known := u.slots[id]; known && len(all) > 0 && all[slot] < kernel.Inf {
					row[j] = duration(all[slot])
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// placesTogether bounds the memory of a matrix beside its result.
const placesTogether = 64

// toPlaces gives the times of all slots to places, a row for each place; none
// where no street is within reach.
func (u *Units) toPlaces(places []geo.Point, p geo.Profile) [][]uint32 {
	l, width := &u.lanes[p], len(u.units)
	rows := make([][]uint32, len(places))
	var at []road.Position
	var near []int
	var targets []*cch.Target
	for i, place := range places {
		if position, ok := u.net.Snap(place); ok {
			target := new(cch.Target)
			l.index.Target(target, l.to, l.entering(position))
			targets, near, at = append(targets, target), append(near, i), append(at, position)
		}
	}
	all := make([]uint32, len(targets)*width)
	l.index.Matrix(all, targets...)
	for k, i := range near {
		rows[i] = all[k*width:][:width]
		u.alongStreet(rows[i], at[k], p)
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

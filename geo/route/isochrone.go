package route

import (
	"iter"
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// Isochrone yields the nodes from which a place can be reached within a time, and
// how long it takes from there, soonest first; ok is false if no street is
// within reach of the place. It is a plain search, in the time of the nodes that
// it yields. While it runs, the Query must not be used.
func (q *Query) Isochrone(to geo.Point, p geo.Profile, within time.Duration) (nodes iter.Seq2[road.Node, time.Duration], ok bool) {
	at, ok := q.net.Snap(to)
	if !ok || within < 0 {
		return func(func(road.Node, time.Duration) bool) {}, ok
	}
	return func(yield func(road.Node, time.Duration) bool) {
		q.search.epoch = q.net.epoch.Load()
		q.search.start(at, p, max(1, within)) // 0 would be no limit
		for {
			place, c, ok := q.search.settle()
			if !ok || !yield(road.Node(place), duration(c.time())) {
				return
			}
		}
	}, true
}

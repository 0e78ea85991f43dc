package route

import (
	"iter"
	"slices"
	"strings"
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// Nearest streams the units whose masks have all bits of want by the time they
// take to a place, soonest first; those that take the same time in order of ID.
// It is exact, and lazy: the search goes outward from the place as far as the
// loop asks. Units that cannot get there, or take longer than limit (0 is no
// limit), are left out; ok is false if no street is within reach of the place.
//
// The stream may be left early and ranged over again; each time it sees the
// fleet as it is then. While it runs, the fleet must not be used: Put, Delete,
// Mark or another stream inside the loop make it panic at the next step.
//
// Time O(n log n) for n nodes and units settled, those nearer than the last
// unit asked for. Nothing is cleared or allocated by the size of the graph.
func (f *Fleet) Nearest(to geo.Point, p geo.Profile, limit time.Duration, want uint64) (legs iter.Seq[geo.Leg], ok bool) {
	at, ok := f.net.Snap(to)
	if !ok {
		return func(func(geo.Leg) bool) {}, false
	}
	return func(yield func(geo.Leg) bool) { f.stream(at, p, limit, want, yield) }, true
}

func (f *Fleet) stream(to road.Position, p geo.Profile, limit time.Duration, want uint64, yield func(geo.Leg) bool) {
	if limit < 0 {
		return
	}
	s := &f.search
	f.change++
	s.start(to, p, limit)
	f.batch = f.batch[:0]
	f.reachDirect(to)
	for left := f.Len(); left > 0; {
		place, c, ok := s.settle()
		if !ok {
			break
		}
		// Units that take the same time wait for each other: streets without
		// length may still bring one with a lower ID.
		if len(f.batch) > 0 && c.time() > f.timeOf(f.batch[0]) && !f.flush(yield) {
			return
		}
		if slot := int(place) - s.Nodes(); slot >= 0 {
			if left--; f.units[slot].mask&want == want {
				f.batch = append(f.batch, slot)
			}
			continue
		}
		f.reachUnits(road.Node(place), c)
	}
	f.flush(yield)
}

// reachDirect reaches the units on the arc of the destination that need not
// leave it. All units on an arc are listed at its head.
func (f *Fleet) reachDirect(to road.Position) {
	for h := f.first[f.search.Head(to.Arc)]; h != none; h = f.hooks[h].next {
		slot := int(h / ends)
		if c, ok := f.search.direct(f.units[slot].at, to); ok {
			f.search.reach(f.search.leaf(slot), c, road.NoArc)
		}
	}
}

// reachUnits reaches the units that leave their arc by a node.
func (f *Fleet) reachUnits(n road.Node, c cost) {
	for h := f.first[n]; h != none; h = f.hooks[h].next {
		slot, end := int(h/ends), int(h%ends)
		if rest, ok := f.search.leave(f.units[slot].at, end); ok {
			f.search.reach(f.search.leaf(slot), c+rest, road.NoArc)
		}
	}
}

func (f *Fleet) timeOf(slot int) uint32 { return f.search.labels[f.search.leaf(slot)].cost.time() }

// flush yields the batch in order of ID and empties it; false if the loop is
// left.
func (f *Fleet) flush(yield func(geo.Leg) bool) bool {
	slices.SortFunc(f.batch, func(i, j int) int { return strings.Compare(f.units[i].id, f.units[j].id) })
	change := f.change
	for _, slot := range f.batch {
		if !yield(f.search.labels[f.search.leaf(slot)].cost.leg(f.units[slot].id)) {
			return false
		}
		if f.change != change {
			panic("route: the fleet was used inside a loop over Nearest: collect the legs first")
		}
	}
	f.batch = f.batch[:0]
	return true
}

// Soonest is Nearest: here distances cost nothing.
func (f *Fleet) Soonest(to geo.Point, p geo.Profile, limit time.Duration, want uint64) (legs iter.Seq[geo.Leg], ok bool) {
	return f.Nearest(to, p, limit, want)
}

// Leg is the way of one unit to a place, as Nearest tells; false where that
// leaves it out. It searches outward until it meets the unit.
func (f *Fleet) Leg(unit string, to geo.Point, p geo.Profile) (geo.Leg, bool) {
	legs, _ := f.Nearest(to, p, 0, 0)
	for leg := range legs {
		if leg.ID == unit {
			return leg, true
		}
	}
	return geo.Leg{}, false
}

// Time is how long one unit takes to a place, as Leg tells.
func (f *Fleet) Time(unit string, to geo.Point, p geo.Profile) (time.Duration, bool) {
	leg, ok := f.Leg(unit, to, p)
	return leg.Time, ok
}

package engine

import (
	"iter"
	"time"

	"callbox/assign"
	"callbox/geo"
	"callbox/geo/index"
)

// Travel knows where the units are on the roads, and how long they take. It is
// used by the writer alone.
type Travel interface {
	// Version names the roads and what is closed of them, for the record.
	Version() string
	// Close closes these arcs and opens all others. Its error is that of an arc
	// that is not there; nothing has changed then.
	Close(arcs []uint32) error
	// Put places or moves a unit. It reports false if no road is within reach of
	// the place; the unit is then not on the roads.
	Put(unit string, at geo.Point) bool
	// Delete takes a unit off the roads.
	Delete(unit string)
	// Mark sets what a unit that has been put is and can do, a bit each.
	Mark(unit string, mask uint64)
	// Soonest streams the ways to a place of the units whose masks have all bits
	// of want, soonest first, up to a limit (0: none), units that tie in an order
	// that depends on nothing but their places and IDs. It need not tell how long
	// the ways are. It reports false if no road is within reach of the place. One
	// stream is read at a time.
	Soonest(to geo.Point, p geo.Profile, limit time.Duration, want uint64) (legs iter.Seq[geo.Leg], ok bool)
	// Time is how long one unit takes to a place; false if it has no way.
	Time(unit string, to geo.Point, p geo.Profile) (time.Duration, bool)
	// Leg is the way of one unit to a place, with its length.
	Leg(unit string, to geo.Point, p geo.Profile) (geo.Leg, bool)
}

// StraightLine is travel along the straight line, as the policy estimates it.
// Every leg of it is flagged.
type StraightLine struct {
	By    func() assign.StraightBy
	units [assign.Idle + 1]index.Points // those within each reach
	masks map[string]uint64
}

// Version implements Travel.
func (*StraightLine) Version() string { return "none" }

// Close implements Travel. The straight line knows no arcs.
func (*StraightLine) Close([]uint32) error { return nil }

// Put implements Travel. No place is out of reach.
func (l *StraightLine) Put(unit string, at geo.Point) bool {
	for r := range l.units {
		if within(l.masks[unit], reach(assign.Reach(r))) {
			l.units[r].Put(unit, at)
		}
	}
	return true
}

// Delete implements Travel.
func (l *StraightLine) Delete(unit string) {
	for r := range l.units {
		l.units[r].Delete(unit)
	}
	delete(l.masks, unit)
}

// Mark implements Travel.
func (l *StraightLine) Mark(unit string, mask uint64) {
	if l.masks == nil {
		l.masks = make(map[string]uint64)
	}
	l.masks[unit] = mask
	at, _ := l.units[assign.Everybody].At(unit)
	for r := range l.units {
		if within(mask, reach(assign.Reach(r))) {
			l.units[r].Put(unit, at)
		} else {
			l.units[r].Delete(unit)
		}
	}
}

// Soonest implements Travel. The profile makes no difference.
func (l *StraightLine) Soonest(to geo.Point, _ geo.Profile, limit time.Duration, want uint64) (iter.Seq[geo.Leg], bool) {
	by, least := l.By(), assign.Idle
	for !within(want, reach(least)) {
		least--
	}
	return func(yield func(geo.Leg) bool) {
		for n := range l.units[least].Nearest(to) {
			leg := geo.Leg{ID: n.ID, Time: by.Time(n.Distance), Distance: n.Distance, Straight: true}
			if limit > 0 && leg.Time > limit || within(l.masks[n.ID], want) && !yield(leg) {
				return
			}
		}
	}, true
}

// Time implements Travel.
func (l *StraightLine) Time(unit string, to geo.Point, p geo.Profile) (time.Duration, bool) {
	leg, ok := l.Leg(unit, to, p)
	return leg.Time, ok
}

// Leg implements Travel.
func (l *StraightLine) Leg(unit string, to geo.Point, _ geo.Profile) (geo.Leg, bool) {
	at, ok := l.units[assign.Everybody].At(unit)
	if !ok {
		return geo.Leg{}, false
	}
	d := geo.Between(at, to)
	return geo.Leg{ID: unit, Time: l.By().Time(d), Distance: d, Straight: true}, true
}

// ways is travel by road with the straight line as its fallback: for a call
// that no road reaches, for units that stand off the roads, and, without a
// limit, for those that no road leads from, because of a closure say. They come
// after every unit that has a way by road, since an estimate does not compare
// with an exact time.
type ways struct {
	road    Travel // nil where the city has none
	line    *StraightLine
	offRoad *StraightLine
}

func newWays(road Travel, by func() assign.StraightBy) *ways {
	return &ways{road: road, line: &StraightLine{By: by}, offRoad: &StraightLine{By: by}}
}

func (w *ways) version() string {
	if w.road == nil {
		return w.line.Version()
	}
	return w.road.Version()
}

// put places a unit with its mask.
func (w *ways) put(unit string, at geo.Point, mask uint64) {
	w.line.Put(unit, at)
	w.line.Mark(unit, mask)
	if w.road == nil {
		return
	}
	if w.road.Put(unit, at) {
		w.road.Mark(unit, mask)
		w.offRoad.Delete(unit)
	} else {
		w.road.Delete(unit)
		w.offRoad.Put(unit, at)
		w.offRoad.Mark(unit, mask)
	}
}

func (w *ways) legs(to geo.Point, p geo.Profile, limit time.Duration, want uint64) iter.Seq[geo.Leg] {
	all, _ := w.line.Soonest(to, p, limit, want)
	if w.road == nil {
		return all
	}
	byRoad, ok := w.road.Soonest(to, p, limit, want)
	if !ok {
		return all
	}
	rest, _ := w.offRoad.Soonest(to, p, limit, want)
	if limit == 0 { // anybody, from anywhere: no way by road is no reason to send nobody
		rest = all
	}
	return func(yield func(geo.Leg) bool) {
		for leg := range byRoad {
			if !yield(leg) {
				return
			}
		}
		for leg := range rest {
			if _, met := w.road.Time(leg.ID, to, p); !met && !yield(leg) {
				return
			}
		}
	}
}

// leg is the way of one unit, as legs gives it, without its length; false if it
// leaves it out.
func (w *ways) leg(unit string, to geo.Point, p geo.Profile, limit time.Duration) (geo.Leg, bool) {
	leg, ok := w.any(unit, to, p, limit)
	return leg, ok && (limit == 0 || leg.Time <= limit)
}

func (w *ways) any(unit string, to geo.Point, p geo.Profile, limit time.Duration) (geo.Leg, bool) {
	if w.road != nil {
		if took, ok := w.road.Time(unit, to, p); ok {
			return geo.Leg{ID: unit, Time: took, Distance: geo.Unmeasured}, true
		}
		if _, off := w.offRoad.units[assign.Everybody].At(unit); !off && limit > 0 && w.reaches(to, p) {
			return geo.Leg{}, false
		}
	}
	return w.line.Leg(unit, to, p)
}

// reaches reports whether a road is within reach of a place.
func (w *ways) reaches(to geo.Point, p geo.Profile) bool {
	_, ok := w.road.Soonest(to, p, 0, 0)
	return ok
}

// measure fills in the length of a way.
func (w *ways) measure(leg *geo.Leg, to geo.Point, p geo.Profile) {
	if leg.Straight || w.road == nil {
		return
	}
	if whole, ok := w.road.Leg(leg.ID, to, p); ok {
		leg.Distance = whole.Distance
	}
}

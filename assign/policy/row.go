package policy

import (
	"time"

	"callbox/assign"
	"callbox/assign/match"
	"callbox/geo"
)

// row is one slot of a call, as the solver sees it: it wants a unit, or has one
// that is on its way, or on scene and wanted elsewhere, and may lose it.
type row struct {
	*question
	slot   int
	at     int          // level of its lateness
	backup bool         // others go before the unit that fills it
	held   *assign.Unit // the unit that it has, nil if it is open
	cost   match.Cost   // the last one that was given away

	next int // way that is read next
	kept bool
}

// forever stands for the limit of a class that has none: a unit farther away is
// as good as one so far away.
const forever = 4 * time.Hour

// far is how far away a unit counts as being at most.
func (q *question) far() time.Duration {
	if q.limit == 0 {
		return forever
	}
	return min(q.limit, forever)
}

// None is what it costs that nobody goes: as much as if the farthest unit that
// may be sent came, and a little more. So a unit that may be sent always is, and
// a call whose class has a limit waits for one that is near.
func (w *row) None() match.Cost {
	w.clear()
	w.cost[w.at] = w.late(w.age + w.far() + 2*w.dearest + 3*straightSpan)
	w.cost[len(w.cost)+callsLevel] = match.MaxCost/2 - int64(w.call.Opened)
	if w.held != nil {
		w.cost[len(w.cost)+changesLevel] = 1
	}
	return w.cost
}

// Next is the unit that it has, and then the others, by the time they take.
func (w *row) Next() (column int, cost match.Cost, ok bool) {
	if w.held != nil && !w.kept {
		w.kept = true
		return w.column(w.held.ID), w.keeps(), true
	}
	for {
		leg, ok := w.leg(w.next)
		if !ok {
			return 0, nil, false
		}
		w.next++
		u := w.s.State.Unit(leg.ID)
		if u != w.held && w.refuses(u, w.slot) == "" {
			return w.column(u.ID), w.sends(u, leg), true
		}
	}
}

// Bound is what the next unit costs at least: its way alone.
func (w *row) Bound() match.Cost {
	w.clear()
	if w.held != nil && !w.kept {
		return w.cost
	}
	leg, ok := w.leg(w.next)
	if !ok {
		return nil
	}
	w.cost[w.at] = w.late(w.age + w.travel(leg))
	if !leg.Straight {
		w.cost[len(w.cost)+travelLevel] = leg.Time.Milliseconds()
	}
	return w.cost
}

// late is what it costs that the slot is filled r after the call was received.
func (w *row) late(r time.Duration) int64 {
	if w.backup {
		return w.scale.late(r) / backupShare
	}
	return w.scale.late(r)
}

func (w *row) clear() {
	if w.cost == nil {
		w.cost = make(match.Cost, w.levels.count())
	}
	clear(w.cost)
}

// keeps is the cost of the unit that it has. One that is on scene has answered
// the call.
func (w *row) keeps() match.Cost {
	w.clear()
	a := w.call.On(w.held.ID)
	response := a.Arrived.Sub(w.call.ReceivedAt)
	if a.Arrived == 0 {
		left := w.remaining(a)
		response = w.age + left + w.area(w.held)
		w.cost[len(w.cost)+travelLevel] = left.Milliseconds()
	}
	w.cost[w.at] = w.late(response)
	w.cost[len(w.cost)+unitsLevel] = w.place(w.held.ID)
	return w.cost
}

// remaining is how long the unit of an assignment still takes: by where it was
// last, or as it was said when it was sent, less the time for which it has been
// driving since. A unit that says nothing on its way is not taken to stand still.
func (w *row) remaining(a *assign.Assignment) time.Duration {
	since, left := a.Since, w.far()
	if leg, ok := w.s.Leg(a.Unit, w.call.Location, w.class.Profile, 0); ok {
		left = leg.Time
		if fix, known := w.s.Fix(a.Unit); known {
			since = max(since, fix.Since)
		}
	} else if a.Leg != nil {
		left = a.Leg.Time
	}
	return min(max(0, left-max(0, w.s.Now.Sub(since))), w.far())
}

// sends is the cost of another unit.
func (w *row) sends(u *assign.Unit, leg geo.Leg) match.Cost {
	w.clear()
	w.cost[w.at] = w.late(w.age + w.travel(leg) + w.area(u) + w.leaving(u) + w.covering(u))
	w.cost[len(w.cost)+travelLevel] = leg.Time.Milliseconds()
	w.cost[len(w.cost)+changesLevel] = 1
	w.cost[len(w.cost)+unitsLevel] = w.place(u.ID)
	return w.cost
}

// straightSpan is what lies between the nearest and the farthest of the units
// whose way is estimated along the straight line. They come after all that have
// a way by road, if there are any: an estimate does not compare with an exact
// time.
const straightSpan = time.Second

// travel is how far away a unit counts as being.
func (q *question) travel(leg geo.Leg) time.Duration {
	took := min(leg.Time, q.far())
	if !leg.Straight {
		return took
	}
	if first, ok := q.leg(0); ok && first.Straight {
		return took
	}
	return q.far() + q.dearest + straightSpan + straightSpan*time.Duration(took.Milliseconds())/time.Duration(1+q.far().Milliseconds())
}

// area is what the tier of a unit adds to its cost.
func (q *question) area(u *assign.Unit) time.Duration {
	switch tier, _ := q.policy.TierOf(u.Areas, q.call.Areas); tier {
	case assign.Mutual:
		return q.policy.MutualAid.Cost
	default:
		return q.policy.AreaOrder[tier]
	}
}

// leaving is what it adds that a unit leaves what it does, or that the one which
// is on its way turns round.
func (w *row) leaving(u *assign.Unit) time.Duration {
	sum := w.leavingOther(u)
	if w.held != nil && w.held.Status != assign.OnScene {
		sum += w.solver.LeaveWay
	}
	return sum
}

func (q *question) leavingOther(u *assign.Unit) time.Duration {
	switch {
	case !u.Status.OnCall():
		return 0
	case u.Status == assign.OnScene:
		return q.policy.Class(q.s.State.Call(u.Call).Class).LeaveScene
	}
	return q.solver.LeaveWay
}

// covering is what it adds that fewer are left where a unit is.
func (q *question) covering(u *assign.Unit) time.Duration {
	if q.solver.Coverage == 0 || q.s.Uncovers == nil || u.Status != assign.Available {
		return 0
	}
	return min(q.solver.Coverage*time.Duration(q.s.Uncovers(u.ID))/1000, mostCoverage*q.solver.Coverage)
}

// mostCoverage is the share of the city's demand, in percent, that one unit can
// cover at most as far as costs go.
const mostCoverage = 5

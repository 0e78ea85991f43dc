package sim

import (
	"time"

	"callbox/assign"
	"callbox/geo"
)

// unit is a patrol unit: what it is told changes its errand, and what was
// planned for an earlier errand no longer happens.
type unit struct {
	id       string
	post     geo.Point
	standing geo.Point // where it stands, if it does not drive
	trip     Trip      // nil: it stands
	departed assign.Instant
	errand   int // counts; plans of an errand that is over are dropped
	call     string
}

func (u *unit) place(now assign.Instant) geo.Point {
	if u.trip == nil {
		return u.standing
	}
	return u.trip.At(now.Sub(u.departed))
}

// plan puts something down that happens only if the unit is still on the same
// errand.
func (w *World) plan(u *unit, when assign.Instant, do func(assign.Instant)) {
	errand := u.errand
	w.at(when, func(now assign.Instant) {
		if u.errand == errand {
			do(now)
		}
	})
}

// turn ends a unit's errand where it is.
func (u *unit) turn(now assign.Instant) {
	u.standing, u.trip = u.place(now), nil
	u.errand++
}

// ToldToGo says that the dispatcher sends a unit to a call. A unit that hears
// it again stays on its way.
func (w *World) ToldToGo(now assign.Instant, unit, call string) {
	u, c := w.units[unit], w.calls[call]
	if u == nil || c == nil || u.call == call {
		return
	}
	u.turn(now)
	u.call = call
	w.plan(u, now.Add(w.config.Turnout), func(now assign.Instant) {
		w.act(Action{Status: &Status{Unit: u.id, Call: call, Status: assign.EnRoute, At: now}})
		w.drive(u, now, c.Place, c.Travel, func(now assign.Instant) { w.arrive(u, c, now) })
	})
}

// ToldToLeave says that the dispatcher has taken a unit off a call.
func (w *World) ToldToLeave(now assign.Instant, unit, call string) {
	u := w.units[unit]
	if u == nil || u.call != call {
		return
	}
	u.turn(now)
	u.call = ""
	w.goBack(u, now)
}

// ToldClosed says that a call is closed.
func (w *World) ToldClosed(now assign.Instant, call string) {
	delete(w.calls, call)
}

func (w *World) arrive(u *unit, c *Call, now assign.Instant) {
	w.act(Action{Status: &Status{Unit: u.id, Call: c.ID, Status: assign.OnScene, At: now}})
	w.plan(u, now.Add(c.OnScene), func(now assign.Instant) {
		u.turn(now)
		u.call = ""
		if w.othersOn(c.ID) {
			w.act(Action{Status: &Status{Unit: u.id, Call: c.ID, Status: assign.Available, At: now}})
		} else {
			w.act(Action{Close: &Close{Call: c.ID, Unit: u.id, At: now}})
		}
		w.goBack(u, now)
	})
}

func (w *World) othersOn(call string) bool {
	for _, id := range w.config.Units {
		if w.units[id].call == call {
			return true
		}
	}
	return false
}

// goBack drives a unit to its post, after a moment in which it may be sent on.
func (w *World) goBack(u *unit, now assign.Instant) {
	w.plan(u, now.Add(30*time.Second), func(now assign.Instant) {
		w.drive(u, now, u.post, geo.Routine, func(assign.Instant) {})
	})
}

// drive takes a unit to a place. Where there is no way by road it is there at
// once: somebody must come.
func (w *World) drive(u *unit, now assign.Instant, to geo.Point, p geo.Profile, then func(assign.Instant)) {
	trip, ok := w.config.Roads.Drive(u.place(now), to, p)
	if !ok {
		u.standing = to
		then(now)
		return
	}
	u.trip, u.departed = trip, now
	w.plan(u, now.Add(trip.Time()), func(now assign.Instant) {
		u.standing, u.trip = to, nil
		then(now)
	})
	w.plan(u, now.Add(w.config.FixEvery), func(now assign.Instant) { w.fixOnTheWay(u, now) })
}

func (w *World) fixOnTheWay(u *unit, now assign.Instant) {
	w.act(Action{Fix: &Fix{Unit: u.id, At: u.place(now), When: now}})
	if u.trip != nil {
		w.plan(u, now.Add(w.config.FixEvery), func(now assign.Instant) { w.fixOnTheWay(u, now) })
	}
}

// sendFix is the position that a unit sends now and then whatever it does.
func (w *World) sendFix(u *unit, now assign.Instant) {
	w.act(Action{Fix: &Fix{Unit: u.id, At: u.place(now), When: now}})
	w.at(now.Add(stillEvery), func(now assign.Instant) { w.sendFix(u, now) })
}

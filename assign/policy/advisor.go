package policy

import (
	"iter"
	"slices"

	"callbox/assign"
	"callbox/geo"
)

// Advisor decides for waiting calls by the policy in force. It has no state of
// its own and may be shared.
type Advisor struct{}

// Advise decides for the calls that lack units, and for those whose units may be
// replaced by better ones. It returns a decision for each call that gets or loses
// a unit or still waits, the highest rank first; they are to be carried out in
// that order. A call that nothing has changed for is not looked at: it would be
// decided as before.
func (Advisor) Advise(s *assign.Situation) []assign.Decision {
	r := newRound(s)
	r.decide(slices.SortedFunc(r.waiting(), r.before()), slices.SortedFunc(r.improvable(), r.before()))
	return r.decisions()
}

// decide finds who gets which unit: all at once, or in turn.
func (r *round) decide(waiting, improvable []*assign.Call) {
	if !r.together {
		r.inTurn(waiting)
		return
	}
	for {
		for _, call := range waiting {
			r.addOpen(call)
		}
		for _, call := range improvable {
			r.addHeld(call)
		}
		r.close()
		if !r.holdBack() {
			break
		}
		r.clear()
		r.others = nil
		for _, q := range r.questions {
			q.tried = false
		}
	}
	for i, w := range r.rows {
		r.plan[slotKey{w.call.ID, w.slot}] = r.unitOf(i)
	}
}

// waiting yields the waiting calls whose answer can differ from the last one, in
// no order. Where no unit has changed these are the new ones, however many others
// wait.
func (r *round) waiting() iter.Seq[*assign.Call] {
	fresh, state := r.s.Fresh, r.s.State
	return func(yield func(*assign.Call) bool) {
		if fresh != nil && len(fresh.Units) == 0 {
			for id := range fresh.Calls {
				if c := state.Call(id); c != nil && len(c.OpenSlots()) > 0 && !yield(c) {
					return
				}
			}
			return
		}
		for c := range state.Waiting() {
			if r.worth(c) && !yield(c) {
				return
			}
		}
	}
}

// worth reports whether the answer for a waiting call can differ from the last
// one: it is new or has lost a unit, or some unit that may go now has changed.
func (r *round) worth(c *assign.Call) bool {
	fresh := r.s.Fresh
	if fresh == nil || fresh.Calls[c.ID] || r.whole && r.policy.Class(c.Class).MayDivert {
		return true
	}
	q := r.ask(c)
	return q.reachedBy(fresh.Units, func(u *assign.Unit, _ geo.Leg) (found, enough bool) {
		return q.refuses(u, q.open...) == "", false
	})
}

// fewFresh is up to how many units are asked for one by one: beyond it, it is
// sooner to look at those near the call.
const fewFresh = 8

// reachedBy looks for a unit among those that have changed that may be of use to
// the call, and is near enough. The test also says when those farther away need
// not be looked at.
func (q *question) reachedBy(fresh map[string]bool, test func(u *assign.Unit, leg geo.Leg) (found, enough bool)) bool {
	if len(fresh) <= fewFresh {
		for id := range fresh {
			if leg, near := q.s.Leg(id, q.call.Location, q.class.Profile, q.limit); near {
				if found, _ := test(q.s.State.Unit(id), leg); found {
					return true
				}
			}
		}
		return false
	}
	for i := 0; ; i++ {
		leg, ok := q.leg(i)
		if !ok {
			return false
		}
		found, enough := test(q.s.State.Unit(leg.ID), leg)
		if found && fresh[leg.ID] {
			return true
		}
		if enough {
			return false
		}
	}
}

// improvable yields the calls with units on their way that could be replaced by
// units that have changed, or for which anything may have.
func (r *round) improvable() iter.Seq[*assign.Call] {
	return func(yield func(*assign.Call) bool) {
		if !r.together || r.s.Fresh != nil && len(r.s.Fresh.Units) == 0 {
			return
		}
		for c := range r.s.State.OnTheWay() {
			if r.policy.Class(c.Class).Divertible && r.improves(c) && !yield(c) {
				return
			}
		}
	}
}

// maxWhole is up to how many calls with units on their way are looked at whenever a
// unit has changed: one that goes to the first may free another for the second.
// Where there are more, it is looked at those whose own unit would be replaced,
// and at all of them when anything may have changed.
const maxWhole = 64

// improves reports whether a unit that has changed is on its way to the call, or
// would be there sooner than one that is.
func (r *round) improves(c *assign.Call) bool {
	if r.s.Fresh == nil || r.whole {
		return true
	}
	q := r.glance(c)
	for i := range c.Assignments {
		a := &c.Assignments[i]
		if !c.Replaceable(a) {
			continue
		}
		if r.s.Fresh.Units[a.Unit] {
			return true
		}
		w := &row{question: &q, slot: a.Slot, held: r.s.State.Unit(a.Unit)}
		left := w.remaining(a) + q.area(w.held)
		better := q.reachedBy(r.s.Fresh.Units, func(u *assign.Unit, leg geo.Leg) (found, enough bool) {
			took := q.travel(leg)
			return took+q.area(u)+w.leaving(u) < left && q.refuses(u, a.Slot) == "", took >= left
		})
		if better {
			return true
		}
	}
	return false
}

package audit

import (
	"slices"

	"callbox/assign"
)

// taken is a unit that was taken from a call for another.
type taken struct{ unit, from, to string }

// take takes a unit from a call for another.
func (a *Auditor) take(t *taken, at assign.Instant, how assign.AssignmentEnd) {
	r := a.begin(0)
	a.taken = t
	u := a.paired(t.unit, t.from, "is "+string(how)+" from")
	if u == nil {
		return
	}
	a.after(at, u.since, u.id, t.from)
	if (how == assign.Preempted) != (u.status == assign.OnScene) {
		a.find(Impossible, u.id, t.from, "unit %s is %s from %s, and was %s there", u.id, how, t.from, u.status)
	}
	if to := a.calls[t.to]; to != nil && a.ordered() == nil {
		if why := a.mayTake(u.call, to, how); why != "" {
			f := a.finding(MayNotTake, "unit %s was %s from %s (%s) for %s (%s), and %s", u.id, how, u.call.id, u.call.class, to.id, to.class, why)
			f.Unit, f.Call, f.Other = u.id, to.id, t.from
			a.tell(f)
		}
	}
	r.lost[u] = append(r.lost[u], loss{u.call, u.slot})
	a.leave(u, how, assign.Available, at)
}

// recall takes a unit off its call in favour of another one.
func (a *Auditor) recall(f *assign.UnitRecalled) {
	r := a.begin(0)
	if d := a.decision; d == nil || d.said.Call != f.Call || !slices.Contains(d.said.Recalled, f.Unit) || d.recalled[f.Unit] {
		a.find(Contradiction, f.Unit, f.Call, "unit %s is recalled from %s, and no decision just said so", f.Unit, f.Call)
	} else {
		d.recalled[f.Unit] = true
	}
	u := a.paired(f.Unit, f.Call, "is recalled from")
	if u == nil {
		return
	}
	a.after(f.At, u.since, u.id, f.Call)
	if u.status == assign.OnScene {
		a.find(Impossible, u.id, f.Call, "unit %s is recalled from %s, and was on scene there", u.id, f.Call)
	}
	if k, _ := a.class(u.call.class); k == nil || !k.Divertible {
		a.find(MayNotTake, u.id, f.Call, "unit %s was recalled from %s (%s), and units on their way to that class may not be taken", u.id, f.Call, u.call.class)
	}
	r.lost[u] = append(r.lost[u], loss{u.call, u.slot})
	a.leave(u, assign.Recalled, assign.Available, f.At)
}

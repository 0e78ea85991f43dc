package audit

import (
	"slices"

	"callbox/assign"
)

// open is the open call of that ID, or nil after a finding.
func (a *Auditor) open(id, unit string) *call {
	c := a.calls[id]
	switch {
	case c != nil:
	case a.closed.is[id]:
		a.find(CallNotOpen, unit, id, "call %s was closed before", id)
	default:
		a.find(CallNotOpen, unit, id, "there is no open call %s", id)
	}
	return c
}

// paired is the unit of that ID if it is on that call, or nil after a finding.
func (a *Auditor) paired(id, call, does string) *unit {
	if a.open(call, id) == nil {
		return nil
	}
	u := a.units[id]
	if u == nil || u.call == nil || u.call.id != call {
		a.find(Impossible, id, call, "unit %s %s %s, and is not on that call", id, does, call)
		return nil
	}
	return u
}

// after finds an instant that lies before what it follows, or after it was
// written.
func (a *Auditor) after(at, last assign.Instant, unit, call string) {
	if at < last {
		a.find(Impossible, unit, call, "it happened at %v, before what it follows, of %v", at, last)
	} else if at > a.now {
		a.find(Impossible, unit, call, "it happened at %v, after it was written at %v", at, a.now)
	}
}

func offCall(s assign.UnitStatus) bool {
	return s == assign.Available || s == assign.OutOfService || s == assign.OffDuty
}

// signOn takes in all that is known of a unit. What it does is told by other
// facts while it is on a call.
func (a *Auditor) signOn(f *assign.Unit) {
	u := a.units[f.ID]
	if u == nil {
		u = &unit{id: f.ID, status: assign.Available}
		a.units[f.ID] = u
	}
	u.signedOn, u.capabilities, u.areas = true, f.Capabilities, f.Areas
	on := ""
	if u.call != nil {
		on = u.call.id
	}
	if f.Call != on || u.call != nil && f.Status != u.status || u.call == nil && !offCall(f.Status) {
		a.find(Impossible, f.ID, f.Call, "unit %s signs on as %s on call %q, and was %s on call %q", f.ID, f.Status, f.Call, u.status, on)
	}
	if u.call != nil {
		a.settle(u.call) // it may be known now to fill a slot
	} else if offCall(f.Status) {
		u.status, u.since = f.Status, f.Since
	}
}

func (a *Auditor) setStatus(f *assign.UnitStatusChanged) {
	u := a.units[f.Unit]
	switch {
	case u == nil:
		a.find(Impossible, f.Unit, "", "unit %s was never signed on, and becomes %s", f.Unit, f.Status)
	case u.call != nil:
		a.find(Impossible, f.Unit, u.call.id, "unit %s becomes %s while it is on %s", f.Unit, f.Status, u.call.id)
	case !offCall(f.Status):
		a.find(Impossible, f.Unit, "", "unit %s becomes %s, and is on no call", f.Unit, f.Status)
	default:
		a.after(f.At, u.since, u.id, "")
		u.status, u.since = f.Status, f.At
	}
}

func (a *Auditor) enRoute(f *assign.UnitEnRoute) {
	u := a.paired(f.Unit, f.Call, "is on its way to")
	if u == nil {
		return
	}
	if u.status != assign.Dispatched {
		a.find(Impossible, u.id, f.Call, "unit %s is on its way to %s, and was %s there before", u.id, f.Call, u.status)
		return
	}
	a.moved(u, assign.EnRoute, f.At)
}

// arrive puts a unit on scene. The first one stops the answer clock.
func (a *Auditor) arrive(f *assign.UnitArrived) {
	u := a.paired(f.Unit, f.Call, "arrives at")
	if u == nil {
		return
	}
	if u.status == assign.OnScene {
		a.find(Impossible, u.id, f.Call, "unit %s arrives at %s a second time", u.id, f.Call)
		return
	}
	a.moved(u, assign.OnScene, f.At)
	a.stop(u.call, &u.call.answer, f.At)
}

// moved takes in how far a unit on a call has come.
func (a *Auditor) moved(u *unit, status assign.UnitStatus, at assign.Instant) {
	a.after(at, u.since, u.id, u.call.id)
	u.status, u.since, u.call.last = status, at, max(u.call.last, at)
}

func (a *Auditor) clear(f *assign.UnitCleared) {
	u := a.paired(f.Unit, f.Call, "leaves")
	if u == nil {
		return
	}
	a.after(f.At, u.since, u.id, f.Call)
	status := f.Status
	if !offCall(status) {
		a.find(Impossible, u.id, f.Call, "unit %s leaves %s to be %s", u.id, f.Call, status)
		status = assign.Available
	}
	switch {
	case f.How == assign.WithCall:
		a.ending = f.Call
	case f.How == assign.Cleared && u.status == assign.OnScene:
	case f.How == assign.GaveBack && u.status != assign.OnScene:
	default:
		a.find(Impossible, u.id, f.Call, "unit %s leaves %s as %q, and was %s there", u.id, f.Call, f.How, u.status)
	}
	a.leave(u, f.How, status, f.At)
}

// receive opens a call.
func (a *Auditor) receive(f *assign.Call) {
	if a.calls[f.ID] != nil || a.closed.is[f.ID] {
		a.find(ClockReset, "", f.ID, "%s was received before, and its clocks do not begin again", f.ID)
		return
	}
	a.report.Calls++
	c := &call{
		id: f.ID, class: f.Class, rank: a.order.rank[f.Class],
		received: f.ReceivedAt, opened: a.now, last: f.ReceivedAt, areas: f.Areas,
		answer:    clock{name: assign.AnswerClock, target: f.Answer.Target},
		end:       clock{name: assign.CloseClock, target: f.Close.Target},
		promotion: f.Promote, gaveBack: make(map[string]bool),
	}
	if c.rank == 0 {
		a.unordered(c.class)
	}
	a.calls[c.id] = c
	if f.ReceivedAt > a.now {
		a.find(Impossible, "", c.id, "%s was received at %v, after it was written at %v", c.id, f.ReceivedAt, a.now)
	}
	if f.Answer.Stopped != 0 || f.Close.Stopped != 0 || f.Answer.Passed != 0 || f.Close.Passed != 0 {
		a.find(ClockWrong, "", c.id, "%s was received with a clock that had run before", c.id)
	}
	if f.Promoted != "" || len(f.Assignments) > 0 || f.Decision != 0 || f.Reason != nil || f.End != nil {
		a.find(Impossible, "", c.id, "%s is new, and something had happened to it", c.id)
	}
	switch k, _ := a.class(c.class); {
	case k == nil:
		a.find(Impossible, "", c.id, "%s is of class %q, which the policy does not have", c.id, c.class)
	case k.Answer != f.Answer.Target || k.Close != f.Close.Target:
		a.find(ClockWrong, "", c.id, "%s (%s) is to be answered in %v and closed in %v, and its class says %v and %v",
			c.id, c.class, f.Answer.Target, f.Close.Target, k.Answer, k.Close)
	case (k.Promote == nil) != (f.Promote == nil) || k.Promote != nil && *k.Promote != *f.Promote:
		a.find(WrongRank, "", c.id, "%s (%s) is to be promoted otherwise than its class says", c.id, c.class)
	}
	for _, need := range f.Needs {
		for range min(max(0, need.Count), assign.MaxSlots+1-len(c.slots)) {
			c.slots = append(c.slots, slot{asks: need.Capabilities})
		}
	}
	if len(c.slots) == 0 || len(c.slots) > assign.MaxSlots {
		a.find(Impossible, "", c.id, "%s needs no unit, or more than %d", c.id, assign.MaxSlots)
	}
	a.settle(c)
}

// close ends a call and forgets it.
func (a *Auditor) close(f *assign.CallClosed) {
	c := a.open(f.Call, "")
	if c == nil {
		return
	}
	a.after(f.End.At, c.last, "", c.id)
	for _, u := range slices.Clone(c.on) {
		a.find(Impossible, u.id, c.id, "%s is closed while unit %s is on it", c.id, u.id)
		a.leave(u, assign.WithCall, assign.Available, f.End.At)
	}
	a.stop(c, &c.answer, f.End.At)
	a.stop(c, &c.end, f.End.At)
	delete(a.calls, c.id)
	a.closed.add(c.id)
	a.settle(c)
}

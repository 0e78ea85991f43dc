package audit

import (
	"slices"
	"time"

	"callbox/assign"
)

// dispatch puts a unit on a call, and finds what forbids it.
func (a *Auditor) dispatch(f *assign.UnitDispatched) {
	r := a.begin(0)
	a.report.Dispatches++
	order := a.agrees(f)
	if order != nil {
		a.report.Orders++
	}
	id, slot := f.Assignment.Unit, f.Assignment.Slot
	u := a.units[id]
	if u == nil {
		u = &unit{id: id}
		a.units[id] = u
	}
	c := a.open(f.Call, id)
	switch {
	case u.call != nil:
		a.find(TwoCalls, id, f.Call, "unit %s was sent to %s while it was on %s", id, f.Call, u.call.id)
		a.leave(u, assign.Diverted, assign.Available, f.Assignment.Since)
	case !u.signedOn:
		a.find(NotOnDuty, id, f.Call, "unit %s was sent to %s, and never signed on", id, f.Call)
	case u.status != assign.Available:
		a.find(NotOnDuty, id, f.Call, "unit %s was sent to %s while it was %s", id, f.Call, u.status)
	}
	if c == nil {
		return
	}
	switch {
	case slot == assign.Extra && order != nil:
	case slot < 0 || slot >= len(c.slots):
		a.find(WrongSlot, id, c.id, "unit %s was sent to %s for slot %d, and the call has %d", id, c.id, slot, len(c.slots))
	case c.slots[slot].unit != nil:
		a.find(WrongSlot, id, c.id, "unit %s was sent to %s for slot %d, which unit %s is in", id, c.id, slot, c.slots[slot].unit.id)
	case c.slots[slot].done:
		a.find(WrongSlot, id, c.id, "unit %s was sent to %s for slot %d, and a unit had been there", id, c.id, slot)
	case order == nil && u.signedOn && !able(u, &c.slots[slot]):
		a.find(NotAble, id, c.id, "unit %s was sent to %s, and is not known to have %v", id, c.id, c.slots[slot].asks)
	}
	if order == nil && u.signedOn {
		a.near(u, c, &f.Assignment)
	}
	if from := f.Assignment.From; from != "" && !r.lostBy(u, from) {
		a.find(Contradiction, id, c.id, "unit %s was sent to %s from %s, and was not just taken from there", id, c.id, from)
	}
	s := dispatch{fact: a.seq, unit: u, to: c, fix: f.Fix, order: order}
	if chosen := a.chosen(id); chosen != nil {
		s.passed = chosen.Passed
	}
	r.sent, r.got[c] = append(r.sent, s), true
	a.put(u, c, slot, f.Assignment.Since)
}

// near finds a unit that comes from farther away than the class may have.
func (a *Auditor) near(u *unit, c *call, s *assign.Assignment) {
	if !a.reaches(u, c) {
		a.find(OutOfReach, u.id, c.id, "unit %s of %v was sent to %s (%s) in %v, which is beyond the reach of the class", u.id, u.areas, c.id, c.class, c.areas)
	}
	if s.Leg != nil && a.beyond(c, s.Leg.Time, a.now) {
		k, _ := a.class(c.class)
		a.find(PullLimit, u.id, c.id, "unit %s was sent to %s (%s) from %s away; the limit was %v, at an age of %v",
			u.id, c.id, c.class, seconds(s.Leg.Time), k.PullLimit, a.now.Sub(c.received).Round(time.Second))
	}
}

// chosen is a unit as the decision at hand chose it, nil if it did not.
func (a *Auditor) chosen(unit string) *assign.Candidate {
	if a.decision == nil {
		return nil
	}
	for i := range a.decision.said.Chosen {
		if c := &a.decision.said.Chosen[i]; c.Unit == unit {
			return c
		}
	}
	return nil
}

// agrees compares a dispatch with its decision, and gives the order that both
// name, if they do.
func (a *Auditor) agrees(f *assign.UnitDispatched) *assign.Order {
	s, d := &f.Assignment, a.decision
	chosen := a.chosen(s.Unit)
	if chosen == nil || d.seq != s.Decision || d.said.Call != f.Call || chosen.Slot != s.Slot || d.sent[s.Unit] {
		a.find(Contradiction, s.Unit, f.Call, "unit %s was sent to %s by decision %d, which did not say so, or not just now", s.Unit, f.Call, s.Decision)
		return nil
	}
	d.sent[s.Unit] = true
	if !same(chosen.Leg, s.Leg) || !slices.Equal(chosen.Cost, s.Cost) || !same(d.said.Order, s.Order) {
		a.find(Contradiction, s.Unit, f.Call, "unit %s was sent to %s with another way, cost or order than decision %d gives", s.Unit, f.Call, d.seq)
	}
	if s.Order == nil {
		return nil
	}
	return a.ordered()
}

func same[T comparable](x, y *T) bool {
	return x == nil && y == nil || x != nil && y != nil && *x == *y
}

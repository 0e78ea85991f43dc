package assign

import "slices"

// decide carries out what an advisor proposed. It trusts nothing in it: every
// chosen unit must be available or on a call that the policy lets it be taken
// from, every slot open, no unit or slot named twice. So a lower call never takes
// a unit off a higher one, whatever an advisor says.
func (c *Dispatch) decide(s *State, now Instant) ([]Fact, error) {
	d := c.Decision
	call, err := s.openCall(d.Call)
	if err != nil {
		return nil, err
	}
	open := call.OpenSlots()
	decision := s.seq + 1
	facts := []Fact{&DecisionMade{}}
	for i, unit := range d.Recalled {
		a := call.On(unit)
		if a == nil || a.Arrived != 0 || slices.Contains(d.Recalled[:i], unit) {
			return nil, refuse(Conflict, "unit_not_on_call", "unit", "unit %q is not on its way to call %q", unit, call.ID)
		}
		if a.Slot != Extra {
			open = append(open, a.Slot)
		}
		facts = append(facts, &UnitRecalled{Unit: unit, Call: call.ID, At: now})
	}
	for i, chosen := range d.Chosen {
		u, err := s.signedOn(chosen.Unit)
		if err != nil {
			return nil, err
		}
		named := func(x Candidate) bool { return x.Unit == chosen.Unit }
		status, on := u.Status, u.Call
		if slices.Contains(d.Recalled, u.ID) { // it fills another slot of the call
			status, on = Available, ""
		}
		if on != chosen.From || slices.ContainsFunc(d.Chosen[:i], named) {
			return nil, refuse(Conflict, "unit_not_available", "unit", "unit %q is %s", u.ID, u.doing())
		}
		switch from := s.calls[on]; {
		case status == Available:
		case from == nil || from == call || !s.Policy().MayTake(call, from, status):
			return nil, refuse(Conflict, "unit_not_available", "unit", "unit %q is %s", u.ID, u.doing())
		case u.Status == OnScene:
			facts = append(facts, &UnitPreempted{Unit: u.ID, From: u.Call, To: call.ID, At: now})
		default:
			facts = append(facts, &UnitDiverted{Unit: u.ID, From: u.Call, To: call.ID, At: now})
		}
		slot := slices.Index(open, chosen.Slot)
		if slot < 0 {
			return nil, refuse(Conflict, "slot_filled", "call", "slot %d of call %q needs no unit", chosen.Slot, call.ID)
		}
		open = slices.Delete(open, slot, slot+1)
		facts = append(facts, &UnitDispatched{
			Call: call.ID,
			Fix:  chosen.Fix,
			Assignment: Assignment{
				Unit: u.ID, Slot: chosen.Slot, Decision: decision, Leg: chosen.Leg, Cost: chosen.Cost, Since: now, From: on,
			},
		})
	}
	if len(open) > 0 && d.Reason != nil {
		facts = append(facts, &CallQueued{Call: call.ID, Decision: decision, Reason: *d.Reason})
	}
	d.Status = call.StatusWith(len(open))
	facts[0] = &DecisionMade{Decision: d}
	return facts, nil
}

// decide sends the unit even if no rule would, as long as it is on duty. It
// fills the first open slot that the unit is known to fit, or may fit; if there
// is none it goes as an extra.
func (c *Override) decide(s *State, now Instant) ([]Fact, error) {
	call, err := s.openCall(c.Call)
	if err != nil {
		return nil, err
	}
	u, err := s.signedOn(c.Unit)
	if err != nil {
		return nil, err
	}
	if u.Call == call.ID {
		return nil, refuse(Conflict, "unit_on_call", "unit", "unit %q is on call %q already", u.ID, call.ID)
	}
	if u.Status == OffDuty || u.Status == OutOfService {
		return nil, refuse(Conflict, "unit_not_available", "unit", "unit %q is %s; it must be available first", u.ID, u.Status)
	}
	if err := legible("by", c.Order.By, "reason", c.Order.Reason); err != nil {
		return nil, err
	}
	open := call.OpenSlots()
	slot := Extra
	if i := slices.IndexFunc(open, func(slot int) bool { return u.MayFill(call.Slot(slot)) }); i >= 0 {
		slot = open[i]
		open = slices.Delete(open, i, i+1)
	}
	order := c.Order
	decision := Decision{
		Call: call.ID, Round: s.seq + 1, Status: call.StatusWith(len(open)), Order: &order,
		Policy: s.Policy().Name, PolicyHash: s.Policy().Hash, Roads: c.Roads, Profile: s.Policy().Class(call.Class).Profile,
		Chosen: []Candidate{{Unit: u.ID, Slot: slot, Leg: c.Leg, Fix: c.Fix, From: u.Call}},
	}
	if len(open) > 0 {
		decision.Reason = call.Reason
	}
	facts := []Fact{&DecisionMade{Decision: decision}}
	switch u.Status {
	case Dispatched, EnRoute:
		facts = append(facts, &UnitDiverted{Unit: u.ID, From: u.Call, To: call.ID, At: now})
	case OnScene:
		facts = append(facts, &UnitPreempted{Unit: u.ID, From: u.Call, To: call.ID, At: now})
	}
	return append(facts, &UnitDispatched{
		Call: call.ID,
		Fix:  c.Fix,
		Assignment: Assignment{
			Unit: u.ID, Slot: slot, Decision: s.seq + 1, Leg: c.Leg, Since: now, Order: &order, From: u.Call,
		},
	}), nil
}

// MayFill reports whether a unit that a dispatcher chose counts for a need: if
// nobody has said what it can do, the dispatcher knows.
func (u *Unit) MayFill(n *Need) bool { return u.Capabilities == nil || u.Can(n) }

// Can reports whether the unit is known to have all the capabilities of a need.
func (u *Unit) Can(n *Need) bool {
	if u.Capabilities == nil {
		return false
	}
	for _, capability := range n.Capabilities {
		if _, ok := slices.BinarySearch(u.Capabilities, capability); !ok {
			return false
		}
	}
	return true
}

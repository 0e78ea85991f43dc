package assign

import (
	"fmt"
	"slices"
)

func (s *State) signedOn(id string) (*Unit, error) {
	if u := s.units[id]; u != nil {
		return u, nil
	}
	return nil, refuse(NotFound, "unknown_unit", "unit", "there is no unit %q; sign it on first", id)
}

func (c *SignOn) decide(s *State, now Instant) ([]Fact, error) {
	old := s.units[c.Unit]
	unit := Unit{ID: c.Unit, Status: Available, Since: now}
	if old != nil {
		unit = *old
	}
	if c.Capabilities != nil {
		unit.Capabilities = c.Capabilities
	}
	if c.Areas != nil {
		unit.Areas = c.Areas
	}
	if c.Fix != nil && (unit.Fix == nil || c.Fix.Since >= unit.Fix.Since) {
		unit.Fix = c.Fix
	}
	if c.Status != "" && c.Status != unit.Status {
		if c.Status.OnCall() {
			return nil, refuse(Conflict, "unit_not_on_call", "status",
				"a unit becomes %s by being dispatched and reporting it, not by signing on", c.Status)
		}
		if unit.Status.OnCall() {
			return nil, refuse(Conflict, "unit_on_call", "status",
				"unit %q is %s on call %q; report its status to take it off", unit.ID, unit.Status, unit.Call)
		}
		unit.Status, unit.Since = c.Status, now
	}
	if old != nil && unit.equal(old) {
		return nil, nil
	}
	return []Fact{&UnitSignedOn{Unit: unit}}, nil
}

func (u *Unit) equal(v *Unit) bool {
	sameFix := u.Fix == v.Fix || u.Fix != nil && v.Fix != nil && *u.Fix == *v.Fix
	return sameFix && u.Status == v.Status && (u.Capabilities == nil) == (v.Capabilities == nil) &&
		slices.Equal(u.Capabilities, v.Capabilities) && slices.Equal(u.Areas, v.Areas)
}

// decide lets a unit go forward only: dispatched, en route, on scene, and from
// any of them off the call. Saying again what is known changes nothing.
func (c *SetStatus) decide(s *State, now Instant) ([]Fact, error) {
	u, err := s.signedOn(c.Unit)
	if err != nil {
		return nil, err
	}
	at, err := instant(c.At, now, "at")
	if err != nil {
		return nil, err
	}
	if c.Call != "" && c.Call != u.Call {
		return nil, refuse(Conflict, "unit_not_on_call", "call", "unit %q is %s", u.ID, u.doing())
	}
	if c.Status == u.Status {
		return nil, nil
	}
	if u.Call == "" {
		if c.Status.OnCall() {
			return nil, refuse(Conflict, "unit_not_on_call", "status",
				"unit %q is %s; it is put on a call by a decision or an override", u.ID, u.doing())
		}
		if at, err = notBefore(at, u.Since, "at", fmt.Sprintf("unit %s became %s", u.ID, u.Status)); err != nil {
			return nil, err
		}
		return []Fact{&UnitStatusChanged{Unit: u.ID, Status: c.Status, At: at}}, nil
	}
	last, what := s.calls[u.Call].On(u.ID).last()
	if at, err = notBefore(at, last, "at", what); err != nil {
		return nil, err
	}
	switch c.Status {
	case EnRoute:
		if u.Status == OnScene {
			return nil, refuse(Conflict, "status_order", "status", "unit %q is on scene at call %q already", u.ID, u.Call)
		}
		return []Fact{&UnitEnRoute{Unit: u.ID, Call: u.Call, At: at}}, nil
	case OnScene:
		return []Fact{&UnitArrived{Unit: u.ID, Call: u.Call, At: at}}, nil
	case Available, OutOfService, OffDuty:
		how := Cleared
		if u.Status != OnScene {
			how = GaveBack
		}
		return []Fact{&UnitCleared{Unit: u.ID, Call: u.Call, Status: c.Status, How: how, At: at}}, nil
	}
	return nil, refuse(Invalid, "unknown_status", "status", "a unit cannot report itself %q", c.Status)
}

func (u *Unit) doing() string {
	if u.Call == "" {
		return string(u.Status) + " and on no call"
	}
	return string(u.Status) + " on call " + u.Call
}

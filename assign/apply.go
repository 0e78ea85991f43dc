package assign

import (
	"fmt"
	"slices"
)

// Apply folds the next fact of the log into the state. It decides nothing. An
// error means that the log is broken at that fact: it is out of order, or it
// speaks of a call or unit that is not there. The state must not be used after
// an error.
func (s *State) Apply(r Recorded) error {
	if r.Seq != s.seq+1 {
		return fmt.Errorf("fact %d follows fact %d", r.Seq, s.seq)
	}
	if r.At < s.now {
		return fmt.Errorf("fact %d is of %v, before fact %d of %v", r.Seq, r.At, s.seq, s.now)
	}
	s.forgotten = ""
	if err := r.Fact.apply(s, r); err != nil {
		return fmt.Errorf("fact %d (%s): %w", r.Seq, r.Fact.Kind(), err)
	}
	s.seq, s.now = r.Seq, r.At
	return nil
}

func (s *State) knownUnit(id string) (*Unit, error) {
	if u := s.units[id]; u != nil {
		return u, nil
	}
	return nil, fmt.Errorf("there is no unit %q", id)
}

func (s *State) knownCall(id string) (*Call, error) {
	if c := s.calls[id]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("there is no call %q", id)
}

// assignment finds a unit, its call, and the assignment that joins them.
func (s *State) assignment(unit, call string) (*Unit, *Call, *Assignment, error) {
	u, err := s.knownUnit(unit)
	if err != nil {
		return nil, nil, nil, err
	}
	c, err := s.knownCall(call)
	if err != nil {
		return nil, nil, nil, err
	}
	a := c.On(unit)
	if a == nil || u.Call != call {
		return nil, nil, nil, fmt.Errorf("unit %q is not on call %q", unit, call)
	}
	return u, c, a, nil
}

// release ends a unit's assignment and leaves the unit with a new status.
func (s *State) release(unit, call string, how AssignmentEnd, status UnitStatus, at Instant) error {
	u, c, a, err := s.assignment(unit, call)
	if err != nil {
		return err
	}
	a.Ended, a.How = at, how
	u.Call, u.Status, u.Since = "", status, at
	s.settle(c)
	return nil
}

func (f *Started) apply(s *State, _ Recorded) error {
	s.started = *f
	return nil
}

func (f *UnitSignedOn) apply(s *State, _ Recorded) error {
	u := f.Unit
	if i, known := slices.BinarySearch(s.unitIDs, u.ID); !known {
		s.unitIDs = slices.Insert(s.unitIDs, i, u.ID)
	}
	s.units[u.ID] = &u
	if c := s.calls[u.Call]; c != nil {
		s.settle(c) // it may be known now to fill a slot
	}
	return nil
}

func (f *UnitStatusChanged) apply(s *State, _ Recorded) error {
	u, err := s.knownUnit(f.Unit)
	if err != nil {
		return err
	}
	if u.Call != "" {
		return fmt.Errorf("unit %q is on call %q", u.ID, u.Call)
	}
	u.Status, u.Since = f.Status, f.At
	return nil
}

func (f *CallReceived) apply(s *State, r Recorded) error {
	if s.calls[f.Call.ID] != nil {
		return fmt.Errorf("call %q was received before", f.Call.ID)
	}
	c := f.Call.Clone()
	c.Opened = r.Seq
	s.calls[c.ID] = c
	s.settle(c)
	return nil
}

func (f *DecisionMade) apply(s *State, r Recorded) error {
	c, err := s.knownCall(f.Decision.Call)
	if err != nil {
		return err
	}
	d := &f.Decision
	c.Decision, c.Round, c.Greedy = r.Seq, d.Round, d.Greedy
	c.Reason, c.Policy, c.Roads = d.Reason, Version(d.Policy, d.PolicyHash), d.Roads
	return nil
}

func (f *CallQueued) apply(s *State, _ Recorded) error {
	c, err := s.knownCall(f.Call)
	if err != nil {
		return err
	}
	reason := f.Reason
	c.Reason = &reason
	return nil
}

func (f *UnitDispatched) apply(s *State, _ Recorded) error {
	u, err := s.knownUnit(f.Assignment.Unit)
	if err != nil {
		return err
	}
	c, err := s.knownCall(f.Call)
	if err != nil {
		return err
	}
	if u.Call != "" || !c.Open() {
		return fmt.Errorf("unit %q is on call %q, or call %q is closed", u.ID, u.Call, c.ID)
	}
	c.Assignments = append(c.Assignments, f.Assignment)
	u.Status, u.Call, u.Since = Dispatched, c.ID, f.Assignment.Since
	if f.Fix != nil {
		u.Fix = f.Fix
	}
	s.settle(c)
	return nil
}

func (f *UnitDiverted) apply(s *State, _ Recorded) error {
	return s.release(f.Unit, f.From, Diverted, Available, f.At)
}

func (f *UnitPreempted) apply(s *State, _ Recorded) error {
	return s.release(f.Unit, f.From, Preempted, Available, f.At)
}

func (f *UnitRecalled) apply(s *State, _ Recorded) error {
	return s.release(f.Unit, f.Call, Recalled, Available, f.At)
}

func (f *CallPromoted) apply(s *State, _ Recorded) error {
	c, err := s.knownCall(f.Call)
	if err != nil {
		return err
	}
	if c.Promoted != "" || !c.Open() {
		return fmt.Errorf("call %q is closed, or was promoted before", c.ID)
	}
	c.Promoted = f.Class
	s.settle(c)
	return nil
}

func (f *UnitEnRoute) apply(s *State, _ Recorded) error {
	u, _, a, err := s.assignment(f.Unit, f.Call)
	if err != nil {
		return err
	}
	a.EnRoute = f.At
	u.Status, u.Since = EnRoute, f.At
	return nil
}

func (f *UnitArrived) apply(s *State, _ Recorded) error {
	u, c, a, err := s.assignment(f.Unit, f.Call)
	if err != nil {
		return err
	}
	a.Arrived = f.At
	u.Status, u.Since = OnScene, f.At
	if c.Answer.Running() {
		c.Answer.Stopped = f.At
	}
	s.settle(c)
	return nil
}

func (f *UnitCleared) apply(s *State, _ Recorded) error {
	return s.release(f.Unit, f.Call, f.How, f.Status, f.At)
}

func (f *CallClosed) apply(s *State, _ Recorded) error {
	c, err := s.knownCall(f.Call)
	if err != nil {
		return err
	}
	if !c.Open() || len(c.ActiveUnits()) > 0 {
		return fmt.Errorf("call %q is closed, or units are on it", c.ID)
	}
	end := f.End
	c.End, c.Reason = &end, nil
	for _, k := range [...]*Clock{&c.Answer, &c.Close} {
		if k.Running() {
			k.Stopped = end.At
		}
	}
	s.settle(c)
	s.closed = append(s.closed, c.ID)
	if len(s.closed) > KeepClosed {
		s.forgotten = s.closed[0]
		delete(s.calls, s.forgotten)
		s.closed = s.closed[1:]
	}
	return nil
}

func (f *ClockWarned) apply(s *State, _ Recorded) error { return s.pass(f.Call, f.Clock) }

func (f *ClockBreached) apply(s *State, _ Recorded) error { return s.pass(f.Call, f.Clock) }

func (s *State) pass(call string, name ClockName) error {
	c, err := s.knownCall(call)
	if err != nil {
		return err
	}
	k := c.clock(name)
	if k.Passed == len(Shares) {
		return fmt.Errorf("the %s clock of call %q has no share left", name, call)
	}
	k.Passed++
	s.settle(c)
	return nil
}

func (f *PolicyAdopted) apply(s *State, r Recorded) error {
	s.policy = Adopted{PolicyAdopted: *f, At: r.At}
	return nil
}

func (f *KeyUsed) apply(s *State, r Recorded) error {
	k := &UsedKey{KeyUsed: *f, At: r.At}
	s.keys[f.Key] = k
	s.keyAge = append(s.keyAge, k)
	for len(s.keyAge) > KeepKeys || s.keyAge[0].At < r.At.Add(-KeyLife) {
		if old := s.keyAge[0]; s.keys[old.Key] == old {
			delete(s.keys, old.Key)
		}
		s.keyAge = s.keyAge[1:]
	}
	return nil
}

package assign

import "callbox/geo"

// Command asks for something to happen. It is answered by facts or a Refusal.
type Command interface {
	decide(s *State, now Instant) ([]Fact, error)
}

// SignOn signs a unit on, or changes what is known of it. What is nil or empty
// stays as it was; for a new unit it is not known, and Status is Available.
type SignOn struct {
	Unit         string
	Capabilities []string // nil: not said
	Areas        []string // the unit's area and those that enclose it; nil: not said
	Status       UnitStatus
	Fix          *Fix
}

// ReportCall opens a call, or asks again about one that is open. The shell has
// looked up Cell and Areas; the policy in force gives the rest.
type ReportCall struct {
	ID         string // made from the log's sequence if empty
	Type       string
	Class      string // overrides the type's
	Source     Source // 911 if empty
	Location   *geo.Point
	Cell       string
	Areas      []string
	Note       string
	ReceivedAt Instant // now if 0
	Needs      []Need  // overrides the type's
}

// SetStatus reports what a unit does.
type SetStatus struct {
	Unit   string
	Status UnitStatus
	Call   string  // if set, the call that the unit must be on
	At     Instant // now if 0
}

// Dispatch carries out an advisor's decision.
type Dispatch struct {
	Decision Decision
}

// Hold leaves a call waiting, undecided, for others that may come.
type Hold struct {
	Call   string
	Reason Reason
}

// Override carries out a dispatcher's order: this unit, to this call, whatever
// else it does. A call that loses its unit to the order needs one again.
type Override struct {
	Call  string
	Unit  string
	Order Order
	Leg   *geo.Leg // as the engine knows it; nil if there is no telling
	Fix   *Fix
	Roads string
}

// CloseCall ends a call with what came of it.
type CloseCall struct {
	Call        string
	Disposition string
	At          Instant // now if 0
}

// CancelCall ends a call that needs nobody.
type CancelCall struct {
	Call   string
	Reason string
	At     Instant // now if 0
}

// AdoptPolicy puts a policy in force.
type AdoptPolicy struct {
	Policy *Policy
	Source string
	By     string
	Reason string
}

// Start records what an engine starts with.
type Start struct {
	Started
}

// UseKey keeps an answer under an idempotency key.
type UseKey struct {
	KeyUsed
}

// Tick asks for the next event of a clock that lies before now. It is repeated
// until it gives none.
type Tick struct{}

// Decide is what a command does to this state at this instant: facts, to be
// applied in order before the next command, or a *Refusal. It changes nothing.
// No facts and no error means that all is already as asked. Now must not lie
// before State.Now.
func (s *State) Decide(now Instant, c Command) ([]Fact, error) {
	return c.decide(s, now)
}

func (c *Start) decide(*State, Instant) ([]Fact, error) {
	started := c.Started
	return []Fact{&started}, nil
}

func (c *UseKey) decide(*State, Instant) ([]Fact, error) {
	used := c.KeyUsed
	return []Fact{&used}, nil
}

func (c *Hold) decide(s *State, _ Instant) ([]Fact, error) {
	if _, err := s.openCall(c.Call); err != nil {
		return nil, err
	}
	return []Fact{&CallQueued{Call: c.Call, Reason: c.Reason}}, nil
}

// decide adopts a policy only if it has a class for every open call: none may
// drop out of the order.
func (c *AdoptPolicy) decide(s *State, _ Instant) ([]Fact, error) {
	if err := legible("yaml", c.Source, "by", c.By, "reason", c.Reason); err != nil {
		return nil, err
	}
	for _, id := range s.CallIDs() {
		call := s.calls[id]
		if !call.Open() {
			continue
		}
		if c.Policy.Rank(call.Class) == 0 { // one that it was promoted to may be missing: it counts as its own then
			return nil, refuse(Conflict, "class_in_use", "policy",
				"open call %s is of class %q, which policy %q does not have; add the class, or close the call first",
				id, call.Class, c.Policy.Name)
		}
	}
	return []Fact{&PolicyAdopted{Policy: *c.Policy, Source: c.Source, By: c.By, Reason: c.Reason}}, nil
}

func (*Tick) decide(s *State, now Instant) ([]Fact, error) {
	due, ok := s.NextAlarm()
	if !ok || due >= now {
		return nil, nil
	}
	next := s.alarms.heap[0]
	if next.clock == promotionAlarm {
		return []Fact{&CallPromoted{Call: next.call, Class: s.calls[next.call].Promote.To, At: due}}, nil
	}
	share := Shares[s.calls[next.call].clock(next.clock).Passed]
	if share == 100 {
		return []Fact{&ClockBreached{Call: next.call, Clock: next.clock, At: due}}, nil
	}
	return []Fact{&ClockWarned{Call: next.call, Clock: next.clock, Share: share, At: due}}, nil
}

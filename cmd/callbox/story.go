package main

import (
	"slices"

	"callbox/assign"
)

// story is what a log says of one call.
type story struct {
	call   *assign.Call   // as the log leaves it
	policy *assign.Policy // in force when it was received
	steps  []step         // in the order of the log
	ends   assign.Instant // of the newest fact of the log
	part   bool           // steps are left out
}

// step is a fact about the call, or a unit that was sent elsewhere while the
// call lacked one.
type step struct {
	assign.Recorded
	decision uint64            // that it follows from; of a decision, its own number
	calls    map[string]ranked // the other calls that it speaks of

	together int               // of a decision: how many others were made together with it
	lost     []loss            // of a decision: what became of calls that it took units from
	goes     map[string]string // of a decision: the calls that units it recalled went to

	passed *assign.PassedOver // of a unit sent elsewhere: why not here, by the decision; nil if it does not say
}

// ranked is the class of a call, and that which it was promoted to by then.
type ranked struct{ class, promoted string }

// loss is a call that lost a unit, as it was once the instant was over.
type loss struct {
	unit, call string
	how        assign.AssignmentEnd
	status     assign.CallStatus
	got        []string       // units that were sent to it at the same instant
	reason     *assign.Reason // why it lacks units
}

// narrow leaves the one step that is this decision, and reports whether the
// story has it.
func (s *story) narrow(decision uint64) bool {
	s.part = true
	s.steps = slices.DeleteFunc(s.steps, func(p step) bool { return p.Seq != decision })
	return len(s.steps) > 0
}

// collector reads a log from its beginning and gathers the story of a call. A
// log can hold several calls of one ID, one after the other: an ID is free again
// once its call has left the memory of the server.
type collector struct {
	id      string
	state   *assign.State
	stories []*story

	// What can be told once the instant is over.
	open   int            // the newest story's first step of this instant
	rounds map[uint64]int // how many decisions each round of this instant has

	decision uint64 // number of the newest
	made     *assign.Decision
}

func newCollector(call string) *collector {
	return &collector{id: call, state: assign.NewState(), rounds: make(map[uint64]int), made: new(assign.Decision)}
}

// read takes in the next fact. An error means that the log is broken there.
func (c *collector) read(r assign.Recorded) error {
	if r.At > c.state.Now() {
		c.settle()
	}
	s := c.newest()
	lacked := s != nil && len(s.call.OpenSlots()) > 0
	if err := c.state.Apply(r); err != nil {
		return err
	}
	switch f := r.Fact.(type) {
	case *assign.CallReceived:
		if f.Call.ID == c.id {
			c.stories, c.open = append(c.stories, c.begin()), 0
		}
		return nil
	case *assign.DecisionMade:
		c.decision, c.made = r.Seq, &f.Decision
		c.rounds[f.Decision.Round]++
	}
	if s == nil || !s.call.Open() && !closes(r.Fact, c.id) {
		return nil
	}
	if about(r.Fact, c.id) {
		s.steps = append(s.steps, c.step(r))
	} else if f, sent := r.Fact.(*assign.UnitDispatched); sent && f.Call != c.id && f.Assignment.From != c.id {
		if p := c.passedOver(r, f); lacked || p.passed != nil {
			s.steps = append(s.steps, p)
		}
	}
	return nil
}

// end gives the stories once the log has been read.
func (c *collector) end() []*story {
	c.settle()
	if s := c.newest(); s != nil {
		s.ends = c.state.Now()
	}
	return c.stories
}

func (c *collector) newest() *story {
	if len(c.stories) == 0 {
		return nil
	}
	return c.stories[len(c.stories)-1]
}

// begin is the story of a call that has just been received. It keeps a copy of
// the policy: the state's own will be another one.
func (c *collector) begin() *story {
	s := &story{call: c.state.Call(c.id), policy: new(assign.Policy)}
	if p := c.state.Policy(); p != nil {
		*s.policy = *p
	}
	return s
}

// closes reports whether a fact ends a call.
func closes(f assign.Fact, call string) bool {
	end, ok := f.(*assign.CallClosed)
	return ok && end.Call == call
}

// about reports whether a fact is a step in the story of a call. Facts that a
// decision tells of already are none.
func about(f assign.Fact, call string) bool {
	switch f := f.(type) {
	case *assign.DecisionMade:
		return f.Decision.Call == call
	case *assign.UnitDiverted:
		return f.From == call
	case *assign.UnitPreempted:
		return f.From == call
	case *assign.CallPromoted:
		return f.Call == call
	case *assign.UnitEnRoute:
		return f.Call == call
	case *assign.UnitArrived:
		return f.Call == call
	case *assign.UnitCleared:
		return f.Call == call
	case *assign.CallClosed:
		return f.Call == call
	case *assign.ClockWarned:
		return f.Call == call
	case *assign.ClockBreached:
		return f.Call == call
	case *assign.PolicyAdopted: // the call is decided by another one from now on
		return true
	}
	return false
}

// step notes a fact, and the classes of the calls that it names.
func (c *collector) step(r assign.Recorded) step {
	p := step{Recorded: r, decision: c.decision, calls: make(map[string]ranked)}
	switch f := r.Fact.(type) {
	case *assign.DecisionMade:
		for _, list := range [...][]assign.Candidate{f.Decision.Chosen, f.Decision.Considered} {
			for _, u := range list {
				c.name(&p, u.From, u.For)
				for _, passed := range u.Passed {
					c.name(&p, passed.Call)
				}
			}
		}
	case *assign.UnitDiverted:
		c.name(&p, f.To)
	case *assign.UnitPreempted:
		c.name(&p, f.To)
	}
	return p
}

// passedOver notes that a unit was sent to another call.
func (c *collector) passedOver(r assign.Recorded, f *assign.UnitDispatched) step {
	p := step{Recorded: r, decision: c.decision, calls: make(map[string]ranked)}
	c.name(&p, f.Call)
	for _, u := range c.made.Chosen {
		i := slices.IndexFunc(u.Passed, func(p assign.PassedOver) bool { return p.Call == c.id })
		if u.Unit == f.Assignment.Unit && i >= 0 {
			p.passed = &u.Passed[i]
		}
	}
	return p
}

// name notes the classes of calls as they are now.
func (c *collector) name(p *step, calls ...string) {
	for _, id := range calls {
		if call := c.state.Call(id); call != nil {
			p.calls[id] = ranked{call.Class, call.Promoted}
		}
	}
}

// settle completes the steps of an instant that is over. A call that has got
// its units in the same instant was not passed over, unless a decision says so.
func (c *collector) settle() {
	defer clear(c.rounds)
	s := c.newest()
	if s == nil {
		return
	}
	fresh := slices.DeleteFunc(s.steps[c.open:], func(p step) bool {
		_, sent := p.Fact.(*assign.UnitDispatched)
		return sent && p.passed == nil && len(s.call.OpenSlots()) == 0
	})
	s.steps = s.steps[:c.open+len(fresh)]
	for i := range fresh {
		if f, ok := fresh[i].Fact.(*assign.DecisionMade); ok {
			c.complete(&fresh[i], &f.Decision)
		}
	}
	c.open = len(s.steps)
}

// complete tells what came of a decision for other calls.
func (c *collector) complete(p *step, d *assign.Decision) {
	if d.Round != 0 {
		p.together = c.rounds[d.Round] - 1
	}
	for _, a := range c.newest().call.Assignments {
		if from := c.state.Call(a.From); a.Decision == p.Seq && from != nil {
			p.lost = append(p.lost, lossOf(from, a.Unit, p.At))
			c.name(p, from.ID)
		}
	}
	p.goes = make(map[string]string)
	for _, unit := range d.Recalled {
		if u := c.state.Unit(unit); u != nil && u.Call != "" {
			p.goes[unit] = u.Call
			c.name(p, u.Call)
		}
	}
}

func lossOf(call *assign.Call, unit string, at assign.Instant) loss {
	l := loss{unit: unit, call: call.ID, status: call.Status(), reason: call.Reason}
	for _, a := range call.Assignments {
		switch {
		case a.Unit == unit && a.Ended == at:
			l.how = a.How
		case a.Since == at && a.Active():
			l.got = append(l.got, a.Unit)
		}
	}
	return l
}

package verify

import (
	"callbox/assign"
)

// begin finds what the command at hand makes, of which the first of the facts left
// in a frame must be the first.
func (v *Verifier) begin(rest []assign.Recorded) {
	r := rest[0]
	made, ok := r.Fact.(*assign.DecisionMade)
	if ok && made.Decision.Order == nil {
		v.clocks(r)
		v.decision(made)
		return
	} else if ok {
		v.report.Orders++
	}
	v.endRound()
	v.clocks(r)
	if f, ok := r.Fact.(*assign.RoundBegun); ok {
		v.beginRound(f)
		return
	}
	if f, ok := r.Fact.(*assign.PolicyAdopted); ok && v.c.Parse != nil {
		v.policy(f)
	}
	c := commandOf(rest)
	if c == nil {
		v.differ(r.Fact, "%s: nothing before it leads to it", named(r.Fact))
		return
	}
	facts, err := v.decide(c)
	switch {
	case err != nil:
		v.differ(r.Fact, "%s cannot be: %v", named(r.Fact), err)
	case len(facts) == 0:
		v.differ(r.Fact, "%s cannot be: it was so before, or not yet", named(r.Fact))
	default:
		v.expect = facts
	}
}

// policy compares a policy with its text.
func (v *Verifier) policy(f *assign.PolicyAdopted) {
	p, err := v.c.Parse([]byte(f.Source))
	if err != nil {
		v.differ(f, "the text of policy %s is none: %v", f.Policy.Name, err)
		return
	}
	want := *f
	want.Policy = *p
	if what := difference(f, &want); what != "" {
		v.differ(f, "policy %s is not what its text says: %s", f.Policy.Name, what)
	}
}

// clocks looks for events of clocks that should stand before a fact. The engine
// looks at all of them before it does anything at a new instant, but for what it
// writes when it starts.
func (v *Verifier) clocks(r assign.Recorded) {
	switch r.Fact.(type) {
	case *assign.ClockWarned, *assign.ClockBreached, *assign.CallPromoted, *assign.Started, *assign.PolicyAdopted, *assign.RoadClosed:
		return
	}
	if r.At == v.ticked {
		return
	}
	v.ticked = r.At
	facts, err := v.decide(new(assign.Tick))
	if err != nil || len(facts) == 0 {
		return
	}
	if text := written(facts[0]); text != v.overdue {
		v.overdue = text
		v.differ(facts[0], "here is %s, and %s must stand before it", named(r.Fact), named(facts[0]))
	}
}

// commandOf is the command that the first of these facts comes from; nil if it
// comes from none of its own.
func commandOf(rest []assign.Recorded) assign.Command {
	switch f := rest[0].Fact.(type) {
	case *assign.Started:
		return &assign.Start{Started: *f}
	case *assign.PolicyAdopted:
		return &assign.AdoptPolicy{Policy: &f.Policy, Source: f.Source, By: f.By, Reason: f.Reason}
	case *assign.AreasStaged:
		return &assign.StageAreas{AreasStaged: *f}
	case *assign.AreasAdopted:
		return &assign.AdoptAreas{AreasAdopted: *f}
	case *assign.RoadClosed:
		return &assign.CloseRoad{RoadClosed: *f}
	case *assign.RoadOpened:
		return &assign.OpenRoad{ID: f.ID}
	case *assign.KeyUsed:
		return &assign.UseKey{KeyUsed: *f}
	case *assign.UnitsMoved:
		return &assign.RecordMoves{UnitsMoved: *f}
	case *assign.ClockWarned, *assign.ClockBreached, *assign.CallPromoted:
		return new(assign.Tick)
	case *assign.UnitSignedOn:
		u := &f.Unit
		return &assign.SignOn{Unit: u.ID, Capabilities: u.Capabilities, Areas: u.Areas, Status: u.Status, Fix: u.Fix}
	case *assign.UnitStatusChanged:
		return &assign.SetStatus{Unit: f.Unit, Status: f.Status, At: f.At}
	case *assign.UnitEnRoute:
		return &assign.SetStatus{Unit: f.Unit, Call: f.Call, Status: assign.EnRoute, At: f.At}
	case *assign.UnitArrived:
		return &assign.SetStatus{Unit: f.Unit, Call: f.Call, Status: assign.OnScene, At: f.At}
	case *assign.UnitCleared:
		if f.How == assign.WithCall {
			return endOf(f.Call, rest)
		}
		return &assign.SetStatus{Unit: f.Unit, Call: f.Call, Status: f.Status, At: f.At}
	case *assign.CallReceived:
		c := &f.Call
		return &assign.ReportCall{
			ID: c.ID, Type: c.Type, Class: c.Class, Source: c.Source, Location: &c.Location, Cell: c.Cell, Areas: c.Areas,
			Note: c.Note, ReceivedAt: c.ReceivedAt, Needs: c.Needs,
		}
	case *assign.CallClosed:
		return endOf(f.Call, rest)
	case *assign.CallQueued:
		if f.Decision == 0 {
			return &assign.Hold{Call: f.Call, Reason: f.Reason}
		}
	case *assign.DecisionMade: // by a dispatcher's order
		if d := &f.Decision; len(d.Chosen) > 0 {
			sent := &d.Chosen[0]
			return &assign.Override{Call: d.Call, Unit: sent.Unit, Order: *d.Order, Leg: sent.Leg, Fix: sent.Fix, Roads: d.Roads}
		}
	}
	return nil
}

// endOf is the command that ends a call: its last fact says how.
func endOf(call string, rest []assign.Recorded) assign.Command {
	for _, r := range rest {
		if f, ok := r.Fact.(*assign.CallClosed); ok && f.Call == call {
			if f.End.Cancelled {
				return &assign.CancelCall{Call: call, Reason: f.End.Reason, At: f.End.At}
			}
			return &assign.CloseCall{Call: call, Disposition: f.End.Disposition, At: f.End.At}
		}
	}
	return nil
}

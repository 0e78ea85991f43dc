package audit_test

import (
	"slices"
	"testing"

	"callbox/assign"
)

// tape is a copy of a log to plant a fault in. What is put in has number 0 until
// the tape is numbered, and refers to the decision before it as number 0.
type tape struct {
	t     testing.TB
	facts []assign.Recorded
}

// state is what the facts before number i add up to.
func (l *tape) state(i int) *assign.State {
	s := assign.NewState()
	for _, r := range l.facts[:i] {
		if err := s.Apply(r); err != nil {
			l.t.Fatal(err)
		}
	}
	return s
}

// edit changes a copy of fact i.
func edit[T any, F interface {
	*T
	assign.Fact
}](l *tape, i int, change func(*T)) {
	f := *l.facts[i].Fact.(F)
	change(&f)
	l.facts[i].Fact = F(&f)
}

// editDecision changes a copy of the decision at i.
func (l *tape) editDecision(i int, change func(*assign.Decision)) {
	edit(l, i, func(f *assign.DecisionMade) {
		f.Decision.Chosen = slices.Clone(f.Decision.Chosen)
		change(&f.Decision)
	})
}

// put puts facts in before fact i, at its instant.
func (l *tape) put(i int, facts ...assign.Fact) {
	at := l.facts[min(i, len(l.facts)-1)].At
	for _, f := range slices.Backward(facts) {
		l.facts = slices.Insert(l.facts, i, assign.Recorded{At: at, Fact: f})
	}
}

func (l *tape) drop(i int) { l.facts = slices.Delete(l.facts, i, i+1) }

// number numbers the facts anew, and what they say of each other's numbers.
func (l *tape) number() {
	anew, newest := make(map[uint64]uint64), uint64(0)
	for i := range l.facts {
		if l.facts[i].Seq != 0 {
			anew[l.facts[i].Seq] = uint64(i) + 1
		}
	}
	refer := func(old uint64) uint64 {
		if old == 0 {
			return newest
		}
		return anew[old]
	}
	for i := range l.facts {
		l.facts[i].Seq = uint64(i) + 1
		switch l.facts[i].Fact.(type) {
		case *assign.DecisionMade:
			newest = uint64(i) + 1
			l.editDecision(i, func(d *assign.Decision) { d.Round = anew[d.Round] })
		case *assign.UnitDispatched:
			edit(l, i, func(f *assign.UnitDispatched) { f.Assignment.Decision = refer(f.Assignment.Decision) })
		case *assign.CallQueued:
			edit(l, i, func(f *assign.CallQueued) { f.Decision = refer(f.Decision) })
		}
	}
}

// sole is the decision at i if it was made alone, and the index after its facts.
func (l *tape) sole(i int) (d assign.Decision, end int, ok bool) {
	f, ok := l.facts[i].Fact.(*assign.DecisionMade)
	if !ok || f.Decision.Round != 0 && f.Decision.Round != l.facts[i].Seq {
		return d, 0, false
	}
	for end = i + 1; end < len(l.facts); end++ {
		switch g := l.facts[end].Fact.(type) {
		case *assign.CallQueued, *assign.UnitDispatched, *assign.UnitDiverted, *assign.UnitPreempted, *assign.UnitRecalled:
			continue
		case *assign.DecisionMade:
			if f.Decision.Round != 0 && g.Decision.Round == f.Decision.Round {
				return d, 0, false
			}
		}
		break
	}
	return f.Decision, end, true
}

// sends is the decision at i if it was made alone and sends one unit, by nobody's
// order and from no other call.
func (l *tape) sends(i int) (d assign.Decision, end int, ok bool) {
	d, end, ok = l.sole(i)
	return d, end, ok && d.Order == nil && len(d.Chosen) == 1 && d.Chosen[0].From == "" && len(d.Recalled) == 0
}

// dispatch is a decision and what it does, for an available unit and an open
// slot.
func (l *tape) dispatch(s *assign.State, call, unit string, slot int, status assign.CallStatus) []assign.Fact {
	c := sent(unit, slot)
	p := s.Policy()
	return []assign.Fact{
		&assign.DecisionMade{Decision: assign.Decision{Call: call, Status: status, Chosen: []assign.Candidate{c}, Policy: p.Name, PolicyHash: p.Hash}},
		&assign.UnitDispatched{Call: call, Assignment: assign.Assignment{Unit: unit, Slot: slot, Leg: c.Leg, Cost: c.Cost, Since: s.Now()}},
	}
}

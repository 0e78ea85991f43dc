package audit

import (
	"slices"

	"callbox/assign"
)

// round is what came of decisions that were made together, or of one alone.
type round struct {
	number uint64 // of the first decision; 0: it is alone, and does not say
	at     assign.Instant
	sent   []dispatch
	got    map[*call]bool
	lost   map[*unit][]loss
}

// dispatch is a unit that a round sent to a call.
type dispatch struct {
	fact   uint64
	unit   *unit
	to     *call
	fix    *assign.Fix
	order  *assign.Order       // nil if it was no dispatcher's
	passed []assign.PassedOver // as the decision says
}

// loss is a call that a unit was taken from, and the slot that it had there.
type loss struct {
	from *call
	slot int
}

// ofRound reports whether a fact is part of a round.
func ofRound(f assign.Fact) bool {
	switch f.(type) {
	case *assign.DecisionMade, *assign.CallQueued, *assign.UnitDispatched,
		*assign.UnitDiverted, *assign.UnitPreempted, *assign.UnitRecalled:
		return true
	}
	return false
}

// begin begins a round if none is under way: a decision that lacks in the log
// has one of its own.
func (a *Auditor) begin(number uint64) *round {
	if a.round == nil {
		a.round = &round{number: number, at: a.now, got: make(map[*call]bool), lost: make(map[*unit][]loss)}
		a.report.Rounds++
	}
	return a.round
}

// lostBy reports whether a unit was taken from a call in this round.
func (r *round) lostBy(u *unit, call string) bool {
	return slices.ContainsFunc(r.lost[u], func(l loss) bool { return l.from.id == call })
}

// endRound judges each dispatch of a round against the calls of higher classes
// that wait after it.
func (a *Auditor) endRound() {
	a.endDecision()
	r := a.round
	a.round = nil
	if r == nil {
		return
	}
	for i := range r.sent {
		s := &r.sent[i]
		for _, c := range a.waiting {
			if c.rank >= s.to.rank {
				break
			}
			a.compare(r, s, c)
		}
	}
}

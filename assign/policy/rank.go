package policy

import (
	"cmp"
	"slices"

	"callbox/assign"
)

// Rank answers for one call, which need not be in the state, and decides
// nothing: whom the call would get if it came now, and the n best candidates.
// The suitable ones come first, by cost; then the refused ones, by travel time;
// then those that nobody knows a way for, by ID. For a call that has all its
// units, candidates are weighed for any of its needs.
func (Advisor) Rank(s *assign.Situation, call *assign.Call, n int) (assign.Decision, []assign.Candidate) {
	r := newRound(s)
	q := r.ask(call)
	r.decide([]*assign.Call{call}, nil)
	d, _ := r.decision(call, nil, nil)
	if call.Reason != nil { // told again
		again := *call
		again.Reason, q.call = nil, &again
	}
	for _, made := range r.decisions() {
		if made.Call == call.ID {
			d = made
		}
	}
	return d, newExplainer(r).candidates(q, n)
}

// candidates are the n best.
func (e *explainer) candidates(q *question, n int) []assign.Candidate {
	slots := q.open
	if len(slots) == 0 {
		for slot := range q.call.Slots() {
			slots = append(slots, slot)
		}
	}
	clear(e.taken) // by this very question
	unmet := 0
	for _, id := range e.s.State.UnitIDs() {
		if q.refuses(e.s.State.Unit(id), slots...) == "" {
			unmet++
		}
	}
	var suitable, refused []assign.Candidate
	met := make(map[string]bool)
	for leg := range e.s.Legs(q.call.Location, q.class.Profile, 0, assign.Want{}) {
		enough := len(suitable) >= n && suitable[n-1].Total() < q.travel(leg)
		if enough || unmet == 0 && len(suitable)+len(refused) >= n {
			break
		}
		met[leg.ID] = true
		u := e.s.State.Unit(leg.ID)
		c := assign.Candidate{Unit: u.ID, Leg: &leg, Fix: e.fix(u.ID), From: u.Call, Rule: q.refuses(u, slots...)}
		if c.Rule == "" {
			unmet--
			c.Slot = q.slotFor(u, slots)
			if c.Cost = e.terms(q, c.Slot, u, leg); q.limit > 0 && leg.Time > q.limit {
				c.Rule, c.Cost = assign.RulePullLimit, nil
			}
		}
		if c.Rule == "" {
			i, _ := slices.BinarySearchFunc(suitable, c, cheaper)
			suitable = slices.Insert(suitable, i, c)
		} else if len(refused) < n {
			refused = append(refused, c)
		}
	}
	ranked := append(suitable, refused...)
	for _, id := range e.s.State.UnitIDs() {
		if len(ranked) >= n {
			break
		}
		if !met[id] {
			rule := cmp.Or(q.refuses(e.s.State.Unit(id), slots...), assign.RuleUnreachable)
			ranked = append(ranked, assign.Candidate{Unit: id, Rule: rule})
		}
	}
	ranked = ranked[:min(n, len(ranked))]
	for i := range ranked {
		if ranked[i].Leg != nil {
			e.s.Measure(ranked[i].Leg, q.call.Location, q.class.Profile)
		}
	}
	return ranked
}

// cheaper orders candidates by cost, then by ID.
func cheaper(a, b assign.Candidate) int {
	return cmp.Or(cmp.Compare(a.Total(), b.Total()), cmp.Compare(a.Unit, b.Unit))
}

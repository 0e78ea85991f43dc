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
	a := &round{s: s, taken: make(map[string]bool)}
	q := a.ask(call)
	d := q.answer()
	if len(q.slots) == 0 {
		for slot := range call.Slots() {
			q.slots = append(q.slots, slot)
		}
	}
	var suitable, refused []assign.Candidate
	met := make(map[string]bool)
	unmet, _ := q.sift()
	for leg := range s.Legs(call.Location, q.class.Profile, 0, assign.Want{}) {
		if len(suitable) >= n && ahead(&suitable[n-1], leg) || unmet == 0 && len(suitable)+len(refused) >= n {
			break
		}
		c, u := q.candidate(leg)
		met[u.ID] = true
		if c.Rule = q.refuses(u); c.Rule == "" {
			unmet--
			c.Cost = q.cost(u, c)
			if limit := q.limit(); limit > 0 && leg.Time > limit {
				c.Rule = assign.RulePullLimit
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
	for _, id := range s.State.UnitIDs() {
		if len(ranked) >= n {
			break
		}
		if !met[id] {
			rule := cmp.Or(q.refuses(s.State.Unit(id)), assign.RuleUnreachable)
			ranked = append(ranked, assign.Candidate{Unit: id, Rule: rule})
		}
	}
	return d, ranked[:min(n, len(ranked))]
}

package policy

import (
	"fmt"
	"slices"

	"callbox/assign"
)

// reason says why slots stay empty: the rule that refused the unit that came
// farthest, since nearly everything was right about that one. Units that are
// on the call, or go to it now, do not count.
func (q *question) reason(empty []int, chosen []assign.Candidate) *assign.Reason {
	rest := &question{s: q.s, call: q.call, class: q.class, slots: empty, taken: q.taken}
	refused := make(counts)
	for _, id := range q.s.State.UnitIDs() {
		u := q.s.State.Unit(id)
		goes := func(c assign.Candidate) bool { return c.Unit == id }
		if u.Call == q.call.ID || slices.ContainsFunc(chosen, goes) {
			continue
		}
		rule := rest.refuses(u)
		if rule == "" { // suitable, and still the search did not meet it
			rule = q.beyond()
		}
		refused[rule]++
	}
	if len(refused) == 0 {
		return &assign.Reason{Code: "no_units", Sentence: "No other unit is signed on."}
	}
	sorted := refused.sorted()
	last := sorted[len(sorted)-1]
	say := sentences[last.Rule]
	return &assign.Reason{Code: say.code, Sentence: fmt.Sprintf(say.sentence, units(last.Units))}
}

func units(n int) string {
	if n == 1 {
		return "1 unit"
	}
	return fmt.Sprintf("%d units", n)
}

// sentences are the codes that a call waits by, and their words for a person.
var sentences = map[assign.Rule]struct{ code, sentence string }{
	assign.RuleCapability:        {"no_capable_unit", "None of %s has what the call needs."},
	assign.RuleCapabilityUnknown: {"capabilities_unknown", "Nobody has said what %s can do."},
	assign.RuleArea:              {"no_unit_in_area", "The class keeps to its area, and %s belong elsewhere."},
	assign.RuleAreaUnknown:       {"area_unknown", "The class keeps to its area, and nobody has said where %s belong."},
	assign.RuleDuty:              {"no_unit_on_duty", "Off duty or out of service: %s that could go."},
	assign.RuleOnCall:            {"all_units_busy", "On other calls: %s that could go."},
	assign.RuleTaken:             {"units_taken", "Given to calls that come first: %s that could go."},
	assign.RuleGaveBack:          {"given_back", "Gave this call back: %s, and no other could go."},
	assign.RulePositionUnknown:   {"position_unknown", "Nobody knows where the free ones are: %s."},
	assign.RulePositionStale:     {"position_stale", "The free ones have not said where they are for too long: %s."},
	assign.RulePullLimit:         {"out_of_reach", "Farther away than the class allows: %s that could go."},
	assign.RuleUnreachable:       {"no_road", "No way by road from %s that could go."},
}

package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"callbox/assign"
)

// shortfall counts the units that each rule refuses for slots that stay empty,
// over all that are signed on, and says why they do: the rule that refused the
// unit that came farthest, since nearly everything was right about that one.
// Units that are on the call, or go to it now, do not count for that.
func (e *explainer) shortfall(q *question, empty []int) ([]assign.RuleCount, *assign.Reason) {
	refused, own := make(counts), make(counts)
	sifted := e.sift(q, empty)
	for rule, n := range sifted.refused {
		refused[rule] += n
	}
	for _, u := range sifted.suitable {
		refused[e.rest(q, u)]++
	}
	for _, id := range e.units(q.call) {
		u := e.s.State.Unit(id)
		own[cmp.Or(e.refuses(q, u, empty), e.rest(q, u))]++
	}
	sorted := refused.sorted()
	for _, rule := range slices.Backward(sorted) {
		if n := rule.Units - own[rule.Rule]; n > 0 {
			say := sentences[rule.Rule]
			return sorted, &assign.Reason{Code: say.code, Sentence: fmt.Sprintf(say.sentence, count(n))}
		}
	}
	return sorted, &assign.Reason{Code: "no_units", Sentence: "No other unit is signed on."}
}

// units are those on a call, or that go to it now.
func (e *explainer) units(call *assign.Call) []string {
	units := slices.DeleteFunc(call.ActiveUnits(), func(unit string) bool {
		goes := e.goes[unit]
		return goes != "" && goes != call.ID
	})
	for slot := range call.Slots() {
		if unit := e.plan[slotKey{call.ID, slot}]; unit != "" && !slices.Contains(units, unit) {
			units = append(units, unit)
		}
	}
	return units
}

// sifted is all units, sifted by the rules for some slots.
type sifted struct {
	refused  counts
	suitable []*assign.Unit // refused by no rule that does not look at the way
}

// sift asks the rules about all units. Calls that ask for the same have the same
// answer.
func (e *explainer) sift(q *question, empty []int) *sifted {
	key := fmt.Sprint(q.class.Name, q.rank, q.reserve, strings.Join(q.call.Areas, " "))
	for _, slot := range empty {
		key += "|" + strings.Join(q.call.Slot(slot).Capabilities, " ")
	}
	own := slices.ContainsFunc(q.call.Assignments, func(a assign.Assignment) bool { return a.How == assign.GaveBack || a.Active() })
	if known := e.sifted[key]; known != nil && !own {
		return known
	}
	s := &sifted{refused: make(counts)}
	for _, id := range e.s.State.UnitIDs() {
		u := e.s.State.Unit(id)
		if rule := e.refuses(q, u, empty); rule != "" && rule != assign.RuleTaken {
			s.refused[rule]++
		} else {
			s.suitable = append(s.suitable, u)
		}
	}
	if !own {
		e.sifted[key] = s
	}
	return s
}

// rest is why a suitable unit does not come: it is too far away, or goes to
// another call, or stays with one.
func (e *explainer) rest(q *question, u *assign.Unit) assign.Rule {
	if _, near := e.s.Leg(u.ID, q.call.Location, q.class.Profile, q.limit); !near || e.goes[u.ID] == "" && u.Call == "" {
		return q.beyond()
	}
	return assign.RuleTaken
}

func count(n int) string {
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
	assign.RuleHigherCall:        {"on_higher_calls", "On calls that come first: %s that could go."},
	assign.RuleTaken:             {"units_taken", "Given to calls that come first: %s that could go."},
	assign.RuleGaveBack:          {"given_back", "Gave this call back: %s, and no other could go."},
	assign.RulePositionUnknown:   {"position_unknown", "Nobody knows where the free ones are: %s."},
	assign.RulePositionStale:     {"position_stale", "The free ones have not said where they are for too long: %s."},
	assign.RuleReserve:           {"kept_in_reserve", "Kept back for calls of higher classes: %s that could go."},
	assign.RulePullLimit:         {"out_of_reach", "Farther away than the class allows: %s that could go."},
	assign.RuleUnreachable:       {"no_road", "No way by road from %s that could go."},
}

package policy

import (
	"cmp"
	"slices"
	"time"

	"callbox/assign"
)

// order is the fixed order of the rules. It goes from what a unit is to what it
// does to where it is, so that the rule that refuses the unit that came
// farthest is the reason why a call waits.
var order = []assign.Rule{
	assign.RuleCapability, assign.RuleCapabilityUnknown,
	assign.RuleArea, assign.RuleAreaUnknown,
	assign.RuleDuty, assign.RuleOnCall, assign.RuleTaken, assign.RuleGaveBack,
	assign.RulePositionUnknown, assign.RulePositionStale,
	assign.RulePullLimit, assign.RuleUnreachable,
}

// question is one call's search for units.
type question struct {
	s     *assign.Situation
	call  *assign.Call
	class *assign.Class
	slots []int           // the open slots that are to be filled
	taken map[string]bool // units given to calls that come before
}

// limit is how far away a unit may be, 0 for anywhere: a call that has waited
// past its target is not left waiting for a near one any longer.
func (q *question) limit() time.Duration {
	if q.s.Now > q.call.Answer.Due(q.call.ReceivedAt) {
		return 0
	}
	return q.class.PullLimit
}

// refuses is the first rule that refuses a unit, "" if none does. Travel is not
// looked at: RulePullLimit and RuleUnreachable are found on the way.
func (q *question) refuses(u *assign.Unit) assign.Rule {
	if rule := q.unfit(u); rule != "" {
		return rule
	}
	if q.class.Reach < assign.City {
		switch tier, known := q.s.State.Policy().TierOf(u.Areas, q.call.Areas); {
		case !known:
			return assign.RuleAreaUnknown
		case tier > q.class.Reach:
			return assign.RuleArea
		}
	}
	switch {
	case u.Status.OnCall():
		return assign.RuleOnCall
	case u.Status != assign.Available:
		return assign.RuleDuty
	case q.taken[u.ID]:
		return assign.RuleTaken
	case q.call.GaveBackBy(u.ID):
		return assign.RuleGaveBack
	}
	fix, known := q.s.Fix(u.ID)
	if !known {
		return assign.RulePositionUnknown
	}
	if q.s.Now.Sub(fix.Since) > q.s.State.Policy().Positions.StaleAfter {
		return assign.RulePositionStale
	}
	return ""
}

// unfit is the rule by which a unit can fill none of the slots.
func (q *question) unfit(u *assign.Unit) assign.Rule {
	for _, slot := range q.slots {
		if fits(u, q.call.Slot(slot)) {
			return ""
		}
	}
	if u.Capabilities == nil {
		return assign.RuleCapabilityUnknown
	}
	return assign.RuleCapability
}

// fits reports whether a unit is known to have what a need asks for. Nobody
// needs to know anything of a unit that is asked for nothing.
func fits(u *assign.Unit, n *assign.Need) bool {
	return len(n.Capabilities) == 0 || u.Can(n)
}

// cost is what a unit costs for the call, by term, for a known travel time.
func (q *question) cost(u *assign.Unit, c assign.Candidate) []assign.Term {
	terms := []assign.Term{{Name: "travel", Time: c.Leg.Time}}
	tier, _ := q.s.State.Policy().TierOf(u.Areas, q.call.Areas)
	if area := q.s.State.Policy().AreaOrder[tier]; area > 0 {
		terms = append(terms, assign.Term{Name: "area", Time: area})
	}
	return terms
}

// counts collects how many units each rule refused.
type counts map[assign.Rule]int

// sorted gives the counts in the order of the rules.
func (c counts) sorted() []assign.RuleCount {
	var out []assign.RuleCount
	for rule, n := range c {
		if n > 0 {
			out = append(out, assign.RuleCount{Rule: rule, Units: n})
		}
	}
	slices.SortFunc(out, func(a, b assign.RuleCount) int { return cmp.Compare(rank(a.Rule), rank(b.Rule)) })
	return out
}

func rank(r assign.Rule) int { return slices.Index(order, r) }

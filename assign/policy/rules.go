package policy

import (
	"cmp"
	"slices"

	"callbox/assign"
)

// order is the fixed order of the rules. It goes from what a unit is to what it
// does to where it is, so that the rule that refuses the unit that came
// farthest is the reason why a call waits.
var order = []assign.Rule{
	assign.RuleCapability, assign.RuleCapabilityUnknown,
	assign.RuleArea, assign.RuleAreaUnknown,
	assign.RuleDuty, assign.RuleOnCall, assign.RuleHigherCall, assign.RuleTaken, assign.RuleGaveBack,
	assign.RulePositionUnknown, assign.RulePositionStale,
	assign.RuleReserve, assign.RulePullLimit, assign.RuleUnreachable,
}

// refuses is the first rule that refuses a unit for all of these slots, "" if
// none does. Travel is not looked at: RulePullLimit and RuleUnreachable are found
// on the way.
func (q *question) refuses(u *assign.Unit, slots ...int) assign.Rule {
	return q.first(u, slots, q.taken[u.ID] != "")
}

// refusesButTaken is what refuses says were the unit not given to another call.
func (q *question) refusesButTaken(u *assign.Unit, slots []int) assign.Rule {
	return q.first(u, slots, false)
}

func (q *question) first(u *assign.Unit, slots []int, taken bool) assign.Rule {
	if rule := cmp.Or(q.unfit(u, slots), q.tooFar(u), q.occupied(u)); rule != "" {
		return rule
	}
	switch {
	case taken:
		return assign.RuleTaken
	case q.call.GaveBackBy(u.ID):
		return assign.RuleGaveBack
	}
	return cmp.Or(q.lost(u), q.kept(u, slots))
}

// unfit is the rule by which a unit can fill none of the slots.
func (q *question) unfit(u *assign.Unit, slots []int) assign.Rule {
	if q.slotFor(u, slots) >= 0 {
		return ""
	}
	if u.Capabilities == nil {
		return assign.RuleCapabilityUnknown
	}
	return assign.RuleCapability
}

// slotFor is the first of the slots that a unit can fill, -1 if it can fill none.
func (q *question) slotFor(u *assign.Unit, slots []int) int {
	for _, slot := range slots {
		if fits(u, q.call.Slot(slot)) {
			return slot
		}
	}
	return -1
}

// fits reports whether a unit is known to have what a need asks for. Nobody
// needs to know anything of a unit that is asked for nothing.
func fits(u *assign.Unit, n *assign.Need) bool {
	return len(n.Capabilities) == 0 || u.Can(n)
}

// tooFar is the rule by which a unit belongs too far away. Units of other
// agencies come only where the policy calls for them.
func (q *question) tooFar(u *assign.Unit) assign.Rule {
	if q.class.Reach == assign.City && q.policy.MutualAid == nil || q.class.Reach == assign.Mutual {
		return ""
	}
	switch tier, known := q.policy.TierOf(u.Areas, q.call.Areas); {
	case known && tier > q.class.Reach:
		return assign.RuleArea
	case !known && q.class.Reach < assign.City:
		return assign.RuleAreaUnknown
	}
	return ""
}

// occupied is the rule by which what a unit does keeps it from the call.
func (q *question) occupied(u *assign.Unit) assign.Rule {
	if u.Status.OnCall() {
		from := q.s.State.Call(u.Call)
		takes := q.class.MayDivert
		if u.Status == assign.OnScene {
			takes = q.class.MayPreempt
		}
		switch {
		case q.mayTake(from, u):
		case takes && from.ID != q.call.ID && q.policy.RankOf(from) <= q.rank:
			return assign.RuleHigherCall
		default:
			return assign.RuleOnCall
		}
	} else if u.Status != assign.Available {
		return assign.RuleDuty
	}
	return ""
}

// mayTake reports whether the call may take a unit off another. Decided in turn,
// it takes none off a call of its own rank: the two could take it from each other
// for ever.
func (q *question) mayTake(from *assign.Call, u *assign.Unit) bool {
	return from.ID != q.call.ID && q.policy.MayTake(q.call, from, u.ID) && (q.together || q.rank < q.policy.RankOf(from))
}

// lost is the rule by which nobody knows where a unit is.
func (q *question) lost(u *assign.Unit) assign.Rule {
	fix, known := q.s.Fix(u.ID)
	if !known {
		return assign.RulePositionUnknown
	}
	if q.s.Now.Sub(fix.Since) > q.policy.Positions.StaleAfter {
		return assign.RulePositionStale
	}
	return ""
}

// kept is the rule by which an available unit is kept back from all of the slots.
func (q *question) kept(u *assign.Unit, slots []int) assign.Rule {
	open := func(slot int) bool { return !slices.Contains(q.reserve, slot) && fits(u, q.call.Slot(slot)) }
	if u.Status != assign.Available || len(q.reserve) == 0 || slices.ContainsFunc(slots, open) {
		return ""
	}
	return assign.RuleReserve
}

// beyond is the rule that refuses units that the search for ways did not meet.
func (q *question) beyond() assign.Rule {
	if q.limit > 0 {
		return assign.RulePullLimit
	}
	return assign.RuleUnreachable
}

// counts collects how many units each rule refused.
type counts map[assign.Rule]int

// sorted gives the counts in the order of the rules.
func (c counts) sorted() []assign.RuleCount {
	var out []assign.RuleCount
	for _, rule := range order {
		if n := c[rule]; n > 0 {
			out = append(out, assign.RuleCount{Rule: rule, Units: n})
		}
	}
	return out
}

package audit

import (
	"math/bits"
	"slices"
	"time"

	"callbox/assign"
)

// class is the policy's class of that name, nil if it has none, and its rank:
// the one it is given, else its place. 1 is the highest, 0 stands for none.
func (a *Auditor) class(name string) (*assign.Class, int) {
	for i := range a.policy.Classes {
		if k := &a.policy.Classes[i]; k.Name == name {
			if k.Rank > 0 {
				return k, k.Rank
			}
			return k, i + 1
		}
	}
	return nil, 0
}

// policyRank is a call's rank by the policy in force: that of its class, or the
// one it was promoted to.
func (a *Auditor) policyRank(c *call) int {
	_, own := a.class(c.class)
	if _, promoted := a.class(c.promoted); 0 < promoted && promoted < own {
		return promoted
	}
	return own
}

// protected reports whether no call may be promoted to this rank or above, since
// a class of it or of a lower rank is protected.
func (a *Auditor) protected(rank int) bool {
	for i := range a.policy.Classes {
		if k := &a.policy.Classes[i]; k.Protected {
			if _, r := a.class(k.Name); rank <= r {
				return true
			}
		}
	}
	return false
}

// able reports whether a unit is known to have what a slot asks for. Of a unit
// that is asked for nothing nobody needs to know anything.
func able(u *unit, s *slot) bool {
	return len(s.asks) == 0 || u.capabilities != nil && has(u.capabilities, s.asks)
}

// reaches reports whether a unit's area is within the reach of a call's class. A
// class that may have all of the city's units may have one whose area nobody
// knows.
func (a *Auditor) reaches(u *unit, c *call) bool {
	k, _ := a.class(c.class)
	switch {
	case k == nil:
		return true
	case len(u.areas) == 0:
		return k.Reach >= assign.City
	case a.policy.MutualAid != nil && slices.Contains(a.policy.MutualAid.Areas, u.areas[0]):
		return k.Reach >= assign.Mutual
	case slices.Contains(c.areas, u.areas[0]):
		return true
	case slices.ContainsFunc(u.areas, func(area string) bool { return slices.Contains(c.areas, area) }):
		return k.Reach >= assign.Precinct
	}
	return k.Reach >= assign.City
}

// limited reports whether the class of a call sets a limit to travel times.
func (a *Auditor) limited(c *call) bool {
	k, _ := a.class(c.class)
	return k != nil && k.PullLimit > 0
}

// beyond reports whether a travel time is above the pull limit of a call at an
// instant: limit * age / target once the call is older than its answer target.
// Times are whole milliseconds, so time > floor(limit * age / target) just if
// time * target > limit * age, which needs no division and 128 bits.
func (a *Auditor) beyond(c *call, time time.Duration, at assign.Instant) bool {
	if !a.limited(c) {
		return false
	}
	k, _ := a.class(c.class)
	limit, target, age := k.PullLimit.Milliseconds(), k.Answer.Milliseconds(), int64(at-c.received)
	if age <= target {
		return time.Milliseconds() > limit
	}
	high, low := bits.Mul64(uint64(max(0, time.Milliseconds())), uint64(max(0, target)))
	bound, rest := bits.Mul64(uint64(limit), uint64(age))
	return high > bound || high == bound && low > rest
}

// mayTake tells why the policy does not let a call take a unit from another, ""
// if it does.
func (a *Auditor) mayTake(from, to *call, how assign.AssignmentEnd) string {
	giver, _ := a.class(from.class)
	taker, _ := a.class(to.class)
	if giver == nil || taker == nil {
		return "the policy does not have both classes"
	}
	above, below := a.policyRank(to), a.policyRank(from)
	switch {
	case how == assign.Diverted && !taker.MayDivert:
		return taker.Name + " may not divert units"
	case how == assign.Diverted && !giver.Divertible:
		return "units on their way to " + giver.Name + " may not be taken"
	case how == assign.Diverted && above > below:
		return to.class + " comes after " + from.class
	case how == assign.Preempted && !taker.MayPreempt:
		return taker.Name + " may not take units from scenes"
	case how == assign.Preempted && !giver.Preemptible:
		return "units on scenes of " + giver.Name + " may not be taken"
	case how == assign.Preempted && above >= below:
		return to.class + " does not come before " + from.class
	}
	return ""
}

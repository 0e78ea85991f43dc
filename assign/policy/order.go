package policy

import (
	"cmp"

	"callbox/assign"
)

// before orders waiting calls for choosing: by class, then by age over target,
// the greater share first. Calls that compare equal are told apart by how soon
// a unit can be there, and last by ID; see Advisor.
func before(p *assign.Policy, now assign.Instant) func(a, b *assign.Call) int {
	return func(a, b *assign.Call) int {
		return cmp.Or(
			cmp.Compare(p.Rank(a.Class), p.Rank(b.Class)),
			relativeAge(b, a, now),
		)
	}
}

// relativeAge compares age over target of two calls by cross-multiplication.
// Ages are at most 30 days (assign.MaxAge) and whatever a call has waited, and
// targets at most 10,000 hours, so the products stay below 2^63 for 8,000
// years.
func relativeAge(a, b *assign.Call, now assign.Instant) int {
	return cmp.Compare(
		age(a, now)*b.Answer.Target.Milliseconds(),
		age(b, now)*a.Answer.Target.Milliseconds(),
	)
}

func age(c *assign.Call, now assign.Instant) int64 { return max(0, int64(now-c.ReceivedAt)) }

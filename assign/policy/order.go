package policy

import (
	"cmp"
	"math/bits"

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

// relativeAge compares age over target of two calls by cross-multiplication, in
// 128 bits: a month in milliseconds times a year in milliseconds is above 2^63.
func relativeAge(a, b *assign.Call, now assign.Instant) int {
	high1, low1 := bits.Mul64(age(a, now), uint64(b.Answer.Target.Milliseconds()))
	high2, low2 := bits.Mul64(age(b, now), uint64(a.Answer.Target.Milliseconds()))
	return cmp.Or(cmp.Compare(high1, high2), cmp.Compare(low1, low2))
}

func age(c *assign.Call, now assign.Instant) uint64 { return uint64(max(0, now-c.ReceivedAt)) }

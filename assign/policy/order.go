package policy

import (
	"cmp"
	"math/bits"

	"callbox/assign"
)

// before orders calls: by rank, then by age over target, the greater share first,
// then as they came. A policy may have the oldest first, whatever its class.
func (r *round) before() func(a, b *assign.Call) int {
	return func(a, b *assign.Call) int {
		if r.solver.ByAge {
			return cmp.Or(cmp.Compare(a.ReceivedAt, b.ReceivedAt), cmp.Compare(a.Opened, b.Opened), cmp.Compare(a.ID, b.ID))
		}
		return cmp.Or(
			cmp.Compare(r.policy.RankOf(a), r.policy.RankOf(b)),
			relativeAge(b, a, r.s.Now),
			cmp.Compare(a.Opened, b.Opened),
			cmp.Compare(a.ID, b.ID),
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

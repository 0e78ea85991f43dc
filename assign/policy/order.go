package policy

import (
	"cmp"
	"math/bits"
	"slices"

	"callbox/assign"
)

// before orders calls: by rank, then by age over target, the greater share first,
// then as they came. A policy may have the oldest first, whatever its class.
func (r *round) before() func(a, b *assign.Call) int {
	return func(a, b *assign.Call) int {
		if r.solver.ByAge {
			return cmp.Or(cmp.Compare(a.ReceivedAt, b.ReceivedAt), cmp.Compare(a.Opened, b.Opened), cmp.Compare(a.ID, b.ID))
		}
		if d := r.byRank(a, b); d != 0 {
			return d
		}
		if d := r.relativeAge(b, a); d != 0 {
			return d
		}
		return cmp.Or(cmp.Compare(a.Opened, b.Opened), cmp.Compare(a.ID, b.ID))
	}
}

func (r *round) byRank(a, b *assign.Call) int {
	return cmp.Compare(r.policy.RankOf(a), r.policy.RankOf(b))
}

// sortByRank sorts calls by rank, those of the same rank as before orders them.
func (r *round) sortByRank(calls []*assign.Call) {
	slices.SortFunc(calls, r.before())
	slices.SortStableFunc(calls, r.byRank)
}

// counts is the class that a call counts as: its own, or that which it has been
// promoted to. How late it is for that is a matter of that class's target.
func (r *round) counts(call *assign.Call) *assign.Class {
	if rank := r.policy.Rank(call.Promoted); rank > 0 && rank < r.policy.Rank(call.Class) {
		return r.policy.Class(call.Promoted)
	}
	return r.policy.Class(call.Class)
}

// relativeAge compares age over target of two calls by cross-multiplication, in
// 128 bits: a month in milliseconds times a year in milliseconds is above 2^63.
func (r *round) relativeAge(a, b *assign.Call) int {
	high1, low1 := bits.Mul64(age(a, r.s.Now), uint64(r.counts(b).Answer.Milliseconds()))
	high2, low2 := bits.Mul64(age(b, r.s.Now), uint64(r.counts(a).Answer.Milliseconds()))
	return cmp.Or(cmp.Compare(high1, high2), cmp.Compare(low1, low2))
}

func age(c *assign.Call, now assign.Instant) uint64 { return uint64(max(0, now-c.ReceivedAt)) }

package policy

import (
	"slices"

	"callbox/assign"
)

// holdBack keeps available units back for higher classes, as the policy's
// reserves say: it marks the calls that took one too many and reports whether there
// were any. The answer is then to be found again without them.
func (r *round) holdBack() bool {
	if !slices.ContainsFunc(r.policy.Classes, func(k assign.Class) bool { return k.Reserve > 0 }) {
		return false
	}
	var takers []*row
	for i, w := range r.rows {
		if u := r.s.State.Unit(r.unitOf(i)); u != nil && u.Status == assign.Available {
			takers = append(takers, w)
		}
	}
	compare := r.before()
	slices.SortStableFunc(takers, func(a, b *row) int { return compare(a.call, b.call) })
	left, again := r.idle(), false
	for _, w := range takers {
		if left--; left < r.counts(w.call).Reserve {
			left++
			w.reserve, again = append(w.reserve, w.slot), true
		}
	}
	return again
}

// idle is how many units are available and not given away.
func (r *round) idle() int {
	n := 0
	for _, id := range r.s.State.UnitIDs() {
		if r.s.State.Unit(id).Status == assign.Available && r.taken[id] == "" {
			n++
		}
	}
	return n
}

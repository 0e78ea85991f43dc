package policy

import (
	"slices"

	"callbox/assign"
)

// filling is a matching of units with the open slots of a call. The sets of
// units that can all be placed at once form a transversal matroid (Edmonds and
// Fulkerson 1965), so taking units in order of cost, each if it still can be
// placed, fills as many slots as can be filled, at the least total cost.
type filling struct {
	call  *assign.Call
	slots []int
	units []*assign.Unit // by slot, nil where empty
}

func newFilling(call *assign.Call, slots []int) *filling {
	return &filling{call: call, slots: slots, units: make([]*assign.Unit, len(slots))}
}

// add places a unit, moving others between slots if need be, and reports
// whether it could: one augmenting path (Kuhn 1955), O(slots squared).
func (f *filling) add(u *assign.Unit) bool {
	return f.place(u, make([]bool, len(f.slots)))
}

func (f *filling) place(u *assign.Unit, seen []bool) bool {
	for i, slot := range f.slots {
		if seen[i] || !fits(u, f.call.Slot(slot)) {
			continue
		}
		seen[i] = true
		if f.units[i] == nil || f.place(f.units[i], seen) {
			f.units[i] = u
			return true
		}
	}
	return false
}

// slotOf is the slot that a placed unit fills.
func (f *filling) slotOf(unit string) int {
	return f.slots[slices.IndexFunc(f.units, func(u *assign.Unit) bool { return u != nil && u.ID == unit })]
}

// empty are the slots that are not filled.
func (f *filling) empty() []int {
	var out []int
	for i, u := range f.units {
		if u == nil {
			out = append(out, f.slots[i])
		}
	}
	return out
}

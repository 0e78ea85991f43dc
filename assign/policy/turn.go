package policy

import (
	"slices"

	"callbox/assign"
)

// inTurn serves calls one after the other, each with the units that are best for
// it alone. A call that loses its unit to a higher one waits again, in its place.
func (r *round) inTurn(pending []*assign.Call) {
	compare := r.before()
	for len(pending) > 0 {
		call := pending[0]
		for {
			r.clear()
			r.addOpen(call)
			if !r.holdBack() {
				break
			}
		}
		if rivals := r.rivalsOfAll(call); len(rivals) > 0 {
			pending = slices.Insert(pending, 0, rivals...)
			continue
		}
		pending = pending[1:]
		for i, w := range r.rows {
			unit := r.unitOf(i)
			r.plan[slotKey{call.ID, w.slot}] = unit
			if unit == "" {
				continue
			}
			r.taken[unit] = call.ID
			u := r.s.State.Unit(unit)
			if u.Call == "" {
				continue
			}
			from := r.s.State.Call(u.Call)
			q, slot := r.ask(from), from.On(unit).Slot
			r.plan[slotKey{from.ID, slot}] = ""
			q.open = append(slices.Clone(q.open), slot)
			slices.Sort(q.open)
			if at, there := slices.BinarySearchFunc(pending, from, compare); !there {
				pending = slices.Insert(pending, at, from)
			}
		}
	}
}

// rivalsOfAll are the calls that come before this one and could have what it
// gets, and have not been served in this round.
func (r *round) rivalsOfAll(call *assign.Call) (rivals []*assign.Call) {
	for i := range r.rows {
		if u := r.s.State.Unit(r.unitOf(i)); u != nil {
			rivals = append(rivals, r.rivals(u, call)...)
		}
	}
	slices.SortFunc(rivals, r.before())
	return slices.Compact(rivals)
}

package policy

import (
	"slices"

	"callbox/assign"
)

// decisions tells what the plan changes, a decision a call, in the order in which
// they are to be carried out: the highest rank first, so that a unit which a call
// gives back is free for those that come after.
func (r *round) decisions() []assign.Decision {
	slots := make(map[string][]int)
	var calls []*assign.Call
	for key := range r.plan {
		if slots[key.call] == nil {
			calls = append(calls, r.questions[key.call].call)
		}
		slots[key.call] = append(slots[key.call], key.slot)
	}
	r.sortByRank(calls)
	e := newExplainer(r)
	var out []assign.Decision
	gone := make(map[string]bool) // units that have left their calls by decisions before
	for _, call := range calls {
		slices.Sort(slots[call.ID])
		d, news := r.decision(call, slots[call.ID], gone)
		if !news || len(d.Chosen)+len(d.Recalled) == 0 && e.waitsAsBefore(call) {
			continue
		}
		e.explain(&d, call)
		out = append(out, d)
	}
	return out
}

// waitsAsBefore reports whether a call that gets nothing has been told so already,
// and why.
func (e *explainer) waitsAsBefore(call *assign.Call) bool {
	if call.Reason == nil || loses(call, e.plan) {
		return false
	}
	_, reason := e.shortfall(e.questions[call.ID], e.empty(call))
	return reason.Code == call.Reason.Code || busy[reason.Code] && busy[call.Reason.Code]
}

// busy are the reasons that say that units are on other calls, in one way or
// another: which of them it is changes with every unit that is freed.
var busy = map[string]bool{"all_units_busy": true, "on_higher_calls": true, "units_taken": true}

// loses reports whether the plan takes a unit from the call.
func loses(call *assign.Call, plan map[slotKey]string) bool {
	for slot := range call.Slots() {
		unit, planned := plan[slotKey{call.ID, slot}]
		if held := holder(call, slot); planned && held != "" && held != unit {
			return true
		}
	}
	return false
}

// decision is what the plan says of the slots of a call, and whether that is
// news: it gets or loses a unit, or still waits.
func (r *round) decision(call *assign.Call, slots []int, gone map[string]bool) (d assign.Decision, news bool) {
	d = assign.Decision{
		Call: call.ID, Policy: r.policy.Name, PolicyHash: r.policy.Hash, Roads: r.s.Roads,
		Profile: r.policy.Class(call.Class).Profile, Greedy: r.s.Hurry && r.solver.Together,
		Status: call.StatusWith(len(r.empty(call))),
	}
	changed := slices.DeleteFunc(slices.Clone(slots), func(slot int) bool {
		unit := r.plan[slotKey{call.ID, slot}]
		return unit != "" && unit == holder(call, slot)
	})
	for _, slot := range changed {
		a := call.On(holder(call, slot))
		if a != nil && a.Arrived == 0 && !gone[a.Unit] {
			d.Recalled = append(d.Recalled, a.Unit)
			gone[a.Unit] = true
		}
	}
	for _, slot := range changed {
		unit := r.plan[slotKey{call.ID, slot}]
		if unit == "" {
			continue
		}
		c := assign.Candidate{Unit: unit, Slot: slot}
		if !gone[unit] {
			c.From = r.s.State.Unit(unit).Call
		}
		gone[unit] = true
		d.Chosen = append(d.Chosen, c)
	}
	return d, len(changed) > 0
}

// holder is the unit that a slot has, "" if none.
func holder(call *assign.Call, slot int) string {
	for i := range call.Assignments {
		if a := &call.Assignments[i]; a.Active() && a.Slot == slot {
			return a.Unit
		}
	}
	return ""
}

// empty are the slots of a call that have no unit after this round.
func (r *round) empty(call *assign.Call) []int {
	var out []int
	open := call.OpenSlots()
	for slot := range call.Slots() {
		unit, planned := r.plan[slotKey{call.ID, slot}]
		if planned && unit == "" || !planned && slices.Contains(open, slot) {
			out = append(out, slot)
		}
	}
	return out
}

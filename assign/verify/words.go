package verify

import (
	"fmt"

	"callbox/assign"
)

// named says in a few words what a fact is and whom it is about.
func named(f assign.Fact) string {
	switch f := f.(type) {
	case *assign.DecisionMade:
		return "the decision for call " + f.Decision.Call
	case *assign.UnitDispatched:
		return fmt.Sprintf("the dispatch of unit %s to call %s", f.Assignment.Unit, f.Call)
	case *assign.UnitDiverted:
		return fmt.Sprintf("the diversion of unit %s from call %s to call %s", f.Unit, f.From, f.To)
	case *assign.UnitPreempted:
		return fmt.Sprintf("the preemption of unit %s from call %s for call %s", f.Unit, f.From, f.To)
	case *assign.UnitRecalled:
		return fmt.Sprintf("the recall of unit %s from call %s", f.Unit, f.Call)
	case *assign.ClockWarned:
		return fmt.Sprintf("the event of %d %% of the %s clock of call %s, used up at %v,", f.Share, f.Clock, f.Call, f.At)
	case *assign.ClockBreached:
		return fmt.Sprintf("the breach of the %s clock of call %s at %v", f.Clock, f.Call, f.At)
	}
	unit, call := unitOf(f), callOf(f)
	switch {
	case unit != "" && call != "":
		return fmt.Sprintf("%s of unit %s and call %s", f.Kind(), unit, call)
	case unit != "":
		return fmt.Sprintf("%s of unit %s", f.Kind(), unit)
	case call != "":
		return fmt.Sprintf("%s of call %s", f.Kind(), call)
	}
	return f.Kind()
}

// unitOf is the unit that a fact is about, "" if none, or if named says it.
func unitOf(f assign.Fact) string {
	switch f := f.(type) {
	case *assign.UnitSignedOn:
		return f.Unit.ID
	case *assign.UnitStatusChanged:
		return f.Unit
	case *assign.UnitEnRoute:
		return f.Unit
	case *assign.UnitArrived:
		return f.Unit
	case *assign.UnitCleared:
		return f.Unit
	}
	return ""
}

// callOf is the call that a fact is about, "" if none.
func callOf(f assign.Fact) string {
	switch f := f.(type) {
	case *assign.DecisionMade:
		return f.Decision.Call
	case *assign.CallReceived:
		return f.Call.ID
	case *assign.CallQueued:
		return f.Call
	case *assign.UnitDispatched:
		return f.Call
	case *assign.UnitDiverted:
		return f.To
	case *assign.UnitPreempted:
		return f.To
	case *assign.UnitRecalled:
		return f.Call
	case *assign.CallPromoted:
		return f.Call
	case *assign.UnitEnRoute:
		return f.Call
	case *assign.UnitArrived:
		return f.Call
	case *assign.UnitCleared:
		return f.Call
	case *assign.CallClosed:
		return f.Call
	case *assign.ClockWarned:
		return f.Call
	case *assign.ClockBreached:
		return f.Call
	}
	return ""
}

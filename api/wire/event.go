package wire

import (
	"callbox/assign"
)

// Event is one fact of the log, as the event stream tells it. Which fields are
// set depends on the kind.
type Event struct {
	Seq      uint64  `json:"seq"`
	Kind     string  `json:"kind"`
	At       Instant `json:"at"`       // when it happened
	Recorded Instant `json:"recorded"` // when it entered the log

	Call        string      `json:"call,omitzero"`
	Unit        string      `json:"unit,omitzero"`
	Class       string      `json:"class,omitzero"`
	Type        string      `json:"type,omitzero"`
	Source      string      `json:"source,omitzero"`
	Area        string      `json:"area,omitzero"`
	Cell        string      `json:"cell,omitzero"`
	Location    *Location   `json:"location,omitempty"`
	ReceivedAt  Instant     `json:"received_at,omitzero"`
	Status      string      `json:"status,omitzero"`
	Decision    uint64      `json:"decision,omitzero"`
	Round       uint64      `json:"round,omitzero"`
	Greedy      bool        `json:"greedy,omitzero"`
	Assignment  *Assignment `json:"assignment,omitempty"`
	Reason      *Reason     `json:"waiting_reason,omitempty"`
	Clock       string      `json:"clock,omitzero"`
	Share       float64     `json:"share,omitzero"` // of the target, 1 is all of it
	From        string      `json:"from,omitzero"`  // the call that the unit was taken from
	How         string      `json:"how,omitzero"`
	Disposition string      `json:"disposition,omitzero"`
	Cancelled   bool        `json:"cancelled,omitzero"`
	Unverified  bool        `json:"unverified,omitzero"`
	Policy      string      `json:"policy,omitzero"`
	Areas       string      `json:"areas,omitzero"` // hash of the document
	Closure     string      `json:"closure,omitzero"`
	By          string      `json:"by,omitzero"`
	Why         string      `json:"why,omitzero"`
}

// EventOf tells of a fact. Not every fact is told: parts of documents, kept
// answers and what decisions were made by are nobody's news, and ok is then false.
func EventOf(r assign.Recorded) (e Event, ok bool) {
	e = Event{Seq: r.Seq, Kind: r.Fact.Kind(), At: InstantOf(r.At), Recorded: InstantOf(r.At)}
	at := func(i assign.Instant) { e.At = InstantOf(i) }
	switch f := r.Fact.(type) {
	case *assign.Started:
	case *assign.UnitSignedOn:
		e.Unit, e.Status, e.Call, e.Area = f.Unit.ID, string(f.Unit.Status), f.Unit.Call, f.Unit.Area()
	case *assign.UnitStatusChanged:
		e.Unit, e.Status = f.Unit, string(f.Status)
		at(f.At)
	case *assign.CallReceived:
		c := &f.Call
		e.Call, e.Class, e.Type, e.Source, e.Area, e.Cell = c.ID, c.Class, c.Type, string(c.Source), c.Area(), c.Cell
		e.Location, e.ReceivedAt = LocationOf(c.Location), InstantOf(c.ReceivedAt)
	case *assign.DecisionMade:
		d := &f.Decision
		e.Call, e.Status, e.Decision, e.Reason = d.Call, string(d.Status), r.Seq, reasonOf(d.Reason)
		e.Round, e.Greedy = d.Round, d.Greedy
		if d.Order != nil {
			e.By, e.Why = d.Order.By, d.Order.Reason
		}
	case *assign.CallQueued:
		e.Call, e.Decision, e.Reason = f.Call, f.Decision, reasonOf(&f.Reason)
	case *assign.UnitDispatched:
		a := assignmentOf(&f.Assignment)
		e.Call, e.Unit, e.Decision, e.Assignment = f.Call, f.Assignment.Unit, f.Assignment.Decision, &a
	case *assign.UnitDiverted:
		e.Unit, e.Call, e.From = f.Unit, f.To, f.From
	case *assign.UnitPreempted:
		e.Unit, e.Call, e.From = f.Unit, f.To, f.From
	case *assign.UnitRecalled:
		e.Unit, e.Call = f.Unit, f.Call
	case *assign.CallPromoted:
		e.Call, e.Class = f.Call, f.Class
		at(f.At)
	case *assign.UnitEnRoute:
		e.Unit, e.Call = f.Unit, f.Call
		at(f.At)
	case *assign.UnitArrived:
		e.Unit, e.Call = f.Unit, f.Call
		at(f.At)
	case *assign.UnitCleared:
		e.Unit, e.Call, e.Status, e.How = f.Unit, f.Call, string(f.Status), string(f.How)
		at(f.At)
	case *assign.CallClosed:
		e.Call, e.Disposition, e.Cancelled, e.Unverified, e.Why = f.Call, f.End.Disposition, f.End.Cancelled, f.End.Unverified, f.End.Reason
		at(f.End.At)
	case *assign.ClockWarned:
		e.Call, e.Clock, e.Share = f.Call, string(f.Clock), float64(f.Share)/100
		at(f.At)
	case *assign.ClockBreached:
		e.Call, e.Clock, e.Share = f.Call, string(f.Clock), 1
		at(f.At)
	case *assign.PolicyAdopted:
		e.Policy, e.By, e.Why = f.Policy.Version(), f.By, f.Reason
	case *assign.AreasAdopted:
		e.Areas = f.Hash
	case *assign.RoadClosed:
		e.Closure, e.By, e.Why = f.ID, f.By, f.Reason
	case *assign.RoadOpened:
		e.Closure = f.ID
	default:
		return Event{}, false
	}
	return e, true
}

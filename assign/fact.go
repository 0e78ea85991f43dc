package assign

import (
	"errors"

	"callbox/geo"
)

// Fact is something that happened. Its fields hold whatever Apply and a later
// reader need, so that nothing in the log must be computed again to be
// believed. Kind is its name in the log, on the event stream and in
// data/journal/FORMAT.md.
type Fact interface {
	Kind() string
	apply(s *State, r Recorded) error
}

// Recorded is a fact as the log holds it.
type Recorded struct {
	Seq  uint64  // 1 for the first fact of the log, then without a gap
	At   Instant // when it was written; never earlier than the fact before
	Fact Fact
}

// Frame is what one append makes durable, whole or not at all.
type Frame struct {
	Number uint64 // 1 for the first frame of the log, then without a gap
	At     Instant
	Facts  []Recorded // at least one; each At equals the frame's
}

// ErrSequence is returned by a journal for a frame that does not follow its
// last one. The frame was not written.
var ErrSequence = errors.New("the log has another length than its writer believes: there is another writer, or frames are missing")

// Started says that an engine opened the log, and with what.
type Started struct {
	Engine string `json:"engine"` // version of the program
	City   string `json:"city"`
	Areas  string `json:"areas"`            // content hash of the city's own areas
	Roads  string `json:"roads"`            // version of the road graph; "none" without one
	Demand string `json:"demand,omitempty"` // content hash of the city's demand; "" if nobody knows it
}

// UnitSignedOn says that a unit was signed on, or that what is known of it
// changed. It holds the unit's whole record.
type UnitSignedOn struct {
	Unit Unit `json:"unit"`
}

// UnitStatusChanged says that a unit that is on no call became available or
// unavailable.
type UnitStatusChanged struct {
	Unit   string     `json:"unit"`
	Status UnitStatus `json:"status"`
	At     Instant    `json:"at"`
}

// CallReceived opens a call. It holds the class, needs and clocks that the
// policy of that moment gave it.
type CallReceived struct {
	Call Call `json:"call"`
}

// DecisionMade is the answer to one question: which units for this call, now.
// Its sequence number is the decision's number.
type DecisionMade struct {
	Decision Decision `json:"decision"`
}

// CallQueued says that a call waits, wholly or in part, and why.
type CallQueued struct {
	Call     string `json:"call"`
	Decision uint64 `json:"decision"` // 0: none has been made yet
	Reason   Reason `json:"reason"`
}

// UnitDispatched puts a unit on a call.
type UnitDispatched struct {
	Call       string     `json:"call"`
	Assignment Assignment `json:"assignment"`
	Fix        *Fix       `json:"fix,omitempty"` // the position it was chosen by
}

// UnitDiverted takes a unit that had not arrived from one call for another. The
// first call needs a unit again; its clocks run on.
type UnitDiverted struct {
	Unit string  `json:"unit"`
	From string  `json:"from"`
	To   string  `json:"to"`
	At   Instant `json:"at"`
}

// UnitPreempted takes a unit from the scene of one call for another.
type UnitPreempted struct {
	Unit string  `json:"unit"`
	From string  `json:"from"`
	To   string  `json:"to"`
	At   Instant `json:"at"`
}

// UnitRecalled takes a unit that had not arrived off its call: another one goes
// in its place. It is available again.
type UnitRecalled struct {
	Unit string  `json:"unit"`
	Call string  `json:"call"`
	At   Instant `json:"at"`
}

// CallPromoted says that a call has waited so long that it counts as one of a
// higher class from then on.
type CallPromoted struct {
	Call  string  `json:"call"`
	Class string  `json:"class"` // whose rank it gets
	At    Instant `json:"at"`    // the very instant, however late it was noticed
}

// UnitEnRoute says that a unit goes to its call.
type UnitEnRoute struct {
	Unit string  `json:"unit"`
	Call string  `json:"call"`
	At   Instant `json:"at"`
}

// UnitArrived says that a unit is on scene. The first one stops the answer
// clock.
type UnitArrived struct {
	Unit string  `json:"unit"`
	Call string  `json:"call"`
	At   Instant `json:"at"`
}

// UnitCleared says that a unit left its call, to be Status.
type UnitCleared struct {
	Unit   string        `json:"unit"`
	Call   string        `json:"call"`
	Status UnitStatus    `json:"status"`
	How    AssignmentEnd `json:"how"`
	At     Instant       `json:"at"`
}

// CallClosed ends a call, closed or cancelled. It stops both clocks. The units
// still on it are cleared by facts of their own, before it.
type CallClosed struct {
	Call string `json:"call"`
	End  End    `json:"end"`
}

// ClockWarned says that a share of a clock's target, below all of it, is used
// up.
type ClockWarned struct {
	Call  string    `json:"call"`
	Clock ClockName `json:"clock"`
	Share int       `json:"share"` // percent
	At    Instant   `json:"at"`    // the very instant, however late it was noticed
}

// ClockBreached says that all of a clock's target is used up.
type ClockBreached struct {
	Call  string    `json:"call"`
	Clock ClockName `json:"clock"`
	At    Instant   `json:"at"`
}

// PolicyAdopted puts a policy in force from this moment.
type PolicyAdopted struct {
	Policy Policy `json:"policy"`
	Source string `json:"source"` // the file's text
	By     string `json:"by,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// AreasStaged holds one part of a document of areas. A document is put into
// the log in parts, since it can be larger than a frame.
type AreasStaged struct {
	Hash  string `json:"hash"` // of the whole document
	Part  int    `json:"part"` // from 0
	Parts int    `json:"parts"`
	Bytes []byte `json:"bytes"`
}

// AreasAdopted puts a staged document of areas in force.
type AreasAdopted struct {
	Hash string `json:"hash"`
	Base string `json:"base"` // the city's own areas that it replaces
}

// RoadClosed closes the streets that a geometry meets, under an ID, from this
// moment. It replaces what was closed under that ID.
type RoadClosed struct {
	ID       string       `json:"id"`
	Geometry string       `json:"geometry"` // GeoJSON, canonical
	Arcs     []uint32     `json:"arcs"`     // of Graph, ascending
	Length   geo.Distance `json:"length"`   // of their streets, in millimetres
	Graph    string       `json:"graph"`    // version of the road graph that the arcs are of
	By       string       `json:"by,omitempty"`
	Reason   string       `json:"reason,omitempty"`
}

// RoadOpened ends a closure.
type RoadOpened struct {
	ID string `json:"id"`
}

// KeyUsed keeps the answer to a request that carried an Idempotency-Key.
type KeyUsed struct {
	Key         string `json:"key"`         // scoped to the caller
	Fingerprint string `json:"fingerprint"` // of the request
	Status      int    `json:"status"`
	Body        []byte `json:"body"`
}

// The names of the facts.
func (*Started) Kind() string           { return "started" }
func (*UnitSignedOn) Kind() string      { return "unit_signed_on" }
func (*UnitStatusChanged) Kind() string { return "unit_status_changed" }
func (*CallReceived) Kind() string      { return "call_received" }
func (*RoundBegun) Kind() string        { return "round_begun" }
func (*UnitsMoved) Kind() string        { return "units_moved" }
func (*DecisionMade) Kind() string      { return "decision_made" }
func (*CallQueued) Kind() string        { return "call_queued" }
func (*UnitDispatched) Kind() string    { return "unit_dispatched" }
func (*UnitDiverted) Kind() string      { return "unit_diverted" }
func (*UnitPreempted) Kind() string     { return "unit_preempted" }
func (*UnitRecalled) Kind() string      { return "unit_recalled" }
func (*CallPromoted) Kind() string      { return "call_promoted" }
func (*UnitEnRoute) Kind() string       { return "unit_en_route" }
func (*UnitArrived) Kind() string       { return "unit_arrived" }
func (*UnitCleared) Kind() string       { return "unit_cleared" }
func (*CallClosed) Kind() string        { return "call_closed" }
func (*ClockWarned) Kind() string       { return "clock_warned" }
func (*ClockBreached) Kind() string     { return "clock_breached" }
func (*PolicyAdopted) Kind() string     { return "policy_adopted" }
func (*AreasStaged) Kind() string       { return "areas_staged" }
func (*AreasAdopted) Kind() string      { return "areas_adopted" }
func (*RoadClosed) Kind() string        { return "road_closed" }
func (*RoadOpened) Kind() string        { return "road_opened" }
func (*KeyUsed) Kind() string           { return "key_used" }

// NewFact makes an empty fact of that kind, for a decoder to fill; nil if there
// is no such kind.
func NewFact(kind string) Fact {
	switch kind {
	case "started":
		return new(Started)
	case "unit_signed_on":
		return new(UnitSignedOn)
	case "unit_status_changed":
		return new(UnitStatusChanged)
	case "call_received":
		return new(CallReceived)
	case "round_begun":
		return new(RoundBegun)
	case "units_moved":
		return new(UnitsMoved)
	case "decision_made":
		return new(DecisionMade)
	case "call_queued":
		return new(CallQueued)
	case "unit_dispatched":
		return new(UnitDispatched)
	case "unit_diverted":
		return new(UnitDiverted)
	case "unit_preempted":
		return new(UnitPreempted)
	case "unit_recalled":
		return new(UnitRecalled)
	case "call_promoted":
		return new(CallPromoted)
	case "unit_en_route":
		return new(UnitEnRoute)
	case "unit_arrived":
		return new(UnitArrived)
	case "unit_cleared":
		return new(UnitCleared)
	case "call_closed":
		return new(CallClosed)
	case "clock_warned":
		return new(ClockWarned)
	case "clock_breached":
		return new(ClockBreached)
	case "policy_adopted":
		return new(PolicyAdopted)
	case "areas_staged":
		return new(AreasStaged)
	case "areas_adopted":
		return new(AreasAdopted)
	case "road_closed":
		return new(RoadClosed)
	case "road_opened":
		return new(RoadOpened)
	case "key_used":
		return new(KeyUsed)
	}
	return nil
}

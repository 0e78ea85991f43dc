package assign

import (
	"slices"

	"callbox/geo"
)

// Source is where a call came in.
type Source string

// The sources of calls.
const (
	Source911 Source = "911"
	Source311 Source = "311"
)

// CallStatus is how far a call has come.
type CallStatus string

// The statuses of a call.
const (
	Waiting        CallStatus = "waiting"         // open; no unit of those it needs
	PartlyAssigned CallStatus = "partly_assigned" // open; some of them
	Assigned       CallStatus = "assigned"        // open; all of them, or they have been there
	Closed         CallStatus = "closed"
)

// Call is a request for police, from the moment it was received until it was
// closed.
type Call struct {
	ID         string    `json:"id"`
	Type       string    `json:"type,omitempty"`
	Class      string    `json:"class"`
	Source     Source    `json:"source"`
	Location   geo.Point `json:"location"`
	Cell       string    `json:"cell"`            // H3 cell of the location, 15 hex digits
	Areas      []string  `json:"areas,omitempty"` // the areas it lies in, finest first
	Note       string    `json:"note,omitempty"`
	ReceivedAt Instant   `json:"received_at"`
	Opened     uint64    `json:"opened"` // sequence number of the fact that opened it
	Needs      []Need    `json:"needs"`
	Answer     Clock     `json:"answer"` // received to first unit on scene
	Close      Clock     `json:"close"`  // received to closed

	Promote  *Promotion `json:"promote,omitempty"`  // what its class said of that when it was received
	Promoted string     `json:"promoted,omitempty"` // the class that it has been promoted to

	Assignments []Assignment `json:"assignments,omitempty"` // in order of dispatch, ended ones too
	Decision    uint64       `json:"decision,omitempty"`    // the newest decision about this call
	Round       uint64       `json:"round,omitempty"`       // of that decision
	Greedy      bool         `json:"greedy,omitempty"`      // it was made in haste
	Policy      string       `json:"policy,omitempty"`      // version that it was made by
	Roads       string       `json:"roads,omitempty"`       // version that it was made by
	Reason      *Reason      `json:"reason,omitempty"`      // why it waits, by that decision
	End         *End         `json:"end,omitempty"`         // set once it is closed
}

// Assignment is the pairing of a unit with one of a call's needs.
type Assignment struct {
	Unit     string        `json:"unit"`
	Slot     int           `json:"slot"` // which of the call's slots it fills; Extra if none
	Decision uint64        `json:"decision"`
	Leg      *geo.Leg      `json:"leg,omitempty"` // the way to the call as it was decided; nil if there was no telling
	Cost     []Term        `json:"cost,omitempty"`
	Since    Instant       `json:"since"` // dispatched
	EnRoute  Instant       `json:"en_route,omitempty"`
	Arrived  Instant       `json:"arrived,omitempty"`
	Ended    Instant       `json:"ended,omitempty"`
	How      AssignmentEnd `json:"how,omitempty"`
	Order    *Order        `json:"order,omitempty"` // set if a dispatcher ordered it
	From     string        `json:"from,omitempty"`  // the call that it was taken from
}

// Extra is the slot of a unit that was sent beyond what the call needs.
const Extra = -1

// AssignmentEnd is how an assignment ended.
type AssignmentEnd string

// The ends of an assignment.
const (
	Cleared   AssignmentEnd = "cleared"   // the unit was there and left
	GaveBack  AssignmentEnd = "gave_back" // the unit left the call before it arrived
	Diverted  AssignmentEnd = "diverted"  // taken on its way, for another call
	Preempted AssignmentEnd = "preempted" // taken from the scene, for another call
	Recalled  AssignmentEnd = "recalled"  // taken on its way, since another unit goes in its place
	WithCall  AssignmentEnd = "with_call" // the call was closed
)

// Reason is why a call waits, or why it has fewer units than it needs.
type Reason struct {
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
}

// Order is a dispatcher's own decision, recorded under their name.
type Order struct {
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// End is how a call was closed.
type End struct {
	At          Instant `json:"at"`
	Cancelled   bool    `json:"cancelled,omitempty"`
	Disposition string  `json:"disposition,omitempty"` // of a call that was closed
	Reason      string  `json:"reason,omitempty"`      // of a call that was cancelled
	// Unverified marks a close with no arrival in the log: nothing here shows
	// that anybody went.
	Unverified bool `json:"unverified,omitempty"`
}

// Active reports whether the unit is still on the call.
func (a *Assignment) Active() bool { return a.Ended == 0 }

// fills reports whether the assignment's slot needs no other unit: one is on
// it, or has done what it was sent for.
func (a *Assignment) fills() bool { return a.Active() || a.How == Cleared }

// Open reports whether the call is neither closed nor cancelled.
func (c *Call) Open() bool { return c.End == nil }

// Area is the finest area that the call lies in, "" if none.
func (c *Call) Area() string {
	if len(c.Areas) == 0 {
		return ""
	}
	return c.Areas[0]
}

// Slots is how many units the call needs. Slots are numbered through its needs
// in order.
func (c *Call) Slots() int {
	n := 0
	for _, need := range c.Needs {
		n += need.Count
	}
	return n
}

// Slot is the need that a slot belongs to.
func (c *Call) Slot(slot int) *Need {
	for i := range c.Needs {
		if slot < c.Needs[i].Count {
			return &c.Needs[i]
		}
		slot -= c.Needs[i].Count
	}
	return nil
}

// OpenSlots are the slots that still need a unit, in order. A closed call has
// none.
func (c *Call) OpenSlots() []int {
	if !c.Open() {
		return nil
	}
	var open []int
	for slot := range c.Slots() {
		if !c.has(func(a *Assignment) bool { return a.Slot == slot && a.fills() }) {
			open = append(open, slot)
		}
	}
	return open
}

// has reports whether any of the assignments is such a one.
func (c *Call) has(such func(*Assignment) bool) bool {
	for i := range c.Assignments {
		if such(&c.Assignments[i]) {
			return true
		}
	}
	return false
}

// Status follows from the slots.
func (c *Call) Status() CallStatus {
	if !c.Open() {
		return Closed
	}
	return c.StatusWith(len(c.OpenSlots()))
}

// StatusWith is the status of an open call that has so many open slots.
func (c *Call) StatusWith(open int) CallStatus {
	switch open {
	case 0:
		return Assigned
	case c.Slots():
		return Waiting
	}
	return PartlyAssigned
}

// ActiveUnits are the units on the call, in order of dispatch.
func (c *Call) ActiveUnits() []string {
	var units []string
	for i := range c.Assignments {
		if c.Assignments[i].Active() {
			units = append(units, c.Assignments[i].Unit)
		}
	}
	return units
}

// On is the assignment of a unit that is on the call, or nil.
func (c *Call) On(unit string) *Assignment {
	for i := range c.Assignments {
		if a := &c.Assignments[i]; a.Unit == unit && a.Active() {
			return a
		}
	}
	return nil
}

// hasExtra reports whether a unit is on the call beyond its needs.
func (c *Call) hasExtra() bool {
	return c.has(func(a *Assignment) bool { return a.Active() && a.Slot == Extra })
}

// Replaceable reports whether an advisor may send another unit in the place of
// this one: it is on its way, and no dispatcher ordered it.
func (c *Call) Replaceable(a *Assignment) bool {
	return a.Active() && a.Arrived == 0 && a.Order == nil && a.Slot != Extra && !c.hasExtra()
}

// GaveBackBy reports whether the unit has left this call before it arrived. It
// is not sent there again but by a dispatcher's order.
func (c *Call) GaveBackBy(unit string) bool {
	return c.has(func(a *Assignment) bool { return a.Unit == unit && a.How == GaveBack })
}

// Arrived is when the first unit arrived, 0 if none has.
func (c *Call) Arrived() Instant {
	var first Instant
	for i := range c.Assignments {
		if at := c.Assignments[i].Arrived; at != 0 && (first == 0 || at < first) {
			first = at
		}
	}
	return first
}

// Clone is a copy that shares no memory that Apply changes.
func (c *Call) Clone() *Call {
	d := *c
	d.Assignments = slices.Clone(c.Assignments)
	return &d
}

package assign

import "callbox/geo"

// UnitStatus is what a unit is doing.
type UnitStatus string

// The statuses of a unit. A unit is on a call in the middle three, and only
// there.
const (
	Available    UnitStatus = "available"
	Dispatched   UnitStatus = "dispatched" // told to go, has not said that it goes
	EnRoute      UnitStatus = "en_route"
	OnScene      UnitStatus = "on_scene"
	OutOfService UnitStatus = "out_of_service"
	OffDuty      UnitStatus = "off_duty"
)

// OnCall reports whether a unit of this status is on a call.
func (s UnitStatus) OnCall() bool { return s == Dispatched || s == EnRoute || s == OnScene }

// Fix is where a unit said it was, and when.
type Fix struct {
	At    geo.Point `json:"at"`
	Since Instant   `json:"since"` // device time of the position
}

// Unit is a patrol unit.
type Unit struct {
	ID     string     `json:"id"`
	Status UnitStatus `json:"status"`
	// Capabilities is sorted. Nil means that nobody has said: the unit may be
	// able, but no rule may assume it.
	Capabilities []string `json:"capabilities"`
	Areas        []string `json:"areas,omitempty"` // the area it belongs to, then those that enclose it; empty if not known
	Fix          *Fix     `json:"fix,omitempty"`   // that it signed on with, or was last sent by; the engine knows fresher ones
	Call         string   `json:"call,omitempty"`  // the call it is on
	Since        Instant  `json:"since"`           // when Status began
}

// Area is the unit's own area, "" if not known.
func (u *Unit) Area() string {
	if len(u.Areas) == 0 {
		return ""
	}
	return u.Areas[0]
}

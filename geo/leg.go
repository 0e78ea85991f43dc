package geo

import "time"

// Profile says how a unit drives: it names one of the two sets of travel times
// that a road graph carries.
type Profile uint8

// The two profiles. Emergency is driving with lights and siren.
const (
	Routine Profile = iota
	Emergency
	Profiles // the number of profiles
)

// String names the profile as the policy file and the wire do.
func (p Profile) String() string {
	switch p {
	case Routine:
		return "routine"
	case Emergency:
		return "emergency"
	}
	return "unknown"
}

// Leg is the way of one moving thing to a place: how long and how far.
type Leg struct {
	ID       string        `json:"id"`                 // who travels
	Time     time.Duration `json:"time"`               // whole milliseconds
	Distance Distance      `json:"distance"`           // along the way that takes Time; Unmeasured if nobody asked
	Straight bool          `json:"straight,omitempty"` // an estimate along the straight line, not by road
}

// Unmeasured is the distance of a leg whose length nobody has asked for.
const Unmeasured = Distance(-1)

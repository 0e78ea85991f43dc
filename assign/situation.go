package assign

import (
	"iter"
	"time"

	"callbox/geo"
)

// Situation is the picture that an advisor decides from: who waits, who could
// go, and how long it would take.
type Situation struct {
	Now   Instant
	State *State // read, never changed
	Roads string // version of the roads: the graph, and what is in force on it

	// Fix is where a unit is, by the freshest word; false if nobody knows.
	Fix func(unit string) (Fix, bool)
	// Legs streams the units' ways to a place, soonest first, up to a limit (0:
	// none). Ways of units that are not wanted may be left out. A stream is read
	// to its end or left; a new one may be asked for only then.
	Legs func(to geo.Point, p geo.Profile, limit time.Duration, want Want) iter.Seq[geo.Leg]

	// Fresh is what has changed since the last decision. Nil means that
	// anything may have.
	Fresh *Fresh
}

// Want says which units are of use.
type Want struct {
	Available    bool
	Capabilities []string // units known to have all of them
}

// Fresh names what a decision must look at again. A call that is not named
// would be answered as before, unless a unit that is named could go to it.
type Fresh struct {
	Calls map[string]bool // new, or lacking a unit that they had
	Units map[string]bool // moved, free again, or known to be able to do something else
}

// Decision says which units a call gets, and why not others. It is logged as
// it stands.
type Decision struct {
	Call       string      `json:"call"`
	Status     CallStatus  `json:"status"` // of the call, once this is carried out
	Chosen     []Candidate `json:"chosen,omitempty"`
	Considered []Candidate `json:"considered,omitempty"` // others met on the way, soonest first
	Refused    []RuleCount `json:"refused,omitempty"`    // units refused by each rule, over all that are signed on
	Reason     *Reason     `json:"reason,omitempty"`     // set if the call still lacks units
	Order      *Order      `json:"order,omitempty"`      // set if a dispatcher decided

	Policy     string      `json:"policy"`
	PolicyHash string      `json:"policy_hash"`
	Roads      string      `json:"roads"`
	Profile    geo.Profile `json:"profile"`
}

// Candidate is one unit, weighed for one call.
type Candidate struct {
	Unit string   `json:"unit"`
	Slot int      `json:"slot"`          // of a chosen unit
	Leg  *geo.Leg `json:"leg,omitempty"` // nil if there is no telling
	Cost []Term   `json:"cost,omitempty"`
	Rule Rule     `json:"rule,omitempty"` // the first that refuses it; "" if none does
	Fix  *Fix     `json:"fix,omitempty"`
}

// Term is one part of what a unit costs for a call.
type Term struct {
	Name string        `json:"name"`
	Time time.Duration `json:"time"` // cost in time
}

// Rule names a hard rule that can refuse a unit for a call.
type Rule string

// The rules, in the order in which they are applied. A unit that is not known
// to pass is refused by a rule of its own, so that a reader can tell "no" from
// "nobody knows".
const (
	RuleCapability        Rule = "capability"         // lacks what every open need asks for
	RuleCapabilityUnknown Rule = "capability_unknown" // nobody has said what it can do
	RuleArea              Rule = "area"               // belongs too far away for this class
	RuleAreaUnknown       Rule = "area_unknown"       // nobody has said where it belongs
	RuleDuty              Rule = "duty"               // off duty or out of service
	RuleOnCall            Rule = "on_call"            // on a call
	RuleTaken             Rule = "taken"              // given to another call in the same decision
	RuleGaveBack          Rule = "gave_back"          // has given this very call back
	RulePositionUnknown   Rule = "position_unknown"   // has never said where it is
	RulePositionStale     Rule = "position_stale"     // said so too long ago
	RulePullLimit         Rule = "pull_limit"         // farther away than the class allows
	RuleUnreachable       Rule = "unreachable"        // no way to the call by road
)

// RuleCount is how many units a rule refused.
type RuleCount struct {
	Rule  Rule `json:"rule"`
	Units int  `json:"units"`
}

// Total is the sum of the terms.
func (c *Candidate) Total() time.Duration {
	var sum time.Duration
	for _, t := range c.Cost {
		sum += t.Time
	}
	return sum
}

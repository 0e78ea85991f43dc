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
	// none), without their lengths. Ways of units that are not wanted may be left
	// out. A stream is read to its end or left; nothing else may be asked before.
	Legs func(to geo.Point, p geo.Profile, limit time.Duration, want Want) iter.Seq[geo.Leg]
	// Leg is the way of one unit to a place, as Legs gives it; false if it leaves
	// it out.
	Leg func(unit string, to geo.Point, p geo.Profile, limit time.Duration) (geo.Leg, bool)
	// Measure fills in the length of a way.
	Measure func(leg *geo.Leg, to geo.Point, p geo.Profile)

	// Uncovers is the share of the city's demand that is left uncovered if an
	// available unit goes, in thousandths of a percent. Nil: nobody knows.
	Uncovers func(unit string) int

	// Hurry asks for an answer that is found quickly. The exact one is asked for
	// when there is time.
	Hurry bool

	// Fresh is what has changed since the last decision. Nil means that
	// anything may have.
	Fresh *Fresh
}

// Want says which units are of use.
type Want struct {
	Units        Reach
	Capabilities []string // units known to have all of them
}

// Reach says which units may be of use by what they do.
type Reach uint8

// Each reach includes those before it but for Everybody, which is all units.
const (
	Everybody Reach = iota
	Anyone          // available, on their way, or on a scene, to be taken from there
	OnTheWay        // available, or on their way to a call that they may be taken from
	Idle            // available
)

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
	Round      uint64      `json:"round,omitempty"` // number of the first of the decisions that were made together
	Status     CallStatus  `json:"status"`          // of the call, once this is carried out
	Chosen     []Candidate `json:"chosen,omitempty"`
	Considered []Candidate `json:"considered,omitempty"` // others met on the way, soonest first
	Refused    []RuleCount `json:"refused,omitempty"`    // units refused by each rule, over all that are signed on
	Recalled   []string    `json:"recalled,omitempty"`   // units on their way to the call that need not go on
	Reason     *Reason     `json:"reason,omitempty"`     // set if the call still lacks units
	Order      *Order      `json:"order,omitempty"`      // set if a dispatcher decided
	Price      *Price      `json:"price,omitempty"`      // what one more unit at the call's place would be worth now
	Greedy     bool        `json:"greedy,omitempty"`     // decided in haste; an exact decision follows

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

	From   string       `json:"from,omitempty"`   // the call that it is on, and is taken from if it is chosen
	For    string       `json:"for,omitempty"`    // the call that gets it, or keeps it, by the same round
	Swap   *Price       `json:"swap,omitempty"`   // what it would cost all calls together to send this one instead
	Passed []PassedOver `json:"passed,omitempty"` // of a chosen unit: calls that still wait, nearest first
}

// PassedOver is a waiting call that a unit did not go to though it was sent
// somewhere: the evidence that it was not taken from a higher one.
type PassedOver struct {
	Call string        `json:"call"`
	Rule Rule          `json:"rule,omitempty"` // the first that refuses the unit for that call; "" if none does
	Time time.Duration `json:"time,omitempty"` // how long it would take to that call; 0 if no rule asked, or there is no way
}

// Price is a difference between two answers to all calls together, by the
// highest rank in which they differ.
type Price struct {
	Class string        `json:"class,omitempty"` // of that rank, the first; "": a tie but for travel time
	Time  time.Duration `json:"time"`            // cost in time, of a call of that class that is not yet late
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
	RuleOnCall            Rule = "on_call"            // on a call that it may not be taken from
	RuleHigherCall        Rule = "higher_call"        // on a call that comes before this one, or as high
	RuleTaken             Rule = "taken"              // given to another call in the same decision
	RuleGaveBack          Rule = "gave_back"          // has given this very call back
	RuleReserve           Rule = "reserve"            // kept back for higher classes
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

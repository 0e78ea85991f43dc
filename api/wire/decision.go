package wire

import (
	"callbox/assign"
)

// Candidate is a unit that was weighed for a call.
type Candidate struct {
	Assignment
	RejectedBy string       `json:"rejected_by,omitzero"`
	From       string       `json:"from,omitzero"` // the call that it is on
	For        string       `json:"for,omitzero"`  // the call that gets it, or keeps it
	Swap       *Price       `json:"swap,omitempty"`
	Passed     []PassedOver `json:"passed,omitempty"`
	Location   *Location    `json:"location,omitempty"`
	PositionAt Instant      `json:"position_at,omitzero"`
}

// PassedOver is a call that still waits, though a unit was sent somewhere.
type PassedOver struct {
	Call       string   `json:"call"`
	RejectedBy string   `json:"rejected_by,omitzero"`
	ETASeconds *Seconds `json:"eta_seconds"` // null if no rule asked, or nobody knows
}

// Price is a difference between two answers to all calls together.
type Price struct {
	Class       *string `json:"class"` // null if they differ by travel time alone
	CostSeconds Seconds `json:"cost_seconds"`
}

func candidatesOf(list []assign.Candidate) []Candidate {
	out := make([]Candidate, 0, len(list))
	for i := range list {
		out = append(out, candidateOf(&list[i]))
	}
	return out
}

func candidateOf(c *assign.Candidate) Candidate {
	out := Candidate{
		Assignment: Assignment{Unit: c.Unit, Cost: costOf(c.Cost)}, RejectedBy: string(c.Rule),
		From: c.From, For: c.For, Swap: priceOf(c.Swap),
	}
	out.ETASeconds, out.DistanceMeters, out.Travel = legOf(c.Leg)
	if from := c.From; from != "" && c.Rule == "" {
		out.DisplacedCall = &from
	}
	for _, p := range c.Passed {
		out.Passed = append(out.Passed, PassedOverOf(p))
	}
	if c.Fix != nil {
		out.Location, out.PositionAt = LocationOf(c.Fix.At), InstantOf(c.Fix.Since)
	}
	return out
}

// PassedOverOf tells of a call that a unit was not sent to.
func PassedOverOf(p assign.PassedOver) PassedOver {
	out := PassedOver{Call: p.Call, RejectedBy: string(p.Rule)}
	if p.Time > 0 {
		eta := SecondsOf(p.Time)
		out.ETASeconds = &eta
	}
	return out
}

func priceOf(p *assign.Price) *Price {
	if p == nil {
		return nil
	}
	out := Price{CostSeconds: SecondsOf(p.Time)}
	if class := p.Class; class != "" {
		out.Class = &class
	}
	return &out
}

// DecisionAnswer is a decision as it was logged.
type DecisionAnswer struct {
	Decision      uint64       `json:"decision"`
	Round         uint64       `json:"round,omitzero"`
	Greedy        bool         `json:"greedy"`
	At            Instant      `json:"at"`
	CallID        string       `json:"call_id"`
	Status        string       `json:"status"`
	Assignments   []Assignment `json:"assignments"`
	Candidates    []Candidate  `json:"candidates"` // the chosen first, then others that were met, soonest first
	Refused       []RuleCount  `json:"refused"`    // over all units that are signed on
	Recalled      []string     `json:"recalled"`   // units on their way that need not go on
	WaitingReason *Reason      `json:"waiting_reason,omitempty"`
	Order         *Order       `json:"order,omitempty"`
	Price         *Price       `json:"price,omitempty"`
	Policy        string       `json:"policy"`
	PolicyHash    string       `json:"policy_hash"`
	Roads         string       `json:"roads"`
	Travel        string       `json:"travel"`
	Profile       string       `json:"profile"`
}

// RuleCount is how many units a rule refused.
type RuleCount struct {
	Rule  string `json:"rule"`
	Units int    `json:"units"`
}

// Order is who ordered a dispatch, and why.
type Order struct {
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// DecisionOf tells of a logged decision.
func DecisionOf(seq uint64, at assign.Instant, d *assign.Decision) DecisionAnswer {
	a := DecisionAnswer{
		Decision: seq, Round: d.Round, Greedy: d.Greedy, At: InstantOf(at), CallID: d.Call, Status: string(d.Status), WaitingReason: reasonOf(d.Reason),
		Candidates: append(candidatesOf(d.Chosen), candidatesOf(d.Considered)...), Recalled: d.Recalled, Price: priceOf(d.Price),
		Policy: d.Policy, PolicyHash: d.PolicyHash, Roads: d.Roads, Profile: d.Profile.String(),
	}
	for _, c := range a.Candidates[:len(d.Chosen)] {
		a.Assignments = append(a.Assignments, c.Assignment)
	}
	for _, r := range d.Refused {
		a.Refused = append(a.Refused, RuleCount{Rule: string(r.Rule), Units: r.Units})
	}
	if d.Order != nil {
		a.Order = &Order{By: d.Order.By, Reason: d.Order.Reason}
	}
	a.Travel = travelOf(a.Assignments, a.Roads)
	return a
}

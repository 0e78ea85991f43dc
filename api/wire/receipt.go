package wire

import (
	"callbox/assign"
)

// Receipt is the answer of POST /v1/assign.
type Receipt struct {
	CallID        string       `json:"call_id"`
	Decision      uint64       `json:"decision,omitzero"`
	Status        string       `json:"status"`
	Class         string       `json:"class"`
	Assignments   []Assignment `json:"assignments"`
	WaitingReason *Reason      `json:"waiting_reason,omitempty"`
	Clocks        ClocksDue    `json:"clocks"`
	Candidates    []Candidate  `json:"candidates,omitzero"` // of a dry run
	Policy        string       `json:"policy"`              // name@hash
	Roads         string       `json:"roads"`
	Travel        string       `json:"travel"`
}

// ReceiptOf answers for a call that is stored, by its newest decision.
func ReceiptOf(c *assign.Call) Receipt {
	r := Receipt{
		CallID: c.ID, Decision: c.Decision, Status: string(c.Status()), Class: c.Class,
		Assignments: []Assignment{}, WaitingReason: reasonOf(c.Reason), Clocks: clocksDue(c),
		Policy: c.Policy, Roads: c.Roads,
	}
	for i := range c.Assignments {
		if a := &c.Assignments[i]; a.Active() {
			r.Assignments = append(r.Assignments, assignmentOf(a))
		}
	}
	r.Travel = travelOf(r.Assignments, c.Roads)
	return r
}

// DryReceipt answers by a decision that is not stored.
func DryReceipt(c *assign.Call, d *assign.Decision, candidates []assign.Candidate) Receipt {
	r := ReceiptOf(c)
	r.Decision, r.WaitingReason, r.Status = 0, reasonOf(d.Reason), string(d.Status)
	r.Policy, r.Roads = assign.Version(d.Policy, d.PolicyHash), d.Roads
	for i := range d.Chosen {
		r.Assignments = append(r.Assignments, candidateOf(&d.Chosen[i]).Assignment)
	}
	r.Candidates = candidatesOf(candidates)
	r.Travel = travelOf(r.Assignments, d.Roads)
	return r
}

// travelOf is straight_line if any of the ways is, or would be.
func travelOf(list []Assignment, roads string) string {
	if roads == "none" {
		return TravelStraight
	}
	for _, a := range list {
		if a.Travel == TravelStraight {
			return TravelStraight
		}
	}
	return TravelRoad
}

// Candidate is a unit that was weighed for a call.
type Candidate struct {
	Assignment
	RejectedBy string    `json:"rejected_by,omitzero"`
	Location   *Location `json:"location,omitempty"`
	PositionAt Instant   `json:"position_at,omitzero"`
}

func candidatesOf(list []assign.Candidate) []Candidate {
	out := make([]Candidate, 0, len(list))
	for i := range list {
		out = append(out, candidateOf(&list[i]))
	}
	return out
}

func candidateOf(c *assign.Candidate) Candidate {
	out := Candidate{Assignment: Assignment{Unit: c.Unit, Cost: costOf(c.Cost)}, RejectedBy: string(c.Rule)}
	out.ETASeconds, out.DistanceMeters, out.Travel = legOf(c.Leg)
	if c.Fix != nil {
		out.Location, out.PositionAt = LocationOf(c.Fix.At), InstantOf(c.Fix.Since)
	}
	return out
}

// DecisionAnswer is a decision as it was logged.
type DecisionAnswer struct {
	Decision      uint64       `json:"decision"`
	At            Instant      `json:"at"`
	CallID        string       `json:"call_id"`
	Status        string       `json:"status"`
	Assignments   []Assignment `json:"assignments"`
	Candidates    []Candidate  `json:"candidates"` // the chosen first, then others that were met, soonest first
	Refused       []RuleCount  `json:"refused"`    // over all units that are signed on
	WaitingReason *Reason      `json:"waiting_reason,omitempty"`
	Order         *Order       `json:"order,omitempty"`
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
		Decision: seq, At: InstantOf(at), CallID: d.Call, Status: string(d.Status), WaitingReason: reasonOf(d.Reason),
		Candidates: append(candidatesOf(d.Chosen), candidatesOf(d.Considered)...),
		Policy:     d.Policy, PolicyHash: d.PolicyHash, Roads: d.Roads, Profile: d.Profile.String(),
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

package wire

import (
	"callbox/assign"
)

// Receipt is the answer of POST /v1/assign.
type Receipt struct {
	CallID        string       `json:"call_id"`
	Decision      uint64       `json:"decision,omitzero"`
	Round         uint64       `json:"round,omitzero"`
	Greedy        bool         `json:"greedy"`
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
		CallID: c.ID, Decision: c.Decision, Round: c.Round, Greedy: c.Greedy, Status: string(c.Status()), Class: c.Class,
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
	r.Decision, r.Round, r.Greedy = 0, d.Round, d.Greedy
	r.WaitingReason, r.Status = reasonOf(d.Reason), string(d.Status)
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

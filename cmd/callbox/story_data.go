package main

import (
	"callbox/api/wire"
	"callbox/assign"
)

// storyData is a story for programs, in the words of the wire.
type storyData struct {
	Call    wire.CallAnswer `json:"call"` // as the log leaves it
	ClassBy string          `json:"class_by"`
	Policy  string          `json:"policy"` // in force when it was received, name@hash
	LogEnds wire.Instant    `json:"log_ends"`
	Steps   []stepData      `json:"steps"`
}

type stepData struct {
	wire.Event
	Details       *wire.DecisionAnswer `json:"details,omitempty"`       // of a decision
	DecidedWith   int                  `json:"decided_with,omitzero"`   // other decisions that were made together with it
	Displaced     []displacedData      `json:"displaced,omitempty"`     // calls that it took units from
	RecalledTo    map[string]string    `json:"recalled_to,omitempty"`   // by unit
	FollowsFrom   uint64               `json:"follows_from,omitzero"`   // the decision that took the unit
	PassedOver    *wire.PassedOver     `json:"passed_over,omitempty"`   // of a unit sent elsewhere: why not here
	SentElsewhere bool                 `json:"sent_elsewhere,omitzero"` // while the call lacked a unit
	Calls         map[string]classData `json:"calls,omitempty"`         // the other calls that are named
}

type classData struct {
	Class      string `json:"class"`
	PromotedTo string `json:"promoted_to,omitzero"`
}

type displacedData struct {
	Call          string       `json:"call"`
	Unit          string       `json:"unit"`
	Ended         string       `json:"ended"`
	Status        string       `json:"status"` // once the instant was over
	Sent          []string     `json:"sent"`   // to it, at the same instant
	WaitingReason *wire.Reason `json:"waiting_reason,omitempty"`
}

// data gives the story for programs.
func (s *story) data() storyData {
	_, by := s.classBy()
	out := storyData{
		Call: wire.CallOf(s.call, s.ends), ClassBy: by, Policy: s.policy.Version(), LogEnds: wire.InstantOf(s.ends),
		Steps: make([]stepData, 0, len(s.steps)),
	}
	for i := range s.steps {
		out.Steps = append(out.Steps, s.steps[i].data())
	}
	return out
}

func (p *step) data() stepData {
	out := stepData{RecalledTo: p.goes, DecidedWith: p.together, Calls: make(map[string]classData, len(p.calls))}
	for id, r := range p.calls {
		out.Calls[id] = classData{r.class, r.promoted}
	}
	out.Event, _ = wire.EventOf(p.Recorded)
	switch f := p.Fact.(type) {
	case *assign.DecisionMade:
		d := wire.DecisionOf(p.Seq, p.At, &f.Decision)
		out.Details = &d
	case *assign.UnitDiverted, *assign.UnitPreempted:
		out.FollowsFrom = p.decision
	case *assign.UnitDispatched:
		out.FollowsFrom, out.SentElsewhere = p.decision, true
		if p.passed != nil {
			passed := wire.PassedOverOf(*p.passed)
			out.PassedOver = &passed
		}
	}
	for _, l := range p.lost {
		d := displacedData{Call: l.call, Unit: l.unit, Ended: string(l.how), Status: string(l.status), Sent: l.got}
		if l.lacks() {
			d.WaitingReason = &wire.Reason{Code: l.reason.Code, Sentence: l.reason.Sentence}
		}
		out.Displaced = append(out.Displaced, d)
	}
	return out
}

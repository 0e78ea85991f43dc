package wire

import (
	"callbox/assign"
)

// ClockState is one clock of a call.
type ClockState struct {
	Call          string  `json:"call,omitempty"` // in lists of clocks
	Clock         string  `json:"clock"`
	Class         string  `json:"class,omitempty"` // in lists of clocks
	TargetSeconds Seconds `json:"target_seconds"`
	Due           Instant `json:"due"`
	StoppedAt     Instant `json:"stopped_at,omitzero"`
	ShareUsed     float64 `json:"share_used"`        // of the target, 1 is all of it
	Forecast      Instant `json:"forecast,omitzero"` // when it should stop, as far as anybody knows
	AtRisk        bool    `json:"at_risk"`           // 80 % used up, or forecast after due
	Breached      bool    `json:"breached"`          // ran, or runs, past due
}

// atRiskShare is the share of a target, in thousandths, from which an open
// clock is at risk.
const atRiskShare = 800

// CallClocks are the two clocks of a call.
type CallClocks struct {
	ClocksDue
	Answer ClockState `json:"answer"`
	Close  ClockState `json:"close"`
}

func callClocks(c *assign.Call, now assign.Instant) CallClocks {
	return CallClocks{
		ClocksDue: clocksDue(c),
		Answer:    clockOf(c, assign.AnswerClock, &c.Answer, now),
		Close:     clockOf(c, assign.CloseClock, &c.Close, now),
	}
}

func clockOf(c *assign.Call, name assign.ClockName, k *assign.Clock, now assign.Instant) ClockState {
	due := k.Due(c.ReceivedAt)
	s := ClockState{
		Clock: string(name), TargetSeconds: SecondsOf(k.Target), Due: InstantOf(due), StoppedAt: InstantOf(k.Stopped),
		ShareUsed: float64(k.Used(c.ReceivedAt, now)) / 1000,
		Breached:  k.Running() && now > due || k.Stopped > due,
	}
	if k.Running() {
		forecast := forecast(c, name)
		s.Forecast = InstantOf(forecast)
		s.AtRisk = k.Used(c.ReceivedAt, now) >= atRiskShare || forecast > due
	}
	return s
}

// forecast is when the first unit on its way should arrive; 0 if nobody knows.
// Nobody knows when a call will be closed.
func forecast(c *assign.Call, name assign.ClockName) assign.Instant {
	var first assign.Instant
	for i := range c.Assignments {
		a := &c.Assignments[i]
		if name != assign.AnswerClock || !a.Active() || a.Leg == nil {
			continue
		}
		if at := a.Since.Add(a.Leg.Time); first == 0 || at < first {
			first = at
		}
	}
	return first
}

// OpenClocks are the clocks of a call that still run.
func OpenClocks(c *assign.Call, now assign.Instant) []ClockState {
	var out []ClockState
	both := callClocks(c, now)
	for _, s := range [...]ClockState{both.Answer, both.Close} {
		if s.StoppedAt == "" {
			s.Call, s.Class = c.ID, c.Class
			out = append(out, s)
		}
	}
	return out
}

// ClocksDue is when a call's clocks run out.
type ClocksDue struct {
	AnswerDue Instant `json:"answer_due"`
	CloseDue  Instant `json:"close_due"`
}

func clocksDue(c *assign.Call) ClocksDue {
	return ClocksDue{
		AnswerDue: InstantOf(c.Answer.Due(c.ReceivedAt)),
		CloseDue:  InstantOf(c.Close.Due(c.ReceivedAt)),
	}
}

package assign

import "time"

// ClockName names one of a call's two clocks.
type ClockName string

// The clocks of a call. Both start when it was received.
const (
	AnswerClock ClockName = "answer" // until the first unit is on scene
	CloseClock  ClockName = "close"  // until the call is closed
)

// Shares are the parts of a target, in percent, whose passing is an event. The
// last of them is the breach.
var Shares = [...]int{50, 80, 100}

// Clock measures a call against a target of the policy it was received under.
// It keeps that target, whatever policy comes later.
type Clock struct {
	Target  time.Duration `json:"target"`
	Stopped Instant       `json:"stopped,omitempty"` // 0 while it runs
	Passed  int           `json:"passed,omitempty"`  // how many of Shares have become events
}

// Running reports whether the clock has not been stopped.
func (k *Clock) Running() bool { return k.Stopped == 0 }

// Due is when the target is used up, for a call received at that instant.
func (k *Clock) Due(received Instant) Instant { return received.Add(k.Target) }

// Used is the share of the target used up by now, or by when the clock
// stopped, in thousandths.
func (k *Clock) Used(received, now Instant) int64 {
	if !k.Running() {
		now = k.Stopped
	}
	return max(0, int64(now-received)*1000/max(1, k.Target.Milliseconds()))
}

// next is the instant at which the next of Shares is used up, and whether one
// is left.
func (k *Clock) next(received Instant) (Instant, bool) {
	if !k.Running() || k.Passed == len(Shares) {
		return 0, false
	}
	return received.Add(k.Target * time.Duration(Shares[k.Passed]) / 100), true
}

// promotion is the instant at which the call is to be promoted, and whether it
// is: nobody has arrived, and it has not been promoted.
func (c *Call) promotion() (Instant, bool) {
	if c.Promote == nil || c.Promoted != "" || !c.Answer.Running() {
		return 0, false
	}
	return c.ReceivedAt.Add(c.Promote.After), true
}

// clock is the call's clock of that name.
func (c *Call) clock(name ClockName) *Clock {
	if name == AnswerClock {
		return &c.Answer
	}
	return &c.Close
}

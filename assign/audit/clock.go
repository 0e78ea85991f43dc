package audit

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"callbox/assign"
)

// shares are the parts of a clock's target, in percent, that are events when
// they are used up; the last is the breach.
var shares = [...]int{50, 80, breach}

const breach = 100

// clock is one of a call's two clocks.
type clock struct {
	name    assign.ClockName
	target  time.Duration
	stopped bool
	passed  [len(shares)]bool // which shares have been events
}

// due is the instant at which a share of a clock's target is used up.
func (k *clock) due(c *call, share int) assign.Instant {
	return c.received + assign.Instant(k.target.Milliseconds()*int64(share)/100)
}

// share judges the event of a share that was used up.
func (a *Auditor) share(id string, name assign.ClockName, share int, at assign.Instant) {
	c := a.open(id, "")
	if c == nil {
		return
	}
	k := &c.end
	if name == assign.AnswerClock {
		k = &c.answer
	}
	switch i := slices.Index(shares[:], share); {
	case i < 0 || name != k.name:
		a.find(ClockWrong, "", id, "%s has no event of %d %% of its %s clock", id, share, name)
	case k.stopped:
		a.find(ClockWrong, "", id, "%d %% of the %s clock of %s cannot be used up: the clock had stopped", share, name, id)
	case k.passed[i]:
		a.find(ClockWrong, "", id, "%d %% of the %s clock of %s was used up twice", share, name, id)
	default:
		k.passed[i] = true
		if due := k.due(c, share); at != due {
			a.find(ClockWrong, "", id, "%d %% of the %s clock of %s was used up at %v, and the log says %v", share, name, id, due, at)
		} else if due > a.now {
			a.find(ClockWrong, "", id, "%d %% of the %s clock of %s is used up at %v only", share, name, id, due)
		}
	}
}

// stop stops a clock, and finds the shares that were used up before and are no
// events. Clocks are looked at before anything else is written, so a call that
// comes in late has its events by the next instant of the log.
func (a *Auditor) stop(c *call, k *clock, at assign.Instant) {
	if k.stopped {
		return
	}
	a.missing(c, k, at, a.now)
	k.stopped = true
}

// missing finds the shares of a running clock that were used up before an
// instant and are no events in a log that has come as far as now.
func (a *Auditor) missing(c *call, k *clock, before, now assign.Instant) {
	for i, share := range shares {
		if due := k.due(c, share); !k.passed[i] && due < before && c.opened < now {
			a.find(ClockMissing, "", c.id, "%d %% of the %s clock of %s was used up at %v, and is no event", share, k.name, c.id, due)
		}
	}
	if k == &c.answer && c.promotion != nil && c.promoted == "" {
		if due := c.received.Add(c.promotion.After); due < before && c.opened < now {
			a.find(WrongRank, "", c.id, "%s (%s) was to count as %s from %v, and was not promoted", c.id, c.class, c.promotion.To, due)
		}
	}
}

// endClocks judges the clocks that still run at the end of the log.
func (a *Auditor) endClocks() {
	for _, id := range slices.Sorted(maps.Keys(a.calls)) {
		c := a.calls[id]
		for _, k := range [...]*clock{&c.answer, &c.end} {
			if !k.stopped {
				a.missing(c, k, a.ticked, a.ticked)
			}
		}
	}
}

// promote judges a call's promotion.
func (a *Auditor) promote(f *assign.CallPromoted) {
	c := a.open(f.Call, "")
	if c == nil {
		return
	}
	_, rank := a.class(f.Class)
	wrong := ""
	switch {
	case c.promotion == nil || c.promotion.To != f.Class:
		wrong = "which its class does not provide for"
	case f.At != c.received.Add(c.promotion.After) || f.At > a.now:
		wrong = fmt.Sprintf("from %v, and it was to be from %v", f.At, c.received.Add(c.promotion.After))
	case c.answer.stopped:
		wrong = "though a unit had been there"
	case c.promoted != "":
		wrong = "and to " + c.promoted + " before"
	case rank == 0 || a.protected(rank):
		wrong = "to which no call may be promoted"
	}
	if wrong != "" {
		a.find(WrongRank, "", c.id, "%s (%s) was promoted to %s, %s", c.id, c.class, f.Class, wrong)
	}
	c.promoted, c.sound = f.Class, wrong == ""
}

package audit

import (
	"fmt"
	"time"

	"callbox/assign"
)

// compare judges one dispatch against one waiting call of a higher class.
func (a *Auditor) compare(r *round, s *dispatch, c *call) {
	f := Finding{Kind: Inversion, At: r.at, Fact: s.fact, Unit: s.unit.id, Call: s.to.id, Other: c.id}
	waited := r.at.Sub(c.received).Round(time.Second)
	if r.took(s.unit, c) {
		f.Explained = a.exception(s, c)
		f.Sentence = fmt.Sprintf("unit %s was taken from %s (%s), which lacks a unit, and sent to %s (%s)%s",
			s.unit.id, c.id, c.class, s.to.id, s.to.class, ending(f.Explained, s))
		a.tell(f)
		return
	}
	if r.got[c] || !ableForAny(s.unit, c) || c.gaveBack[s.unit.id] || !a.reaches(s.unit, c) {
		return
	}
	e := a.evidence(r, s, c)
	if e.could == no {
		return
	}
	if f.Explained = a.exception(s, c); f.Explained == "" && e.unreachable {
		f.Explained = Unreachable
	}
	if f.Explained == "" && e.could == unknown {
		f.Kind = Unproven
	}
	f.Sentence = fmt.Sprintf("unit %s was sent to %s (%s) while %s (%s) waited %v", s.unit.id, s.to.id, s.to.class, c.id, c.class, waited)
	if e.timed {
		f.Sentence += fmt.Sprintf(", %s away for the same unit", seconds(e.time))
	}
	if e.excuse != "" {
		f.Sentence += "; " + e.excuse
	}
	if f.Kind == Unproven {
		f.Sentence += " — unproven: the log does not say how far away the unit was"
	} else {
		f.Sentence += ending(f.Explained, s)
	}
	a.tell(f)
}

// took reports whether a round took a unit from a call that lacks, after it, the
// unit that it was or could be.
func (r *round) took(u *unit, c *call) bool {
	for _, l := range r.lost[u] {
		if l.from == c {
			return ableForAny(u, c) || l.slot != assign.Extra && c.slots[l.slot].open()
		}
	}
	return false
}

// ableForAny reports whether a unit is known to be able to fill an open slot.
func ableForAny(u *unit, c *call) bool {
	for i := range c.slots {
		if s := &c.slots[i]; s.open() && able(u, s) {
			return true
		}
	}
	return false
}

// exception is what explains that a call got a unit before a higher one, but for
// the ways of units; "" if nothing does.
func (a *Auditor) exception(s *dispatch, c *call) Exception {
	class, _ := a.class(c.class)
	switch {
	case s.order != nil:
		return ByOrder
	case c.reason == partnerHold:
		return PartnerHold
	case s.to.promoted != "" && s.to.sound && class != nil && !class.Protected && a.policyRank(s.to) <= a.policyRank(c):
		return Promoted
	}
	return ""
}

func ending(e Exception, s *dispatch) string {
	switch e {
	case "":
		return " — inversion, not explained"
	case ByOrder:
		return fmt.Sprintf(" — inversion, explained: ordered by %s (%s)", s.order.By, s.order.Reason)
	case PartnerHold:
		return " — inversion, explained: it holds for a partner unit"
	case Promoted:
		return fmt.Sprintf(" — inversion, explained: %s had been promoted to %s", s.to.id, s.to.promoted)
	}
	return " — inversion, explained: the unit had no way to it"
}

// answer is what can be said of a question.
type answer int

const (
	unknown answer = iota
	no
	yes
)

// evidence is what the log says of a unit's way to a call that it was not sent
// to.
type evidence struct {
	could       answer // the unit could have served the call
	time        time.Duration
	timed       bool   // time is known
	unreachable bool   // the log says that there is no way, and nothing speaks against it
	excuse      string // what is wrong with the reason that the log gives, "" if nothing
}

// evidence weighs what the log says. The rest of this package's model has found
// already that nothing but travel can keep the unit from the call.
func (a *Auditor) evidence(r *round, s *dispatch, c *call) (e evidence) {
	passed, listed := passedOver(s, c)
	e.time, e.timed = legOf(r, s, c)
	if listed && (passed.Time > 0 || passed.Rule == "" || passed.Rule == assign.RulePullLimit) {
		e.time, e.timed = passed.Time, true
	}
	if e.timed && a.beyond(c, e.time, r.at) {
		return evidence{could: no}
	}
	if e.timed {
		e.could = yes
	}
	if !listed {
		return e
	}
	says := fmt.Sprintf("the log's reason is %q, ", passed.Rule)
	switch passed.Rule {
	case "":
	case assign.RulePullLimit:
		e.excuse = says + "and it is within the limit"
	case assign.RuleUnreachable:
		if e.could, e.unreachable = yes, !e.timed; e.timed {
			e.excuse = says + "and elsewhere it gives a way"
		}
	case assign.RulePositionUnknown, assign.RulePositionStale:
		if s.fix == nil || passed.Rule == assign.RulePositionStale && r.at.Sub(s.fix.Since) > a.policy.Positions.StaleAfter {
			return evidence{could: no}
		}
		e.could, e.excuse = yes, says+"and it gives a position"
	case assign.RuleCapability, assign.RuleCapabilityUnknown:
		e.could, e.excuse = yes, says+"and the unit has what is needed"
	case assign.RuleArea, assign.RuleAreaUnknown:
		e.could, e.excuse = yes, says+"and the unit is of an area within reach"
	case assign.RuleDuty:
		e.could, e.excuse = yes, says+"and the unit was on duty"
	case assign.RuleGaveBack:
		e.could, e.excuse = yes, says+"and the unit has not given it back"
	default:
		e.excuse = says + "which is no exception"
		if !a.limited(c) {
			e.could = yes
		}
	}
	return e
}

// passedOver finds a call among those that a unit passed over.
func passedOver(s *dispatch, c *call) (assign.PassedOver, bool) {
	for _, p := range s.passed {
		if p.Call == c.id {
			return p, true
		}
	}
	return assign.PassedOver{}, false
}

// legOf is the unit's way to a waiting call by the newest decision about that
// call, if it still holds: it is of the same instant, or the unit was at the same
// place.
func legOf(r *round, s *dispatch, c *call) (time.Duration, bool) {
	if c.decision == nil {
		return 0, false
	}
	for _, list := range [...][]assign.Candidate{c.decision.Chosen, c.decision.Considered} {
		for _, x := range list {
			if x.Unit != s.unit.id || x.Leg == nil {
				continue
			}
			if c.decided == r.at || x.Fix != nil && s.fix != nil && x.Fix.At == s.fix.At {
				return x.Leg.Time, true
			}
		}
	}
	return 0, false
}

func seconds(d time.Duration) string { return fmt.Sprintf("%d s", d.Round(time.Second)/time.Second) }

package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"callbox/assign"
)

// told is how many units or calls of a list are told, unless all are asked
// for.
const told = 5

// teller writes a story for a person. All times are UTC.
type teller struct {
	*story
	out bytes.Buffer
	all bool
}

// tell writes a story; apart puts a blank line before it.
func tell(w io.Writer, s *story, apart, all bool) error {
	t := &teller{story: s, all: all}
	if apart {
		t.out.WriteByte('\n')
	}
	t.head()
	for i := 0; i < len(s.steps); {
		n := 1
		for passes(s.steps[i]) && i+n < len(s.steps) && passes(s.steps[i+n]) {
			n++
		}
		t.steps(s.steps[i : i+n])
		i += n
	}
	if s.call.Open() && !s.part {
		t.line(s.ends, "the log ends here: the call is %s", spaced(string(s.call.Status())))
	}
	_, err := w.Write(t.out.Bytes())
	return err
}

// passes reports whether a step is a unit that was sent elsewhere.
func passes(p step) bool {
	_, sent := p.Fact.(*assign.UnitDispatched)
	return sent
}

// head tells what the call was, and how it went on the whole.
func (t *teller) head() {
	c := t.call
	kind := c.Type
	if kind == "" {
		kind = "no type"
	}
	lat, lon := c.Location.Degrees()
	fmt.Fprintf(&t.out, "Call %s: %s from %s, at %v, %v", c.ID, kind, c.Source, lat, lon)
	if len(c.Areas) > 0 {
		fmt.Fprintf(&t.out, " in %s", strings.Join(c.Areas, ", "))
	}
	t.out.WriteByte('\n')
	about := func(label, format string, args ...any) {
		fmt.Fprintf(&t.out, "  %-9s %s\n", label, fmt.Sprintf(format, args...))
	}
	if c.Note != "" {
		about("note", "%q", c.Note)
	}
	about("received", "%s %s", c.ReceivedAt.Time().Format(time.DateOnly), t.at(c.ReceivedAt))
	by, _ := t.classBy()
	about("class", "%s, %s (policy %s)", c.Class, by, t.policy.Version())
	if c.Promoted != "" {
		about("promoted", "to %s", c.Promoted)
	}
	about("needs", "%s%s", needs(c.Needs), t.needsBy())
	about("answer", "%s", t.clock(&c.Answer, "no unit had arrived when the call ended"))
	about("close", "%s", t.clock(&c.Close, ""))
	if c.End != nil {
		about("end", "%s %s", t.at(c.End.At), ending(c.End))
	}
	t.out.WriteByte('\n')
}

// classBy says where the call has its class from, for a person and in a word.
func (s *story) classBy() (sentence, code string) {
	c := s.call
	card := s.policy.Card(c.Type, c.Source)
	isDefault := false
	for i := range s.policy.Defaults {
		isDefault = isDefault || card == &s.policy.Defaults[i]
	}
	switch {
	case card == nil:
		return "as the log says", "log"
	case c.Class != card.Class && isDefault:
		return fmt.Sprintf("as the caller said; calls from %s are %s by default", c.Source, card.Class), "caller"
	case c.Class != card.Class:
		return fmt.Sprintf("as the caller said; the run card of %s says %s", card.Type, card.Class), "caller"
	case isDefault:
		return fmt.Sprintf("the default of calls from %s", c.Source), "default"
	}
	return fmt.Sprintf("by the run card of %s", card.Type), "run_card"
}

// needsBy says it if the run card does not ask for what the call needs.
func (s *story) needsBy() string {
	card := s.policy.Card(s.call.Type, s.call.Source)
	if card == nil || needs(card.Needs) == needs(s.call.Needs) {
		return ""
	}
	return ", as the caller asked; the run card asks for " + needs(card.Needs)
}

// clock tells whether a clock was kept. unmet is what to say of one that the end
// of the call stopped, "" if that is what it waits for.
func (t *teller) clock(k *assign.Clock, unmet string) string {
	received, due := t.call.ReceivedAt, k.Due(t.call.ReceivedAt)
	stopped := k.Stopped
	if k.Running() {
		stopped = t.ends
	}
	s := fmt.Sprintf("due %s, ", t.at(due))
	switch late := stopped.Sub(due); {
	case k.Running() && late > 0:
		s += fmt.Sprintf("still running, late by %s", lasting(late))
	case k.Running():
		s += "still running"
	case unmet != "" && t.call.Arrived() == 0:
		s += unmet
	case late > 0:
		s += fmt.Sprintf("missed by %s", lasting(late))
	default:
		s += "kept"
	}
	return s + fmt.Sprintf(": %s of %s", lasting(stopped.Sub(received)), lasting(k.Target))
}

// steps tells of one step, or of several units that were sent elsewhere one
// after the other.
func (t *teller) steps(list []step) {
	p := list[0]
	switch f := p.Fact.(type) {
	case *assign.UnitDispatched:
		t.passedOver(list)
	case *assign.DecisionMade:
		t.decision(&p, &f.Decision)
	case *assign.UnitDiverted:
		t.line(f.At, "%s was diverted on its way, to %s, by decision %d", f.Unit, p.name(f.To), p.decision)
	case *assign.UnitPreempted:
		t.line(f.At, "%s was preempted on scene, for %s, by decision %d", f.Unit, p.name(f.To), p.decision)
	case *assign.CallPromoted:
		t.line(f.At, "counts as %s from here on: it has waited %s", f.Class, lasting(f.At.Sub(t.call.ReceivedAt)))
	case *assign.UnitEnRoute:
		t.line(f.At, "%s was on its way", f.Unit)
	case *assign.UnitArrived:
		t.line(f.At, "%s was on scene", f.Unit)
	case *assign.UnitCleared:
		t.line(f.At, "%s %s; it was %s", f.Unit, leaving[f.How], spaced(string(f.Status)))
	case *assign.CallClosed:
		t.line(f.End.At, "%s", ending(&f.End))
	case *assign.ClockWarned:
		t.line(f.At, "%d %% of the %s target were used up", f.Share, f.Clock)
	case *assign.ClockBreached:
		t.line(f.At, "the %s target was missed", f.Clock)
	case *assign.PolicyAdopted:
		t.line(p.At, "policy %s came into force%s", f.Policy.Version(), reasoned(f.By, f.Reason))
	}
}

// passedOver tells of units that were sent elsewhere.
func (t *teller) passedOver(list []step) {
	if len(list) == 1 {
		t.line(list[0].At, "while it waited, %s", t.sent(list[0]))
		return
	}
	until := ""
	if first, last := t.at(list[0].At), t.at(list[len(list)-1].At); last != first {
		until = " until " + last + ","
	}
	t.line(list[0].At, "while it waited,%s %d units were sent elsewhere:", until, len(list))
	shown := t.cut(len(list))
	for _, p := range list[:shown] {
		t.under("", "%s %s", t.at(p.At), t.sent(p))
	}
	if rest := list[shown:]; len(rest) > 0 {
		classes, rules := make(map[string]int), make(map[string]int)
		for _, p := range rest {
			classes[p.calls[p.Fact.(*assign.UnitDispatched).Call].class]++
			rules[unsaid(p.passed)]++
		}
		t.under("", "and %d more, by class: %s; by rule: %s", len(rest), tally(classes), tally(rules))
	}
}

// sent says where a unit went, and why not here.
func (t *teller) sent(p step) string {
	f := p.Fact.(*assign.UnitDispatched)
	s := fmt.Sprintf("%s was sent to %s by decision %d", f.Assignment.Unit, p.name(f.Call), p.decision)
	if o := f.Assignment.Order; o != nil {
		s += ", by order of " + o.By
	}
	if p.passed == nil {
		return s + "; the decision does not say why not here"
	}
	return s + ": " + distant(p.passed)
}

// cut is how many of a list are told.
func (t *teller) cut(n int) int {
	if t.all || n <= told+1 { // "and 1 more" takes the line of that one
		return n
	}
	return told
}

// line begins a step.
func (t *teller) line(at assign.Instant, format string, args ...any) {
	fmt.Fprintf(&t.out, "%s  %s\n", t.at(at), fmt.Sprintf(format, args...))
}

// under goes on with a step.
func (t *teller) under(label, format string, args ...any) {
	fmt.Fprintf(&t.out, "           %-9s %s\n", label, fmt.Sprintf(format, args...))
}

// at is a time of day, with the date if that is not the day of the call.
func (t *teller) at(i assign.Instant) string {
	when, day := i.Time(), t.call.ReceivedAt.Time()
	if when.Format(time.DateOnly) == day.Format(time.DateOnly) {
		return when.Format("15:04:05Z")
	}
	return when.Format("2006-01-02 15:04:05Z")
}

// name is a call with its class.
func (p *step) name(call string) string {
	switch r := p.calls[call]; {
	case r.promoted != "":
		return fmt.Sprintf("%s (%s, promoted to %s)", call, r.class, r.promoted)
	case r.class != "":
		return fmt.Sprintf("%s (%s)", call, r.class)
	}
	return call
}

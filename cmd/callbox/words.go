package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"callbox/assign"
)

// refusals say why a rule refuses a unit.
var refusals = map[assign.Rule]string{
	assign.RuleCapability:        "could do nothing that the call needs",
	assign.RuleCapabilityUnknown: "nobody had said what it can do",
	assign.RuleArea:              "belonged too far away for the class",
	assign.RuleAreaUnknown:       "nobody had said where it belongs",
	assign.RuleDuty:              "was off duty or out of service",
	assign.RuleOnCall:            "was on another call, which it may not be taken from",
	assign.RuleHigherCall:        "was on a call that comes before this one, or as high",
	assign.RuleTaken:             "went to another call by the same decision",
	assign.RuleGaveBack:          "had given this call back",
	assign.RuleReserve:           "was kept back for higher classes",
	assign.RulePositionUnknown:   "had never said where it was",
	assign.RulePositionStale:     "had not said where it was for too long",
	assign.RulePullLimit:         "was farther away than the class allows",
	assign.RuleUnreachable:       "had no way to the call by road",
}

// why says why a unit was not sent: by which rule, from which call that it was
// on, for which call that got or kept it. Each may be "".
func why(rule assign.Rule, from, other string) string {
	switch {
	case rule == assign.RuleOnCall && from != "":
		return "was on " + from + ", which it may not be taken from"
	case rule == assign.RuleHigherCall && from != "":
		return "was on " + from + ", which comes before this one, or as high"
	case rule == assign.RuleTaken && other != "":
		return "went to " + other + " by the same decision"
	case rule != "":
		return cmp.Or(refusals[rule], "was refused")
	case other != "" && other == from:
		return "stayed on " + other
	case other != "":
		return "went to " + other
	}
	return "could have come"
}

// costs name the terms of a unit's cost.
var costs = map[string]string{
	"travel":   "travel",
	"estimate": "for a way that is an estimate",
	"area":     "belongs elsewhere",
	"leaves":   "leaves its call",
	"replaces": "replaces one on its way",
	"coverage": "leaves its surroundings uncovered",
}

// costOf names a term; for a unit that was taken from a call it says how.
func costOf(term string, lost *loss) string {
	if term == "leaves" && lost != nil {
		return fmt.Sprintf("leaves %s %s", taken[lost.how], lost.call)
	}
	return cmp.Or(costs[term], spaced(term))
}

// taken says where a unit was that was taken from a call.
var taken = map[assign.AssignmentEnd]string{
	assign.Diverted:  "its way to",
	assign.Preempted: "the scene of",
}

// leaving says how a unit left the call.
var leaving = map[assign.AssignmentEnd]string{
	assign.Cleared:  "had been there, and left",
	assign.GaveBack: "gave the call back before it arrived",
	assign.WithCall: "was freed by the end of the call",
}

func ending(e *assign.End) string {
	switch {
	case e.Cancelled:
		return fmt.Sprintf("cancelled: %s", e.Reason)
	case e.Unverified:
		return fmt.Sprintf("closed: %s; no unit had reported its arrival", e.Disposition)
	}
	return fmt.Sprintf("closed: %s", e.Disposition)
}

func needs(list []assign.Need) string {
	var out []string
	for _, n := range list {
		s := "1 unit"
		if n.Count > 1 {
			s = fmt.Sprintf("%d units", n.Count)
		}
		if len(n.Capabilities) > 0 {
			s += " with " + strings.Join(n.Capabilities, " and ")
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func because(r *assign.Reason) string { return r.Code + ": " + r.Sentence }

// reasoned says who ordered something, and why, as far as they said.
func reasoned(by, reason string) string {
	s := ""
	if by != "" {
		s += ", by " + by
	}
	if reason != "" {
		s += ": " + reason
	}
	return s
}

// more says what another answer would have cost.
func more(p *assign.Price) string {
	amount, direction := p.Time, "more"
	if amount < 0 {
		amount, direction = -amount, "less"
	}
	switch {
	case amount == 0:
		return "no difference"
	case p.Class == "":
		return fmt.Sprintf("%s %s travel, and no call worse off", seconds(amount), direction)
	}
	return fmt.Sprintf("%s %s for %s calls", seconds(amount), direction, p.Class)
}

// worth says what a unit would have saved.
func worth(p *assign.Price) string {
	switch {
	case p.Time == 0:
		return "nothing"
	case p.Class == "":
		return seconds(p.Time) + " of travel"
	}
	return fmt.Sprintf("%s to %s calls", seconds(p.Time), p.Class)
}

// seconds writes a cost or a travel time exactly, so that sums can be checked.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Milliseconds())/1000, 'f', -1, 64) + " s"
}

// lasting writes how long something took, as policies write it: 35m, 1h2m. Parts of
// a second are dropped from one second on.
func lasting(d time.Duration) string {
	if d >= time.Second {
		d = d.Truncate(time.Second)
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// spaced writes a word of the wire as words.
func spaced(s string) string { return strings.ReplaceAll(s, "_", " ") }

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"callbox/assign"
	"callbox/geo"
)

// decision tells who was sent by a decision, who was not and why, and what it
// meant to other calls.
func (t *teller) decision(p *step, d *assign.Decision) {
	t.line(p.At, "decision %d%s: %s", p.Seq, circumstances(p, d), spaced(string(d.Status)))
	if d.Order != nil {
		t.under("ordered", "%s", strings.TrimPrefix(reasoned(d.Order.By, d.Order.Reason), ", "))
	}
	label := "sent"
	for _, c := range d.Chosen {
		var from *loss
		if i := slices.IndexFunc(p.lost, func(l loss) bool { return l.unit == c.Unit }); i >= 0 {
			from = &p.lost[i]
		}
		t.under(label, "%s", chosen(&c, from))
		t.consequences(p, &c, from)
		label = ""
	}
	label = "recalled"
	for _, unit := range d.Recalled {
		where := "it was free again"
		switch call := p.goes[unit]; call {
		case "":
		case t.call.ID:
			where = "it was to fill another place here"
		default:
			where = "it went to " + p.name(call)
		}
		t.under(label, "%s on its way; %s", unit, where)
		label = ""
	}
	label = "not sent"
	shown := t.cut(len(d.Considered))
	for _, c := range d.Considered[:shown] {
		t.under(label, "%s", rejected(p, &c))
		label = ""
	}
	if rest := d.Considered[shown:]; len(rest) > 0 {
		t.under("", "and %d more", len(rest))
	}
	if len(d.Refused) > 0 {
		counts := make([]string, 0, len(d.Refused))
		for _, r := range d.Refused {
			counts = append(counts, fmt.Sprintf("%d by %s", r.Units, r.Rule))
		}
		t.under("refused", "of all units signed on: %s", strings.Join(counts, ", "))
	}
	if d.Reason != nil {
		t.under("waits", "%s", because(d.Reason))
	}
	if d.Price != nil {
		t.under("price", "one more unit here then was worth %s", worth(d.Price))
	}
}

// circumstances tell how a decision was made.
func circumstances(p *step, d *assign.Decision) string {
	var how []string
	switch {
	case p.together == 1:
		how = append(how, "together with 1 other")
	case p.together > 1:
		how = append(how, fmt.Sprintf("together with %d others", p.together))
	}
	if d.Greedy {
		how = append(how, "in haste, an exact one follows")
	}
	if len(how) == 0 {
		return ""
	}
	return " (" + strings.Join(how, "; ") + ")"
}

// chosen says how far away a unit was, and what it cost. lost is the call that
// it was taken from, nil if it was on none.
func chosen(c *assign.Candidate, lost *loss) string {
	if len(c.Cost) == 0 {
		return c.Unit + away(c.Leg, ", ")
	}
	terms := make([]string, 0, len(c.Cost))
	for _, term := range c.Cost {
		terms = append(terms, seconds(term.Time)+" "+costOf(term.Name, lost))
	}
	if len(terms) == 1 {
		return c.Unit + ": " + terms[0] + byRoad(c.Leg)
	}
	return fmt.Sprintf("%s: %s = %s%s", c.Unit, seconds(c.Total()), strings.Join(terms, " + "), byRoad(c.Leg))
}

// consequences tell what the choice of a unit meant to other calls.
func (t *teller) consequences(p *step, c *assign.Candidate, lost *loss) {
	if lost != nil {
		t.under("", "  taken from %s %s, which %s", taken[lost.how], p.name(lost.call), lost.outcome())
	}
	shown := t.cut(len(c.Passed))
	for _, passed := range c.Passed[:shown] {
		t.under("", "  not to %s, which waits: %s", p.name(passed.Call), distant(&passed))
	}
	if rest := c.Passed[shown:]; len(rest) > 0 {
		counts := make(map[string]int)
		for i := range rest {
			counts[unsaid(&rest[i])]++
		}
		t.under("", "  nor to %d more that wait: %s", len(rest), tally(counts))
	}
}

// outcome says how the call was left.
func (l *loss) outcome() string {
	s := "was then " + spaced(string(l.status))
	if len(l.got) > 0 {
		s += ", by " + strings.Join(l.got, ", ")
	}
	if l.lacks() {
		s += ": " + because(l.reason)
	}
	return s
}

// lacks reports whether the call was left without a unit that it needs, for a
// reason on record.
func (l *loss) lacks() bool {
	return (l.status == assign.Waiting || l.status == assign.PartlyAssigned) && l.reason != nil
}

// rejected says why a unit was not sent.
func rejected(p *step, c *assign.Candidate) string {
	s := c.Unit + away(c.Leg, ", ") + ": " + why(c.Rule, p.name(c.From), p.name(c.For))
	if c.Rule != "" {
		s += fmt.Sprintf(" (%s)", c.Rule)
	} else if len(c.Cost) > 1 {
		s += ", at a cost of " + seconds(c.Total())
	}
	if c.Swap != nil {
		s += "; had it been sent instead: " + more(c.Swap)
	}
	return s
}

// distant says how a unit lay to a call that it did not go to.
func distant(p *assign.PassedOver) string {
	s := "no rule was against it"
	if p.Rule != "" {
		s = fmt.Sprintf("%s (%s)", why(p.Rule, "", ""), p.Rule)
	}
	if p.Time > 0 {
		s += fmt.Sprintf(", %s away", seconds(p.Time))
	}
	return s
}

// unsaid is the rule that kept a unit from a call, or why there is none.
func unsaid(p *assign.PassedOver) string {
	switch {
	case p == nil:
		return "no reason on record"
	case p.Rule == "":
		return "no rule against it"
	}
	return string(p.Rule)
}

// tally lists counts by name.
func tally(counts map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, fmt.Sprintf("%d %s", counts[name], name))
	}
	return strings.Join(out, ", ")
}

// away says how far away a unit was.
func away(l *geo.Leg, before string) string {
	if l == nil {
		return before + "nobody knows how far away"
	}
	return before + seconds(l.Time) + " away" + byRoad(l)
}

// byRoad says how a way is known, and how long it is.
func byRoad(l *geo.Leg) string {
	if l == nil {
		return ""
	}
	s := ""
	if l.Straight {
		s = ", estimated along the straight line"
	}
	if l.Distance != geo.Unmeasured {
		s += fmt.Sprintf(", %.0f m", l.Distance.Meters())
		if !l.Straight {
			s += " by road"
		}
	}
	return s
}

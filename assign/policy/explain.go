package policy

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"callbox/assign"
	"callbox/assign/match"
	"callbox/geo"
)

// Bounds of what a decision tells.
const (
	maxConsidered = 12  // units that were not chosen; all of them are counted, by rule, where units are lacking
	maxOthers     = 6   // of these, that no rule refuses
	maxSwaps      = 2   // of these, for which it is told what sending them would have cost
	maxPassed     = 32  // waiting calls that a chosen unit did not go to, if they are of no higher rank
	maxHigher     = 512 // if they are, for all chosen units of a call
)

// explainer tells why a round decided as it did.
type explainer struct {
	*round
	goes    map[string]string // the call that a unit goes to or stays with after the round, if it took part
	row     map[slotKey]int
	waiting []*assign.Call // calls that lack units after the round, by rank
	sifted  map[string]*sifted
}

func newExplainer(r *round) *explainer {
	e := &explainer{round: r, goes: make(map[string]string), row: make(map[slotKey]int), sifted: make(map[string]*sifted)}
	for key, unit := range r.plan {
		if unit != "" {
			e.goes[unit] = key.call
		}
	}
	for i, w := range r.rows {
		e.row[slotKey{w.call.ID, w.slot}] = i
	}
	return e
}

// explain completes a decision with its reasons.
func (e *explainer) explain(d *assign.Decision, call *assign.Call) {
	q := e.questions[call.ID]
	slots := e.empty(call)
	for i := range d.Chosen {
		e.choice(q, &d.Chosen[i], maxHigher/len(d.Chosen))
		slots = append(slots, d.Chosen[i].Slot)
	}
	slices.SortFunc(d.Chosen, func(a, b assign.Candidate) int {
		return cmp.Or(cmp.Compare(a.Leg.Time, b.Leg.Time), cmp.Compare(a.Unit, b.Unit))
	})
	slices.Sort(slots)
	d.Considered = e.considered(q, slots, d.Chosen)
	if empty := e.empty(call); len(empty) > 0 {
		d.Refused, d.Reason = e.shortfall(q, empty)
	}
	if e.together {
		e.swaps(q, slots, d)
		d.Price = e.worthOfOne(q, slots)
	}
}

// choice fills in what is known of a unit that is sent.
func (e *explainer) choice(q *question, c *assign.Candidate, most int) {
	u := e.s.State.Unit(c.Unit)
	leg, ok := e.s.Leg(c.Unit, q.call.Location, q.class.Profile, q.limit)
	if !ok {
		panic(fmt.Sprintf("policy: unit %s is sent to call %s, and there is no way", c.Unit, q.call.ID))
	}
	e.s.Measure(&leg, q.call.Location, q.class.Profile)
	*c = assign.Candidate{
		Unit: c.Unit, Slot: c.Slot, From: c.From, Leg: &leg, Fix: e.fix(c.Unit),
		Cost: e.terms(q, c.Slot, u, leg), Passed: e.passed(q, u, most),
	}
}

func (e *explainer) fix(unit string) *assign.Fix {
	if fix, known := e.s.Fix(unit); known {
		return &fix
	}
	return nil
}

// terms is what a unit costs for a slot, part by part.
func (e *explainer) terms(q *question, slot int, u *assign.Unit, leg geo.Leg) []assign.Term {
	w := &row{question: q, slot: slot, held: e.s.State.Unit(holder(q.call, slot))}
	terms := append(make([]assign.Term, 0, 2), assign.Term{Name: "travel", Time: min(leg.Time, q.far())})
	for _, t := range [...]assign.Term{
		{Name: "estimate", Time: q.travel(leg) - min(leg.Time, q.far())},
		{Name: "area", Time: q.area(u)},
		{Name: "leaves", Time: q.leavingOther(u)},
		{Name: "replaces", Time: w.leaving(u) - q.leavingOther(u)},
		{Name: "coverage", Time: q.covering(u)},
	} {
		if t.Time != 0 {
			terms = append(terms, t)
		}
	}
	return terms
}

// considered are the units nearest to the call that were not chosen, soonest
// first.
func (e *explainer) considered(q *question, slots []int, chosen []assign.Candidate) []assign.Candidate {
	out := make([]assign.Candidate, 0, maxConsidered)
	others := 0
	for leg := range e.s.Legs(q.call.Location, q.class.Profile, q.limit, assign.Want{}) {
		if slices.ContainsFunc(chosen, func(c assign.Candidate) bool { return c.Unit == leg.ID }) {
			continue
		}
		u := e.s.State.Unit(leg.ID)
		c := assign.Candidate{Unit: u.ID, Leg: &leg, Fix: e.fix(u.ID), From: u.Call, For: e.goes[u.ID], Rule: e.refuses(q, u, slots)}
		if c.For == "" && u.Call != q.call.ID {
			c.For = u.Call
		}
		if c.Rule == "" || c.Rule == assign.RuleTaken {
			others++
			c.Slot = q.slotFor(u, slots)
		}
		if out = append(out, c); len(out) == maxConsidered || others == maxOthers {
			break
		}
	}
	for i := range out {
		if c := &out[i]; c.From != q.call.ID && (c.Rule == "" || c.Rule == assign.RuleTaken) {
			c.Cost = e.terms(q, c.Slot, e.s.State.Unit(c.Unit), *c.Leg)
		}
	}
	return out
}

// refuses is the first rule that refuses a unit for all of the slots, which were
// decided together with others: one that goes to another call is taken, be it
// from this one.
func (e *explainer) refuses(q *question, u *assign.Unit, slots []int) assign.Rule {
	rule := q.refusesButTaken(u, slots)
	goes := e.goes[u.ID] != "" && e.goes[u.ID] != q.call.ID
	if goes && (rule == "" && u.Call == "" || rule == assign.RuleOnCall && u.Call == q.call.ID) {
		return assign.RuleTaken
	}
	return rule
}

// swaps tells of the nearest units that could have gone what it would have cost
// all calls together to send them, each in the place of the one that was sent.
func (e *explainer) swaps(q *question, slots []int, d *assign.Decision) {
	told := 0
	for i := range d.Considered {
		c := &d.Considered[i]
		u := e.s.State.Unit(c.Unit)
		if c.Cost == nil || u.Call != "" && e.goes[u.ID] == "" || told == maxSwaps {
			continue
		}
		at, there := e.row[slotKey{q.call.ID, c.Slot}]
		if !there {
			continue
		}
		column := e.column(u.ID)
		sound(e.match.Change(at, column, e.rows[at].sends(u, *c.Leg)))
		if total, ok := e.match.Forced(at, column); ok {
			c.Swap = e.levels.price(e.policy, total, e.match.Total())
			told++
		}
	}
}

// worthOfOne is what it would save all calls together if one more unit stood at
// the place of the call, able to fill the first of the slots.
func (e *explainer) worthOfOne(q *question, slots []int) *assign.Price {
	at, there := e.row[slotKey{q.call.ID, slots[0]}]
	if !there {
		return nil
	}
	w := e.rows[at]
	if w.limit == 0 && e.unitOf(at) == "" {
		return nil // nobody can come from anywhere: no number says what somebody would be worth
	}
	w.clear()
	w.cost[w.at] = w.late(w.age)
	w.cost[len(w.cost)+changesLevel] = 1
	before, column := slices.Clone(e.match.Total()), e.column("")
	sound(e.match.AddColumn(column, []match.Entry{{Row: at, Cost: w.cost}}))
	price := e.levels.price(e.policy, before, e.match.Total())
	e.match.RemoveColumn(column)
	return price
}

// passed are calls that lack units after the round, and why a unit that is sent
// to another call does not go there: those of higher rank, and the nearest of the
// others, by rank and then by distance.
func (e *explainer) passed(q *question, u *assign.Unit, most int) []assign.PassedOver {
	if e.waiting == nil {
		e.waiting = e.unserved()
	}
	fix, _ := e.s.Fix(u.ID)
	type near struct {
		call     *assign.Call
		rank     int
		distance geo.Distance
	}
	var calls []near
	for _, c := range e.waiting {
		rank := e.policy.RankOf(c)
		if rank < q.rank && len(calls) == most || rank >= q.rank && len(calls) >= maxPassed && rank > calls[len(calls)-1].rank {
			break // they are sorted by rank
		}
		if c.ID != q.call.ID {
			calls = append(calls, near{c, rank, geo.Between(fix.At, c.Location)})
		}
	}
	slices.SortFunc(calls, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.distance, b.distance), cmp.Compare(a.call.ID, b.call.ID))
	})
	var out []assign.PassedOver
	for i, c := range calls {
		if i >= maxPassed && c.rank >= q.rank {
			break
		}
		out = append(out, e.passes(e.ask(c.call), u))
	}
	return out
}

// unserved are the calls that lack units after the round, by rank.
func (e *explainer) unserved() []*assign.Call {
	out := []*assign.Call{}
	for c := range e.s.State.Waiting() {
		if len(e.empty(c)) > 0 {
			out = append(out, c)
		}
	}
	for key, unit := range e.plan { // those that lose a unit
		c := e.questions[key.call].call
		if unit == "" && holder(c, key.slot) != "" && len(c.OpenSlots()) == 0 && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	e.sortByRank(out)
	return out
}

// passes tells why a unit does not go to a call that lacks some.
func (e *explainer) passes(q *question, u *assign.Unit) assign.PassedOver {
	p := assign.PassedOver{Call: q.call.ID}
	if p.Rule = q.refusesButTaken(u, e.empty(q.call)); p.Rule != "" {
		return p
	}
	leg, ok := e.s.Leg(u.ID, q.call.Location, q.class.Profile, q.limit)
	if !ok {
		p.Rule = assign.RulePullLimit
		if leg, ok = e.s.Leg(u.ID, q.call.Location, q.class.Profile, 0); !ok || leg.Straight {
			p.Rule = assign.RuleUnreachable
			return p
		}
	}
	p.Time = max(leg.Time, time.Millisecond)
	return p
}

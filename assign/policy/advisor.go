package policy

import (
	"cmp"
	"iter"
	"slices"

	"callbox/assign"
	"callbox/geo"
)

// Advisor decides for waiting calls by the policy in force. It has no state of
// its own and may be shared.
type Advisor struct{}

// maxConsidered bounds how many units that were not chosen a decision lists.
// All of them are counted, by rule.
const maxConsidered = 24

// Advise decides for the calls that lack units, in strict order: by class, then
// age over target, then how soon a unit can be there, then ID. It returns a
// decision for each call that it looked at, in that order. A call that nothing
// has changed for is not looked at: it would be decided as before.
func (Advisor) Advise(s *assign.Situation) []assign.Decision {
	a := &round{s: s, taken: make(map[string]bool)}
	compare := before(s.State.Policy(), s.Now)
	calls := slices.SortedFunc(a.concerned(), func(x, y *assign.Call) int {
		return cmp.Or(compare(x, y), cmp.Compare(x.ID, y.ID))
	})
	for len(calls) > 0 {
		n := 1
		for n < len(calls) && compare(calls[0], calls[n]) == 0 {
			n++
		}
		a.decide(calls[:n])
		calls = calls[n:]
	}
	return a.decisions
}

// round is one call of Advise.
type round struct {
	s         *assign.Situation
	taken     map[string]bool
	decisions []assign.Decision
}

// decide serves calls that come equal: the one that can be reached soonest
// first, ties by ID, those that get no unit last. An answer is computed again
// only if a unit of it has been taken.
func (a *round) decide(calls []*assign.Call) {
	type answer struct {
		*question
		assign.Decision
	}
	var answers []answer
	for _, call := range calls {
		if q := a.ask(call); a.worth(q) {
			answers = append(answers, answer{q, q.answer()})
		}
	}
	taken := func(c assign.Candidate) bool { return a.taken[c.Unit] }
	for len(answers) > 0 {
		first := 0
		for i := range answers {
			if sooner(&answers[i].Decision, &answers[first].Decision) {
				first = i
			}
		}
		if slices.ContainsFunc(answers[first].Chosen, taken) {
			answers[first].Decision = answers[first].answer()
			continue
		}
		for _, c := range answers[first].Chosen {
			a.taken[c.Unit] = true
		}
		a.decisions = append(a.decisions, answers[first].Decision)
		answers = slices.Delete(answers, first, first+1)
	}
}

// sooner orders answers by the arrival of their first unit, then by call.
func sooner(a, b *assign.Decision) bool {
	if len(a.Chosen) == 0 || len(b.Chosen) == 0 {
		return cmp.Or(cmp.Compare(min(len(b.Chosen), 1), min(len(a.Chosen), 1)), cmp.Compare(a.Call, b.Call)) < 0
	}
	return cmp.Or(cmp.Compare(a.Chosen[0].Leg.Time, b.Chosen[0].Leg.Time), cmp.Compare(a.Call, b.Call)) < 0
}

func (a *round) ask(call *assign.Call) *question {
	return &question{
		s: a.s, call: call, class: a.s.State.Policy().Class(call.Class), slots: call.OpenSlots(), taken: a.taken,
	}
}

// concerned yields the waiting calls whose answer can differ from the last one,
// in no order. Where no unit has changed these are the new ones, however many
// others wait.
func (a *round) concerned() iter.Seq[*assign.Call] {
	fresh := a.s.Fresh
	return func(yield func(*assign.Call) bool) {
		if fresh != nil && len(fresh.Units) == 0 {
			for id := range fresh.Calls {
				if c := a.s.State.Call(id); c != nil && len(c.OpenSlots()) > 0 && !yield(c) {
					return
				}
			}
			return
		}
		for c := range a.s.State.Waiting() {
			if a.worth(a.ask(c)) && !yield(c) {
				return
			}
		}
	}
}

// worth reports whether the answer for a call can differ from the last one: it
// is new or has lost a unit, or some unit that may go now has changed.
func (a *round) worth(q *question) bool {
	fresh := a.s.Fresh
	if fresh == nil || fresh.Calls[q.call.ID] {
		return true
	}
	for unit := range fresh.Units {
		if q.refuses(a.s.State.Unit(unit)) == "" {
			return true
		}
	}
	return false
}

// answer finds the cheapest suitable units for the open slots.
func (q *question) answer() assign.Decision {
	d := q.decision()
	unmet, refused := q.sift()
	fill, goal := newFilling(q.call, q.slots), q.fillable()
	for c := range q.stream(unmet) {
		if c.Rule == "" {
			unmet--
		}
		if c.Rule == "" && fill.add(q.s.State.Unit(c.Unit)) {
			d.Chosen = append(d.Chosen, c)
		} else if len(d.Considered) < maxConsidered {
			d.Considered = append(d.Considered, c)
		}
		if len(d.Chosen) == goal {
			break
		}
	}
	for i := range d.Chosen {
		d.Chosen[i].Slot = fill.slotOf(d.Chosen[i].Unit)
	}
	if len(d.Chosen) < goal {
		refused[q.beyond()] += unmet
	}
	d.Refused = refused.sorted()
	empty := fill.empty()
	if len(empty) > 0 {
		d.Reason = q.reason(empty, d.Chosen)
	}
	d.Status = q.call.StatusWith(len(empty))
	return d
}

// decision is the answer's frame: by what it was decided.
func (q *question) decision() assign.Decision {
	p := q.s.State.Policy()
	return assign.Decision{
		Call: q.call.ID, Policy: p.Name, PolicyHash: p.Hash, Roads: q.s.Roads, Profile: q.class.Profile,
	}
}

// sift counts the units that no rule refuses, and those that each rule does.
func (q *question) sift() (suitable int, refused counts) {
	refused = make(counts)
	for _, id := range q.s.State.UnitIDs() {
		if rule := q.refuses(q.s.State.Unit(id)); rule == "" {
			suitable++
		} else {
			refused[rule]++
		}
	}
	return suitable, refused
}

// fillable is how many of the slots the suitable units could fill, were all of
// them near.
func (q *question) fillable() int {
	fill, n := newFilling(q.call, q.slots), 0
	for _, id := range q.s.State.UnitIDs() {
		if n == len(q.slots) {
			break
		}
		if u := q.s.State.Unit(id); q.refuses(u) == "" && fill.add(u) {
			n++
		}
	}
	return n
}

// beyond is the rule that refuses units that the search for ways did not meet.
func (q *question) beyond() assign.Rule {
	if q.limit() > 0 {
		return assign.RulePullLimit
	}
	return assign.RuleUnreachable
}

// stream yields units with a known way to the call: the suitable ones, of whom
// there are so many, in order of cheaper, the refused ones among them where they
// are met. It reads no more of the ways than it must, and none if nobody is
// suitable. A suitable unit is yielded once no way still to come can be as
// cheap, since no cost is below its travel time.
func (q *question) stream(suitable int) iter.Seq[assign.Candidate] {
	return func(yield func(assign.Candidate) bool) {
		var held []assign.Candidate // suitable, by cheaper
		release := func(next *geo.Leg) bool {
			for len(held) > 0 && (next == nil || ahead(&held[0], *next)) {
				if !yield(held[0]) {
					return false
				}
				held = held[1:]
			}
			return true
		}
		if suitable == 0 {
			return
		}
		for leg := range q.legs() {
			if !release(&leg) {
				return
			}
			c, u := q.candidate(leg)
			if c.Rule = q.refuses(u); c.Rule != "" {
				if !yield(c) {
					return
				}
				continue
			}
			c.Cost = q.cost(u, c)
			i, _ := slices.BinarySearchFunc(held, c, cheaper)
			held = slices.Insert(held, i, c)
			if suitable--; suitable == 0 {
				break
			}
		}
		release(nil)
	}
}

// legs streams the ways of all units until it has given as many as a decision
// lists, and then those of units that may be of use.
func (q *question) legs() iter.Seq[geo.Leg] {
	return func(yield func(geo.Leg) bool) {
		met := make(map[string]bool)
		for leg := range q.s.Legs(q.call.Location, q.class.Profile, q.limit(), assign.Want{}) {
			if !yield(leg) {
				return
			}
			if met[leg.ID] = true; len(met) == maxConsidered {
				break
			}
		}
		if len(met) < maxConsidered {
			return
		}
		for leg := range q.s.Legs(q.call.Location, q.class.Profile, q.limit(), q.want()) {
			if !met[leg.ID] && !yield(leg) {
				return
			}
		}
	}
}

// want is what every unit of use has in common: it can do what each of the open
// slots asks for.
func (q *question) want() assign.Want {
	w := assign.Want{Available: true}
	for i, slot := range q.slots {
		asks := q.call.Slot(slot).Capabilities
		if i == 0 {
			w.Capabilities = slices.Clone(asks)
		}
		w.Capabilities = slices.DeleteFunc(w.Capabilities, func(c string) bool { return !slices.Contains(asks, c) })
	}
	return w
}

func (q *question) candidate(leg geo.Leg) (assign.Candidate, *assign.Unit) {
	u := q.s.State.Unit(leg.ID)
	c := assign.Candidate{Unit: u.ID, Leg: &leg}
	if fix, known := q.s.Fix(u.ID); known {
		c.Fix = &fix
	}
	return c, u
}

// cheaper orders candidates by cost, then by ID. Those whose way is estimated
// along the straight line come after all that have a way by road, as they come
// among the ways: an estimate does not compare with an exact time.
func cheaper(a, b assign.Candidate) int {
	return cmp.Or(
		cmp.Compare(estimated(*a.Leg), estimated(*b.Leg)),
		cmp.Compare(a.Total(), b.Total()),
		cmp.Compare(a.Unit, b.Unit),
	)
}

// ahead reports whether a candidate is cheaper than any whose way comes no
// sooner than this one.
func ahead(c *assign.Candidate, next geo.Leg) bool {
	return cmp.Or(cmp.Compare(estimated(*c.Leg), estimated(next)), cmp.Compare(c.Total(), next.Time)) < 0
}

func estimated(leg geo.Leg) int {
	if leg.Straight {
		return 1
	}
	return 0
}

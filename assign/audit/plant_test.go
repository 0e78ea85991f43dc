package audit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/audit"
	"callbox/geo"
)

// sent is a unit that was chosen for a slot, a minute away.
func sent(unit string, slot int) assign.Candidate {
	return assign.Candidate{
		Unit: unit, Slot: slot, Leg: &geo.Leg{ID: unit, Time: time.Minute, Distance: geo.Meters(600)},
		Cost: []assign.Term{{Name: "travel", Time: time.Minute}},
	}
}

// planted is a fault that was put in: what must be found, and all units and calls
// that it touches.
type planted struct {
	unit, call string
	touched    []string
}

// plants are the faults. Each looks at fact i of a real log and changes the log if
// the fault can be planted there.
var plants = []struct {
	name  string
	kind  audit.Kind
	plant func(l *tape, i int) (p planted, ok bool)
}{
	{"a fact of an hour ago", audit.Impossible, func(l *tape, i int) (planted, bool) {
		_, ok := l.facts[i].Fact.(*assign.UnitSignedOn)
		l.facts[i].At -= 3_600_000
		return planted{}, ok && i > 2
	}},

	{"a unit that is on another call", audit.TwoCalls, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sends(i)
		if !ok {
			return planted{}, false
		}
		s := l.state(i)
		for _, id := range s.UnitIDs() {
			if u := s.Unit(id); u.Call != "" && u.Call != d.Call {
				l.swap(i, id)
				return planted{id, d.Call, []string{d.Chosen[0].Unit, u.Call}}, true
			}
		}
		return planted{}, false
	}},
	{"a unit that is off duty", audit.NotOnDuty, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sends(i)
		if ok {
			l.put(i, &assign.UnitStatusChanged{Unit: d.Chosen[0].Unit, Status: assign.OffDuty, At: l.facts[i].At})
			return planted{d.Chosen[0].Unit, d.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a unit that is out of service", audit.NotOnDuty, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sends(i)
		if ok {
			l.put(i, &assign.UnitStatusChanged{Unit: d.Chosen[0].Unit, Status: assign.OutOfService, At: l.facts[i].At})
			return planted{d.Chosen[0].Unit, d.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a unit that never signed on", audit.NotOnDuty, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sends(i)
		if ok {
			l.swap(i, "ghost")
			return planted{"ghost", d.Call, []string{d.Chosen[0].Unit}}, true
		}
		return planted{}, false
	}},
	{"two units in one slot", audit.WrongSlot, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sole(i)
		if !ok || d.Order != nil || len(d.Chosen) != 2 {
			return planted{}, false
		}
		first, second := d.Chosen[0], d.Chosen[1]
		l.editDecision(i, func(d *assign.Decision) { d.Chosen[1].Slot = first.Slot })
		edit(l, l.dispatched(i, second.Unit), func(f *assign.UnitDispatched) { f.Assignment.Slot = first.Slot })
		return planted{second.Unit, d.Call, nil}, true
	}},
	{"a slot that the call does not have", audit.WrongSlot, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sends(i)
		if ok {
			l.editDecision(i, func(d *assign.Decision) { d.Chosen[0].Slot = 9 })
			edit(l, l.dispatched(i, d.Chosen[0].Unit), func(f *assign.UnitDispatched) { f.Assignment.Slot = 9 })
			return planted{d.Chosen[0].Unit, d.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a unit that cannot do it", audit.NotAble, func(l *tape, i int) (planted, bool) {
		return l.unable(i, []string{"boat"})
	}},
	{"a unit of which nobody knows whether it can", audit.NotAble, func(l *tape, i int) (planted, bool) {
		return l.unable(i, nil)
	}},
	{"a unit sent to a closed call", audit.CallNotOpen, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.CallClosed)
		if !ok {
			return planted{}, false
		}
		s := l.state(i + 1)
		for _, id := range s.UnitIDs() {
			if s.Unit(id).Status == assign.Available {
				l.put(i+1, l.dispatch(s, f.Call, id, 0, assign.Assigned)...)
				return planted{id, f.Call, nil}, true
			}
		}
		return planted{}, false
	}},
	{"a call that was never received", audit.CallNotOpen, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.CallReceived)
		if ok {
			l.drop(i)
			return planted{"", f.Call.ID, nil}, true
		}
		return planted{}, false
	}},

	{"a warning is left out", audit.ClockMissing, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.ClockWarned)
		if ok {
			l.drop(i)
			return planted{"", f.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a breach is left out", audit.ClockMissing, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.ClockBreached)
		if ok {
			l.drop(i)
			return planted{"", f.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a warning is there twice", audit.ClockWrong, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.ClockWarned)
		if ok {
			l.put(i, f)
			return planted{"", f.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a breach at another instant", audit.ClockWrong, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.ClockBreached)
		if ok {
			edit(l, i, func(f *assign.ClockBreached) { f.At++ })
			return planted{"", f.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a breach after the clock had stopped", audit.ClockWrong, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.UnitArrived)
		if !ok {
			return planted{}, false
		}
		c := l.state(i + 1).Call(f.Call)
		if c.Answer.Passed == 3 {
			return planted{}, false
		}
		l.put(i+1, &assign.ClockBreached{Call: f.Call, Clock: assign.AnswerClock, At: c.Answer.Due(c.ReceivedAt)})
		return planted{"", f.Call, nil}, true
	}},
	{"a target that is not its class's", audit.ClockWrong, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.CallReceived)
		if ok {
			edit(l, i, func(f *assign.CallReceived) { f.Call.Answer.Target *= 2 })
			return planted{"", f.Call.ID, nil}, true
		}
		return planted{}, false
	}},
	{"clocks that begin again", audit.ClockReset, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.ClockBreached)
		if !ok {
			return planted{}, false
		}
		c := l.state(i).Call(f.Call)
		l.put(i+1, &assign.CallReceived{Call: assign.Call{
			ID: c.ID, Class: c.Class, Needs: c.Needs, ReceivedAt: l.facts[i].At,
			Answer: assign.Clock{Target: c.Answer.Target}, Close: assign.Clock{Target: c.Close.Target},
		}})
		return planted{"", f.Call, nil}, true
	}},

	{"a unit taken for a lower call", audit.MayNotTake, func(l *tape, i int) (planted, bool) {
		p, _, ok := l.takes(i)
		return p, ok
	}},
	{"a unit taken for a lower call is an inversion", audit.Inversion, func(l *tape, i int) (planted, bool) {
		p, _, ok := l.takes(i)
		return p, ok
	}},
	{"a unit from beyond the pull limit", audit.PullLimit, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sends(i)
		if !ok || l.state(i).Call(d.Call).Class == "critical" {
			return planted{}, false
		}
		far := &geo.Leg{ID: d.Chosen[0].Unit, Time: 1000 * time.Hour}
		l.editDecision(i, func(d *assign.Decision) { d.Chosen[0].Leg = far })
		edit(l, l.dispatched(i, d.Chosen[0].Unit), func(f *assign.UnitDispatched) { f.Assignment.Leg = far })
		return planted{d.Chosen[0].Unit, d.Call, nil}, true
	}},
	{"a unit from beyond the reach", audit.OutOfReach, func(l *tape, i int) (planted, bool) {
		d, end, ok := l.sends(i)
		if !ok {
			return planted{}, false
		}
		wide := *l.state(i).Policy()
		narrow := wide
		narrow.Classes = slices.Clone(wide.Classes)
		for j := range narrow.Classes {
			narrow.Classes[j].Reach = assign.Sector
		}
		l.put(end, &assign.PolicyAdopted{Policy: wide})
		l.put(i, &assign.PolicyAdopted{Policy: narrow})
		return planted{d.Chosen[0].Unit, d.Call, nil}, true
	}},
	{"a promotion that no policy provides for", audit.WrongRank, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.ClockBreached)
		if ok {
			l.put(i, &assign.CallPromoted{Call: f.Call, Class: "critical", At: l.facts[i].At})
			return planted{"", f.Call, nil}, true
		}
		return planted{}, false
	}},

	{"a choice without its cost", audit.Contradiction, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sends(i)
		if ok {
			l.editDecision(i, func(d *assign.Decision) { d.Chosen[0].Cost = nil })
			edit(l, l.dispatched(i, d.Chosen[0].Unit), func(f *assign.UnitDispatched) { f.Assignment.Cost = nil })
			return planted{d.Chosen[0].Unit, d.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a dispatch with another way than decided", audit.Contradiction, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sends(i)
		if ok {
			edit(l, l.dispatched(i, d.Chosen[0].Unit), func(f *assign.UnitDispatched) { f.Assignment.Leg = &geo.Leg{Time: time.Second} })
			return planted{d.Chosen[0].Unit, d.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a call that waits for no reason", audit.Contradiction, func(l *tape, i int) (planted, bool) {
		d, end, ok := l.sole(i)
		if ok && d.Order == nil && d.Status == assign.Waiting && end == i+2 {
			l.editDecision(i, func(d *assign.Decision) { d.Reason = nil })
			l.drop(i + 1)
			return planted{"", d.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a call that is not queued", audit.Contradiction, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.CallQueued)
		if ok {
			l.drop(i)
			return planted{"", f.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a decision that says another status", audit.Contradiction, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sends(i)
		if ok && d.Status == assign.Assigned {
			l.editDecision(i, func(d *assign.Decision) { d.Status = assign.Waiting })
			return planted{"", d.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a decision by another policy", audit.Contradiction, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sole(i)
		if ok {
			l.editDecision(i, func(d *assign.Decision) { d.PolicyHash = "0" })
			return planted{"", d.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a dispatch that nobody decided", audit.Contradiction, func(l *tape, i int) (planted, bool) {
		d, end, ok := l.sends(i)
		if ok && end == i+2 {
			l.drop(i)
			return planted{d.Chosen[0].Unit, d.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a decision that was not carried out", audit.Contradiction, func(l *tape, i int) (planted, bool) {
		d, _, ok := l.sends(i)
		if ok {
			l.drop(l.dispatched(i, d.Chosen[0].Unit))
			return planted{d.Chosen[0].Unit, d.Call, nil}, true
		}
		return planted{}, false
	}},

	{"a unit that arrives at another call", audit.Impossible, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.UnitArrived)
		if !ok {
			return planted{}, false
		}
		for _, c := range l.state(i).OpenCalls() {
			if c.ID != f.Call {
				edit(l, i, func(f *assign.UnitArrived) { f.Call = c.ID })
				return planted{f.Unit, c.ID, []string{f.Call}}, true
			}
		}
		return planted{}, false
	}},
	{"a unit that arrives twice", audit.Impossible, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.UnitArrived)
		if ok {
			l.put(i, f)
			return planted{f.Unit, f.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a unit that arrives before it was sent", audit.Impossible, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.UnitArrived)
		if ok {
			edit(l, i, func(f *assign.UnitArrived) { f.At = noon })
			return planted{f.Unit, f.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a unit that is done and was never there", audit.Impossible, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.UnitCleared)
		if ok && f.How == assign.GaveBack {
			edit(l, i, func(f *assign.UnitCleared) { f.How = assign.Cleared })
			return planted{f.Unit, f.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a call whose end is left out", audit.Impossible, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.CallClosed)
		if !ok || i == 0 {
			return planted{}, false
		}
		u, ok := l.facts[i-1].Fact.(*assign.UnitCleared)
		if ok && u.How == assign.WithCall {
			l.drop(i)
			return planted{"", f.Call, nil}, true
		}
		return planted{}, false
	}},
	{"a call that ends while a unit is on it", audit.Impossible, func(l *tape, i int) (planted, bool) {
		f, ok := l.facts[i].Fact.(*assign.UnitCleared)
		if ok && f.How == assign.WithCall {
			l.drop(i)
			return planted{f.Unit, f.Call, nil}, true
		}
		return planted{}, false
	}},
}

// swap has the decision at i send another unit.
func (l *tape) swap(i int, unit string) {
	was := l.facts[i].Fact.(*assign.DecisionMade).Decision.Chosen[0]
	now := was
	now.Unit, now.Leg = unit, &geo.Leg{ID: unit, Time: was.Leg.Time}
	edit(l, l.dispatched(i, was.Unit), func(f *assign.UnitDispatched) { f.Assignment.Unit, f.Assignment.Leg = now.Unit, now.Leg })
	l.editDecision(i, func(d *assign.Decision) { d.Chosen[0] = now })
}

// dispatched is where the decision at i puts a unit on its call.
func (l *tape) dispatched(i int, unit string) int {
	return i + slices.IndexFunc(l.facts[i:], func(r assign.Recorded) bool {
		f, ok := r.Fact.(*assign.UnitDispatched)
		return ok && f.Assignment.Unit == unit
	})
}

// unable has a unit be able to do no more than this just before it is sent.
func (l *tape) unable(i int, capabilities []string) (planted, bool) {
	d, _, ok := l.sends(i)
	if !ok {
		return planted{}, false
	}
	u := *l.state(i).Unit(d.Chosen[0].Unit)
	u.Capabilities = capabilities
	l.put(i, &assign.UnitSignedOn{Unit: u})
	return planted{u.ID, d.Call, nil}, true
}

// takes makes a dispatcher's order that takes a unit from a higher call for a
// lower one nobody's order.
func (l *tape) takes(i int) (p planted, from *assign.Call, ok bool) {
	d, _, ok := l.sole(i)
	if !ok || d.Order == nil {
		return p, nil, false
	}
	s := l.state(i)
	unit := d.Chosen[0].Unit
	from = s.Call(s.Unit(unit).Call)
	if from == nil || rank(from.Class) >= rank(s.Call(d.Call).Class) || from.Assignments[len(from.Assignments)-1].Slot == assign.Extra {
		return p, nil, false
	}
	slot := d.Chosen[0].Slot
	if u := s.Unit(unit); slot == assign.Extra || u.Capabilities == nil || !u.Can(s.Call(d.Call).Slot(slot)) {
		return p, nil, false
	}
	c := sent(unit, slot)
	l.editDecision(i, func(d *assign.Decision) { d.Order, d.Chosen = nil, []assign.Candidate{c} })
	edit(l, l.dispatched(i, unit), func(f *assign.UnitDispatched) {
		f.Assignment.Order, f.Assignment.Leg, f.Assignment.Cost = nil, c.Leg, c.Cost
	})
	return planted{unit, d.Call, []string{from.ID}}, from, d.Status == assign.Assigned
}

func rank(class string) int {
	return slices.Index([]string{"critical", "serious", "non-critical", "other-911", "311"}, class)
}

// TestPlantedFaultsAreFound plants each fault in copies of real logs: it is found
// with its witness, and nobody else is blamed.
func TestPlantedFaultsAreFound(t *testing.T) {
	const sites = 8
	var logs [][]assign.Recorded
	for seed := range uint64(12) {
		logs = append(logs, drive(t, seed, "911-first", 200))
	}
	for _, fault := range plants {
		t.Run(fault.name, func(t *testing.T) {
			n := 0
			for _, log := range logs {
				for i := 0; i < len(log) && n < sites; i++ {
					l := &tape{t, slices.Clone(log)}
					p, ok := fault.plant(l, i)
					if !ok {
						continue
					}
					l.number()
					n++
					blamed(t, l.facts, fault.kind, p)
					i += len(log) / 3
				}
			}
			if n == 0 {
				t.Error("no log has a place for it")
			}
		})
	}
}

// TestNumbersMustFollow: a fact that lacks or is there twice is missed by its
// number, whatever else it leaves behind.
func TestNumbersMustFollow(t *testing.T) {
	log := drive(t, 1, "911-first", 100)
	for i := range len(log) - 1 {
		without := slices.Delete(slices.Clone(log), i, i+1)
		twice := slices.Insert(slices.Clone(log), i, log[i])
		for _, facts := range [][]assign.Recorded{without, twice} {
			findings, _ := judge(t, facts)
			if !slices.ContainsFunc(findings, func(f audit.Finding) bool {
				return f.Kind == audit.Impossible && strings.Contains(f.Sentence, " follows fact ")
			}) {
				t.Fatalf("fact %d of %d lacks or is there twice, and nobody notices: %v", i+1, len(log), findings)
			}
		}
	}
}

// blamed checks that a fault is found and nothing that it does not touch.
func blamed(t *testing.T, facts []assign.Recorded, kind audit.Kind, p planted) {
	t.Helper()
	found := false
	findings, _ := judge(t, facts)
	touched := append(p.touched, p.unit, p.call)
	for _, f := range findings {
		found = found || f.Kind == kind && f.Explained == "" && f.Unit == p.unit && f.Call == p.call
		if f.Kind == audit.Unproven || f.Explained != "" {
			continue
		}
		if !slices.Contains(touched, f.Unit) && !slices.Contains(touched, f.Call) && !slices.Contains(touched, f.Other) {
			t.Errorf("%s is blamed on others: %v", f.Kind, f)
		}
	}
	if !found {
		t.Errorf("no %s of unit %q and call %q among %v", kind, p.unit, p.call, findings)
	}
}

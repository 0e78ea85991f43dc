package audit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/audit"
	"callbox/assign/policy"
	"callbox/geo"
)

// story is a log that a test writes by hand, by the core's own rules.
type story struct {
	t     testing.TB
	state *assign.State
	now   assign.Instant
	facts []assign.Recorded
}

// newStory begins under a policy in which critical and serious calls may take
// units on their way, and 311 calls are promoted after 35 minutes.
func newStory(t testing.TB) *story {
	t.Helper()
	p, _, err := policy.Named("911-first")
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Classes {
		k := &p.Classes[i]
		k.MayDivert, k.Divertible, k.Protected, k.Promote = i < 2, true, i < 2, nil
		k.MayPreempt, k.Preemptible = i == 0, i == 4
	}
	p.Classes[4].Promote = &assign.Promotion{After: 35 * time.Minute, To: "non-critical"}
	p.Solver = &assign.Solver{Together: true}
	s := &story{t: t, state: assign.NewState(), now: noon}
	s.do(&assign.AdoptPolicy{Policy: p})
	for _, unit := range []string{"u1", "u2", "u3"} {
		s.do(&assign.SignOn{Unit: unit, Capabilities: []string{"patrol"}})
	}
	return s
}

func (s *story) do(c assign.Command) {
	s.t.Helper()
	facts, err := s.state.Decide(s.now, c)
	if err != nil {
		s.t.Fatalf("%T: %v", c, err)
	}
	for _, f := range facts {
		r := assign.Recorded{Seq: s.state.Seq() + 1, At: s.now, Fact: f}
		if err := s.state.Apply(r); err != nil {
			s.t.Fatal(err)
		}
		s.facts = append(s.facts, r)
	}
}

// after lets time pass, and the clocks be looked at.
func (s *story) after(d time.Duration) {
	s.t.Helper()
	s.now = s.now.Add(d)
	for before := uint64(0); before != s.state.Seq(); {
		before = s.state.Seq()
		s.do(&assign.Tick{})
	}
}

// call opens a call that needs so many patrol units.
func (s *story) call(id, class string, units int) {
	s.t.Helper()
	s.do(&assign.ReportCall{
		ID: id, Class: class, Location: &geo.Point{}, Cell: "892a1072b5bffff",
		Needs: []assign.Need{{Capabilities: []string{"patrol"}, Count: units}},
	})
}

func (s *story) status(unit string, status assign.UnitStatus) {
	s.t.Helper()
	s.do(&assign.SetStatus{Unit: unit, Status: status})
}

// gets is a decision that sends units to a call, a minute away, for the first
// slots that are open, or will be.
func (s *story) gets(call string, units ...string) assign.Decision {
	d := assign.Decision{Call: call, Reason: &assign.Reason{Code: "all_units_busy", Sentence: "Too few."}}
	slots := s.state.Call(call).OpenSlots()
	for i, unit := range units {
		c := sent(unit, i)
		if i < len(slots) {
			c.Slot = slots[i]
		}
		d.Chosen = append(d.Chosen, c)
	}
	return d
}

// instead is a decision that sends a unit to a call in place of one that is on its
// way there.
func (s *story) instead(call, was, unit string) assign.Decision {
	d := s.gets(call)
	d.Recalled, d.Chosen = []string{was}, []assign.Candidate{sent(unit, 0)}
	return d
}

// round carries out decisions that were made together.
func (s *story) round(decisions ...assign.Decision) {
	s.t.Helper()
	number := s.state.Seq() + 1
	for _, d := range decisions {
		d.Round, d.Policy, d.PolicyHash = number, s.state.Policy().Name, s.state.Policy().Hash
		for i := range d.Chosen {
			d.Chosen[i].From = s.state.Unit(d.Chosen[i].Unit).Call
		}
		s.do(&assign.Dispatch{Decision: d})
	}
}

// passing gives the only unit of a decision a call that it passes over.
func passing(d assign.Decision, p assign.PassedOver) assign.Decision {
	d.Chosen[0].Passed = []assign.PassedOver{p}
	return d
}

// found checks that just these findings are there, each of a kind, with words in
// their sentence: "kind: words".
func (s *story) found(want ...string) {
	s.t.Helper()
	s.foundBy(audit.Reference, want...)
}

func (s *story) foundBy(order string, want ...string) {
	s.t.Helper()
	findings, _ := judgeBy(s.t, s.facts, order)
	ok := len(findings) == len(want)
	for i := 0; ok && i < len(want); i++ {
		kind, words, _ := strings.Cut(want[i], ": ")
		ok = slices.ContainsFunc(findings, func(f audit.Finding) bool {
			return string(f.Kind) == kind && strings.Contains(f.Sentence, words)
		})
	}
	if !ok {
		s.t.Errorf("found %v, want %v", findings, want)
	}
}

// seconds95 is a call that a unit passed over though nothing refused it.
func seconds95(call string) assign.PassedOver {
	return assign.PassedOver{Call: call, Time: 95 * time.Second}
}

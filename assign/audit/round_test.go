package audit_test

import (
	"testing"
	"time"

	"callbox/assign"
	"callbox/geo"
)

// A critical call takes a unit that is on its way to a complaint, or is there.
func TestHigherCallsTakeUnits(t *testing.T) {
	for _, status := range []assign.UnitStatus{assign.Dispatched, assign.OnScene} {
		s := newStory(t)
		s.call("noise", "311", 1)
		s.round(s.gets("noise", "u1"))
		if status == assign.OnScene {
			s.status("u1", status)
		}
		s.after(time.Minute)
		s.call("robbery", "critical", 1)
		s.round(s.gets("robbery", "u1"), s.gets("noise"))
		s.found()
	}
}

// Two serious calls exchange units, and one has its unit replaced.
func TestUnitsChangeCalls(t *testing.T) {
	s := newStory(t)
	s.call("c1", "serious", 1)
	s.round(s.gets("c1", "u1"))
	s.call("c2", "serious", 1)
	s.round(s.gets("c2", "u1"), s.gets("c1", "u2"))
	s.after(time.Minute)
	s.round(s.instead("c1", "u2", "u3"))
	s.found()
}

// A unit that was recalled from a critical call goes to a complaint. That is an
// inversion just if the critical call lacks a unit afterwards.
func TestAUnitIsRecalledAwayFromAHigherCall(t *testing.T) {
	for _, slots := range []int{1, 2} {
		s := newStory(t)
		s.call("robbery", "critical", slots)
		s.round(s.gets("robbery", "u1"))
		s.call("noise", "311", 1)
		s.round(s.instead("robbery", "u1", "u2"), s.gets("noise", "u1"))
		if slots == 1 {
			s.found()
		} else {
			s.found("inversion: unit u1 was taken from robbery (critical), which lacks a unit, and sent to noise (311) — inversion, not explained")
		}
	}
}

// A call that got one of its two units in a round is not passed over by it. It is
// by the next round.
func TestACallThatGotAUnitInTheRound(t *testing.T) {
	s := newStory(t)
	s.call("shots", "critical", 3)
	s.call("noise", "311", 2)
	s.round(s.gets("shots", "u1"), passing(s.gets("noise", "u2"), seconds95("shots")))
	s.found()
	s.after(time.Minute)
	s.round(passing(s.gets("noise", "u3"), seconds95("shots")))
	s.found("inversion: unit u3 was sent to noise (311) while shots (critical) waited 1m0s, 95 s away for the same unit — inversion, not explained")
	s.foundBy("critical=serious=non-critical=other-911=311")
	s.foundBy("311,critical,serious,non-critical,other-911")
}

// A decision says that it was made together with one that is long over.
func TestARoundIsOver(t *testing.T) {
	s := newStory(t)
	s.call("c1", "serious", 1)
	s.round(s.gets("c1", "u1"))
	s.call("c2", "serious", 1)
	d := s.gets("c2", "u2")
	s.round(d)
	for i := range s.facts {
		if f, ok := s.facts[i].Fact.(*assign.DecisionMade); ok && f.Decision.Call == "c2" {
			f.Decision.Round -= 3
		}
	}
	s.found("contradiction: made together")
}

// Promotion lifts a complaint above a non-critical call, and above no protected
// one.
func TestPromotionExplains(t *testing.T) {
	s := newStory(t)
	s.call("noise", "311", 1)
	s.after(36 * time.Minute)
	s.call("theft", "non-critical", 1)
	s.round(passing(s.gets("noise", "u1"), seconds95("theft")))
	s.found("inversion: explained: noise had been promoted to non-critical")
	s.call("noise-2", "311", 1)
	s.call("fight", "serious", 1)
	s.after(36 * time.Minute)
	d := s.gets("noise-2", "u2")
	d.Chosen[0].Passed = []assign.PassedOver{seconds95("theft"), seconds95("fight")}
	s.round(d)
	s.found("inversion: while theft (non-critical) waited 0s", "inversion: while theft (non-critical) waited 36m0s, 95 s away for the same unit — inversion, explained",
		"inversion: while fight (serious) waited 36m0s, 95 s away for the same unit — inversion, not explained")
}

// A promotion that was not by the rules is found, and explains nothing.
func TestPromotionAgainstTheRules(t *testing.T) {
	write := func(change func(*assign.CallPromoted)) *story {
		s := newStory(t)
		s.call("noise", "311", 1)
		s.after(36 * time.Minute)
		s.call("theft", "non-critical", 1)
		s.round(passing(s.gets("noise", "u1"), seconds95("theft")))
		for i := range s.facts {
			if f, ok := s.facts[i].Fact.(*assign.CallPromoted); ok {
				change(f)
			}
		}
		return s
	}
	inversion := "inversion: not explained"
	write(func(f *assign.CallPromoted) { f.At -= 60_000 }).found("wrong_rank: and it was to be from", inversion)
	write(func(f *assign.CallPromoted) { f.Class = "serious" }).found("wrong_rank: which its class does not provide for", inversion)

	s := write(func(*assign.CallPromoted) {})
	tape := &tape{t, s.facts}
	for i := range tape.facts {
		if _, ok := tape.facts[i].Fact.(*assign.CallPromoted); ok {
			tape.drop(i)
			break
		}
	}
	s.facts = tape.facts
	tape.number()
	s.after(0)
	s.found("wrong_rank: was not promoted", inversion)

	s = newStory(t)
	p := *s.state.Policy()
	p.Classes[4].Promote = &assign.Promotion{After: time.Minute, To: "critical"}
	s.do(&assign.AdoptPolicy{Policy: &p})
	s.call("noise", "311", 1)
	s.after(2 * time.Minute)
	s.found("wrong_rank: to which no call may be promoted")
}

// The other exceptions, and an order without a name.
func TestExceptions(t *testing.T) {
	s := newStory(t)
	s.call("robbery", "critical", 1)
	d := s.gets("robbery")
	d.Reason = &assign.Reason{Code: "partner_hold", Sentence: "It holds for a partner."}
	s.round(d)
	s.call("noise", "311", 1)
	s.round(s.gets("noise", "u1"))
	s.found("inversion: explained: it holds for a partner unit")

	for _, by := range []string{"Sgt. Rivera", ""} {
		s := newStory(t)
		s.call("robbery", "critical", 1)
		s.call("noise", "311", 1)
		s.do(&assign.Override{Call: "noise", Unit: "u1", Order: assign.Order{By: by, Reason: "by voice"}})
		if by == "" {
			s.found("unproven: not say how far")
		} else {
			s.found("inversion: explained: ordered by Sgt. Rivera (by voice)")
		}
	}
}

// What the waiting call's own decision says of the unit's way holds while the unit
// stands where it stood.
func TestTheWaitingCallsOwnDecisionIsEvidence(t *testing.T) {
	here, there := &assign.Fix{At: geo.Point{Lat: 1}, Since: noon}, &assign.Fix{At: geo.Point{Lat: 2}, Since: noon}
	for _, c := range []struct {
		name  string
		later time.Duration
		fix   *assign.Fix
		way   time.Duration
		said  []assign.PassedOver
		want  []string
	}{
		{"of the same instant", 0, there, time.Minute, nil, []string{"inversion: 60 s away"}},
		{"at the same place", time.Minute, here, time.Minute, nil, []string{"inversion: 60 s away"}},
		{"at another place since", time.Minute, there, time.Minute, nil, []string{"unproven: not say how far"}},
		{"beyond the limit", 0, here, 11 * time.Minute, nil, nil},
		{"no way, and still there is one", 0, here, time.Minute, []assign.PassedOver{{Call: "fight", Rule: assign.RuleUnreachable}}, []string{"inversion: and elsewhere it gives a way — inversion, not explained"}},
		{"what the unit passed comes first", 0, here, time.Minute, []assign.PassedOver{{Call: "fight", Rule: assign.RulePullLimit, Time: 11 * time.Minute}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStory(t)
			s.call("fight", "serious", 1)
			d := s.gets("fight")
			d.Considered = []assign.Candidate{{Unit: "u1", Rule: assign.RuleOnCall, Leg: &geo.Leg{ID: "u1", Time: c.way}, Fix: here}}
			s.round(d)
			s.after(c.later)
			s.call("noise", "311", 1)
			d = s.gets("noise", "u1")
			d.Chosen[0].Fix, d.Chosen[0].Passed = c.fix, c.said
			s.round(d)
			s.found(c.want...)
		})
	}
}

// A unit that gave a call back is not missed there.
func TestAUnitThatGaveTheCallBack(t *testing.T) {
	s := newStory(t)
	s.call("fight", "serious", 1)
	s.round(s.gets("fight", "u1"))
	s.status("u1", assign.Available)
	s.call("noise", "311", 1)
	s.round(passing(s.gets("noise", "u1"), seconds95("fight")))
	s.found()
}

// The limit grows with the age of a late call.
func TestThePullLimitGrows(t *testing.T) {
	for _, c := range []struct {
		away time.Duration
		want []string
	}{
		{20 * time.Minute, []string{"inversion: 1200 s away"}},
		{20*time.Minute + time.Millisecond, nil},
	} {
		s := newStory(t)
		s.call("fight", "serious", 1) // 10 minutes at most, 12 to answer
		s.after(24 * time.Minute)
		s.call("noise", "311", 1)
		s.round(passing(s.gets("noise", "u1"), assign.PassedOver{Call: "fight", Rule: assign.RulePullLimit, Time: c.away}))
		s.found(c.want...)
	}
}

// A class that the order does not rank is named.
func TestAClassWithoutAPlace(t *testing.T) {
	s := newStory(t)
	s.call("robbery", "critical", 1)
	s.call("noise", "311", 1)
	_, r := judgeBy(t, s.facts, "serious,non-critical")
	if len(r.Unordered) != 2 || r.Unordered[0] != "critical" || r.Unordered[1] != "311" {
		t.Errorf("%v are not ranked", r.Unordered)
	}
}

package main

import (
	"fmt"
	"time"

	"callbox/assign"
)

// aDay is a log with every kind of thing that can happen to a call: a complaint
// about noise that loses its unit to a robbery, waits, is promoted, and gets
// another one in the end.
func (l *chronicle) aDay() {
	l.t.Helper()
	// In the beginning there is a unit for everybody. P12 has no place.
	best, dear := unit("P01", 42), unit("P02", 60, assign.Term{Name: "area", Time: 90 * time.Second})
	dear.Swap = &assign.Price{Class: "311", Time: 108 * time.Second}
	lost := assign.Candidate{Unit: "P12", Rule: assign.RulePositionUnknown}
	noise := aCall("noise", "", assign.Source311)
	noise.Note = "a drum, since noon"
	l.do(noise)
	l.do(l.round(assign.Decision{
		Call: "noise", Chosen: []assign.Candidate{best}, Considered: []assign.Candidate{dear, lost},
		Refused: []assign.RuleCount{{Rule: assign.RuleDuty, Units: 3}, {Rule: assign.RulePositionUnknown, Units: 1}},
	}))
	l.at("12:00:20")
	l.do(&assign.SetStatus{Unit: "P01", Status: assign.EnRoute})

	// A robbery takes it, and the complaint waits.
	l.at("12:01:00")
	l.report("robbery", "10-30", assign.Source911)
	taken := unit("P01", 42, assign.Term{Name: "leaves", Time: 30 * time.Second})
	taken.From, taken.Passed = "noise", []assign.PassedOver{{Call: "noise", Time: 31500 * time.Millisecond}}
	other := unit("P02", 136)
	other.For, other.Swap = "noise", &assign.Price{Class: "critical", Time: 94 * time.Second}
	busy := &assign.Reason{Code: "all_units_busy", Sentence: "On other calls: 3 units that could go."}
	l.do(
		l.round(assign.Decision{
			Call: "robbery", Chosen: []assign.Candidate{taken}, Price: &assign.Price{Class: "critical", Time: 30 * time.Second},
			Considered: []assign.Candidate{
				other, refused("P03", 12, assign.RuleHigherCall, "robbery"), refused("P04", 20, assign.RuleOnCall, "noise"),
				refused("P05", 21, assign.RuleReserve, ""), refused("P06", 22, assign.RuleCapability, ""),
				refused("P07", 23, assign.RuleGaveBack, ""), refused("P08", 24, assign.RulePositionStale, ""),
			},
		}),
		l.round(assign.Decision{
			Call: "noise", Reason: busy, Refused: []assign.RuleCount{{Rule: assign.RuleHigherCall, Units: 3}},
			Price: &assign.Price{Class: "311", Time: 700 * time.Second},
		}),
	)

	// Others are served meanwhile: 8 by decisions, 1 by order.
	for i := range 8 {
		l.at(fmt.Sprintf("12:%02d:00", 2+i))
		id := fmt.Sprint("c", i+1)
		call := aCall(id, "10-30", assign.Source911)
		if i == 0 {
			id, call.ID, call.Class, call.Type = "fight", "fight", "critical", "10-39"
		}
		sent := unit(fmt.Sprintf("P%02d", i+2), 50+i)
		if i < 7 {
			sent.Passed = []assign.PassedOver{{Call: "noise", Rule: []assign.Rule{assign.RulePullLimit, ""}[i%2], Time: time.Duration(500+i) * time.Second}}
		}
		l.do(call)
		l.do(l.round(assign.Decision{Call: id, Chosen: []assign.Candidate{sent}, Greedy: i == 0}))
	}
	l.at("12:11:00")
	l.do(&assign.Override{Call: "fight", Unit: "P10", Order: assign.Order{By: "Sgt. Ito", Reason: "backup"}})

	// It is promoted, and gets a unit, which another one replaces.
	l.at("12:36:10")
	l.do(&assign.SetStatus{Unit: "P03", Status: assign.Available})
	first := unit("P11", 400)
	first.Leg.Straight = true
	l.do(l.round(assign.Decision{Call: "noise", Greedy: true, Chosen: []assign.Candidate{first}}))
	l.at("12:37:00")
	l.report("shots", "10-13", assign.Source911)
	l.do(
		l.round(assign.Decision{Call: "noise", Recalled: []string{"P11"}, Chosen: []assign.Candidate{unit("P12", 100)}}),
		l.round(assign.Decision{
			Call: "shots", Chosen: []assign.Candidate{unit("P11", 80)}, Reason: busy,
			Considered: []assign.Candidate{refused("P01", 10, assign.RuleOnCall, "robbery")},
		}),
	)
	l.at("12:41:00")
	l.do(&assign.SetStatus{Unit: "P12", Status: assign.OnScene})
	l.at("12:44:00")
	leave := unit("P12", 45, assign.Term{Name: "leaves", Time: time.Minute})
	leave.From, leave.Slot = "noise", 1
	l.do(l.round(assign.Decision{Call: "shots", Chosen: []assign.Candidate{leave}}), l.round(assign.Decision{
		Call: "noise", Chosen: []assign.Candidate{unit("P03", 30)},
	}))
	l.at("12:45:00")
	l.do(&assign.SetStatus{Unit: "P03", Status: assign.OutOfService})
	l.do(l.round(assign.Decision{Call: "noise", Reason: &assign.Reason{Code: "given_back", Sentence: "Gave this call back: 1 unit, and no other could go."}}))
	next := *l.state.Policy()
	next.Name = "rules-2"
	l.do(&assign.AdoptPolicy{Policy: &next, By: "Insp. Okafor", Reason: "order 26-113"})

	// A dispatcher ends it the next morning.
	l.at("2026-11-24 07:30:00")
	l.do(&assign.Override{Call: "noise", Unit: "P02", Order: assign.Order{By: "Sgt. Ito", Reason: "has waited all night"}})
	l.at("2026-11-24 07:40:00")
	l.do(&assign.SetStatus{Unit: "P02", Status: assign.OnScene})
	l.at("2026-11-24 07:50:00")
	l.do(&assign.SetStatus{Unit: "P02", Status: assign.Available})
	l.do(&assign.CloseCall{Call: "noise", Disposition: "10-91"})
	l.at("2026-11-24 08:00:00")
	l.do(&assign.CloseCall{Call: "robbery", Disposition: "10-90Y"}, &assign.CancelCall{Call: "fight", Reason: "called back"})
	l.do(&assign.SetStatus{Unit: "P11", Status: assign.OnScene})
}

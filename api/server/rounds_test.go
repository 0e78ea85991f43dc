package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/geo"
)

// silent is an advisor that proposes nothing.
type silent struct{ engine.Advisor }

func (silent) Advise(*assign.Situation) []assign.Decision { return nil }

// dispatch has the engine carry out a decision, whatever its advisor says.
func (b *bench) dispatch(d assign.Decision) {
	b.t.Helper()
	b.engine.View(func(v *engine.View) {
		p := v.State().Policy()
		d.Round, d.Policy, d.PolicyHash, d.Roads = v.State().Seq()+1, p.Name, p.Hash, v.Roads()
	})
	if _, err := b.engine.Do(engine.Request{Command: &assign.Dispatch{Decision: d}}); err != nil {
		b.t.Fatal(err)
	}
}

// adopt puts another form of the bench's policy in force.
func (b *bench) adopt(change func(*assign.Policy)) {
	b.t.Helper()
	p, err := policy.Parse([]byte(rules))
	if err != nil {
		b.t.Fatal(err)
	}
	p.Classes = slices.Clone(p.Classes)
	change(p)
	if _, err := b.engine.Do(engine.Request{Command: &assign.AdoptPolicy{Policy: p, Source: rules, Reason: "test"}}); err != nil {
		b.t.Fatal(err)
	}
}

// TestUnitsThatChangeCalls: what a decision says of other calls comes through
// to whoever reads it.
func TestUnitsThatChangeCalls(t *testing.T) {
	b := newBench(t, func(b *bench) { b.advisor = silent{b.advisor} })
	b.adopt(func(p *assign.Policy) {
		p.Class("critical").MayDivert, p.Class("other-911").Divertible = true, true
		p.Class("other-911").Promote = &assign.Promotion{After: 5 * time.Minute, To: "serious"}
	})
	b.signOn("u1", corner(2, 0))
	b.report("low", "10-54", corner(1, 0))
	b.report("high", "10-30", corner(0, 0))
	b.dispatch(assign.Decision{Call: "low", Chosen: []assign.Candidate{{Unit: "u1"}}})
	leg := &geo.Leg{ID: "u1", Time: 15 * time.Second, Distance: geo.Meters(200)}
	b.dispatch(assign.Decision{
		Call: "high", Greedy: true, Price: &assign.Price{Class: "critical", Time: 4 * time.Second},
		Chosen: []assign.Candidate{{
			Unit: "u1", From: "low", Leg: leg, Cost: []assign.Term{{Name: "travel", Time: leg.Time}, {Name: "leaves", Time: 30 * time.Second}},
			Passed: []assign.PassedOver{{Call: "low", Rule: assign.RulePullLimit, Time: time.Hour}, {Call: "c9", Rule: assign.RuleDuty}},
		}},
		Considered: []assign.Candidate{
			{Unit: "u2", For: "low", Swap: &assign.Price{Time: 22500 * time.Millisecond}},
			{Unit: "u3", From: "c3", Rule: assign.RuleHigherCall},
		},
		Refused: []assign.RuleCount{{Rule: assign.RuleReserve, Units: 2}},
	})
	var r wire.Receipt
	b.do("POST", "/v1/assign", `{"call":{"id":"high"}}`, &r)
	if !r.Greedy || r.Round != r.Decision || *r.Assignments[0].DisplacedCall != "low" || r.Assignments[0].Cost["leaves"] != 30 {
		t.Errorf("got %s", wire.Encode(r))
	}
	got := string(b.do("GET", "/v1/decisions/"+decimal(r.Decision), nil, nil).body)
	for _, want := range []string{
		fmt.Sprintf(`{"decision":%d,"round":%[1]d,"greedy":true,`, r.Decision),
		`"price":{"class":"critical","cost_seconds":4}`,
		`"cost":{"leaves":30,"travel":15},"displaced_call":"low","from":"low",` +
			`"passed":[{"call":"low","rejected_by":"pull_limit","eta_seconds":3600},{"call":"c9","rejected_by":"duty","eta_seconds":null}]`,
		`{"unit":"u2","eta_seconds":null,"distance_meters":null,"cost":{},"displaced_call":null,"for":"low","swap":{"class":null,"cost_seconds":22.5}}`,
		`"displaced_call":null,"rejected_by":"higher_call","from":"c3"}`,
		`"refused":[{"rule":"reserve","units":2}],"recalled":[]`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nis not in %s", want, got)
		}
	}
	if low := b.call("low"); low.Assignments[0].Ended != "diverted" || low.PromotedTo != "" {
		t.Errorf("got %s", wire.Encode(low))
	}
	b.clock.Set(noon.Add(6 * time.Minute))
	b.status("u1", "en_route") // makes the engine look at its clock
	if low := b.call("low"); low.PromotedTo != "serious" || low.Class != "other-911" {
		t.Errorf("got %s", wire.Encode(low))
	}
	b.dispatch(assign.Decision{Call: "high", Recalled: []string{"u1"}})
	high := b.call("high")
	if high.Assignments[0].Ended != "recalled" {
		t.Errorf("got %s", wire.Encode(high))
	}
	if body := string(b.do("GET", "/v1/decisions/"+decimal(high.Decision), nil, nil).body); !strings.Contains(body, `"recalled":["u1"]`) {
		t.Errorf("got %s", body)
	}
}

package wire_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/geo"
)

// encoded compares an answer with what it must look like on the wire.
func encoded(t *testing.T, v any, want string) {
	t.Helper()
	want = strings.NewReplacer("\n", "", "\t", "").Replace(want)
	if got := string(wire.Encode(v)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func aCall() *assign.Call {
	return &assign.Call{
		ID: "c1", Type: "10-30", Class: "critical", Source: assign.Source911, Cell: "892a1072893ffff",
		Location: geo.Point{Lat: 407000000, Lon: -740000000}, ReceivedAt: noon, Areas: []string{"75A", "75"},
		Needs:  []assign.Need{{Capabilities: []string{"patrol"}, Count: 2}},
		Answer: assign.Clock{Target: 7 * time.Minute}, Close: assign.Clock{Target: 2 * time.Hour}, Decision: 7, Policy: "p@1", Roads: "r1",
		Assignments: []assign.Assignment{{
			Unit: "u1", Decision: 7, Since: noon, Leg: &geo.Leg{ID: "u1", Time: 90500 * time.Millisecond, Distance: geo.Meters(812)},
			Cost: []assign.Term{{Name: "travel", Time: 90500 * time.Millisecond}},
		}},
		Reason: &assign.Reason{Code: "all_units_busy", Sentence: "On other calls: 1 unit that could go."},
	}
}

func TestCallAnswer(t *testing.T) {
	encoded(t, wire.CallOf(aCall(), noon.Add(70*time.Second)), `{"id":"c1","type":"10-30","class":"critical","source":"911","status":"partly_assigned",
		"location":{"lat":40.7,"lon":-74},"cell":"892a1072893ffff","area":"75A","areas":["75A","75"],"received_at":"2026-11-23T12:00:00.000Z",
		"needs":[{"capabilities":["patrol"],"count":2}],"clocks":{"answer_due":"2026-11-23T12:07:00.000Z","close_due":"2026-11-23T14:00:00.000Z",
		"answer":{"clock":"answer","target_seconds":420,"due":"2026-11-23T12:07:00.000Z","share_used":0.166,"forecast":"2026-11-23T12:01:30.500Z","at_risk":false,"breached":false},
		"close":{"clock":"close","target_seconds":7200,"due":"2026-11-23T14:00:00.000Z","share_used":0.009,"at_risk":false,"breached":false}},
		"assignments":[{"unit":"u1","eta_seconds":90.5,"distance_meters":812,"travel":"road","cost":{"travel":90.5},"displaced_call":null,
		"decision":7,"dispatched_at":"2026-11-23T12:00:00.000Z"}],"decision":7,
		"waiting_reason":{"code":"all_units_busy","sentence":"On other calls: 1 unit that could go."}}`)
}

func TestEmptyListsAreNotNull(t *testing.T) {
	c := aCall()
	c.Areas, c.Assignments, c.Reason, c.Decision, c.Type = nil, nil, nil, 0, ""
	got := string(wire.Encode(wire.CallOf(c, noon)))
	for _, want := range []string{`"area":null`, `"areas":[]`, `"assignments":[]`, `"status":"waiting"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
	encoded(t, wire.CallList{}, `{"calls":[],"after":null}`)
	encoded(t, wire.DecisionOf(7, noon, &assign.Decision{Call: "c1", Roads: "none"}), `{"decision":7,"greedy":false,"at":"2026-11-23T12:00:00.000Z",
		"call_id":"c1","status":"","assignments":[],"candidates":[],"refused":[],"recalled":[],"policy":"","policy_hash":"","roads":"none",
		"travel":"straight_line","profile":"routine"}`)
}

// What a decision says comes back as it was from the wire.
func TestDecisionRoundTrip(t *testing.T) {
	leg := &geo.Leg{ID: "u1", Time: 42 * time.Second, Distance: geo.Meters(573.5)}
	d := wire.DecisionOf(9, noon, &assign.Decision{
		Call: "c1", Round: 8, Status: assign.PartlyAssigned, Greedy: true, Recalled: []string{"u7"},
		Price: &assign.Price{Class: "critical", Time: 94 * time.Second}, Order: &assign.Order{By: "Sgt. Ito", Reason: "r"},
		Reason: &assign.Reason{Code: "x", Sentence: "X."}, Policy: "p", PolicyHash: "abc", Roads: "r1",
		Chosen: []assign.Candidate{{
			Unit: "u1", Leg: leg, From: "c0", Cost: []assign.Term{{Name: "travel", Time: leg.Time}, {Name: "leaves", Time: time.Minute}},
			Fix:    &assign.Fix{At: geo.Point{Lat: 407_000_000, Lon: -740_000_000}, Since: noon},
			Passed: []assign.PassedOver{{Call: "c2", Rule: assign.RuleReserve}, {Call: "c3", Time: time.Second}},
		}},
		Considered: []assign.Candidate{
			{Unit: "u2", From: "c4", For: "c4", Swap: &assign.Price{Class: "311", Time: time.Second}},
			{Unit: "u3", From: "c5", Rule: assign.RuleHigherCall},
		},
		Refused: []assign.RuleCount{{Rule: assign.RuleHigherCall, Units: 1}},
	})
	if c := d.Candidates; *c[0].DisplacedCall != "c0" || *c[1].DisplacedCall != "c4" || c[2].DisplacedCall != nil || *d.Assignments[0].DisplacedCall != "c0" {
		t.Errorf("displaced calls: %s", wire.Encode(d))
	}
	if p := d.Candidates[0].Passed; p[0].ETASeconds != nil || *p[1].ETASeconds != 1 {
		t.Errorf("calls passed over: %s", wire.Encode(d))
	}
	var back wire.DecisionAnswer
	if err := wire.Decode(wire.Encode(d), &back); err != nil || !reflect.DeepEqual(back, d) {
		t.Errorf("%v\ngot  %s\nwant %s", err, wire.Encode(back), wire.Encode(d))
	}
}

func TestUnknownETAIsNullNeverZero(t *testing.T) {
	c := aCall()
	c.Reason, c.Roads = nil, "none"
	c.Assignments[0].Leg, c.Assignments[0].Cost = nil, nil
	c.Assignments[0].Order, c.Assignments[0].From = &assign.Order{By: "Sgt. Ito", Reason: "r"}, "c0"
	encoded(t, wire.ReceiptOf(c), `{"call_id":"c1","decision":7,"greedy":false,"status":"partly_assigned","class":"critical",
		"assignments":[{"unit":"u1","eta_seconds":null,"distance_meters":null,"cost":{},"displaced_call":"c0","decision":7,
		"dispatched_at":"2026-11-23T12:00:00.000Z","ordered_by":"Sgt. Ito"}],
		"clocks":{"answer_due":"2026-11-23T12:07:00.000Z","close_due":"2026-11-23T14:00:00.000Z"},
		"policy":"p@1","roads":"none","travel":"straight_line"}`)
}

func TestReceiptTellsOfActiveUnitsOnly(t *testing.T) {
	c := aCall()
	c.Assignments[0].Ended, c.Assignments[0].How = noon.Add(time.Minute), assign.GaveBack
	r := wire.ReceiptOf(c)
	if len(r.Assignments) != 0 || r.Status != "waiting" || r.Travel != wire.TravelRoad {
		t.Errorf("got %+v", r)
	}
}

func TestTravelIsFlaggedIfAnyWayIsStraight(t *testing.T) {
	c := aCall()
	c.Assignments = append(c.Assignments, assign.Assignment{Unit: "u2", Slot: 1, Leg: &geo.Leg{ID: "u2", Straight: true}})
	if r := wire.ReceiptOf(c); r.Travel != wire.TravelStraight || r.Assignments[0].Travel != wire.TravelRoad {
		t.Errorf("got %+v", r)
	}
}

func TestClockStates(t *testing.T) {
	state := func(c *assign.Call, now assign.Instant) wire.ClockState { return wire.CallOf(c, now).Clocks.Answer }
	due := noon.Add(7 * time.Minute)
	c := aCall()
	c.Assignments = nil
	for _, k := range []struct {
		now              assign.Instant
		atRisk, breached bool
	}{
		{noon.Add(5*time.Minute + 35*time.Second), false, false}, // 79.7 % used up
		{noon.Add(5*time.Minute + 36*time.Second), true, false},  // 80 %
		{due, true, false},
		{due + 1, true, true},
	} {
		if s := state(c, k.now); s.AtRisk != k.atRisk || s.Breached != k.breached || s.Forecast != "" {
			t.Errorf("at %v: %+v", k.now, s)
		}
	}
	c = aCall() // a unit is on its way, and will be late
	c.Assignments[0].Leg.Time = 7*time.Minute + time.Millisecond
	if s := state(c, noon); !s.AtRisk || s.Breached || s.Forecast != wire.InstantOf(due+1) {
		t.Errorf("late by forecast: %+v", s)
	}
	c.Answer.Stopped = due + 1
	if s := state(c, due.Add(time.Hour)); s.AtRisk || !s.Breached || s.StoppedAt != wire.InstantOf(due+1) || s.Forecast != "" {
		t.Errorf("stopped late: %+v", s)
	}
	c.Answer.Stopped = due
	if s := state(c, due.Add(time.Hour)); s.AtRisk || s.Breached || s.ShareUsed != 1 {
		t.Errorf("stopped in time: %+v", s)
	}
	if open := wire.OpenClocks(c, due); len(open) != 1 || open[0].Clock != "close" || open[0].Call != "c1" || open[0].Class != "critical" {
		t.Errorf("open clocks: %+v", open)
	}
}

// What an answer points to belongs to the answer: the state it tells of goes on
// changing while it is written.
func TestUnitAnswerSharesNothing(t *testing.T) {
	u := &assign.Unit{ID: "u1", Status: assign.EnRoute, Call: "c1", Capabilities: []string{"patrol"}, Since: noon}
	a := wire.UnitOf(u, nil, "")
	u.Call, u.Capabilities, u.Status = "", nil, assign.Available
	encoded(t, a, `{"id":"u1","status":"en_route","status_since":"2026-11-23T12:00:00.000Z","capabilities":["patrol"],
		"area":null,"cell":null,"location":null,"position_at":null,"call":"c1"}`)
}

func TestEventsTellEveryKindThatIsNews(t *testing.T) {
	end := assign.End{At: noon.Add(time.Hour), Disposition: "10-91", Unverified: true}
	at := noon.Add(-time.Second)
	for want, fact := range map[string]assign.Fact{
		`{"seq":5,"kind":"started","at":R,"recorded":R}`:                                                                                                                                                                &assign.Started{Engine: "1"},
		`{"seq":5,"kind":"unit_signed_on","at":R,"recorded":R,"unit":"u1","area":"75A","status":"available"}`:                                                                                                           &assign.UnitSignedOn{Unit: assign.Unit{ID: "u1", Status: assign.Available, Areas: []string{"75A", "75"}}},
		`{"seq":5,"kind":"unit_status_changed","at":A,"recorded":R,"unit":"u1","status":"off_duty"}`:                                                                                                                    &assign.UnitStatusChanged{Unit: "u1", Status: assign.OffDuty, At: at},
		`{"seq":5,"kind":"call_queued","at":R,"recorded":R,"call":"c1","decision":4,"waiting_reason":{"code":"x","sentence":"X."}}`:                                                                                     &assign.CallQueued{Call: "c1", Decision: 4, Reason: assign.Reason{Code: "x", Sentence: "X."}},
		`{"seq":5,"kind":"unit_diverted","at":R,"recorded":R,"call":"c2","unit":"u1","from":"c1"}`:                                                                                                                      &assign.UnitDiverted{Unit: "u1", From: "c1", To: "c2"},
		`{"seq":5,"kind":"unit_preempted","at":R,"recorded":R,"call":"c2","unit":"u1","from":"c1"}`:                                                                                                                     &assign.UnitPreempted{Unit: "u1", From: "c1", To: "c2"},
		`{"seq":5,"kind":"unit_recalled","at":R,"recorded":R,"call":"c1","unit":"u1"}`:                                                                                                                                  &assign.UnitRecalled{Unit: "u1", Call: "c1", At: noon},
		`{"seq":5,"kind":"call_promoted","at":A,"recorded":R,"call":"c1","class":"serious"}`:                                                                                                                            &assign.CallPromoted{Call: "c1", Class: "serious", At: at},
		`{"seq":5,"kind":"unit_en_route","at":A,"recorded":R,"call":"c1","unit":"u1"}`:                                                                                                                                  &assign.UnitEnRoute{Unit: "u1", Call: "c1", At: at},
		`{"seq":5,"kind":"unit_arrived","at":A,"recorded":R,"call":"c1","unit":"u1"}`:                                                                                                                                   &assign.UnitArrived{Unit: "u1", Call: "c1", At: at},
		`{"seq":5,"kind":"unit_cleared","at":A,"recorded":R,"call":"c1","unit":"u1","status":"available","how":"cleared"}`:                                                                                              &assign.UnitCleared{Unit: "u1", Call: "c1", Status: assign.Available, How: assign.Cleared, At: at},
		`{"seq":5,"kind":"call_closed","at":"2026-11-23T13:00:00.000Z","recorded":R,"call":"c1","disposition":"10-91","unverified":true}`:                                                                               &assign.CallClosed{Call: "c1", End: end},
		`{"seq":5,"kind":"clock_warned","at":A,"recorded":R,"call":"c1","clock":"answer","share":0.8}`:                                                                                                                  &assign.ClockWarned{Call: "c1", Clock: assign.AnswerClock, Share: 80, At: at},
		`{"seq":5,"kind":"clock_breached","at":A,"recorded":R,"call":"c1","clock":"close","share":1}`:                                                                                                                   &assign.ClockBreached{Call: "c1", Clock: assign.CloseClock, At: at},
		`{"seq":5,"kind":"policy_adopted","at":R,"recorded":R,"policy":"p@abc","by":"B","why":"because"}`:                                                                                                               &assign.PolicyAdopted{Policy: assign.Policy{Name: "p", Hash: "abc"}, By: "B", Reason: "because"},
		`{"seq":5,"kind":"areas_adopted","at":R,"recorded":R,"areas":"abc"}`:                                                                                                                                            &assign.AreasAdopted{Hash: "abc"},
		`{"seq":5,"kind":"call_received","at":R,"recorded":R,"call":"c1","class":"critical","type":"10-30","source":"911","area":"75A","cell":"892a1072893ffff","location":{"lat":40.7,"lon":-74},"received_at":R}`:     &assign.CallReceived{Call: *aCall()},
		`{"seq":5,"kind":"decision_made","at":R,"recorded":R,"call":"c1","status":"assigned","decision":5,"round":4,"greedy":true,"by":"B","why":"because"}`:                                                            &assign.DecisionMade{Decision: assign.Decision{Call: "c1", Round: 4, Greedy: true, Status: assign.Assigned, Order: &assign.Order{By: "B", Reason: "because"}}},
		`{"seq":5,"kind":"unit_dispatched","at":R,"recorded":R,"call":"c1","unit":"u1","decision":4,"assignment":{"unit":"u1","eta_seconds":null,"distance_meters":null,"cost":{},"displaced_call":null,"decision":4}}`: &assign.UnitDispatched{Call: "c1", Assignment: assign.Assignment{Unit: "u1", Decision: 4}},
	} {
		e, ok := wire.EventOf(assign.Recorded{Seq: 5, At: noon, Fact: fact})
		if !ok {
			t.Errorf("%s is not told", fact.Kind())
		}
		want = strings.NewReplacer(":R", `:"2026-11-23T12:00:00.000Z"`, ":A", `:"2026-11-23T11:59:59.000Z"`).Replace(want)
		if got := string(wire.Encode(e)); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", fact.Kind(), got, want)
		}
	}
	for _, fact := range []assign.Fact{&assign.AreasStaged{}, &assign.KeyUsed{}} {
		if e, ok := wire.EventOf(assign.Recorded{Seq: 5, At: noon, Fact: fact}); ok {
			t.Errorf("%s is told: %+v", fact.Kind(), e)
		}
	}
}

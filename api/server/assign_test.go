package server

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/assign"
)

func TestAssignSendsTheNearest(t *testing.T) {
	b := newBench(t)
	b.signOn("far", corner(9, 0))
	b.signOn("near", corner(3, 0))
	r := b.report("c1", "10-30", corner(1, 0))
	if r.CallID != "c1" || r.Status != "assigned" || r.Class != "critical" || r.Travel != "road" || !slices.Equal(units(r.Assignments), []string{"near"}) {
		t.Fatalf("got %+v", r)
	}
	a := r.Assignments[0]
	if *a.ETASeconds != 15 || *a.DistanceMeters != 200 || a.Cost["travel"] != 15 || a.DisplacedCall != nil || a.Decision != r.Decision {
		t.Errorf("got %s", wire.Encode(a))
	}
	if r.Clocks.AnswerDue != wire.InstantOf(noon.Add(7*time.Minute)) || r.Clocks.CloseDue != wire.InstantOf(noon.Add(2*time.Hour)) {
		t.Errorf("clocks %+v", r.Clocks)
	}
	c := b.call("c1")
	if c.Status != "assigned" || c.Source != "911" || *c.Area != "75A" || !slices.Equal(c.Areas, []string{"75A", "75"}) || c.Decision != r.Decision {
		t.Errorf("got %s", wire.Encode(c))
	}
	if u := b.unit("near"); u.Status != "dispatched" || *u.Call != "c1" {
		t.Errorf("got %s", wire.Encode(u))
	}
}

func TestAssignAgain(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(3, 0))
	first := b.report("c1", "10-30", corner(1, 0))
	before := b.digest()
	var again wire.Receipt
	b.do("POST", "/v1/assign", `{"call":{"id":"c1"}}`, &again)
	if string(wire.Encode(again)) != string(wire.Encode(first)) {
		t.Errorf("first %s\nagain %s", wire.Encode(first), wire.Encode(again))
	}
	if r := b.report("c1", "10-30", corner(1, 0)); r.Decision != first.Decision || b.digest() != before {
		t.Errorf("the same report changes something: %+v", r)
	}
	for field, call := range map[string]string{
		"call.type":        `{"id":"c1","type":"10-31"}`,
		"call.class":       `{"id":"c1","class":"serious"}`,
		"call.source":      `{"id":"c1","source":"311"}`,
		"call.location":    `{"id":"c1","location":{"lat":40.7,"lon":-74}}`,
		"call.note":        `{"id":"c1","note":"another"}`,
		"call.received_at": `{"id":"c1","received_at":"2026-11-23T11:59:00Z"}`,
		"call.needs":       `{"id":"c1","needs":[{"count":2}]}`,
	} {
		b.no("POST", "/v1/assign", `{"call":`+call+`}`, 409, "call_differs", field)
	}
	b.do("POST", "/v1/calls/c1/close", wire.CloseRequest{Disposition: "10-91"}, nil)
	b.no("POST", "/v1/assign", `{"call":{"id":"c1"}}`, 409, "call_closed", "call.id")
	b.no("POST", "/v1/assign", `{"call":{"id":"c1"},"dry_run":true}`, 409, "call_closed", "call.id")
}

func TestAssignMakesAnID(t *testing.T) {
	b := newBench(t)
	one, two := b.report("", "10-54", corner(1, 1)), b.report("", "10-54", corner(1, 1))
	if one.CallID == "" || one.CallID == two.CallID {
		t.Fatalf("made %q and %q", one.CallID, two.CallID)
	}
	if c := b.call(one.CallID); c.ID != one.CallID {
		t.Errorf("got %+v", c)
	}
}

func TestAssignSeveralUnits(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(0, 0))
	b.signOn("u2", corner(5, 0))
	b.do("PUT", "/v1/units/esu1", wire.UnitRequest{Capabilities: &[]string{"patrol", "esu"}, Location: wire.LocationOf(corner(9, 7))}, nil)
	two := 2
	var r wire.Receipt
	b.do("POST", "/v1/assign", wire.AssignRequest{Call: &wire.Call{
		ID: "c1", Class: "serious", Location: wire.LocationOf(corner(4, 0)),
		Needs: []wire.Need{{Capabilities: []string{"esu"}}, {Capabilities: []string{"patrol"}, Count: &two}},
	}}, &r)
	if r.Status != "assigned" || !slices.Equal(units(r.Assignments), []string{"u2", "u1", "esu1"}) {
		t.Errorf("got %s", wire.Encode(r))
	}
	if r := b.report("c2", "10-13", corner(4, 0)); r.Status != "waiting" {
		t.Errorf("two more: %s", wire.Encode(r))
	}
	b.signOn("u3", corner(4, 1))
	if c := b.call("c2"); c.Status != "partly_assigned" || c.WaitingReason == nil || c.WaitingReason.Code != "all_units_busy" {
		t.Errorf("with one of two: %s", wire.Encode(c))
	}
}

func TestWaitingCallSaysWhyAndIsServed(t *testing.T) {
	b := newBench(t)
	r := b.report("c1", "10-30", corner(1, 0))
	if r.Status != "waiting" || r.WaitingReason.Code != "no_units" || len(r.Assignments) != 0 || r.Decision == 0 {
		t.Fatalf("got %+v", r)
	}
	if u := b.signOn("u1", corner(5, 0)); u.Status != "dispatched" || *u.Call != "c1" {
		t.Errorf("the first unit: %s", wire.Encode(u))
	}
	if r := b.report("c2", "10-54", corner(1, 0)); r.Status != "waiting" || r.WaitingReason.Code != "all_units_busy" {
		t.Errorf("got %+v", r)
	}
	b.report("c3", "10-30", corner(1, 0))
	b.status("u1", "on_scene")
	if u := b.status("u1", "available"); u.Call == nil || *u.Call != "c3" {
		t.Errorf("the higher class comes first: %s", wire.Encode(u))
	}
	if c := b.call("c2"); c.Status != "waiting" || c.WaitingReason == nil {
		t.Errorf("got %s", wire.Encode(c))
	}
}

func TestDryRunStoresNothing(t *testing.T) {
	b := newBench(t)
	for i, unit := range []string{"u0", "u1", "u2", "u3"} {
		b.signOn(unit, corner(2*i, 0))
	}
	b.status("u1", "off_duty")
	b.report("c0", "10-54", corner(0, 0))
	b.do("PUT", "/v1/units/u9", wire.UnitRequest{}, nil) // nobody knows what it can do or where it is
	before := b.digest()
	dry := func(query, call string) (r wire.Receipt) {
		b.do("POST", "/v1/assign"+query, `{"call":`+call+`,"dry_run":true}`, &r)
		return r
	}
	const here = `{"type":"10-54","location":{"lat":40.7,"lon":-74}}`
	r := dry("", here)
	if r.Decision != 0 || r.Status != "assigned" || !slices.Equal(units(r.Assignments), []string{"u2"}) {
		t.Errorf("got %s", wire.Encode(r))
	}
	rejected := make(map[string]string)
	var names []string
	for _, c := range r.Candidates {
		names = append(names, c.Unit)
		rejected[c.Unit] = c.RejectedBy
	}
	if !slices.Equal(names[:2], []string{"u2", "u3"}) || rejected["u2"] != "" || rejected["u3"] != "" ||
		rejected["u0"] != "on_call" || rejected["u1"] != "duty" || rejected["u9"] != "capability_unknown" {
		t.Errorf("candidates %v, rejected %v", names, rejected)
	}
	for n, query := range map[int]string{1: "?candidates=1", 3: "?candidates=3", 5: "?candidates=100"} {
		if r := dry(query, here); len(r.Candidates) != n {
			t.Errorf("%s gives %d candidates", query, len(r.Candidates))
		}
	}
	if r := dry("", `{"id":"c0"}`); r.CallID != "c0" || r.Status != "assigned" || !slices.Equal(units(r.Assignments), []string{"u0"}) {
		t.Errorf("of a call that is open: %s", wire.Encode(r))
	}
	if r := dry("", `{"class":"serious","needs":[{"capabilities":["k9"]}],"location":{"lat":40.7,"lon":-74}}`); r.Status != "waiting" || r.WaitingReason.Code != "capabilities_unknown" {
		t.Errorf("of one that nobody can do: %s", wire.Encode(r))
	}
	if b.digest() != before {
		t.Error("a dry run changes the state")
	}
}

func TestTravelOffTheRoadsIsFlagged(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(0, 0))
	far := corner(11, 0)
	far.Lon += 20_000 // 170 m east of the last street
	r := b.report("c1", "10-54", far)
	if r.Status != "assigned" || r.Travel != wire.TravelStraight || r.Assignments[0].Travel != wire.TravelStraight || *r.Assignments[0].ETASeconds <= 0 {
		t.Errorf("got %s", wire.Encode(r))
	}
}

func TestDecisionIsReadBack(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(3, 0))
	b.signOn("u2", corner(4, 0))
	b.status("u2", "out_of_service")
	b.clock.Set(noon.Add(time.Second))
	r := b.report("c1", "10-30", corner(1, 0))
	var d wire.DecisionAnswer
	path := "/v1/decisions/" + decimal(r.Decision)
	b.do("GET", path, nil, &d)
	if d.Decision != r.Decision || d.CallID != "c1" || d.Status != "assigned" || d.At != wire.InstantOf(noon.Add(time.Second)) || d.Order != nil ||
		!slices.Equal(units(d.Assignments), []string{"u1"}) || d.Profile != "emergency" || d.Travel != "road" ||
		!strings.HasPrefix(r.Policy, d.Policy+"@"+d.PolicyHash[:12]) {
		t.Errorf("got %s", wire.Encode(d))
	}
	if c := d.Candidates[0]; c.Unit != "u1" || c.PositionAt != wire.InstantOf(noon) || *c.Location.Lat != 40.7 {
		t.Errorf("candidate %s", wire.Encode(c))
	}
	if c := d.Candidates[1]; c.Unit != "u2" || c.RejectedBy != "duty" || len(d.Refused) != 0 { // units are counted where some are lacking
		t.Errorf("candidate %s, refused %v", wire.Encode(c), d.Refused)
	}
	b.restart()
	var again wire.DecisionAnswer
	b.do("GET", path, nil, &again)
	if string(wire.Encode(again)) != string(wire.Encode(d)) {
		t.Errorf("after a restart %s", wire.Encode(again))
	}
	for _, no := range []string{"0", "1", decimal(r.Decision + 100), "18446744073709551615"} {
		b.no("GET", "/v1/decisions/"+no, nil, 404, "unknown_decision", "id")
	}
	for _, no := range []string{"x", "-1", "1.0", "18446744073709551616"} {
		b.no("GET", "/v1/decisions/"+no, nil, 400, "bad_id", "id")
	}
}

// A write is answered after it is durable, and not before.
func TestAnswerWaitsForTheJournal(t *testing.T) {
	journal := &slowJournal{}
	b := newBench(t, func(b *bench) { b.journal = journal })
	b.signOn("u1", corner(3, 0))
	release := journal.hold(t)
	answered := make(chan reply, 1)
	go func() {
		answered <- b.send(context.Background(), "POST", "/v1/assign", `{"call":{"id":"c1","location":{"lat":40.7,"lon":-74}}}`)
	}()
	eventually(t, "the frame reaches the journal", func() bool { return journal.waiting.Load() == 1 })
	b.no("GET", "/v1/calls/c1", nil, 404, "unknown_call", "id") // nobody sees what is not durable
	select {
	case r := <-answered:
		t.Errorf("answered too early: %d %s", r.status, r.body)
	default:
	}
	release()
	if r := <-answered; r.status != http.StatusOK {
		t.Errorf("got %d %s", r.status, r.body)
	}
	if c := b.call("c1"); c.Status != string(assign.Assigned) {
		t.Errorf("got %s", wire.Encode(c))
	}
}

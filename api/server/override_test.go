package server

import (
	"slices"
	"testing"

	"callbox/api/wire"
)

// order sends a unit by a dispatcher's order.
func (b *bench) order(call, unit string) (r wire.Receipt) {
	b.t.Helper()
	b.do("POST", "/v1/override", wire.OverrideRequest{Call: call, Unit: unit, By: "Sgt. Ito", Reason: "on the radio"}, &r)
	return r
}

func TestOverrideOfAFreeUnit(t *testing.T) {
	b := newBench(t)
	b.signOn("near", corner(1, 0))
	b.signOn("far", corner(9, 0))
	b.status("near", "off_duty")
	b.status("far", "off_duty")
	b.report("c1", "10-30", corner(0, 0))
	b.no("POST", "/v1/override", `{"call":"c1","unit":"far","by":"B","reason":"R"}`, 409, "unit_not_available", "unit")
	b.status("far", "available") // and is sent at once
	b.status("near", "available")
	r := b.order("c1", "near")
	if !slices.Equal(units(r.Assignments), []string{"far", "near"}) || r.Assignments[1].OrderedBy != "Sgt. Ito" || r.Assignments[1].DisplacedCall != nil {
		t.Errorf("an extra unit: %s", wire.Encode(r))
	}
	var d wire.DecisionAnswer
	b.do("GET", "/v1/decisions/"+decimal(r.Decision), nil, &d)
	if d.Order == nil || *d.Order != (wire.Order{By: "Sgt. Ito", Reason: "on the radio"}) || !slices.Equal(units(d.Assignments), []string{"near"}) {
		t.Errorf("got %s", wire.Encode(d))
	}
	b.no("POST", "/v1/override", `{"call":"c1","unit":"near","by":"B","reason":"R"}`, 409, "unit_on_call", "unit")
	b.no("POST", "/v1/override", `{"call":"c9","unit":"near","by":"B","reason":"R"}`, 404, "unknown_call", "call")
	b.no("POST", "/v1/override", `{"call":"c1","unit":"u9","by":"B","reason":"R"}`, 404, "unknown_unit", "unit")
}

func TestOverrideDivertsAndPreempts(t *testing.T) {
	for status, ended := range map[string]string{"en_route": "diverted", "on_scene": "preempted"} {
		b := newBench(t)
		b.signOn("u1", corner(1, 0))
		b.report("low", "10-54", corner(2, 0))
		b.status("u1", status)
		if r := b.report("high", "10-30", corner(0, 0)); r.Status != "waiting" {
			t.Fatalf("got %s", wire.Encode(r))
		}
		r := b.order("high", "u1")
		if r.Status != "assigned" || len(r.Assignments) != 1 || *r.Assignments[0].DisplacedCall != "low" || *r.Assignments[0].ETASeconds != 7.5 {
			t.Errorf("%s: got %s", status, wire.Encode(r))
		}
		var d wire.DecisionAnswer
		b.do("GET", "/v1/decisions/"+decimal(r.Decision), nil, &d)
		if *d.Assignments[0].DisplacedCall != "low" || d.Candidates[0].From != "low" || d.Round != d.Decision || r.Round != d.Round {
			t.Errorf("%s: got %s", status, wire.Encode(d))
		}
		low := b.call("low")
		if low.Status != "waiting" || low.Assignments[0].Ended != ended || low.WaitingReason == nil || low.Closed != nil {
			t.Errorf("%s: the displaced call: %s", status, wire.Encode(low))
		}
		if u := b.unit("u1"); u.Status != "dispatched" || *u.Call != "high" {
			t.Errorf("%s: the unit: %s", status, wire.Encode(u))
		}
		b.signOn("u2", corner(9, 0))
		if low := b.call("low"); low.Status != "assigned" {
			t.Errorf("%s: the displaced call is not served again: %s", status, wire.Encode(low))
		}
	}
}

// Nobody knows where the unit is: it goes all the same, and its ETA is null.
func TestOverrideOfALostUnit(t *testing.T) {
	b := newBench(t)
	b.do("PUT", "/v1/units/u1", `{}`, nil)
	b.report("c1", "10-30", corner(0, 0))
	r := b.order("c1", "u1")
	if r.Status != "assigned" || r.Assignments[0].ETASeconds != nil || r.Assignments[0].DistanceMeters != nil {
		t.Errorf("got %s", wire.Encode(r))
	}
}

package server

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/assign"
)

// withDemand gives the city demand at some of its northern corners.
func withDemand(weights map[int]int) func(*bench) {
	return func(b *bench) {
		for east, weight := range weights {
			b.demand = append(b.demand, assign.Demand{Cell: fmt.Sprintf("e%02d", east), At: corner(east, 0), Weight: weight})
		}
	}
}

func (b *bench) moveUps(query string) (a wire.MoveUps) {
	b.t.Helper()
	b.do("GET", "/v1/move-ups"+query, nil, &a)
	return a
}

// near makes a unit cover what is within 285 m: it walks.
func (b *bench) near() {
	b.t.Helper()
	b.do("PUT", "/v1/policy?by=a&reason=b", strings.Replace(rules, "speed_kmh: 25", "speed_kmh: 3", 1), nil, "Content-Type: application/yaml")
}

func TestMoveUps(t *testing.T) {
	b := newBench(t, withDemand(map[int]int{0: 30, 1: 10, 9: 40, 10: 20}))
	b.near()
	if a := b.moveUps(""); a.Reason == nil || a.Reason.Code != "no_unit_available" || *a.UncoveredCells != 4 || len(a.Uncovered) != 4 || a.Uncovered[0].Nearest != nil {
		t.Errorf("without units: %s", wire.Encode(a))
	}
	b.signOn("a", corner(0, 0))
	b.signOn("b", corner(1, 0))
	a := b.moveUps("?limit=2")
	if *a.AvailableUnits != 2 || *a.BusyPercent != 0 || *a.CoveredPercent != 40 || *a.ExpectedPercent != 40 || *a.UncoveredCells != 2 || a.WithinSeconds != 480 {
		t.Errorf("got %s", wire.Encode(a))
	}
	if u := a.Uncovered; len(u) != 2 || u[0].Cell != "e09" || u[0].Weight != 40 || u[0].DemandPercent != 40 ||
		u[0].Nearest.Unit != "b" || *u[0].Nearest.ETASeconds != 80 || u[0].Nearest.Travel != "road" {
		t.Errorf("uncovered: %s", wire.Encode(u))
	}
	// Either unit is enough where they are; b is nearer, and both cells gain as much.
	if m := a.Moves; len(m) != 1 || m[0].Unit != "b" || m[0].Cell != "e09" || *m[0].ETASeconds != 80 || m[0].GainPercent != 60 || m[0].Travel != "road" {
		t.Errorf("moves: %s", wire.Encode(m))
	}
	before := b.digest()
	if b.moveUps(""); b.digest() != before {
		t.Error("asking for advice has changed the state")
	}
	b.clock.Set(noon.Add(time.Minute))
	b.signOn("b", corner(9, 0)) // it is there
	if a := b.moveUps(""); a.Reason == nil || a.Reason.Code != "all_covered" || *a.CoveredPercent != 100 || len(a.Moves) != 0 {
		t.Errorf("after the move: %s", wire.Encode(a))
	}
}

// A unit on a call, one that has been silent for long, and one that covers more
// where it is, stay.
func TestMoveUpsLeaveUnitsAlone(t *testing.T) {
	b := newBench(t, withDemand(map[int]int{0: 30, 1: 10, 9: 60}))
	b.near()
	b.signOn("a", corner(0, 0))
	b.signOn("c", corner(11, 7)) // covers nothing
	if m := b.moveUps("").Moves; len(m) != 1 || m[0].Unit != "c" {
		t.Errorf("moves: %s", wire.Encode(m))
	}
	b.report("x", "10-30", corner(11, 7))
	if m := b.moveUps("").Moves; len(m) != 1 || m[0].Unit != "a" {
		t.Errorf("with one on a call: %s", wire.Encode(m))
	}
	b.do("POST", "/v1/calls/x/close", `{"disposition":"x"}`, nil)
	b.clock.Set(noon.Add(31 * time.Minute))
	if a := b.moveUps(""); len(a.Moves) != 0 || a.Reason.Code != "no_gain" {
		t.Errorf("with all silent: %s", wire.Encode(a))
	}
}

func TestMoveUpsWithoutDemand(t *testing.T) {
	b := newBench(t)
	b.signOn("a", corner(0, 0))
	a := b.moveUps("")
	if a.Reason == nil || a.Reason.Code != "demand_unknown" || len(a.Moves)+len(a.Uncovered) != 0 || a.CoveredPercent != nil || a.WithinSeconds != 480 {
		t.Errorf("got %s", wire.Encode(a))
	}
	b.no("GET", "/v1/move-ups?limit=0", nil, 400, "bad_parameter", "limit")
	b.no("GET", "/v1/move-ups?limit=101", nil, 400, "bad_parameter", "limit")
	b.no("GET", "/v1/move-ups?near=1,2", nil, 400, "unknown_parameter", "near")
}

// Advice is asked for while calls come: it names no unit twice, and none off duty.
// The race detector is the judge of the rest.
func TestMoveUpsWhileUnitsChange(t *testing.T) {
	b := newBench(t, withDemand(map[int]int{0: 30, 5: 10, 9: 60}))
	for i := range 6 {
		b.signOn(fmt.Sprint("u", i), corner(i, 4))
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ctx.Err() == nil; i++ {
			call := fmt.Sprint("c", i)
			b.report(call, "10-30", corner(i%12, 0))
			b.do("POST", "/v1/calls/"+call+"/close", `{"disposition":"x"}`, nil)
		}
	}()
	for range 50 {
		seen := make(map[string]bool)
		for _, m := range b.moveUps("").Moves {
			if seen[m.Unit] {
				t.Errorf("%s is moved twice", m.Unit)
			}
			seen[m.Unit] = true
		}
	}
	cancel()
	<-done
}

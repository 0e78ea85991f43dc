package engine

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"callbox/assign"
)

// moveTo reports where units are, so many meters east, at the instant at hand.
func (d *desk) moveTo(after time.Duration, places map[string]float64) {
	d.t.Helper()
	d.at(after)
	for unit, m := range places {
		d.move([]Position{{Unit: unit, Fix: assign.Fix{At: *meters(m)}}})
	}
}

// rounds are the facts that rounds begin with, and the positions before them.
func (d *desk) rounds() (moved, begun []string) {
	for _, r := range d.log {
		switch f := r.Fact.(type) {
		case *assign.UnitsMoved:
			for unit, fix := range f.Fixes(r.At) {
				if d.fixes[unit] != fix {
					d.t.Errorf("%s is at %v, and the log says %v", unit, d.fixes[unit], fix)
				}
				moved = append(moved, unit)
			}
		case *assign.RoundBegun:
			begun = append(begun, fmt.Sprint(f.Calls, f.Units, f.All, f.Hurry))
		}
	}
	d.log = nil
	return moved, begun
}

// TestPositionsAreRecordedForDecisionsOnly: positions are kept back while nothing
// is decided, and recorded once, the newest of each unit, before the round that
// was decided by them.
func TestPositionsAreRecordedForDecisionsOnly(t *testing.T) {
	d := newDesk(t, "911-first", nil)
	d.at(0, signOnAt("u1", meters(0)), signOnAt("u2", meters(100)))
	for s := range 10 {
		d.moveTo(time.Duration(s)*time.Second, map[string]float64{"u2": 200 + float64(s), "u1": float64(s)})
	}
	if moved, begun := d.rounds(); len(moved)+len(begun) > 0 {
		t.Errorf("nothing was decided, and recorded were %v and %v", moved, begun)
	}
	d.at(50*time.Second, &assign.ReportCall{ID: "c1", Class: "critical", Location: meters(0)})
	moved, begun := d.rounds()
	if fmt.Sprint(moved, begun) != "[u1 u2] [[c1] [] false false]" {
		t.Errorf("the first call was decided by %v, %v", moved, begun)
	}
	d.moveTo(55*time.Second, map[string]float64{"u1": 700})
	d.hurry = true
	d.do(&assign.ReportCall{ID: "c2", Class: "critical", Location: meters(50)})
	d.at(56 * time.Second)
	moved, begun = d.rounds()
	if fmt.Sprint(moved, begun) != "[u1] [[c2] [] false true]" {
		t.Errorf("the second call was decided by %v, %v", moved, begun)
	}
}

// TestRoundsOfAnySize lets more units than one fact takes move, with IDs of any
// length: no frame is too heavy, and a log that is read again gives the same
// positions. A round that cannot name what it looks at looks at everything.
func TestRoundsOfAnySize(t *testing.T) {
	for _, form := range []string{"%05d", "%0128d"} {
		d := newDesk(t, "911-first", nil)
		before := d.writer.commit
		d.writer.commit = func(w *writer) error {
			weight := 0
			for _, r := range w.facts {
				weight += assign.Weight(r.Fact)
			}
			if weight != w.weight || weight > MaxWeight {
				t.Errorf("a frame of %d bytes, %d as weighed", weight, w.weight)
			}
			return before(w)
		}
		d.at(0, &assign.ReportCall{ID: "c1", Class: "critical", Location: meters(0)})
		places := make(map[string]float64)
		for i := range 5000 {
			unit := fmt.Sprintf(form, i)
			places[unit] = 6000 - float64(i) // the last becomes the nearest
			d.must(d.decide(signOnAt(unit, meters(5000))))
		}
		d.at(5 * time.Second)
		d.rounds()
		d.moveTo(10*time.Second, places)
		d.at(20 * time.Second)
		log := d.log
		moved, begun := d.rounds()
		if len(moved) != 5000 || len(begun) != 1 {
			t.Fatalf("%d units moved in %.200q", len(moved), begun)
		}
		if all := begun[0] == "[] [] true false"; all != (form == "%0128d") {
			t.Errorf("the round looks at %.100s", begun[0])
		}
		// What the log tells is where the units are.
		again := make(fixes)
		for _, r := range log {
			again.hear(r)
		}
		if !maps.Equal(again, d.fixes) {
			t.Error("a log that is read again gives other positions")
		}
	}
}

// TestAKeyStaysWithItsCall: however many positions wait to be recorded, they leave
// room for a call, its decision and its key in one frame.
func TestAKeyStaysWithItsCall(t *testing.T) {
	d := newDesk(t, "911-first", nil)
	places := make(map[string]float64)
	for i := range 20_000 {
		unit := fmt.Sprintf("u%05d", i)
		places[unit] = float64(i)
		d.must(d.decide(signOnAt(unit, meters(0))))
	}
	d.moveTo(10*time.Second, places)
	_, err := d.perform(Request{
		Command: &assign.ReportCall{ID: "c1", Class: "critical", Location: meters(0)}, Key: "k",
		Answer: func(*Outcome) (int, []byte) { return 200, make([]byte, 1000) },
	})
	d.must(err)
	for _, r := range d.facts {
		if _, ok := r.Fact.(*assign.CallReceived); ok {
			return
		}
	}
	t.Error("the call was made durable before its key")
}

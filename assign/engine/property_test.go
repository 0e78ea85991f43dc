package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"

	"pgregory.net/rapid"
)

// TestPromises carries out random commands and checks after each what must
// always hold, with a model that shares nothing with the advisor.
func TestPromises(t *testing.T) {
	town := roadtest.Draw(t, `
a-b-c-d-e
| v | ^ |
f-g=h=i-j
|   ^   |
k-l>m-n-o
`)
	rapid.Check(t, func(r *rapid.T) {
		b := newBench(t, town, rapid.SampledFrom([]string{"911-first", "311-first"}).Draw(r, "policy"))
		network := route.New(town.Graph)
		ways := network.Query()
		place := rapid.Custom(func(r *rapid.T) geo.Point {
			return town.At(string(rapid.SampledFrom([]rune("abcdefghijklmno")).Draw(r, "at")))
		})
		unit := rapid.SampledFrom([]string{"u1", "u2", "u3", "u4"})
		call := rapid.SampledFrom([]string{"c1", "c2", "c3", "c4", "c5", "c6"})
		now := noon
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 600).Draw(r, "wait")) * time.Second)
			b.clock.Set(now)
			c := command(r, b, place, unit, call)
			if _, err := b.engine.Do(engine.Request{Command: c}); err != nil && !errors.As(err, new(*assign.Refusal)) {
				r.Fatalf("%T: %v", c, err)
			}
			b.engine.View(func(v *engine.View) {
				var closed []road.Arc
				for _, c := range v.State().Closures() {
					for _, a := range c.Arcs {
						closed = append(closed, road.Arc(a))
					}
				}
				if _, err := network.Close(closed); err != nil || network.Version() != v.Roads() {
					r.Fatalf("the roads are %s, should be %s, %v", v.Roads(), network.Version(), err)
				}
				if err := promises(v, ways, now); err != nil {
					r.Fatalf("after %T %+v: %v", c, c, err)
				}
			})
		}
		if stats := b.engine.Stats(); stats.Bugs > 0 {
			r.Fatalf("%d decisions were refused", stats.Bugs)
		}
		if err := clocks(b); err != nil {
			r.Fatal(err)
		}
		// The log says all. An engine that opens it looks at every waiting call
		// anew, so what it shows a moment later may already be more.
		if err := b.engine.Close(); err != nil {
			r.Fatal(err)
		}
		if shown, logged := b.digest(), b.logged(); shown != logged {
			r.Fatalf("the digest was %s and the log gives %s", shown, logged)
		}
		var err error
		if err = images(b, rapid.IntRange(1, 30).Draw(r, "image")); err != nil {
			r.Fatal(err)
		}
		b.open()
		plain := b.digest()
		if err := b.engine.Close(); err != nil {
			r.Fatal(err)
		}
		// So does what another engine goes on from: a snapshot, and the log after it.
		if b.snapshot, err = snapshot(b, rapid.Uint64Range(1, 40).Draw(r, "snapshot")); err != nil {
			r.Fatal(err)
		}
		b.open()
		b.engine.View(func(v *engine.View) { err = promises(v, ways, now) })
		if err != nil {
			r.Fatalf("after a snapshot: %v", err)
		}
		if resumed, logged := b.digest(), b.logged(); resumed != plain && resumed != logged {
			r.Fatalf("the digest after a snapshot of frame %d is %s, should be %s or, if more was decided, %s", b.snapshot.Frame, resumed, plain, logged)
		}
	})
}

func command(r *rapid.T, b *bench, place *rapid.Generator[geo.Point], unit, call *rapid.Generator[string]) assign.Command {
	switch rapid.IntRange(0, 11).Draw(r, "verb") {
	case 0, 1:
		at := place.Draw(r, "place")
		c := &assign.SignOn{Unit: unit.Draw(r, "unit"), Capabilities: []string{"patrol"}}
		switch rapid.IntRange(0, 5).Draw(r, "knows") {
		case 0:
			c.Capabilities = nil
		case 1:
			c.Capabilities = []string{"k9"}
		case 2:
			c.Capabilities = []string{"k9", "patrol"}
		}
		if rapid.IntRange(0, 5).Draw(r, "placed") > 0 {
			c.Fix = &assign.Fix{At: at, Since: noon.Add(time.Duration(rapid.IntRange(0, 7200).Draw(r, "since")) * time.Second)}
		}
		return c
	case 2, 3, 4:
		at := place.Draw(r, "place")
		c := &assign.ReportCall{
			ID: call.Draw(r, "call"), Location: &at, Cell: "892a1072b5bffff",
			Type:   rapid.SampledFrom([]string{"10-30", "10-13", "10-54", "10-34", "noise"}).Draw(r, "type"),
			Source: rapid.SampledFrom([]assign.Source{assign.Source911, assign.Source311}).Draw(r, "source"),
		}
		if rapid.IntRange(0, 3).Draw(r, "special") == 0 {
			c.Needs = []assign.Need{{Capabilities: []string{"patrol"}, Count: 1}, {Capabilities: []string{"k9"}, Count: 1}}
		}
		return c
	case 5, 6, 7:
		return &assign.SetStatus{Unit: unit.Draw(r, "unit"), Status: rapid.SampledFrom([]assign.UnitStatus{
			assign.EnRoute, assign.OnScene, assign.Available, assign.Available, assign.OutOfService, assign.OffDuty,
		}).Draw(r, "status")}
	case 8:
		if rapid.Bool().Draw(r, "cancel") {
			return &assign.CancelCall{Call: call.Draw(r, "call"), Reason: "test"}
		}
		return &assign.CloseCall{Call: call.Draw(r, "call"), Disposition: "done"}
	case 9:
		street := rapid.SampledFrom([]string{"ab", "bc", "bg", "ch", "hm", "ej", "gh", "lm"}).Draw(r, "street")
		return b.closeStreet(rapid.SampledFrom([]string{"x", "y"}).Draw(r, "closure"), street)
	case 10:
		return &assign.OpenRoad{ID: rapid.SampledFrom([]string{"x", "y"}).Draw(r, "closure")}
	default:
		return &assign.Override{Call: call.Draw(r, "call"), Unit: unit.Draw(r, "unit"), Order: assign.Order{By: "x", Reason: "y"}}
	}
}

// promises checks a state that has settled.
func promises(v *engine.View, ways *route.Query, now assign.Instant) error {
	s := v.State()
	on := make(map[string]string)
	for _, id := range s.CallIDs() {
		c := s.Call(id)
		filled := make(map[int]string)
		for _, a := range c.Assignments {
			if !a.Active() {
				continue
			}
			if !c.Open() {
				return fmt.Errorf("unit %s is on the closed call %s", a.Unit, id)
			}
			if other := on[a.Unit]; other != "" {
				return fmt.Errorf("unit %s is on calls %s and %s", a.Unit, other, id)
			}
			on[a.Unit] = id
			if other := filled[a.Slot]; other != "" && a.Slot != assign.Extra {
				return fmt.Errorf("slot %d of call %s has units %s and %s", a.Slot, id, other, a.Unit)
			}
			filled[a.Slot] = a.Unit
		}
	}
	for _, id := range s.UnitIDs() {
		u := s.Unit(id)
		if u.Call != on[id] || u.Status.OnCall() != (u.Call != "") {
			return fmt.Errorf("unit %s is %s on call %q, and call %q has it", id, u.Status, u.Call, on[id])
		}
	}
	for _, id := range s.CallIDs() {
		if err := servable(v, s.Call(id), ways, now); err != nil {
			return err
		}
	}
	return nil
}

// servable finds a free unit that a waiting call could have. While there is
// none, no unit can have been taken from a higher call for a lower one.
func servable(v *engine.View, c *assign.Call, ways *route.Query, now assign.Instant) error {
	s := v.State()
	for _, slot := range c.OpenSlots() {
		for _, id := range s.UnitIDs() {
			u := s.Unit(id)
			fix, known := v.Fix(id)
			if u.Status != assign.Available || !known || now.Sub(fix.Since) > 30*time.Minute {
				continue
			}
			able := true
			for _, capability := range c.Slot(slot).Capabilities {
				able = able && slices.Contains(u.Capabilities, capability)
			}
			gaveBack := slices.ContainsFunc(c.Assignments, func(a assign.Assignment) bool {
				return a.Unit == id && a.How == assign.GaveBack
			})
			class := s.Policy().Class(c.Class)
			leg, ok := ways.Time(fix.At, c.Location, class.Profile)
			limit := class.PullLimit
			if age := now.Sub(c.ReceivedAt); age > class.Answer {
				limit = limit * (age / time.Second) / (class.Answer / time.Second) // both are whole seconds here
			}
			near := ok && (class.PullLimit == 0 || leg.Time <= limit)
			if able && near && !gaveBack {
				return fmt.Errorf("call %s waits, and unit %s is free and %v away", c.ID, id, leg.Time)
			}
		}
	}
	return nil
}

// clocks checks in the log that every share of every clock that ran long enough
// is an event, once, of its very instant.
func clocks(b *bench) error {
	type key struct {
		call  string
		clock assign.ClockName
		share int
	}
	events := make(map[key]assign.Instant)
	for r, err := range b.engine.Log(context.Background(), 0) {
		if err != nil {
			return err
		}
		var k key
		var at assign.Instant
		switch f := r.Fact.(type) {
		case *assign.ClockWarned:
			k, at = key{f.Call, f.Clock, f.Share}, f.At
		case *assign.ClockBreached:
			k, at = key{f.Call, f.Clock, 100}, f.At
		default:
			continue
		}
		if events[k] != 0 {
			return fmt.Errorf("%v is an event twice", k)
		}
		events[k] = at
	}
	want := 0
	var err error
	b.engine.View(func(v *engine.View) {
		for _, id := range v.State().CallIDs() {
			c := v.State().Call(id)
			for name, k := range map[assign.ClockName]assign.Clock{assign.AnswerClock: c.Answer, assign.CloseClock: c.Close} {
				end := k.Stopped
				if end == 0 {
					end = v.State().Now()
				}
				for _, share := range []int{50, 80, 100} {
					due := c.ReceivedAt.Add(k.Target * time.Duration(share) / 100)
					if got := events[key{id, name, share}]; due < end && got != due || due >= end && got != 0 {
						err = fmt.Errorf("%s clock of %s: %d %% is due %v, the event says %v, the clock ran until %v", name, id, share, due, got, end)
					} else if got != 0 {
						want++
					}
				}
			}
		}
	})
	if err == nil && want != len(events) {
		err = fmt.Errorf("%d events belong to no clock", len(events)-want)
	}
	return err
}

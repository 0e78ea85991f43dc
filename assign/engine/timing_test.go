package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/policy"
	"callbox/geo"
)

// desk is a writer without a loop around it: time passes when the test says so.
type desk struct {
	t *testing.T
	*writer
	log []assign.Recorded
}

func newDesk(t *testing.T, name string, change func(*assign.Policy)) *desk {
	t.Helper()
	p, _, err := policy.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	q := *p
	q.Classes = slices.Clone(p.Classes)
	solver := *p.Solver
	q.Solver = &solver
	if change != nil {
		change(&q)
	}
	d := &desk{t: t}
	d.writer = newWriter(nil, policy.Advisor{}, func(err error) { t.Error(err) }, func(w *writer) error {
		d.log = append(d.log, w.facts...)
		w.facts, w.weight = nil, 0
		return nil
	})
	d.now = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	d.must(d.decide(&assign.AdoptPolicy{Policy: &q}))
	d.must(d.ready())
	d.fresh, d.looked, d.advised, d.stirred = newNews(false), d.now, d.now, d.now
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// at does commands at an instant, so long after noon.
func (d *desk) at(after time.Duration, commands ...assign.Command) {
	d.t.Helper()
	d.now = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)).Add(after)
	d.must(d.tick())
	d.must(d.look())
	for _, c := range commands {
		d.must(d.do(c))
	}
	d.must(d.writer.commit(d.writer))
}

// meters is a place so far east of another.
func meters(m float64) *geo.Point {
	return &geo.Point{Lat: 400_000_000, Lon: -700_000_000 + int32(m*117.4)} // 1e-7 degree is 8.5 mm here
}

func signOnAt(id string, at *geo.Point) *assign.SignOn {
	return &assign.SignOn{Unit: id, Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: *at, Since: assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))}}
}

// told is what the log says of units and waiting, a word or two each.
func (d *desk) told() (out []string) {
	for _, r := range d.log {
		switch f := r.Fact.(type) {
		case *assign.DecisionMade:
			if f.Decision.Greedy {
				out = append(out, "in haste")
			}
		case *assign.CallQueued:
			out = append(out, f.Call+" waits: "+f.Reason.Code)
		case *assign.UnitDispatched:
			out = append(out, f.Assignment.Unit+" to "+f.Call)
		case *assign.UnitRecalled:
			out = append(out, f.Unit+" back from "+f.Call)
		case *assign.CallPromoted:
			out = append(out, f.Call+" counts as "+f.Class)
		}
	}
	d.log = nil
	return out
}

func (d *desk) wants(want ...string) {
	d.t.Helper()
	if got := d.told(); !slices.Equal(got, want) {
		d.t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// TestBatchWindow: two calls that come shortly after each other are decided
// together; alone, the first would have taken the unit that the second needs. A
// protected call waits for nobody.
func TestBatchWindow(t *testing.T) {
	calls := []assign.Command{
		&assign.ReportCall{ID: "c1", Class: "non-critical", Location: meters(0)},
		&assign.ReportCall{ID: "c2", Class: "non-critical", Location: meters(-1000)},
	}
	units := []assign.Command{signOnAt("near", meters(-100)), signOnAt("far", meters(120))}
	d := newDesk(t, "911-first", func(p *assign.Policy) { p.Solver.BatchWindow = 500 * time.Millisecond })
	d.at(0, units...)
	d.at(time.Second, calls[0])
	d.wants("c1 waits: batched")
	d.at(time.Second+300*time.Millisecond, calls[1])
	d.wants("c2 waits: batched")
	if next, ok := d.next(); !ok || next != d.now.Add(200*time.Millisecond) {
		t.Errorf("the writer wakes at %v, %v", next, ok)
	}
	d.at(time.Second + 500*time.Millisecond)
	d.wants("far to c1", "near to c2")
	d.at(2*time.Second, signOnAt("third", meters(0)), &assign.ReportCall{ID: "c3", Class: "critical", Location: meters(0)})
	d.wants("third to c3")

	d = newDesk(t, "911-first", nil)
	d.at(0, units...)
	d.at(time.Second, calls...)
	d.wants("near to c1", "far to c2")
}

// TestHaste: with no time for exact answers calls get greedy ones, which say so,
// and the exact answer follows when there is time.
func TestHaste(t *testing.T) {
	d := newDesk(t, "911-first", nil)
	d.at(0, signOnAt("near", meters(-100)), signOnAt("far", meters(1500)))
	d.hurry = true
	d.must(d.do(&assign.ReportCall{ID: "c1", Class: "critical", Location: meters(0)}))
	d.must(d.do(&assign.ReportCall{ID: "c2", Class: "critical", Location: meters(-1600)}))
	d.must(d.writer.commit(d.writer))
	d.wants("in haste", "near to c1", "in haste", "far to c2")
	if next, ok := d.next(); !ok || next > d.now {
		t.Error("the writer does not wake at once for what it owes")
	}
	d.hurry = false
	d.at(0)
	d.wants("near back from c1", "far to c1", "near to c2") // 1500 m each, not 100 and 3100
	if d.owed {
		t.Error("the exact answer is still owed")
	}
	d.at(0)
	d.wants()
}

// TestPromotionBoundsWaiting: one unit and a call of a higher class every nine
// minutes, each of which takes ten. In strict order a complaint is never
// answered; promoted, it waits for those that are older or more urgent only.
func TestPromotionBoundsWaiting(t *testing.T) {
	answered := func(promote *assign.Promotion) time.Duration {
		d := newDesk(t, "closest-idle", func(p *assign.Policy) {
			p.Solver = &assign.Solver{Together: true}
			p.Classes[4].Promote = promote
		})
		d.at(0, signOnAt("u", meters(0)))
		var free time.Duration
		for minute := range 6 * 60 {
			now := time.Duration(minute) * time.Minute
			d.at(now, &assign.SignOn{Unit: "u", Fix: &assign.Fix{At: *meters(0), Since: d.now}})
			if minute == 5 {
				d.at(now, &assign.ReportCall{ID: "noise", Class: "311", Location: meters(0)})
			}
			if minute%9 == 0 {
				d.at(now, &assign.ReportCall{ID: fmt.Sprint("c", minute), Class: "non-critical", Location: meters(0)})
			}
			switch u := d.state.Unit("u"); {
			case u.Call == "noise":
				return now
			case u.Status == assign.Dispatched:
				d.at(now, &assign.SetStatus{Unit: "u", Status: assign.OnScene})
				free = now + 10*time.Minute
			case u.Status == assign.OnScene && now >= free:
				d.at(now, &assign.CloseCall{Call: u.Call})
			}
		}
		return 0
	}
	if at := answered(nil); at != 0 {
		t.Errorf("in strict order the complaint got the unit after %v", at)
	}
	at := answered(&assign.Promotion{After: 35 * time.Minute, To: "non-critical"})
	if at == 0 || at > time.Hour+20*time.Minute {
		t.Errorf("promoted after 35 minutes, the complaint got the unit after %v", at)
	}
}

// TestPromotionIsSticky: it is told once, at its very instant, and holds though the
// call has a unit.
func TestPromotionIsSticky(t *testing.T) {
	d := newDesk(t, "911-first", func(p *assign.Policy) {
		p.Classes[4].Promote = &assign.Promotion{After: 35 * time.Minute, To: "non-critical"}
	})
	d.at(0, &assign.ReportCall{ID: "noise", Class: "311", Location: meters(0)})
	d.at(34 * time.Minute)
	d.wants("noise waits: no_units")
	d.at(36*time.Minute, &assign.SignOn{Unit: "u", Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: *meters(900), Since: d.now}})
	d.wants("noise counts as non-critical", "u to noise")
	if call := d.state.Call("noise"); d.state.Policy().RankOf(call) != 3 || call.Class != "311" {
		t.Errorf("the call is of class %s and rank %d", call.Class, d.state.Policy().RankOf(call))
	}
	d.at(37*time.Minute, &assign.ReportCall{ID: "collision", Class: "other-911", Location: meters(800)})
	d.wants("collision waits: all_units_busy")
}

// TestWorkIsConserved: where travel takes no time and each call the same time, all
// orders of service that take no unit off a call make calls wait equally long in
// sum: the conservation law, exactly.
func TestWorkIsConserved(t *testing.T) {
	sums := make(map[string]time.Duration)
	for _, name := range policy.Builtin() {
		d := newDesk(t, name, func(p *assign.Policy) {
			for i := range p.Classes {
				p.Classes[i].MayPreempt, p.Classes[i].MayDivert, p.Classes[i].Divertible = false, false, false
			}
		})
		for i := range 3 {
			d.at(0, signOnAt(fmt.Sprint("u", i), meters(0)))
		}
		r := rand.New(rand.NewPCG(1, 1))
		classes := []string{"critical", "serious", "non-critical", "other-911", "311"}
		free := make(map[string]time.Duration)
		var waits time.Duration
		calls, served := 0, 0
		for second := 0; served < 400; second += 10 {
			now := time.Duration(second) * time.Second
			d.at(now)
			for i := range 3 {
				unit := fmt.Sprint("u", i)
				if call := d.state.Unit(unit).Call; call != "" && now >= free[unit] {
					d.at(now, &assign.CloseCall{Call: call})
					served++
				}
				d.at(now, &assign.SignOn{Unit: unit, Fix: &assign.Fix{At: *meters(0), Since: d.now}})
			}
			if second%10 == 0 && r.IntN(20) == 0 && calls < 400 {
				d.at(now, &assign.ReportCall{ID: fmt.Sprint("c", calls), Class: classes[r.IntN(5)], Location: meters(0)})
				calls++
			}
			for i := range 3 {
				unit := fmt.Sprint("u", i)
				u := d.state.Unit(unit)
				if u.Status == assign.Dispatched {
					waits += u.Since.Sub(d.state.Call(u.Call).ReceivedAt)
					d.at(now, &assign.SetStatus{Unit: unit, Status: assign.OnScene})
					free[unit] = now + 570*time.Second
				}
			}
		}
		sums[name] = waits
	}
	for name, sum := range sums {
		if sum != sums["first-come"] || sum == 0 {
			t.Errorf("under %s calls wait %v in sum, under first-come %v", name, sum, sums["first-come"])
		}
	}
}

// TestASilentUnitDrivesOn: a unit that sends no position on its way is not replaced
// by one that is nearer than where it was last.
func TestASilentUnitDrivesOn(t *testing.T) {
	d := newDesk(t, "911-first", nil)
	d.at(0, signOnAt("far", meters(2000)), &assign.ReportCall{ID: "c", Class: "critical", Location: meters(0)})
	d.wants("far to c") // it takes 400 s
	d.at(5*time.Minute, &assign.SignOn{Unit: "idle", Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: *meters(1000), Since: d.now.Add(5 * time.Minute)}})
	d.wants()
	d.at(5*time.Minute, &assign.SignOn{Unit: "near", Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: *meters(100), Since: d.now}})
	d.wants("far back from c", "near to c")
}

// TestMovedUnitsAreNotForgotten: a call that comes meanwhile does not make the
// writer forget that a unit has come near to one that waits, nor does it matter
// that a unit whose place nobody knew any more stands where it was.
func TestMovedUnitsAreNotForgotten(t *testing.T) {
	d := newDesk(t, "911-first", nil)
	d.at(0, signOnAt("a", meters(9000)), signOnAt("b", meters(20_000)))
	d.at(time.Second, &assign.ReportCall{ID: "dispute", Class: "other-911", Location: meters(0)})
	d.wants("dispute waits: out_of_reach")
	d.now = d.now.Add(time.Millisecond)
	d.move([]Position{{Unit: "a", Fix: assign.Fix{At: *meters(1000), Since: d.now}}})
	d.at(1500*time.Millisecond, &assign.ReportCall{ID: "robbery", Class: "critical", Location: meters(20_000)})
	d.wants("b to robbery")
	d.at(5 * time.Second)
	d.wants("a to dispute")

	d = newDesk(t, "911-first", nil)
	d.at(0, signOnAt("a", meters(100)))
	d.move([]Position{{Unit: "a", Fix: assign.Fix{At: *meters(100), Since: d.now}}})
	d.at(31*time.Minute, &assign.ReportCall{ID: "dispute", Class: "other-911", Location: meters(0)})
	d.wants("dispute waits: position_stale")
	d.at(31*time.Minute + time.Second)
	d.move([]Position{{Unit: "a", Fix: assign.Fix{At: *meters(100), Since: d.now}}})
	d.at(31*time.Minute + 5*time.Second)
	d.wants("a to dispute")
}

// TestReserve keeps one unit back: of two that a lower call needs it gets one.
func TestReserve(t *testing.T) {
	for _, name := range []string{"911-first", "closest-idle"} {
		d := newDesk(t, name, func(p *assign.Policy) { p.Classes[3].Reserve, p.Classes[4].Reserve = 1, 1 })
		d.at(0, signOnAt("u1", meters(100)), signOnAt("u2", meters(200)))
		d.at(time.Second, &assign.ReportCall{
			ID: "other", Class: "other-911", Location: meters(0), Needs: []assign.Need{{Capabilities: []string{"patrol"}, Count: 2}},
		})
		d.wants("u1 to other", "other waits: kept_in_reserve")
		d.at(2*time.Second, &assign.ReportCall{ID: "noise", Class: "311", Location: meters(200)})
		d.wants("noise waits: kept_in_reserve")
		d.at(3*time.Second, &assign.ReportCall{ID: "robbery", Class: "critical", Location: meters(200)})
		d.wants("u2 to robbery")
	}
}

// TestTheOldestCallsAreServed, however late they are and whatever they weigh.
func TestTheOldestCallsAreServed(t *testing.T) {
	for days := range 29 {
		d := newDesk(t, "911-first-slack", func(p *assign.Policy) {
			p.Classes[2].Answer, p.Classes[2].Weight = 10*time.Minute, 100
			p.Classes[4].Answer = 24 * time.Hour
		})
		d.at(0, signOnAt("u", meters(100)))
		d.at(time.Second, &assign.ReportCall{
			ID: "old", Class: "non-critical", Location: meters(0), ReceivedAt: d.now.Add(-time.Duration(days) * 24 * time.Hour),
			Needs: []assign.Need{{Capabilities: []string{"patrol"}, Count: 2}},
		})
		d.at(2*time.Second, &assign.ReportCall{ID: "noise", Class: "311", Location: meters(90)})
		if call := d.state.Call("old"); d.state.Unit("u").Call != "old" {
			t.Errorf("a call %d days old waits: %v", days, call.Reason)
		}
	}
}

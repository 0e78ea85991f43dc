package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/geo"
	"callbox/geo/cell"
	"callbox/geo/road/roadtest"
)

func TestNearestByRoadNotByStraightLine(t *testing.T) {
	// b lies one step from e, but the way there leads around by a and d.
	town := roadtest.Draw(t, `
a-b-c
|
d-e
`)
	b := newBench(t, town, "911-first")
	b.do(signOn("far", town.At("c"), noon))
	b.do(signOn("near", town.At("d"), noon))
	b.do(signOn("close", town.At("b"), noon))
	out := b.do(report(t, "c1", "10-54", town.At("e")))
	if got := units(*out.Call); !slices.Equal(got, []string{"near"}) {
		t.Errorf("sent %v, want near", got)
	}
	if eta := out.Call.Assignments[0].Leg.Time; eta != 10*time.Second {
		t.Errorf("eta %v, want 10s", eta)
	}
	out = b.do(report(t, "c2", "10-54", town.At("e")))
	if got := units(*out.Call); !slices.Equal(got, []string{"close"}) {
		t.Errorf("sent %v, want close", got)
	}
}

func TestRestartGivesTheSameState(t *testing.T) {
	town := roadtest.Draw(t, "a-b-c-d")
	b := newBench(t, town, "911-first")
	b.do(signOn("u1", town.At("a"), noon))
	b.do(signOn("u2", town.At("d"), noon))
	b.do(report(t, "c1", "10-30", town.At("b")))
	b.do(&assign.SetStatus{Unit: "u1", Status: assign.EnRoute})
	b.clock.Set(noon.Add(8 * time.Minute))
	b.do(report(t, "", "10-13", town.At("c")))
	if _, err := b.engine.Do(engine.Request{
		Command: &assign.CancelCall{Call: "c1", Reason: "test"}, Key: "k", Fingerprint: "f",
		Answer: func(*engine.Outcome) (int, []byte) { return 200, []byte("done") },
	}); err != nil {
		t.Fatal(err)
	}
	before := b.digest()
	b.restart()
	if after := b.digest(); after != before {
		t.Errorf("the digest was %s and is %s", before, after)
	}
	out, err := b.engine.Do(engine.Request{Command: &assign.CancelCall{Call: "c1"}, Key: "k", Fingerprint: "f"})
	if err != nil || out.Again == nil || string(out.Again.Body) != "done" {
		t.Errorf("the kept answer is gone: %+v, %v", out, err)
	}
}

// TestManyEventsAtOnceFillSeveralFrames: a frame that is too large for a
// journal would stop the engine for good.
func TestManyEventsAtOnceFillSeveralFrames(t *testing.T) {
	b := newBench(t, nil, "911-first")
	for range 1500 {
		b.do(report(t, "", "10-54", corner))
	}
	b.clock.Set(noon.Add(24 * time.Hour))
	b.do(signOn("u1", corner, noon))
	var frames, heaviest int
	for f, err := range b.journal.Read(context.Background(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		weight := 0
		for _, r := range f.Facts {
			weight += assign.Weight(r.Fact)
		}
		frames, heaviest = frames+1, max(heaviest, weight)
	}
	if heaviest > engine.MaxWeight {
		t.Errorf("a frame of %d bytes; it may have %d", heaviest, engine.MaxWeight)
	}
	before := b.digest()
	b.restart()
	if b.digest() != before {
		t.Error("the state is another one after a restart")
	}
}

var corner = geo.Point{Lat: 407_000_000, Lon: -740_000_000}

// brokenJournal fails at its nth append.
type brokenJournal struct {
	engine.Memory
	left int
}

func (j *brokenJournal) Append(ctx context.Context, after uint64, f assign.Frame) error {
	if j.left--; j.left < 0 {
		return errors.New("the disk has gone")
	}
	return j.Memory.Append(ctx, after, f)
}

// TestNothingIsShownThatIsNotDurable and nothing is taken after a failure.
func TestNothingIsShownThatIsNotDurable(t *testing.T) {
	p, text, err := policy.Named("911-first")
	if err != nil {
		t.Fatal(err)
	}
	j := &brokenJournal{left: 2}
	e, err := engine.Open(context.Background(), engine.Config{
		Journal: j, Clock: engine.NewManual(noon), Advisor: policy.Advisor{}, Policy: assign.AdoptPolicy{Policy: p, Source: text},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.Do(engine.Request{Command: signOn("u1", corner, noon)}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := e.Do(engine.Request{Command: report(t, "c1", "10-54", corner)}); !errors.Is(err, engine.ErrUnavailable) {
			t.Fatalf("got %v, want %v", err, engine.ErrUnavailable)
		}
	}
	if e.Err() == nil {
		t.Error("the engine says that it takes writes")
	}
	e.View(func(v *engine.View) {
		if v.State().Call("c1") != nil || v.State().Unit("u1").Call != "" {
			t.Error("the view shows a call that may never have been stored")
		}
	})
}

func TestAKeyGetsItsFirstAnswer(t *testing.T) {
	b := newBench(t, nil, "911-first")
	request := func(fingerprint string) (engine.Outcome, error) {
		return b.engine.Do(engine.Request{
			Command: report(t, "", "10-54", corner), Key: "k", Fingerprint: fingerprint,
			Answer: func(o *engine.Outcome) (int, []byte) { return 200, []byte(o.Call.ID) },
		})
	}
	first, err := request("one")
	if err != nil || first.Again != nil || !first.Created {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := request("one")
	if err != nil || again.Again == nil || string(again.Again.Body) != first.Call.ID {
		t.Errorf("%+v, %v", again, err)
	}
	var r *assign.Refusal
	if _, err = request("other"); !errors.As(err, &r) || r.Code != "idempotency_key_reused" {
		t.Errorf("got %v", err)
	}
}

func TestFollowersMissNothing(t *testing.T) {
	b := newBench(t, nil, "911-first")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	const calls = 3000 // more than the feed keeps
	done := make(chan error, 2)
	for _, after := range []uint64{0, 2} {
		go func() {
			next, received := after+1, 0
			for r, err := range b.engine.Follow(ctx, after) {
				if err != nil || r.Seq != next {
					done <- fmt.Errorf("fact %d, want %d, %v", r.Seq, next, err)
					return
				}
				next++
				if _, ok := r.Fact.(*assign.CallReceived); ok {
					if received++; received == calls {
						done <- nil
						return
					}
				}
			}
			done <- errors.New("the log ended")
		}()
	}
	for range calls {
		b.do(report(t, "", "10-54", corner))
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// TestTimeAloneLiftsALimit: a call that waits past its target for a second unit
// gets one from anywhere, though its answer clock has stopped and nobody reports
// anything.
func TestTimeAloneLiftsALimit(t *testing.T) {
	b := newBench(t, nil, "911-first")
	far := geo.Point{Lat: corner.Lat + 500_000, Lon: corner.Lon} // 5.6 km: 19 minutes
	b.do(signOn("near", corner, noon))
	b.do(signOn("far", far, noon))
	c := report(t, "c1", "10-34", corner)
	c.Needs = []assign.Need{{Capabilities: []string{"patrol"}, Count: 2}}
	b.do(c)
	b.do(&assign.SetStatus{Unit: "near", Status: assign.OnScene})
	units := func() (units []string) {
		b.engine.View(func(v *engine.View) { units = v.State().Call("c1").ActiveUnits() })
		return units
	}
	if got := units(); !slices.Equal(got, []string{"near"}) {
		t.Fatalf("got %v", got)
	}
	b.clock.Set(noon.Add(23 * time.Minute)) // 10 minutes for each 12
	for range 1000 {
		if got := units(); slices.Equal(got, []string{"near", "far"}) {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("after its target the call has %v", units())
}

// TestACallReportedAgainIsLookedAtAgain: the caller asks because they know more
// than the log does.
func TestACallReportedAgainIsLookedAtAgain(t *testing.T) {
	var asked []string
	advisor := advise(func(s *assign.Situation) {
		for c := range s.Fresh.Calls {
			asked = append(asked, c)
		}
	})
	b := newBench(t, nil, "911-first")
	b.advisor = advisor
	b.restart()
	b.do(report(t, "c1", "10-54", corner))
	asked = nil
	b.do(&assign.ReportCall{ID: "c1"})
	if !slices.Equal(asked, []string{"c1"}) {
		t.Errorf("looked at %v", asked)
	}
}

// advise is an advisor that is told of every situation, and says nothing.
type advise func(*assign.Situation)

func (a advise) Advise(s *assign.Situation) []assign.Decision {
	if s.Fresh == nil {
		s.Fresh = new(assign.Fresh)
	}
	a(s)
	return nil
}

func (a advise) Rank(s *assign.Situation, c *assign.Call, _ int) (assign.Decision, []assign.Candidate) {
	a(s)
	return assign.Decision{Call: c.ID}, nil
}

// TestQuestionsDoNotHoldUpCommands: however many dry runs wait, a command waits
// for one of them.
func TestQuestionsDoNotHoldUpCommands(t *testing.T) {
	started, goOn := make(chan bool), make(chan bool)
	b := newBench(t, nil, "911-first")
	b.advisor = advise(func(*assign.Situation) {
		started <- true
		<-goOn
	})
	b.restart()
	var asked sync.WaitGroup
	for range 20 {
		asked.Go(func() {
			if _, err := b.engine.Rank(report(t, "dry", "10-54", corner), 1); err != nil {
				t.Error(err)
			}
		})
	}
	<-started
	for b.engine.Stats().Queued < 19 {
		time.Sleep(time.Millisecond)
	}
	done := make(chan bool)
	go func() {
		b.do(signOn("u1", corner, noon))
		close(done)
	}()
	for b.engine.Stats().Queued < 20 {
		time.Sleep(time.Millisecond)
	}
	goOn <- true
	<-done // the nineteen others still wait
	for range 19 {
		<-started
		goOn <- true
	}
	asked.Wait()
}

func TestQueriesAgreeWithAScan(t *testing.T) {
	b := newBench(t, nil, "911-first")
	r := rand.New(rand.NewPCG(1, 1))
	at := make(map[string]geo.Point)
	for i := range 400 {
		p := geo.Point{Lat: corner.Lat + int32(r.IntN(400_000)), Lon: corner.Lon + int32(r.IntN(400_000))}
		unit := fmt.Sprint("u", i)
		b.do(signOn(unit, p, noon))
		b.do(report(t, fmt.Sprint("c", i), "10-54", p))
		at[fmt.Sprint("c", i)] = p
		if i%3 == 0 { // the unit moves on
			p.Lat += 1000
			if _, err := b.engine.Move([]engine.Position{{Unit: unit, Fix: assign.Fix{At: p, Since: noon + 1}}}); err != nil {
				t.Fatal(err)
			}
		}
		at[unit] = p
	}
	b.engine.View(func(v *engine.View) {
		for range 200 {
			center := geo.Point{Lat: corner.Lat + int32(r.IntN(400_000)), Lon: corner.Lon + int32(r.IntN(400_000))}
			box := geo.BoundOf(center, geo.Point{Lat: center.Lat + int32(r.IntN(200_000)), Lon: center.Lon + int32(r.IntN(200_000))})
			id, err := cell.At(center, 5+r.IntN(7))
			if err != nil {
				t.Fatal(err)
			}
			radius := geo.Meters(float64(r.IntN(3000)))
			in := func(p geo.Point) bool { return (int(p.Lat)/1000+int(p.Lon)/1000)%2 == 0 }
			for name, c := range map[string]struct {
				where engine.Where
				holds func(geo.Point) bool
			}{
				"box":    {engine.Where{Box: &box}, box.Contains},
				"circle": {engine.Where{Near: &engine.Circle{Center: center, Radius: radius}}, func(p geo.Point) bool { return geo.Between(center, p) <= radius }},
				"cell": {engine.Where{Cell: id}, func(p geo.Point) bool {
					own, err := cell.At(p, id.Resolution())
					return err == nil && own == id
				}},
				"region": {engine.Where{Area: &engine.Region{Bound: box, Contains: in}}, func(p geo.Point) bool { return box.Contains(p) && in(p) }},
				"both":   {engine.Where{Cell: id, Box: &box}, func(p geo.Point) bool { own, _ := cell.At(p, id.Resolution()); return own == id && box.Contains(p) }},
			} {
				var calls, units, wantCalls, wantUnits []string
				for _, x := range v.Calls(c.where, 0, 1000, func(*assign.Call) bool { return true }) {
					calls = append(calls, x.ID)
				}
				for _, x := range v.Units(c.where, "", 1000, func(*assign.Unit) bool { return true }) {
					units = append(units, x.ID)
				}
				for id, p := range at {
					if c.holds(p) && id[0] == 'c' {
						wantCalls = append(wantCalls, id)
					} else if c.holds(p) {
						wantUnits = append(wantUnits, id)
					}
				}
				slices.Sort(calls)
				slices.Sort(wantCalls)
				slices.Sort(wantUnits)
				if !slices.Equal(calls, wantCalls) || !slices.Equal(units, wantUnits) {
					t.Fatalf("%s: calls %v, want %v; units %v, want %v", name, calls, wantCalls, units, wantUnits)
				}
			}
		}
	})
}

// TestHalt: an engine whose journal is found bad by somebody else takes no more
// writes, and says why. Readers go on.
func TestHalt(t *testing.T) {
	b := newBench(t, nil, "911-first")
	before := b.logged()
	cause := errors.New("frame 17 has rotted")
	b.engine.Halt(cause)
	b.engine.Halt(errors.New("another"))
	_, err := b.engine.Do(engine.Request{Command: &assign.SignOn{Unit: "u1"}})
	if !errors.Is(err, engine.ErrUnavailable) || !errors.Is(b.engine.Err(), cause) {
		t.Errorf("a halted engine answers %v, and says %v", err, b.engine.Err())
	}
	if b.logged() != before {
		t.Error("it wrote on")
	}
	b.engine.View(func(v *engine.View) {
		if v.State().Policy() == nil {
			t.Error("readers see nothing")
		}
	})
}

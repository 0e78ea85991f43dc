package verify_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/assign/verify"
	"callbox/geo"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

// noon is when the tests' clocks begin.
var noon = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))

// life is an engine in a drawn town in which anything may happen.
type life struct {
	*rand.Rand
	t       testing.TB
	town    *roadtest.Town
	demand  []assign.Demand
	graph   string
	clock   *engine.Manual
	journal *engine.Memory
	engine  *engine.Engine
	policy  string
	now     assign.Instant
	calls   int // reported so far
}

const town = `
a-b-c-d-e
| v | ^ |
f-g=h=i-j
|   ^   |
k-l>m-n-o
`

// begin starts a life under a policy; without roads if graph is "none".
func begin(t testing.TB, seed uint64, policyName, graph string) *life {
	t.Helper()
	l := &life{
		Rand: rand.New(rand.NewPCG(seed, 0)), t: t, town: roadtest.Draw(t, town), graph: graph, policy: policyName,
		clock: engine.NewManual(noon), journal: &engine.Memory{}, now: noon,
	}
	for i, at := range "abcdefghijklmno" {
		l.demand = append(l.demand, assign.Demand{Cell: fmt.Sprint("cell", i), At: l.town.At(string(at)), Weight: 1 + i%4})
	}
	l.open(l.journal)
	t.Cleanup(func() { l.engine.Close() })
	return l
}

// travel is the roads of the town, with nobody on them; nil for a town without.
func (l *life) travel() engine.Travel {
	if l.graph == "none" {
		return nil
	}
	network, err := route.Prepare(l.town.Graph, route.Order(l.town.Graph, nil))
	if err != nil {
		l.t.Fatal(err)
	}
	return network.Units()
}

func (l *life) open(journal engine.Journal) {
	l.t.Helper()
	p := named(l.t, l.policy)
	network := route.New(l.town.Graph)
	var err error
	l.engine, err = engine.Open(context.Background(), engine.Config{
		Journal: journal, Clock: l.clock, Advisor: policy.Advisor{}, Travel: l.travel(), Demand: l.demand,
		Streets: func(ends string) ([]uint32, geo.Distance, error) {
			return network.Crossed(geo.Shape{Points: []geo.Point{l.town.Part(ends[:1], ends[1:], 50)}})
		},
		Start:  assign.Started{Engine: "test", City: "town", Areas: "none", Roads: l.graph, Demand: assign.DemandVersion(l.demand)},
		Policy: p,
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// named is a command that adopts a built-in policy; one named "covering" puts a
// price on coverage, lets calls wait for each other, and promotes them.
func named(t testing.TB, name string) assign.AdoptPolicy {
	t.Helper()
	from := name
	if name == "covering" {
		from = "911-first"
	}
	p, source, err := policy.Named(from)
	if err != nil {
		t.Fatal(err)
	}
	if name == "covering" {
		p.Solver = &assign.Solver{Together: true, LeaveWay: 5 * time.Second, Coverage: 20 * time.Second, CoverWithin: 20 * time.Second, BatchWindow: 3 * time.Second}
		p.Class("other-911").Promote = &assign.Promotion{After: 5 * time.Minute, To: "non-critical"}
	}
	return assign.AdoptPolicy{Policy: p, Source: source, Reason: "test"}
}

// restart ends the engine and lets another go on.
func (l *life) restart() {
	l.t.Helper()
	if err := l.engine.Close(); err != nil {
		l.t.Fatal(err)
	}
	l.open(l.journal)
}

// live lets so many things happen.
func (l *life) live(steps int) {
	l.t.Helper()
	for range steps {
		l.now = l.now.Add(time.Duration(l.IntN(30_000)) * time.Millisecond)
		l.clock.Set(l.now)
		if l.IntN(2) == 0 {
			l.move()
			continue
		}
		l.do(l.command())
	}
	if stats := l.engine.Stats(); stats.Bugs > 0 {
		l.t.Fatalf("%d decisions were refused", stats.Bugs)
	}
}

func (l *life) do(c assign.Command) {
	l.t.Helper()
	if _, err := l.engine.Do(engine.Request{Command: c}); err != nil && !errors.As(err, new(*assign.Refusal)) {
		l.t.Fatalf("%T: %v", c, err)
	}
}

// move reports some positions, a few of them late or twice.
func (l *life) move() {
	l.t.Helper()
	var positions []engine.Position
	for range 1 + l.IntN(4) {
		fix := assign.Fix{At: l.place()}
		if l.IntN(3) > 0 {
			fix.Since = l.now.Add(time.Duration(l.IntN(60_000)-50_000) * time.Millisecond)
		}
		positions = append(positions, engine.Position{Unit: l.unit(), Fix: fix})
	}
	if _, err := l.engine.Move(positions); err != nil {
		l.t.Fatal(err)
	}
}

func pick[T any](l *life, of ...T) T { return of[l.IntN(len(of))] }

func (l *life) unit() string { return fmt.Sprint("u", 1+l.IntN(9)) }
func (l *life) call() string { return fmt.Sprint("c", max(1, l.calls-l.IntN(12))) } // one of the newest

// place is somewhere in the town, or off its roads.
func (l *life) place() geo.Point {
	at := l.town.At(string(rune('a' + l.IntN(15))))
	if l.IntN(20) == 0 {
		at.Lat += 500_000
	}
	return at
}

func (l *life) command() assign.Command {
	switch l.IntN(16) {
	case 0, 1, 2:
		return &assign.SignOn{
			Unit: l.unit(), Fix: &assign.Fix{At: l.place(), Since: l.now.Add(-time.Duration(l.IntN(90)) * time.Second)}, Areas: []string{"75A", "75"},
			Capabilities: pick(l, []string{"patrol"}, []string{"patrol"}, []string{"k9", "patrol"}, []string{"k9"}, nil),
		}
	case 3, 4, 5:
		at := l.place()
		l.calls++
		c := &assign.ReportCall{
			ID: fmt.Sprint("c", l.calls), Location: &at, Cell: "892a1072b5bffff", Areas: []string{"75B", "75"},
			Type: pick(l, "10-30", "10-13", "10-54", "10-34", "10-39", "noise"), Source: pick(l, assign.Source911, assign.Source311),
		}
		if l.IntN(4) == 0 {
			c.Needs = []assign.Need{{Capabilities: []string{"patrol"}, Count: 1}, {Capabilities: []string{"k9"}, Count: 1}}
		}
		if l.IntN(4) == 0 { // it waited elsewhere
			c.ReceivedAt = l.now.Add(-time.Duration(l.IntN(3600)) * time.Second)
		}
		return c
	case 6, 7, 8, 9, 10:
		return &assign.SetStatus{Unit: l.unit(), Status: pick(l, assign.EnRoute, assign.OnScene, assign.OnScene,
			assign.Available, assign.Available, assign.Available, assign.OutOfService, assign.OffDuty)}
	case 11:
		return &assign.CancelCall{Call: l.call(), Reason: "test"}
	case 12:
		return &assign.CloseCall{Call: l.call(), Disposition: "done"}
	case 13:
		street := pick(l, "ab", "bc", "bg", "ch", "hm", "ej", "gh", "lm")
		arcs, length, err := l.engine.Streets(street)
		if err != nil {
			l.t.Fatal(err)
		}
		return pick[assign.Command](l, &assign.OpenRoad{ID: "x"}, &assign.CloseRoad{RoadClosed: assign.RoadClosed{ID: "x", Geometry: street, Arcs: arcs, Length: length}})
	case 14:
		if l.IntN(3) == 0 {
			adopt := named(l.t, pick(l, append(policy.Builtin(), "covering")...))
			return &adopt
		}
		return &assign.ReportCall{ID: l.call()} // again
	default:
		return &assign.Override{Call: l.call(), Unit: l.unit(), Order: assign.Order{By: "Sgt. Rivera", Reason: "by voice"}}
	}
}

// log is what the journal holds.
func (l *life) log() (frames []assign.Frame) {
	l.t.Helper()
	for f, err := range l.journal.Read(context.Background(), 1) {
		if err != nil {
			l.t.Fatal(err)
		}
		frames = append(frames, f)
	}
	return frames
}

// verify verifies a log with the town's own roads.
func (l *life) verify(frames []assign.Frame) ([]verify.Difference, verify.Report) {
	l.t.Helper()
	return l.verifyAs(frames, func(*verify.Config) {})
}

func (l *life) verifyAs(frames []assign.Frame, change func(*verify.Config)) (found []verify.Difference, _ verify.Report) {
	l.t.Helper()
	c := verify.Config{
		Travel: l.travel(), Graph: l.graph, Demand: l.demand, Advisor: policy.Advisor{}, Engine: "test",
		Found: func(d verify.Difference) { found = append(found, d) },
	}
	change(&c)
	v, err := verify.New(c)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, f := range frames {
		if err := v.Read(f); err != nil {
			found = append(found, verify.Difference{Frame: f.Number, Sentence: err.Error()})
			break
		}
	}
	return found, v.Close()
}

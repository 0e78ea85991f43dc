package engine_test

import (
	"context"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/geo"
	"callbox/geo/cell"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

// noon is when the tests' clocks begin.
var noon = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))

// bench is an engine with everything around it in the test's hands.
type bench struct {
	t        testing.TB
	clock    *engine.Manual
	journal  *engine.Memory
	engine   *engine.Engine
	town     *roadtest.Town
	policy   string
	advisor  engine.Advisor
	graph    string           // version of the roads; "none" if empty
	streets  engine.Streets   // nil: a geometry is the two ends of a street
	network  *route.Network   // of the town
	snapshot *assign.Snapshot // that the next engine begins with
}

// newBench starts an engine in a town; a nil town has no roads.
func newBench(t testing.TB, town *roadtest.Town, policyName string) *bench {
	t.Helper()
	b := &bench{t: t, clock: engine.NewManual(noon), journal: &engine.Memory{}, town: town, policy: policyName, advisor: policy.Advisor{}}
	b.open()
	t.Cleanup(func() { b.engine.Close() })
	return b
}

func (b *bench) open() {
	b.t.Helper()
	if err := b.tryOpen(); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) tryOpen() (err error) {
	b.t.Helper()
	b.engine, err = engine.Open(context.Background(), b.config())
	return err
}

// config is what the next engine is made of.
func (b *bench) config() engine.Config {
	b.t.Helper()
	p, text, err := policy.Named(b.policy)
	if err != nil {
		b.t.Fatal(err)
	}
	c := engine.Config{
		Journal: b.journal, Snapshot: b.snapshot, Clock: b.clock, Advisor: b.advisor,
		Start:  assign.Started{Engine: "test", City: "town", Areas: "none", Roads: "none"},
		Policy: assign.AdoptPolicy{Policy: p, Source: text, Reason: "test"},
	}
	if b.graph != "" {
		c.Start.Roads = b.graph
	}
	if b.town != nil {
		network, err := route.Prepare(b.town.Graph, route.Order(b.town.Graph, nil))
		if err != nil {
			b.t.Fatal(err)
		}
		b.network = network
		c.Travel, c.Streets = network.Units(), func(geometry string) ([]uint32, geo.Distance, error) {
			return network.Crossed(geo.Shape{Points: []geo.Point{b.town.Part(geometry[:1], geometry[1:], 50)}})
		}
	}
	if b.streets != nil {
		c.Streets = b.streets
	}
	return c
}

// restart closes the engine and opens another on the same journal.
func (b *bench) restart() {
	b.t.Helper()
	if err := b.engine.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.open()
}

func (b *bench) do(c assign.Command) engine.Outcome {
	b.t.Helper()
	out, err := b.engine.Do(engine.Request{Command: c})
	if err != nil {
		b.t.Fatalf("%T: %v", c, err)
	}
	return out
}

func (b *bench) digest() (digest string) {
	b.engine.View(func(v *engine.View) { digest = v.State().Digest() })
	return digest
}

// logged is the digest of what the journal holds.
func (b *bench) logged() string {
	b.t.Helper()
	state := assign.NewState()
	for frame, err := range b.journal.Read(context.Background(), 1) {
		if err != nil {
			b.t.Fatal(err)
		}
		for _, r := range frame.Facts {
			if err := state.Apply(r); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	return state.Digest()
}

// signOn is a command that signs a patrol unit on, available at a place.
func signOn(unit string, at geo.Point, since assign.Instant) *assign.SignOn {
	return &assign.SignOn{Unit: unit, Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: at, Since: since}}
}

// report is a command that reports a call.
func report(t testing.TB, id, callType string, at geo.Point) *assign.ReportCall {
	t.Helper()
	c, err := cell.At(at, cell.Resolution)
	if err != nil {
		t.Fatal(err)
	}
	return &assign.ReportCall{ID: id, Type: callType, Location: &at, Cell: c.String()}
}

// closeStreet is a command that closes the street between two named corners.
func (b *bench) closeStreet(id, ends string) *assign.CloseRoad {
	b.t.Helper()
	arcs, length, err := b.engine.Streets(ends)
	if err != nil {
		b.t.Fatal(err)
	}
	return &assign.CloseRoad{RoadClosed: assign.RoadClosed{ID: id, Geometry: ends, Arcs: arcs, Length: length}}
}

func units(c assign.Call) (ids []string) { return c.ActiveUnits() }

package engine_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/geo"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

const threeByTwo = `
a-b-c
|   |
d-e-f
`

func (b *bench) roads() (roads string) {
	b.engine.View(func(v *engine.View) { roads = v.Roads() })
	return roads
}

// TestAClosedRoadSendsAnother: the unit that was nearest has a detour, so the
// other one goes; and the log says by which roads.
func TestAClosedRoadSendsAnother(t *testing.T) {
	town := roadtest.Draw(t, threeByTwo)
	b := newBench(t, town, "911-first")
	b.do(signOn("near", town.At("a"), noon))
	b.do(signOn("far", town.Part("e", "f", 50), noon))
	open := b.roads()
	b.do(report(t, "c1", "10-54", town.At("b")))
	b.do(&assign.CloseCall{Call: "c1", Disposition: "done"})
	out := b.do(b.closeStreet("fire", "ab"))
	if c := out.Closure; c == nil || len(c.Arcs) != 2 || c.Length != roadtest.Step || c.Graph != "none" || c.Since != noon || out.Roads == open || out.Roads != b.roads() {
		t.Fatalf("closed %+v, roads %s", c, out.Roads)
	}
	c1, c2 := b.do(&assign.CancelCall{Call: b.do(report(t, "c2", "10-54", town.At("b"))).Call.ID, Reason: "test"}), b.digest()
	if got := c1.Call.Assignments[0]; got.Unit != "far" || got.Leg.Time != 25*time.Second || c1.Call.Roads != out.Roads {
		t.Errorf("%s is sent, %+v by roads %s", got.Unit, got.Leg, c1.Call.Roads)
	}
	b.restart()
	if b.digest() != c2 || b.roads() != out.Roads {
		t.Errorf("after a restart the digest is %s, was %s; the roads are %s, were %s", b.digest(), c2, b.roads(), out.Roads)
	}
	if out := b.do(report(t, "c3", "10-54", town.At("b"))); units(*out.Call)[0] != "far" {
		t.Errorf("after a restart %v goes", units(*out.Call))
	}
	if out := b.do(&assign.OpenRoad{ID: "fire"}); out.Roads != open {
		t.Errorf("the roads were %s and are %s", open, out.Roads)
	}
	if out := b.do(report(t, "c4", "10-54", town.At("b"))); units(*out.Call)[0] != "near" {
		t.Errorf("with the road open %v goes", units(*out.Call))
	}
	var r *assign.Refusal
	if _, err := b.engine.Do(engine.Request{Command: &assign.OpenRoad{ID: "fire"}}); !errors.As(err, &r) || r.Code != "unknown_closure" {
		t.Errorf("got %v", err)
	}
}

// TestOpeningARoadServesACallThatWaits, and two closures of one street hold it
// closed until both are gone.
func TestOpeningARoadServesACallThatWaits(t *testing.T) {
	town := roadtest.Draw(t, "a-b-c")
	b := newBench(t, town, "911-first")
	b.do(b.closeStreet("one", "ab"))
	b.do(b.closeStreet("two", "ab"))
	b.do(signOn("u1", town.At("a"), noon))
	status := func() (s assign.CallStatus) {
		b.engine.View(func(v *engine.View) { s = v.State().Call("c1").Status() })
		return s
	}
	b.do(report(t, "c1", "10-54", town.At("c")))
	if status() != assign.Waiting {
		t.Fatalf("the call is %s", status())
	}
	b.do(&assign.OpenRoad{ID: "one"})
	if status() != assign.Waiting {
		t.Fatalf("with one closure left the call is %s", status())
	}
	b.do(&assign.OpenRoad{ID: "two"})
	if status() != assign.Assigned {
		t.Errorf("with no closure left the call is %s", status())
	}
}

// TestClosuresAreCarriedOverToOtherRoads: the numbers of arcs mean nothing on
// another graph, the geometry does.
func TestClosuresAreCarriedOverToOtherRoads(t *testing.T) {
	b := newBench(t, roadtest.Draw(t, threeByTwo), "911-first")
	b.do(b.closeStreet("fire", "ab"))
	b.do(b.closeStreet("flood", "ef"))
	if err := b.engine.Close(); err != nil {
		t.Fatal(err)
	}
	b.clock.Set(noon.Add(time.Hour))
	b.town, b.graph = roadtest.Draw(t, `
		a-b-c
		| | |
		d-e f
	`), "rebuilt"
	b.streets = func(string) ([]uint32, geo.Distance, error) { return nil, 0, errors.New("no map") }
	if err := b.tryOpen(); err == nil || !strings.Contains(err.Error(), "closure fire is of roads none and cannot be carried over to roads rebuilt") {
		t.Fatalf("it opened: %v", err)
	}
	b.streets = nil
	b.open()
	want, _, err := b.engine.Streets("ab")
	if err != nil {
		t.Fatal(err)
	}
	check := func() {
		t.Helper()
		b.engine.View(func(v *engine.View) {
			fire, flood := v.State().Closure("fire"), v.State().Closure("flood")
			if !slices.Equal(fire.Arcs, want) || fire.Graph != "rebuilt" || fire.Since != noon {
				t.Errorf("got %+v, want arcs %v", fire, want)
			}
			if len(flood.Arcs) != 0 || flood.Length != 0 || flood.Graph != "rebuilt" {
				t.Errorf("a street that is no more: %+v", flood)
			}
		})
	}
	check()
	b.do(signOn("u1", b.town.At("a"), noon.Add(time.Hour)))
	out := b.do(report(t, "c1", "10-54", b.town.At("b")))
	if eta := out.Call.Assignments[0].Leg.Time; eta != 30*time.Second {
		t.Errorf("eta %v", eta)
	}
	digest := b.digest()
	b.restart() // on the same roads: nothing is new
	if b.digest() != digest {
		t.Error("a restart on the same roads has changed the state")
	}
	check()
	if err := b.engine.Close(); err != nil {
		t.Fatal(err)
	}
	b.town, b.graph = nil, "none" // without roads they wait
	b.open()
	check()
	if b.roads() != "none" {
		t.Errorf("roads %s", b.roads())
	}
}

// TestOtherTimesServeACallThatWaits: it was out of reach while all streets were
// slow.
func TestOtherTimesServeACallThatWaits(t *testing.T) {
	town := roadtest.Draw(t, "a-b-c")
	b := newBench(t, town, "911-first")
	slow := &route.Times{Name: "slow"}
	for p := range slow.Millis {
		slow.Millis[p] = slices.Repeat([]uint32{6_000_000}, town.Graph.Arcs())
	}
	if _, err := b.network.AdoptTimes(slow); err != nil {
		t.Fatal(err)
	}
	b.do(signOn("u1", town.At("a"), noon))
	if c := b.do(report(t, "c1", "10-54", town.At("c"))).Call; c.Status() != assign.Waiting {
		t.Fatalf("the call is %s", c.Status())
	}
	want, err := b.network.AdoptTimes(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.engine.Look(); err != nil {
		t.Fatal(err)
	}
	b.engine.View(func(v *engine.View) {
		if c := v.State().Call("c1"); c.Status() != assign.Assigned || c.Roads != want || v.Roads() != want {
			t.Errorf("the call is %s by roads %s, the view's are %s, want %s", c.Status(), c.Roads, v.Roads(), want)
		}
	})
	if err := b.engine.Look(); err != nil { // with nothing new
		t.Error(err)
	}
}

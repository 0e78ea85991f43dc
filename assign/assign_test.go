package assign_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"callbox/assign"
	"callbox/geo"
)

var noon = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))

// log is a state with the facts that made it.
type log struct {
	t     testing.TB
	state *assign.State
	facts []assign.Recorded
}

func newLog(t testing.TB) *log {
	l := &log{t: t, state: assign.NewState()}
	patrol := []assign.Need{{Capabilities: []string{"patrol"}, Count: 1}}
	l.do(noon, &assign.AdoptPolicy{Policy: &assign.Policy{
		Name: "test", Hash: "0123456789abcdef",
		Classes: []assign.Class{
			{Name: "high", Answer: 10 * time.Minute, Close: time.Hour, Reach: assign.City},
			{Name: "low", Answer: time.Hour, Close: 2 * time.Hour, Reach: assign.City},
		},
		Defaults: []assign.RunCard{{Type: "311", Class: "low", Needs: patrol}, {Type: "911", Class: "high", Needs: patrol}},
	}})
	return l
}

// do decides a command and applies its facts, and gives their kinds.
func (l *log) do(now assign.Instant, c assign.Command) []string {
	l.t.Helper()
	facts, err := l.state.Decide(now, c)
	if err != nil {
		l.t.Fatalf("%T: %v", c, err)
	}
	var kinds []string
	for _, f := range facts {
		r := assign.Recorded{Seq: l.state.Seq() + 1, At: now, Fact: f}
		if err := l.state.Apply(r); err != nil {
			l.t.Fatal(err)
		}
		l.facts = append(l.facts, r)
		kinds = append(kinds, f.Kind())
	}
	return kinds
}

// refused decides a command that must be refused, and checks that it leaves no
// trace.
func (l *log) refused(now assign.Instant, c assign.Command, code string) {
	l.t.Helper()
	before := l.state.Digest()
	facts, err := l.state.Decide(now, c)
	var r *assign.Refusal
	if !errors.As(err, &r) || r.Code != code || len(facts) > 0 {
		l.t.Errorf("%T: got %v and %d facts, want a refusal with code %s", c, err, len(facts), code)
	}
	if l.state.Digest() != before {
		l.t.Errorf("%T: a refused command has changed the state", c)
	}
}

var corner = geo.Point{Lat: 40 * geo.E7, Lon: -74 * geo.E7}

func (l *log) signOn(unit string) {
	l.t.Helper()
	l.do(l.state.Now(), &assign.SignOn{Unit: unit, Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: corner, Since: noon}})
}

func (l *log) report(now assign.Instant, call string) {
	l.t.Helper()
	l.do(now, &assign.ReportCall{ID: call, Location: &corner, Cell: "892a1072b5bffff"})
}

func (l *log) dispatch(now assign.Instant, call string, units ...string) []string {
	l.t.Helper()
	return l.do(now, dispatch(call, units...))
}

func dispatch(call string, units ...string) *assign.Dispatch {
	d := assign.Decision{Call: call}
	for i, u := range units {
		d.Chosen = append(d.Chosen, assign.Candidate{Unit: u, Slot: i, Fix: &assign.Fix{At: corner, Since: noon}})
	}
	return &assign.Dispatch{Decision: d}
}

func TestACallFromEndToEnd(t *testing.T) {
	l := newLog(t)
	l.signOn("u1")
	l.report(noon, "c1")
	steps := []struct {
		after   time.Duration
		command assign.Command
		want    []string
		status  assign.CallStatus
	}{
		{time.Second, dispatch("c1", "u1"), []string{"decision_made", "unit_dispatched"}, assign.Assigned},
		{2 * time.Second, &assign.SetStatus{Unit: "u1", Status: assign.EnRoute}, []string{"unit_en_route"}, assign.Assigned},
		{3 * time.Second, &assign.SetStatus{Unit: "u1", Status: assign.EnRoute}, nil, assign.Assigned},
		{time.Minute, &assign.SetStatus{Unit: "u1", Status: assign.OnScene, Call: "c1"}, []string{"unit_arrived"}, assign.Assigned},
		{2 * time.Minute, &assign.SetStatus{Unit: "u1", Status: assign.Available}, []string{"unit_cleared"}, assign.Assigned},
		{3 * time.Minute, &assign.CloseCall{Call: "c1", Disposition: "10-92"}, []string{"call_closed"}, assign.Closed},
	}
	for _, s := range steps {
		if got := l.do(noon.Add(s.after), s.command); !slices.Equal(got, s.want) {
			t.Errorf("%T after %v: %v, want %v", s.command, s.after, got, s.want)
		}
		if got := l.state.Call("c1").Status(); got != s.status {
			t.Errorf("%T after %v: the call is %s, want %s", s.command, s.after, got, s.status)
		}
	}
	c := l.state.Call("c1")
	if c.Answer.Stopped != noon.Add(time.Minute) || c.Close.Stopped != noon.Add(3*time.Minute) || c.End.Unverified {
		t.Errorf("the clocks stopped at %v and %v, unverified %v", c.Answer.Stopped, c.Close.Stopped, c.End.Unverified)
	}
}

func TestClocksWarnAtTheVeryInstantOnce(t *testing.T) {
	l := newLog(t)
	l.report(noon, "c1")
	var got []string
	tick := func(after time.Duration) {
		for {
			n := len(l.facts)
			l.do(noon.Add(after), &assign.Tick{})
			if len(l.facts) == n {
				return
			}
			switch f := l.facts[n].Fact.(type) {
			case *assign.ClockWarned:
				got = append(got, fmt.Sprint(f.Clock, " ", f.Share, " at ", f.At.Sub(noon), " seen at ", after))
			case *assign.ClockBreached:
				got = append(got, fmt.Sprint(f.Clock, " breached at ", f.At.Sub(noon), " seen at ", after))
			}
		}
	}
	for _, after := range []time.Duration{
		5*time.Minute - time.Millisecond, 5 * time.Minute, 5*time.Minute + time.Millisecond, 6 * time.Minute, 31 * time.Minute, 45 * time.Minute,
	} {
		tick(after)
	}
	want := []string{
		"answer 50 at 5m0s seen at 5m0.001s", // an arrival at 5:00.000 would have been in time
		"answer 80 at 8m0s seen at 31m0s",
		"answer breached at 10m0s seen at 31m0s",
		"close 50 at 30m0s seen at 31m0s",
	}
	if !slices.Equal(got, want) {
		t.Errorf("events\n%q\nwant\n%q", got, want)
	}
	l.signOn("u1")
	l.do(noon.Add(46*time.Minute), &assign.CancelCall{Call: "c1", Reason: "called back"})
	tick(5 * time.Hour)
	if len(got) != len(want) {
		t.Errorf("a stopped clock still warns: %q", got[len(want):])
	}
}

func TestRefusals(t *testing.T) {
	l := newLog(t)
	l.signOn("u1")
	l.signOn("u2")
	l.do(noon, &assign.SignOn{Unit: "off", Status: assign.OffDuty})
	l.report(noon, "c1")
	l.report(noon, "c2")
	l.report(noon, "done")
	l.dispatch(noon, "c1", "u1")
	l.do(noon, &assign.CancelCall{Call: "done", Reason: "test"})
	now := noon.Add(time.Minute)
	other := geo.Point{Lat: 1, Lon: 1}
	for _, c := range []struct {
		command assign.Command
		code    string
	}{
		{&assign.ReportCall{ID: "new"}, "location_missing"},
		{&assign.ReportCall{ID: "new", Location: &corner, ReceivedAt: now.Add(2 * time.Minute)}, "instant_in_future"},
		{&assign.ReportCall{ID: "new", Location: &corner, ReceivedAt: 1}, "instant_too_old"},
		{&assign.ReportCall{ID: "new", Location: &corner, Class: "none"}, "unknown_class"},
		{&assign.ReportCall{ID: "new", Location: &corner, Source: "112"}, "unknown_source"},
		{&assign.ReportCall{ID: "done", Location: &corner}, "call_closed"},
		{&assign.ReportCall{ID: "c1", Location: &other}, "call_differs"},
		{&assign.SignOn{Unit: "u1", Status: assign.OffDuty}, "unit_on_call"},
		{&assign.SignOn{Unit: "u2", Status: assign.OnScene}, "unit_not_on_call"},
		{&assign.SetStatus{Unit: "nobody", Status: assign.Available}, "unknown_unit"},
		{&assign.SetStatus{Unit: "u2", Status: assign.EnRoute}, "unit_not_on_call"},
		{&assign.SetStatus{Unit: "u1", Status: assign.EnRoute, Call: "c2"}, "unit_not_on_call"},
		{&assign.SetStatus{Unit: "u1", Status: assign.EnRoute, At: now.Add(time.Hour)}, "instant_in_future"},
		{&assign.SetStatus{Unit: "u1", Status: assign.EnRoute, At: noon.Add(-2 * time.Minute)}, "instant_out_of_order"},
		{dispatch("nothing", "u2"), "unknown_call"},
		{dispatch("done", "u2"), "call_closed"},
		{dispatch("c2", "u1"), "unit_not_available"},
		{dispatch("c2", "u2", "u2"), "unit_not_available"},
		{dispatch("c1", "u2"), "slot_filled"},
		{&assign.Override{Call: "c1", Unit: "u1"}, "unit_on_call"},
		{&assign.Override{Call: "c1", Unit: "off"}, "unit_not_available"},
		{&assign.CloseCall{Call: "done"}, "call_closed"},
		{&assign.CloseCall{Call: "nothing"}, "unknown_call"},
		{&assign.CloseCall{Call: "c1", At: noon.Add(-time.Hour)}, "instant_out_of_order"},
		{&assign.AdoptPolicy{Policy: &assign.Policy{Name: "empty"}}, "class_in_use"},
		{&assign.ReportCall{ID: "new", Location: &corner, Note: "\xff"}, "not_utf8"},
		{&assign.CloseCall{Call: "c1", Disposition: "\xff"}, "not_utf8"},
		{&assign.Override{Call: "c2", Unit: "u2", Order: assign.Order{By: "\xff"}}, "not_utf8"},
		{&assign.AdoptPolicy{Policy: &assign.Policy{}, Reason: "\xff"}, "not_utf8"},
	} {
		l.refused(now, c.command, c.code)
	}
}

func TestAUnitThatGoesBackLeavesTheCallOpen(t *testing.T) {
	l := newLog(t)
	l.signOn("u1")
	l.report(noon, "c1")
	l.dispatch(noon, "c1", "u1")
	l.do(noon, &assign.SetStatus{Unit: "u1", Status: assign.OutOfService})
	c := l.state.Call("c1")
	if c.Status() != assign.Waiting || !c.GaveBackBy("u1") || !l.state.Waits() {
		t.Errorf("the call is %s, given back %v", c.Status(), c.GaveBackBy("u1"))
	}
}

func TestAnExtraUnitMovesUp(t *testing.T) {
	l := newLog(t)
	l.signOn("u1")
	l.signOn("u2")
	l.report(noon, "c1")
	l.report(noon, "c2")
	l.dispatch(noon, "c1", "u1")
	l.do(noon, &assign.Override{Call: "c1", Unit: "u2", Order: assign.Order{By: "x", Reason: "y"}})
	if got := l.state.Call("c1").Assignments[1].Slot; got != assign.Extra {
		t.Fatalf("the second unit fills slot %d", got)
	}
	l.do(noon, &assign.Override{Call: "c2", Unit: "u1", Order: assign.Order{By: "x", Reason: "y"}})
	if c := l.state.Call("c1"); c.Status() != assign.Assigned || c.Assignments[1].Slot != 0 {
		t.Errorf("the call is %s, its second unit fills slot %d", c.Status(), c.Assignments[1].Slot)
	}
}

func TestAClosedCallLetsItsUnitsGo(t *testing.T) {
	l := newLog(t)
	l.signOn("u1")
	l.report(noon, "c1")
	l.dispatch(noon, "c1", "u1")
	got := l.do(noon.Add(14*time.Second), &assign.CloseCall{Call: "c1", Disposition: "10-91"})
	if !slices.Equal(got, []string{"unit_cleared", "call_closed"}) {
		t.Errorf("facts %v", got)
	}
	if u := l.state.Unit("u1"); u.Status != assign.Available || u.Call != "" {
		t.Errorf("the unit is %s on call %q", u.Status, u.Call)
	}
	if !l.state.Call("c1").End.Unverified {
		t.Error("nobody arrived, and the close counts as verified")
	}
}

func TestApplyRefusesABrokenLog(t *testing.T) {
	l := newLog(t)
	l.signOn("u1")
	seq := l.state.Seq()
	for _, r := range []assign.Recorded{
		{Seq: seq, At: noon, Fact: &assign.Started{}},
		{Seq: seq + 2, At: noon, Fact: &assign.Started{}},
		{Seq: seq + 1, At: noon - 1, Fact: &assign.Started{}},
		{Seq: seq + 1, At: noon, Fact: &assign.UnitArrived{Unit: "u1", Call: "nothing"}},
		{Seq: seq + 1, At: noon, Fact: &assign.UnitStatusChanged{Unit: "nobody"}},
		{Seq: seq + 1, At: noon, Fact: &assign.ClockBreached{Call: "nothing"}},
		{Seq: seq + 1, At: noon, Fact: &assign.AreasAdopted{Hash: "not staged"}},
	} {
		if err := l.state.Apply(r); err == nil {
			t.Errorf("fact %d, %s, was applied", r.Seq, r.Fact.Kind())
		}
	}
}

func TestEveryKindCanBeMade(t *testing.T) {
	for _, f := range []assign.Fact{&assign.Started{}, &assign.KeyUsed{}, &assign.UnitPreempted{}} {
		if made := assign.NewFact(f.Kind()); made == nil || fmt.Sprintf("%T", made) != fmt.Sprintf("%T", f) {
			t.Errorf("%s makes %T", f.Kind(), made)
		}
	}
	if assign.NewFact("nothing") != nil {
		t.Error("there is a fact of kind nothing")
	}
}

func TestKeysAreForgottenInTime(t *testing.T) {
	l := newLog(t)
	l.do(noon, &assign.UseKey{KeyUsed: assign.KeyUsed{Key: "old"}})
	l.do(noon.Add(assign.KeyLife), &assign.UseKey{KeyUsed: assign.KeyUsed{Key: "new"}})
	if l.state.Key("old") == nil {
		t.Error("a key is forgotten too early")
	}
	l.do(noon.Add(assign.KeyLife+time.Millisecond), &assign.UseKey{KeyUsed: assign.KeyUsed{Key: "newer"}})
	if l.state.Key("old") != nil || l.state.Key("new") == nil {
		t.Error("a key is kept too long, or another not long enough")
	}
}

func ExampleState_Decide() {
	s := assign.NewState()
	facts, err := s.Decide(noon, &assign.SignOn{Unit: "75A", Capabilities: []string{"patrol"}})
	fmt.Println(facts[0].Kind(), err)
	_, err = s.Decide(noon, &assign.SetStatus{Unit: "75B", Status: assign.EnRoute})
	fmt.Println(err)
	// Output:
	// unit_signed_on <nil>
	// unknown_unit: there is no unit "75B"; sign it on first
}

func ExampleNormalNeeds() {
	needs, err := assign.NormalNeeds([]assign.Need{{Capabilities: []string{"spanish", "patrol", "patrol"}, Count: 2}})
	fmt.Println(needs, err)
	_, err = assign.NormalNeeds([]assign.Need{{Count: 0}})
	fmt.Println(err)
	// Output:
	// [{[patrol spanish] 2}] <nil>
	// count must be 1 to 32, it is 0
}

func TestAreasAreAdoptedWhole(t *testing.T) {
	l := newLog(t)
	stage := func(part, parts int, text string) *assign.StageAreas {
		return &assign.StageAreas{AreasStaged: assign.AreasStaged{Hash: "h", Part: part, Parts: parts, Bytes: []byte(text)}}
	}
	adopt := &assign.AdoptAreas{AreasAdopted: assign.AreasAdopted{Hash: "h", Base: "b"}}
	l.refused(noon, adopt, "areas_not_staged")
	l.refused(noon, stage(0, 0, ""), "areas_not_staged")
	l.refused(noon, stage(1, 2, "late"), "areas_not_staged")
	l.do(noon, stage(0, 2, "lost"))
	l.do(noon, stage(0, 2, "one, ")) // begins anew
	l.refused(noon, adopt, "areas_not_staged")
	l.refused(noon, stage(1, 3, "of another"), "areas_not_staged")
	l.do(noon, stage(1, 2, "two"))
	l.refused(noon, stage(2, 2, "too many"), "areas_not_staged")
	l.do(noon, adopt)
	if got := l.state.Areas(); string(got.Document) != "one, two" || got.Base != "b" {
		t.Fatalf("got %+v", got)
	}
	l.do(noon, &assign.AdoptAreas{})
	if got := l.state.Areas(); got.Hash != "" {
		t.Fatalf("the city's own areas are not back: %+v", got)
	}
}

// TestInstantsFollowEachOther: what is reported late may not be put before what
// it followed, nor anything before it happened.
func TestInstantsFollowEachOther(t *testing.T) {
	l := newLog(t)
	l.do(noon, &assign.SignOn{Unit: "u1", Capabilities: []string{"patrol"}})
	l.do(noon, &assign.ReportCall{ID: "c1", Location: &geo.Point{}})
	sent := noon.Add(30 * time.Minute)
	l.do(sent, &assign.Dispatch{Decision: assign.Decision{Call: "c1", Chosen: []assign.Candidate{{Unit: "u1"}}}})
	now := sent.Add(10 * time.Minute)
	l.refused(now, &assign.SetStatus{Unit: "u1", Status: assign.OnScene, At: noon.Add(time.Minute)}, "instant_out_of_order")
	l.do(now, &assign.SetStatus{Unit: "u1", Status: assign.EnRoute, At: sent.Add(-30 * time.Second)}) // a slow clock
	l.do(now, &assign.SetStatus{Unit: "u1", Status: assign.OnScene, At: now.Add(30 * time.Second)})   // a fast one
	l.refused(now, &assign.CloseCall{Call: "c1", At: sent.Add(time.Minute)}, "instant_out_of_order")
	l.do(now.Add(time.Minute), &assign.CloseCall{Call: "c1", At: now.Add(2 * time.Minute)})
	a := l.state.Call("c1").Assignments[0]
	if a.EnRoute != sent || a.Arrived != now || a.Ended != now.Add(time.Minute) || l.state.Unit("u1").Since != a.Ended {
		t.Errorf("got %+v", a)
	}
	l.refused(now.Add(time.Hour), &assign.SetStatus{Unit: "u1", Status: assign.OffDuty, At: now.Add(-time.Second)}, "instant_out_of_order")
}

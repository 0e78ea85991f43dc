package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/journal"
	"callbox/geo"
)

var update = flag.Bool("update", false, "write the transcripts, and those of the README, anew")

// TestExplainTranscript tells the calls of a log that has a bit of everything.
// Run with -update to write the transcript anew, and read the difference.
func TestExplainTranscript(t *testing.T) {
	l := newChronicle(t)
	l.aDay()
	dir := l.write()
	var got strings.Builder
	for _, args := range []string{"noise", "--all noise", "robbery", "shots", "fight", "--decision 19", "--decision 19 --json"} {
		code, out, errOut := inProcess(t, append([]string{"explain", "--data", dir}, strings.Fields(args)...)...)
		if code != 0 || errOut != "" {
			t.Fatalf("explain %s: exit code %d, %s", args, code, errOut)
		}
		fmt.Fprintf(&got, "$ callbox explain --data DIR %s\n%s\n", args, out)
	}
	golden(t, "testdata/explain.txt", got.String())
}

// golden compares a text with a file that holds it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is otherwise now (-update writes it anew):\n%s", file, got)
	}
}

// TestExplainAsJSON: programs are told all that people are.
func TestExplainAsJSON(t *testing.T) {
	l := newChronicle(t)
	l.aDay()
	dir := l.write()
	_, out, _ := inProcess(t, "explain", "--data", dir, "--json", "noise")
	var story struct {
		Call    struct{ ID, Class, Status string }
		ClassBy string `json:"class_by"`
		Steps   []struct {
			Kind          string
			Details       *struct{ Decision uint64 }
			Displaced     []struct{ Call string }
			SentElsewhere bool              `json:"sent_elsewhere"`
			PassedOver    *struct{}         `json:"passed_over"`
			RecalledTo    map[string]string `json:"recalled_to"`
		}
	}
	if err := json.Unmarshal([]byte(out), &story); err != nil {
		t.Fatal(err)
	}
	if story.Call.ID != "noise" || story.Call.Status != "closed" || story.ClassBy != "default" {
		t.Errorf("got %+v", story)
	}
	kinds := make(map[string]int)
	elsewhere, reasons, displaced, recalled := 0, 0, 0, 0
	for _, s := range story.Steps {
		kinds[s.Kind]++
		if (s.Kind == "decision_made") != (s.Details != nil) || (s.Kind == "unit_dispatched") != s.SentElsewhere {
			t.Errorf("got %+v", s)
		}
		if s.SentElsewhere {
			elsewhere++
		}
		if s.PassedOver != nil {
			reasons++
		}
		displaced += len(s.Displaced)
		recalled += len(s.RecalledTo)
	}
	if elsewhere != 9 || reasons != 7 || displaced != 1 || recalled != 1 {
		t.Errorf("%d sent elsewhere, %d of them with a reason, %d displaced, %d recalled", elsewhere, reasons, displaced, recalled)
	}
	for _, kind := range []string{
		"decision_made", "unit_diverted", "unit_preempted", "call_promoted", "unit_en_route", "unit_arrived", "unit_cleared",
		"call_closed", "clock_warned", "policy_adopted",
	} {
		if kinds[kind] == 0 {
			t.Errorf("nothing of kind %s", kind)
		}
	}
}

// TestExplainOfWhatIsNotThere gets one line, and exit code 2.
func TestExplainOfWhatIsNotThere(t *testing.T) {
	l := newChronicle(t)
	l.aDay()
	dir := l.write()
	absent := filepath.Join(dir, "absent")
	for args, want := range map[string]string{
		"":                                 "name a call",
		"--decision 3 noise":               "name a call",
		"nothing":                          `there is no call "nothing" among the`,
		"--decision 2":                     "fact 2 is a unit_signed_on, no decision, in " + dir,
		"--decision 9999":                  "there is no such decision",
		"--data " + absent + " noise":      absent,
		"--data " + absent + " --decision": "--decision",
	} {
		line := append([]string{"explain"}, strings.Fields(args)...)
		if !strings.Contains(args, "--data") {
			line = append(line, "--data", dir)
		}
		code, out, errOut := inProcess(t, line...)
		if code != 2 || out != "" || strings.Count(errOut, "\n") != 1 || !strings.Contains(errOut, want) {
			t.Errorf("%s: exit code %d, %q, %q", args, code, out, errOut)
		}
	}
}

// TestExplainOfAServer tells what a real server has decided.
func TestExplainOfAServer(t *testing.T) {
	dir := t.TempDir()
	sample := sampleCity(t, 1)
	policy, err := loadPolicy("911-first")
	if err != nil {
		t.Fatal(err)
	}
	s, err := startStack(context.Background(), stackConfig{
		city: sample, data: dir, listen: "127.0.0.1:0", clock: engine.Wall{}, policy: policy, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	api, err := client.New(s.url(), client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	try := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	at := wire.LocationOf(sample.Posts[0].At)
	patrol := []string{"patrol"}
	try(api.Assign(wire.AssignRequest{Call: &wire.Call{ID: "c1", Type: "10-30", Location: at}}))
	try(api.SignOn("u1", wire.UnitRequest{Capabilities: &patrol, Location: at}))
	try(api.SetStatus("u1", wire.StatusRequest{Status: "on_scene"}))
	try(api.Assign(wire.AssignRequest{Call: &wire.Call{ID: "c2", Class: "critical", Source: "311", Location: at}}))
	try(api.SignOn("u2", wire.UnitRequest{Location: at}))
	var receipt wire.Receipt
	order := `{"call": "c2", "unit": "u2", "by": "Sgt. Ito", "reason": "backup"}`
	try(nil, api.Do("POST", "/v1/override", []byte(order), "application/json", "", &receipt))
	try(api.Close("c1", wire.CloseRequest{Disposition: "10-91"}))
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	for call, want := range map[string][]string{
		"c1": {
			"class     critical, by the run card of 10-30 (policy 911-first@", "answer    due ", ", kept: ", "closed: 10-91",
			"waits     ", "sent      u1: 0 s travel", "u1 was on scene", "u1 was freed by the end of the call",
		},
		"c2": {
			"class     critical, as the caller said; calls from 311 are 311 by default", "still running",
			"waits     ", fmt.Sprintf("decision %d: assigned", receipt.Decision), "ordered   by Sgt. Ito: backup",
			"sent      u2, 0 s away", "the log ends here: the call is assigned",
		},
	} {
		code, out, errOut := inProcess(t, "explain", "--data", dir, call)
		if code != 0 {
			t.Fatalf("%s: exit code %d, %s", call, code, errOut)
		}
		for _, line := range want {
			if !strings.Contains(out, line) {
				t.Errorf("%q is not in\n%s", line, out)
			}
		}
	}
}

// TestExplainFindsCallsOfOneID tells each of several calls that had an ID, and
// calls that a server has forgotten.
func TestExplainFindsCallsOfOneID(t *testing.T) {
	l := newChronicle(t)
	l.report("old", "10-30", assign.Source911)
	l.do(&assign.CancelCall{Call: "old", Reason: "first"})
	for i := range assign.KeepClosed {
		id := fmt.Sprint("c", i)
		l.quick(&assign.CallReceived{Call: assign.Call{ID: id, Class: "311", Needs: []assign.Need{{Count: 1}}}},
			&assign.CallClosed{Call: id, End: assign.End{At: l.now, Cancelled: true}})
	}
	if l.state.Call("old") != nil {
		t.Fatal("the first call is not forgotten")
	}
	l.report("old", "10-30", assign.Source911)
	l.do(&assign.CancelCall{Call: "old", Reason: "second"})
	c := newCollector("old")
	for _, f := range l.frames {
		for _, r := range f.Facts {
			if err := c.read(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	stories := c.end()
	if len(stories) != 2 || stories[0].call.End.Reason != "first" || stories[1].call.End.Reason != "second" || len(stories[0].steps) != 1 {
		t.Errorf("%d stories", len(stories))
	}
}

// TestExplainOfAnOddLog: a log that no server has written is told as far as it
// goes.
func TestExplainOfAnOddLog(t *testing.T) {
	l := &chronicle{t: t, state: assign.NewState(), now: 1}
	l.quick(
		&assign.UnitSignedOn{Unit: assign.Unit{ID: "u1", Status: assign.Available}},
		&assign.UnitSignedOn{Unit: assign.Unit{ID: "u2", Status: assign.Available}},
		&assign.CallReceived{Call: assign.Call{ID: "c1", Needs: []assign.Need{{Count: 1}}}},
		&assign.CallReceived{Call: assign.Call{ID: "c2", Needs: []assign.Need{{Count: 1}}}},
		&assign.UnitDispatched{Call: "c2", Assignment: assign.Assignment{Unit: "u1", From: "c9", Since: 1}},
		&assign.DecisionMade{Decision: assign.Decision{
			Call: "c1", Recalled: []string{"u9"}, Chosen: []assign.Candidate{{Unit: "u9", From: "c9", Cost: []assign.Term{{}}}},
			Considered: []assign.Candidate{{Unit: "u2", Rule: "none", Swap: &assign.Price{Time: -1}}},
		}},
		&assign.UnitDiverted{Unit: "u1", From: "c2", To: "c9"},
		&assign.CallPromoted{Call: "c1", Class: "c"},
	)
	for _, call := range []string{"c1", "c2"} {
		c := newCollector(call)
		for _, r := range l.frames[0].Facts {
			if err := c.read(r); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range c.end() {
			var out strings.Builder
			if err := tell(&out, s, false, false); err != nil || !strings.Contains(out.String(), "class     , as the log says") {
				t.Errorf("%v, %s", err, out.String())
			}
			if data := s.data(); data.Call.ID != call || len(data.Steps) < 1 {
				t.Errorf("got %+v", data)
			}
		}
	}
}

// chronicle is a log in the making. Commands are decided by the core, whose advisor
// is the test.
type chronicle struct {
	t      *testing.T
	state  *assign.State
	now    assign.Instant
	frames []assign.Frame
}

// newChronicle is a log with a policy in force and some units, at noon.
func newChronicle(t *testing.T) *chronicle {
	l := &chronicle{t: t, state: assign.NewState(), now: assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))}
	patrol := []assign.Need{{Capabilities: []string{"patrol"}, Count: 1}}
	l.do(&assign.AdoptPolicy{Reason: "first start", Policy: &assign.Policy{
		Name: "rules", Hash: "0123456789abcdef",
		Classes: []assign.Class{
			{Name: "critical", Answer: 7 * time.Minute, Close: 2 * time.Hour, MayDivert: true, MayPreempt: true, Protected: true},
			{Name: "non-critical", Answer: 30 * time.Minute, Close: 3 * time.Hour, Divertible: true},
			{
				Name: "311", Answer: time.Hour, Close: 26 * time.Hour, PullLimit: 8 * time.Minute, Divertible: true, Preemptible: true,
				Promote: &assign.Promotion{After: 35 * time.Minute, To: "non-critical"},
			},
		},
		RunCards: []assign.RunCard{
			{Type: "10-13", Class: "critical", Needs: []assign.Need{{Capabilities: []string{"patrol"}, Count: 2}}},
			{Type: "10-30", Class: "critical", Needs: patrol},
		},
		Defaults: []assign.RunCard{{Type: "311", Class: "311", Needs: patrol}, {Type: "911", Class: "non-critical", Needs: patrol}},
		Solver:   &assign.Solver{Together: true},
	}})
	for i := range 12 {
		l.do(&assign.SignOn{Unit: fmt.Sprintf("P%02d", i+1), Capabilities: []string{"patrol"}})
	}
	return l
}

// do writes what commands do into one frame, after what the clocks have done.
func (l *chronicle) do(commands ...assign.Command) {
	l.t.Helper()
	f := assign.Frame{Number: uint64(len(l.frames)) + 1, At: l.now}
	ask := func(c assign.Command) int {
		facts, err := l.state.Decide(l.now, c)
		if err != nil {
			l.t.Fatalf("%T: %v", c, err)
		}
		for _, fact := range facts {
			f.Facts = append(f.Facts, l.apply(fact))
		}
		return len(facts)
	}
	for l.state.Policy() != nil && ask(&assign.Tick{}) > 0 {
	}
	for _, c := range commands {
		ask(c)
	}
	if len(f.Facts) > 0 {
		l.frames = append(l.frames, f)
	}
}

// quick writes facts into one frame as they are.
func (l *chronicle) quick(facts ...assign.Fact) {
	l.t.Helper()
	f := assign.Frame{Number: uint64(len(l.frames)) + 1, At: l.now}
	for _, fact := range facts {
		f.Facts = append(f.Facts, l.apply(fact))
	}
	l.frames = append(l.frames, f)
}

func (l *chronicle) apply(fact assign.Fact) assign.Recorded {
	l.t.Helper()
	r := assign.Recorded{Seq: l.state.Seq() + 1, At: l.now, Fact: fact}
	if err := l.state.Apply(r); err != nil {
		l.t.Fatal(err)
	}
	return r
}

// write puts the log into a journal, and gives its folder.
func (l *chronicle) write() string {
	l.t.Helper()
	dir := l.t.TempDir()
	log, err := journal.Open(dir, journal.Options{})
	if err != nil {
		l.t.Fatal(err)
	}
	for i, f := range l.frames {
		if err := log.Append(context.Background(), uint64(i), f); err != nil {
			l.t.Fatal(err)
		}
	}
	if err := log.Close(); err != nil {
		l.t.Fatal(err)
	}
	return dir
}

// at is the time from which facts are written.
func (l *chronicle) at(clock string) {
	l.t.Helper()
	t, err := time.Parse(time.DateTime, clock)
	if err != nil {
		t, err = time.Parse(time.DateTime, "2026-11-23 "+clock)
	}
	if err != nil {
		l.t.Fatal(err)
	}
	l.now = assign.InstantOf(t)
}

func aCall(id, callType string, source assign.Source) *assign.ReportCall {
	at := geo.Point{Lat: 406_961_000, Lon: -739_950_000}
	return &assign.ReportCall{ID: id, Type: callType, Source: source, Location: &at, Areas: []string{"75B", "75"}}
}

func (l *chronicle) report(id, callType string, source assign.Source) {
	l.do(aCall(id, callType, source))
}

// round is a decision of the round that begins with the next fact.
func (l *chronicle) round(d assign.Decision) *assign.Dispatch {
	l.do() // what the clocks have done comes before
	d.Round, d.Policy, d.PolicyHash, d.Roads = l.state.Seq()+1, "rules", "0123456789abcdef", "none"
	return &assign.Dispatch{Decision: d}
}

// unit is a unit so many seconds away; terms follow that of travel.
func unit(id string, seconds int, terms ...assign.Term) assign.Candidate {
	travel := time.Duration(seconds) * time.Second
	return assign.Candidate{
		Unit: id, Leg: &geo.Leg{ID: id, Time: travel, Distance: geo.Meters(float64(10 * seconds))},
		Cost: append([]assign.Term{{Name: "travel", Time: travel}}, terms...),
	}
}

// refused is such a unit, and the rule that refuses it.
func refused(id string, seconds int, rule assign.Rule, from string) assign.Candidate {
	c := unit(id, seconds)
	c.Cost, c.Rule, c.From = nil, rule, from
	return c
}

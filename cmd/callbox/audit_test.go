package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/audit"
	"callbox/assign/policy"
	"callbox/data/journal"
	"callbox/geo"
)

// aNight is a log of the directive as alleged: a complaint gets the unit that a
// robbery waits for, another by a dispatcher's order, and a third while nobody
// says how far the unit was from the robbery. Then a warning lacks.
func aNight(t *testing.T) (facts []assign.Recorded) {
	t.Helper()
	p, text, err := policy.Named("311-first")
	if err != nil {
		t.Fatal(err)
	}
	state, now := assign.NewState(), assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	do := func(c assign.Command) {
		t.Helper()
		made, err := state.Decide(now, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range made {
			r := assign.Recorded{Seq: state.Seq() + 1, At: now, Fact: f}
			if err := state.Apply(r); err != nil {
				t.Fatal(err)
			}
			facts = append(facts, r)
		}
	}
	call := func(id, class string) {
		t.Helper()
		do(&assign.ReportCall{
			ID: id, Class: class, Location: &geo.Point{}, Cell: "892a1072b5bffff",
			Needs: []assign.Need{{Capabilities: []string{"patrol"}, Count: 1}},
		})
	}
	decide := func(call, unit string, passed ...assign.PassedOver) {
		t.Helper()
		d := assign.Decision{
			Call: call, Round: state.Seq() + 1, Policy: p.Name, PolicyHash: p.Hash,
			Reason: &assign.Reason{Code: "all_units_busy", Sentence: "On other calls: 3 units that could go."},
		}
		if unit != "" {
			d.Chosen = []assign.Candidate{{
				Unit: unit, Leg: &geo.Leg{ID: unit, Time: time.Minute}, Cost: []assign.Term{{Name: "travel", Time: time.Minute}}, Passed: passed,
			}}
		}
		do(&assign.Dispatch{Decision: d})
	}
	do(&assign.AdoptPolicy{Policy: p, Source: text})
	for _, unit := range []string{"P016", "P017", "P018"} {
		do(&assign.SignOn{Unit: unit, Capabilities: []string{"patrol"}})
	}
	now = now.Add(time.Minute)
	call("robbery", "critical")
	decide("robbery", "")
	now = now.Add(3*time.Minute + 10*time.Second)
	call("noise-1", "311")
	decide("noise-1", "P017", assign.PassedOver{Call: "robbery", Time: 95 * time.Second})
	call("noise-2", "311")
	do(&assign.Override{Call: "noise-2", Unit: "P016", Order: assign.Order{By: "Sgt. Rivera", Reason: "by voice"}})
	call("noise-3", "311")
	decide("noise-3", "P018")
	now = now.Add(time.Minute) // the robbery has used up half of its 7 minutes
	do(&assign.CancelCall{Call: "noise-2", Reason: "called back"})
	return facts
}

// keep writes facts to a journal of their own, a frame for each.
func keep(t *testing.T, facts []assign.Recorded) (dir string) {
	t.Helper()
	dir = t.TempDir()
	log, err := journal.Open(dir, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range facts {
		frame := assign.Frame{Number: uint64(i) + 1, At: r.At, Facts: []assign.Recorded{r}}
		if err := log.Append(context.Background(), uint64(i), frame); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestAuditTellsWhatHappened compares what is printed with testdata, and what the
// README shows of it. Run with -update to write it anew, and read the difference.
func TestAuditTellsWhatHappened(t *testing.T) {
	dir := keep(t, aNight(t))
	code, out, errOut := inProcess(t, "audit", "--data", dir)
	got := out + strings.ReplaceAll(errOut, dir, "journal")
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
	golden(t, "testdata/audit.txt", got)
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if _, shown, _ := strings.Cut(got, "\n\n"); !strings.Contains(string(readme), shown[strings.Index(shown, "\n\n")+2:]) {
		t.Errorf("the README shows something else than\n%s", shown)
	}
}

func TestAuditFlags(t *testing.T) {
	facts := aNight(t)
	dir := keep(t, facts)
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--limit", "1"}, 1, "and 3 more\n"},
		{[]string{"--limit", "0"}, 1, "and 4 more\n"},
		{[]string{"--strict"}, 1, "violations: 3"},
		{[]string{"--order", "311,critical,serious,non-critical,other-911"}, 1, "violations: 1"},
		{[]string{"--order", "critical=311"}, 1, "violations: 1"},
		{[]string{"--order", "serious,311"}, 2, "calls of class critical, which are not in the order serious,311; give all classes with --order"},
	} {
		code, out, errOut := inProcess(t, append([]string{"audit", "--data", dir}, c.args...)...)
		if code != c.code || !strings.Contains(out+errOut, c.want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%v: exit code %d, %s%s", c.args, code, out, errOut)
		}
	}
	// Nothing is found in what was written before the first complaint came.
	code, out, errOut := inProcess(t, "audit", "--data", keep(t, facts[:7]))
	if code != 0 || errOut != "" || !strings.Contains(out, "0  inversion") {
		t.Errorf("exit code %d, %s%s", code, out, errOut)
	}
}

func TestAuditInJSON(t *testing.T) {
	code, out, errOut := inProcess(t, "audit", "--data", keep(t, aNight(t)), "--json")
	var a struct {
		Facts, Violations int
		Found             map[string]int
		Explained         map[string]int
		Findings          []map[string]any
	}
	if err := json.Unmarshal([]byte(out), &a); err != nil || code != 1 {
		t.Fatalf("exit code %d, %v, %s%s", code, err, out, errOut)
	}
	if a.Violations != 2 || a.Found["inversion"] != 1 || a.Found["unproven"] != 1 || a.Explained["order"] != 1 || len(a.Found) != len(audit.Kinds) || len(a.Findings) != 4 {
		t.Errorf("it says %+v", a)
	}
	if f := a.Findings[0]; fmt.Sprint(f["kind"], f["at"], f["unit"], f["call"], f["other_call"]) != "inversion2026-11-23T12:04:10.000ZP017noise-1robbery" {
		t.Errorf("the first finding is %v", f)
	}
}

// TestAuditOfAServersJournal: what a server has written is clean, and a journal
// that is damaged is not.
func TestAuditOfAServersJournal(t *testing.T) {
	dir := t.TempDir()
	writeJournal(t, dir, 30)
	if code, out, errOut := inProcess(t, "audit", "--data", dir); code != 0 || !strings.Contains(out, "calls       30") {
		t.Errorf("exit code %d, %s%s", code, out, errOut)
	}
	change(t, dir, "*.blk", func(b []byte) []byte { b[len(b)/2] ^= 1; return b })
	if code, _, errOut := inProcess(t, "audit", "--data", dir); code != 1 || strings.Count(errOut, "\n") != 1 {
		t.Errorf("exit code %d, %s", code, errOut)
	}
}

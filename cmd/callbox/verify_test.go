package main

import (
	"context"
	"encoding/json"
	"errors"
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
	"callbox/data/city"
	"callbox/data/journal"
	"callbox/geo/road"
)

// folderOf writes a city to a folder.
func folderOf(t *testing.T, c *city.City) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "city")
	if err := c.Write(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// forge copies a journal, with a change of its facts: each frame is written anew,
// so all of them follow each other.
func forge(t *testing.T, dir string, change func(assign.Fact) assign.Fact) string {
	t.Helper()
	from, err := journal.Open(dir, journal.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	forged := t.TempDir()
	to, err := journal.Open(forged, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for f, err := range from.Read(context.Background(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range f.Facts {
			f.Facts[i].Fact = change(f.Facts[i].Fact)
		}
		if err := to.Append(context.Background(), f.Number-1, f); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return forged
}

// sooner lets the unit that was sent to the README's robbery have come sooner: in
// the decision and in the dispatch.
func sooner(f assign.Fact) assign.Fact {
	switch f := f.(type) {
	case *assign.DecisionMade:
		if f.Decision.Call == "robbery-1" && f.Decision.Order == nil {
			f.Decision.Chosen[0].Leg.Time -= 20 * time.Second
		}
	case *assign.UnitDispatched:
		if f.Call == "robbery-1" && f.Assignment.Order == nil {
			f.Assignment.Leg.Time -= 20 * time.Second
		}
	}
	return f
}

// verifiedAsShown verifies what the README's requests have left in a journal, and a copy
// in which something was changed afterwards, and compares what is printed with
// testdata and with what the README shows of it. Run with -update to write it anew.
func verifiedAsShown(t *testing.T, readme string, s demoServer) {
	t.Helper()
	folder := folderOf(t, s.city)
	code, out, errOut := inProcess(t, "verify", "--data", s.data, "--city", folder)
	if code != 0 || !strings.Contains(out, "differences  0\n") || strings.Contains(out, "not again") {
		t.Errorf("exit code %d, %s%s", code, out, errOut)
	}
	forged := forge(t, s.data, sooner)
	if code, out, errOut = inProcess(t, "verify", "--data", forged, "--city", folder); code != 1 {
		t.Errorf("exit code %d", code)
	}
	got := out + strings.ReplaceAll(errOut, forged, "journal")
	golden(t, "testdata/verify.txt", got)
	if !strings.Contains(readme, "./callbox verify --city newyork --data journal\n"+got) {
		t.Errorf("the README shows something else than\n%s", got)
	}
	// To programs it says the same.
	code, out, _ = inProcess(t, "verify", "--data", forged, "--city", folder, "--json", "--limit", "1")
	var r struct {
		Decisions, Differences int
		Shown                  []struct{ Call, Sentence string }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 1 {
		t.Fatalf("exit code %d, %v, %s", code, err, out)
	}
	if r.Decisions == 0 || r.Differences != 1 || len(r.Shown) != 1 || r.Shown[0].Call != "robbery-1" {
		t.Errorf("it says %+v", r)
	}
}

// TestVerifyOfAnotherCity: what was decided elsewhere cannot be made again, which
// is said and is no fault. A journal that is damaged is one.
func TestVerifyOfAnotherCity(t *testing.T) {
	dir := t.TempDir()
	writeJournal(t, dir, 30) // in a city without roads
	folder := folderOf(t, sampleCity(t, 1))
	code, out, errOut := inProcess(t, "verify", "--data", dir, "--city", folder)
	if code != 0 || !strings.Contains(out, "rounds: they were made on road graph none, and this is ") {
		t.Errorf("exit code %d, %s%s", code, out, errOut)
	}
	if code, _, errOut := inProcess(t, "verify", "--data", dir, "--city", folder, "--strict"); code != 1 || !strings.Contains(errOut, "not made again, or otherwise: ") {
		t.Errorf("exit code %d, %s", code, errOut)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--city", folder, "--limit=-1"}, "--limit -1"},
		{[]string{"--city", folder, "--head", "abc"}, "--head abc: a hash is 64"},
		{[]string{"--city", filepath.Join(dir, "none")}, "none"},
	} {
		code, _, errOut := inProcess(t, append([]string{"verify", "--data", dir}, c.args...)...)
		if code != 2 || !strings.Contains(errOut, c.want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%v: exit code %d, %s", c.args, code, errOut)
		}
	}
	forged := forge(t, dir, func(f assign.Fact) assign.Fact {
		if f, ok := f.(*assign.CallQueued); ok && f.Call == "c9" {
			return &assign.CallClosed{Call: "nobody"}
		}
		return f
	})
	code, _, errOut = inProcess(t, "verify", "--data", forged, "--city", folder)
	if code != 1 || !strings.Contains(errOut, "it is broken there") {
		t.Errorf("exit code %d, %s", code, errOut)
	}
	change(t, dir, "*.blk", func(b []byte) []byte { b[len(b)/2] ^= 1; return b })
	if code, _, errOut := inProcess(t, "verify", "--data", dir, "--city", folder); code != 1 || strings.Count(errOut, "\n") != 1 {
		t.Errorf("exit code %d, %s", code, errOut)
	}
}

// TestVerifyHead: frames that are gone from the end leave a log that is good in
// itself; a hash that was written down shows it.
func TestVerifyHead(t *testing.T) {
	dir, short := t.TempDir(), t.TempDir()
	writeJournal(t, dir, 30)
	folder := folderOf(t, sampleCity(t, 1))
	_, out, _ := inProcess(t, "verify", "--data", dir, "--city", folder, "--json")
	var r struct {
		Frames uint64
		Head   string
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || len(r.Head) != 64 {
		t.Fatalf("%v, %s", err, out)
	}
	from, err := journal.Open(dir, journal.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	to, err := journal.Open(short, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	earlier, err := from.Hash(context.Background(), r.Frames-1)
	if err != nil {
		t.Fatal(err)
	}
	for f, err := range from.Read(context.Background(), 1) {
		if err == nil && f.Number < r.Frames {
			err = to.Append(context.Background(), f.Number-1, f)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(to.Close(), from.Close()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		dir, head string
		want      int
	}{{dir, r.Head, 0}, {dir, strings.ToUpper(r.Head), 0}, {dir, earlier.String(), 0}, {short, "", 0}, {short, r.Head, 1}} {
		code, _, errOut := inProcess(t, "verify", "--data", c.dir, "--city", folder, "--head", c.head)
		if code != c.want || code == 1 && !strings.Contains(errOut, "no frame has the hash "+c.head) {
			t.Errorf("head %q: exit code %d, %s", c.head, code, errOut)
		}
	}
}

// TestVerifyByTravelTimes: decisions by the times of an hour are made again with
// the table that they came from, and not without.
func TestVerifyByTravelTimes(t *testing.T) {
	sample := sampleCity(t, 1)
	policy, err := loadPolicy("911-first")
	if err != nil {
		t.Fatal(err)
	}
	roads, err := prepare(sample, byHierarchy)
	if err != nil {
		t.Fatal(err)
	}
	file, dir := filepath.Join(t.TempDir(), "times.csv"), t.TempDir()
	writeTimes(t, file, sample.Roads, map[int]uint32{17: 20})
	monday := time.Date(2026, 1, 5, 16, 40, 0, 0, time.UTC)
	clock := engine.NewManual(assign.InstantOf(monday))
	s, err := startStack(context.Background(), stackConfig{
		city: sample, roads: roads, data: dir, listen: "127.0.0.1:0", clock: clock, policy: policy, log: slog.New(slog.DiscardHandler),
		traffic: trafficConfig{file: file, zone: time.UTC, reread: make(chan os.Signal)},
	})
	if err != nil {
		t.Fatal(err)
	}
	api, err := client.New(s.url(), client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	scene := newScene(t, sample, api)
	for i, hour := range []string{`\+t\w+\.h16`, `\+t\w+\.h17`} {
		clock.Set(assign.InstantOf(monday.Add(time.Duration(i)*time.Hour + time.Second)))
		scene.await(hour)
		call := &wire.Call{ID: fmt.Sprint("c", i), Type: "10-30", Location: wire.LocationOf(sample.Roads.Point(road.Node(100 + i)))}
		if _, err := api.Assign(wire.AssignRequest{Call: call}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	folder := folderOf(t, sample)
	code, out, errOut := inProcess(t, "verify", "--data", dir, "--city", folder, "--times", file)
	if code != 0 || !strings.Contains(out, "differences  0\n") || strings.Contains(out, "not again") || strings.Contains(out, "decisions    0") {
		t.Errorf("exit code %d, %s%s", code, out, errOut)
	}
	code, out, errOut = inProcess(t, "verify", "--data", dir, "--city", folder)
	if code != 0 || strings.Count(out, "rounds: they were made by travel times") != 2 {
		t.Errorf("exit code %d, %s%s", code, out, errOut)
	}
}

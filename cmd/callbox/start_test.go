package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/data/journal"
	"callbox/geo"
)

// history writes a journal of a past without decisions about places: units that
// sign on, calls that come, get a unit and are closed, and at the end so many that
// are open. A frame holds a hundred facts or so.
func history(t testing.TB, dir string, units, open, facts int) {
	t.Helper()
	disk, err := journal.Open(dir, journal.Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := disk.Close(); err != nil {
			t.Fatal(err)
		}
	}()
	state, now := assign.NewState(), assign.InstantOf(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
	frame := assign.Frame{Number: 1, At: now}
	commit := func() {
		if len(frame.Facts) > 0 {
			if err := disk.Append(context.Background(), frame.Number-1, frame); err != nil {
				t.Fatal(err)
			}
			frame.Number, frame.Facts = frame.Number+1, nil
		}
		now++
		frame.At = now
	}
	do := func(c assign.Command) {
		made, err := state.Decide(now, c)
		if err != nil {
			t.Fatalf("%T: %v", c, err)
		}
		for _, f := range made {
			r := assign.Recorded{Seq: state.Seq() + 1, At: now, Fact: f}
			if err := state.Apply(r); err != nil {
				t.Fatal(err)
			}
			frame.Facts = append(frame.Facts, r)
		}
		if len(frame.Facts) >= 100 {
			commit()
		}
	}
	p, source, err := policy.Named(policy.Default)
	if err != nil {
		t.Fatal(err)
	}
	do(&assign.AdoptPolicy{Policy: p, Source: source, Reason: "test"})
	do(&assign.Start{Started: assign.Started{Engine: version(), City: "history", Areas: "none", Roads: "none"}})
	place := func(i int) *geo.Point {
		return &geo.Point{Lat: 407_000_000 + int32(i*7919%900_000), Lon: -740_000_000 + int32(i*104_729%900_000)}
	}
	unit := func(i int) string { return fmt.Sprintf("u%05d", i%units) }
	for i := range units {
		do(&assign.SignOn{Unit: unit(i), Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: *place(i), Since: now}})
	}
	classes := []string{"critical", "serious", "non-critical", "other-911", "311"}
	for i := 0; int(state.Seq()) < facts; i++ {
		id := fmt.Sprintf("c%07d", i)
		do(&assign.ReportCall{ID: id, Class: classes[i%5], Location: place(i)})
		leg := geo.Leg{ID: unit(i), Time: time.Minute, Straight: true}
		do(&assign.Dispatch{Decision: assign.Decision{
			Call: id, Round: state.Seq() + 1, Policy: p.Name, PolicyHash: p.Hash, Roads: "none",
			Chosen: []assign.Candidate{{Unit: unit(i), Leg: &leg, Cost: []assign.Term{{Name: "travel", Time: time.Minute}}}},
		}})
		do(&assign.SetStatus{Unit: unit(i), Status: assign.OnScene})
		if int(state.Seq()) < facts-4*open {
			do(&assign.CloseCall{Call: id, Disposition: "done"})
		}
	}
	commit()
}

// start opens a journal and an engine on it, as a server does, and gives the digest
// of what it knows.
func start(t testing.TB, dir string, log *slog.Logger) (digest string, snapshot uint64) {
	t.Helper()
	disk, err := journal.Open(dir, journal.Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	snaps := &snapshots{store: snapshotsOf(dir), journal: disk, log: log}
	e, err := engine.Open(t.Context(), engine.Config{
		Journal: disk, Snapshot: snaps.find(t.Context()), Clock: engine.NewManual(0), Advisor: policy.Advisor{}, Log: log,
		Start: assign.Started{Engine: version(), City: "history", Areas: "none", Roads: "none"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := t.(*testing.T); ok {
		e.View(func(v *engine.View) { digest = v.State().Digest() })
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return digest, snaps.newest
}

// snap makes a snapshot of a journal, however short it is.
func snap(t testing.TB, dir string, log *slog.Logger) {
	t.Helper()
	disk, err := journal.Open(dir, journal.Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	snaps := &snapshots{store: snapshotsOf(dir), journal: disk, log: log}
	if made := snaps.make(t.Context()); made == 0 {
		t.Fatal("no snapshot was made")
	}
}

// TestAStartFromASnapshot knows what one without it knows, and one from a damaged
// snapshot too.
func TestAStartFromASnapshot(t *testing.T) {
	dir, log := t.TempDir(), slog.New(slog.DiscardHandler)
	history(t, dir, 40, 10, 3000)
	plain, _ := start(t, dir, log)
	snap(t, dir, log)
	resumed, frame := start(t, dir, log)
	if resumed != plain || frame == 0 {
		t.Errorf("from a snapshot of frame %d the digest is %s, should be %s", frame, resumed, plain)
	}
	files, err := filepath.Glob(filepath.Join(dir, "snapshots", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 4
	if err := os.WriteFile(files[0], b, 0o600); err != nil {
		t.Fatal(err)
	}
	if replayed, frame := start(t, dir, log); replayed != plain || frame != 0 {
		t.Errorf("from a damaged snapshot, of frame %d, the digest is %s, should be %s", frame, replayed, plain)
	}
}

// BenchmarkTable measures how long a start takes on a log of a million facts, of
// which 10,000 units and 2,000 open calls are left: with a snapshot of nearly all
// of it, and without.
func BenchmarkTable(b *testing.B) {
	dir, log := b.TempDir(), slog.New(slog.DiscardHandler)
	history(b, dir, 10_000, 2_000, 1_000_000)
	b.Run("start/replay", func(b *testing.B) {
		for b.Loop() {
			start(b, dir, log)
		}
	})
	snap(b, dir, log)
	b.Run("start/snapshot", func(b *testing.B) {
		for b.Loop() {
			if _, frame := start(b, dir, log); frame == 0 {
				b.Fatal("there is no snapshot")
			}
		}
	})
}

package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/assign/engine"
	"callbox/data/journal"
	"callbox/data/journal/export"
	"callbox/data/journal/journaltest"
	"callbox/data/journal/snapshot"
)

// TestJournalOnACluster has a second server take over from one that still runs.
func TestJournalOnACluster(t *testing.T) {
	ctx, dir, silent := context.Background(), t.TempDir(), slog.New(slog.DiscardHandler)
	nodes := journaltest.StartNodes(t, true)
	sample := sampleCity(t, 1)
	policy, err := loadPolicy("911-first")
	if err != nil {
		t.Fatal(err)
	}
	at := &clusterConfig{nodes.URLs(journaltest.CallboxUser), journal.ClusterOptions{Shard: "city", System: nodes.URLs(journaltest.SystemUser)}}
	start := func(copied string) (*stack, *client.Client) {
		s, err := startStack(ctx, stackConfig{
			city: sample, cluster: at, listen: "127.0.0.1:0", clock: engine.Wall{}, policy: policy, log: silent,
			export: copied, snap: time.Hour, snaps: filepath.Join(dir, "snapshots"),
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.stop() }) // the one that is refused says so
		api, err := client.New(s.url(), client.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s, api
	}
	call := func(api *client.Client, id string) error {
		_, err := api.Assign(wire.AssignRequest{Call: &wire.Call{ID: id, Location: wire.LocationOf(sample.Posts[0].At)}})
		return err
	}
	older, olderAPI := start("")
	for i := range 5 {
		if err := call(olderAPI, fmt.Sprint("c", i)); err != nil {
			t.Fatal(err)
		}
	}
	younger, youngerAPI := start(filepath.Join(dir, "export"))
	if err := call(olderAPI, "late"); err == nil || older.engine.Err() == nil {
		t.Errorf("the older server still decides: %v", err)
	}
	if err := call(youngerAPI, "next"); err != nil {
		t.Fatal(err)
	}
	younger.engine.View(func(v *engine.View) {
		for id, want := range map[string]bool{"c0": true, "c4": true, "late": false, "next": true} {
			if got := v.State().Call(id) != nil; got != want {
				t.Errorf("call %s is there: %v", id, got)
			}
		}
	})

	// What only reads works as it does on a disk, beside a server that runs.
	o := at.options
	o.ReadOnly = true
	kept, err := journal.Connect(ctx, at.urls, o)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	if n, err := kept.Scrub(ctx, 100_000_000); err != nil || n != kept.Frames() || n == 0 {
		t.Errorf("a scrub of %d frames read %d: %v", kept.Frames(), n, err)
	}
	snaps := &snapshots{store: snapshot.Store{Dir: filepath.Join(dir, "snapshots"), Program: version()}, journal: kept, log: silent}
	if made := snaps.make(ctx); made != kept.Frames() {
		t.Errorf("the snapshot is of frame %d of %d", made, kept.Frames())
	}
	if err := younger.stop(); err != nil {
		t.Fatal(err)
	}
	if s, err := export.Verify(filepath.Join(dir, "export"), ""); err != nil || s.Frames != kept.Frames() {
		t.Errorf("the export has %d frames of %d: %v", s.Frames, kept.Frames(), err)
	}
	last, lastAPI := start("") // from the snapshot
	if err := call(lastAPI, "last"); err != nil || last.engine.Err() != nil {
		t.Fatal(err)
	}
}

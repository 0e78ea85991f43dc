package journal

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"callbox/assign"
	"callbox/data/journal/journaltest"
)

// nodes open journals on their cluster.
type nodes struct{ *journaltest.Nodes }

func startNodes(t *testing.T, sync bool) nodes { return nodes{journaltest.StartNodes(t, sync)} }

func (n nodes) open(t testing.TB, shard string) *Cluster {
	t.Helper()
	c, err := Connect(ctx, n.URLs(journaltest.CallboxUser), ClusterOptions{Shard: shard, Synced: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestClusterTakeOver(t *testing.T) {
	t.Parallel()
	n := startNodes(t, true)
	frames := history(t, 40)

	t.Run("the older writer is refused", func(t *testing.T) {
		old := n.open(t, "over")
		appendAll(t, old, frames[:5])
		young := n.open(t, "over")
		appendAll(t, young, frames[5:6])
		if err := old.Append(ctx, 5, frames[5]); !errors.Is(err, assign.ErrSequence) {
			t.Errorf("the older writer got %v", err) // although it sends the same frame
		}
		appendAll(t, young, frames[6:])
		if err := old.Append(ctx, 5, frames[5]); !errors.Is(err, assign.ErrSequence) {
			t.Errorf("the older writer got %v", err)
		}
		expectFrames(t, young, 1, frames)
		if young.link.Epoch != old.link.Epoch+1 {
			t.Errorf("epochs %d and %d", old.link.Epoch, young.link.Epoch)
		}
	})

	t.Run("of two that race, one wins each frame", func(t *testing.T) {
		n.open(t, "race") // made once
		for range 8 {
			a, b := n.open(t, "race"), n.open(t, "race")
			at := a.Frames()
			var errs [2]error
			var wg sync.WaitGroup
			for i, c := range []*Cluster{a, b} {
				wg.Go(func() { errs[i] = c.Append(ctx, at, frames[at]) })
			}
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs[:]...), assign.ErrSequence) {
				t.Fatalf("two writers of frame %d got %v and %v", at+1, errs[0], errs[1])
			}
			a.Close()
			b.Close()
		}
		expectFrames(t, n.open(t, "race"), 1, frames[:8])
	})

	t.Run("the leader is shut down", func(t *testing.T) {
		c := n.open(t, "crash")
		var gap time.Duration
		for i, f := range frames {
			if i == 10 {
				lead := n.Leader("crash")
				go n.Stop(lead)
				defer func() { n.Start(lead); n.Settle() }()
			}
			began := time.Now()
			if err := c.Append(ctx, f.Number-1, f); err != nil {
				t.Fatalf("frame %d: %v", f.Number, err)
			}
			gap = max(gap, time.Since(began))
			time.Sleep(5 * time.Millisecond)
		}
		t.Logf("the longest append took %v", gap)
		expectFrames(t, c, 1, frames)
		expectFrames(t, n.open(t, "crash"), 1, frames)
	})

	t.Run("settings are held to", func(t *testing.T) {
		n.open(t, "drift")
		nc, js, err := dial(n.URLs(journaltest.CallboxUser), "somebody", time.Second, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		config := clusterConfig("made")
		config.Replicas, config.MaxAge, config.DenyPurge, config.AllowDirect = 1, time.Hour, false, true
		if _, err := js.CreateStream(ctx, config); err != nil {
			t.Fatal(err)
		}
		_, err = Connect(ctx, n.URLs(journaltest.CallboxUser), ClusterOptions{Shard: "made", Synced: true})
		for _, name := range []string{"num_replicas is 1", "max_age is 1h", "deny_purge", "allow_direct"} {
			if !errors.Is(err, ErrSettings) || !strings.Contains(err.Error(), name) {
				t.Errorf("of %s it says %v", name, err)
			}
		}
		if err := js.DeleteStream(ctx, "CALLBOX_drift"); err == nil {
			t.Error("the journal's user may delete a stream")
		}
	})
}

func TestClusterThatDoesNotSync(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sync   bool
		system string
		vouch  bool
		want   string // "": it is taken
	}{
		{true, journaltest.SystemUser, false, ""},
		{true, journaltest.CallboxUser, false, "0 servers say that they sync"},
		{true, "", false, "sync_interval: always"},
		{false, journaltest.SystemUser, false, "n0, n1, n2"},
		{false, journaltest.SystemUser, true, "n0, n1, n2"}, // what is seen counts, not what is said
		{false, "", true, ""},
	} {
		t.Run(fmt.Sprint(c.sync, c.system, c.vouch), func(t *testing.T) {
			n := startNodes(t, c.sync)
			o := ClusterOptions{Shard: "sync", Synced: c.vouch}
			if c.system != "" {
				o.System = n.URLs(c.system)
			}
			j, err := Connect(ctx, n.URLs(journaltest.CallboxUser), o)
			if err == nil {
				defer j.Close()
			}
			if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, ErrUnsynced) || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("it says %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "p1") {
				t.Errorf("it tells the password: %v", err)
			}
		})
	}
}

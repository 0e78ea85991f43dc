package journal

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"callbox/data/journal/journaltest"
)

// TestDrift changes what a cluster is set to beneath an open journal, and mends it.
func TestDrift(t *testing.T) {
	t.Parallel()
	n := startNodes(t, true)
	var said bytes.Buffer
	c, err := Connect(ctx, n.URLs(journaltest.CallboxUser), ClusterOptions{
		Shard: "city", System: n.URLs(journaltest.SystemUser), Log: slog.New(slog.NewTextHandler(&said, nil)), Check: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	expect := func(want error, text string) {
		t.Helper()
		said.Reset()
		c.look()
		if got := c.Drift(); !errors.Is(got, want) || want != nil && !strings.Contains(got.Error(), text) || !strings.Contains(said.String(), text) {
			t.Errorf("it finds %v and says %q, not %v of %q", got, &said, want, text)
		}
	}
	expect(nil, "")
	c.config.MaxAge = time.Hour // as if the stream had been made with it, and changed
	expect(ErrSettings, "max_age")
	c.config.MaxAge = 0
	expect(nil, "again")

	n.Stop(2)
	expect(nil, "") // a node that is lost is no drift
	j, err := Connect(ctx, n.URLs(journaltest.CallboxUser), ClusterOptions{Shard: "city", System: n.URLs(journaltest.SystemUser)})
	if err != nil {
		t.Errorf("two of three nodes run, and a journal cannot be opened: %v", err)
	} else {
		j.Close()
	}
	n.SetSync(2, false)
	n.Start(2)
	n.Settle()
	expect(ErrUnsynced, "n2")
	n.Stop(2)
	n.SetSync(2, true)
	n.Start(2)
	n.Settle()
	expect(nil, "again")
}

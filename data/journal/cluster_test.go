package journal

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"callbox/assign"

	"github.com/nats-io/nats-server/v2/server"
)

// nodes are the servers of a cluster in this process, on loopback, set as
// DEPLOY.md has it.
type nodes struct {
	t       testing.TB
	servers []*server.Server
	options []*server.Options
}

func startNodes(t testing.TB, sync bool) *nodes {
	t.Helper()
	n := &nodes{t: t, servers: make([]*server.Server, replicas), options: make([]*server.Options, replicas)}
	dir, routes := t.TempDir(), []string(nil)
	for i := range n.options {
		cluster := freeAddress(t)
		routes = append(routes, "nats://"+cluster)
		for name, value := range map[string]string{
			"NODE": fmt.Sprintf("n%d", i), "LISTEN": freeAddress(t), "CLUSTER": cluster, "PASSWORD": "p1", "SYSTEM_PASSWORD": "p2",
			"STORE": filepath.Join(dir, fmt.Sprintf("n%d", i)),
		} {
			t.(*testing.T).Setenv(name, value)
		}
		o, err := server.ProcessConfigFile("deploy/node.conf")
		if err != nil {
			t.Fatal(err)
		}
		if !o.SyncAlways {
			t.Fatal("deploy/node.conf does not sync always")
		}
		o.NoSigs, o.NoLog, o.SyncAlways = true, true, sync
		n.options[i] = o
	}
	for _, o := range n.options {
		o.Routes = server.RoutesFromStr(strings.Join(routes, ","))
	}
	for i := range n.servers {
		n.start(i)
	}
	t.Cleanup(func() {
		for i := range n.servers {
			n.stop(i)
		}
	})
	n.settle()
	return n
}

func freeAddress(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (n *nodes) start(i int) {
	n.t.Helper()
	s, err := server.NewServer(n.options[i].Clone())
	if err != nil {
		n.t.Fatal(err)
	}
	n.servers[i] = s
	s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		n.t.Fatalf("server %d does not start", i)
	}
}

func (n *nodes) stop(i int) { stopServer(n.servers[i]) }

// settle waits until the cluster can make streams.
func (n *nodes) settle() {
	n.t.Helper()
	for range 600 {
		for _, s := range n.servers {
			if s.JetStreamIsLeader() && len(s.JetStreamClusterPeers()) == len(n.servers) {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	n.t.Fatal("the cluster has no leader")
}

// leader is the node that leads a shard's stream.
func (n *nodes) leader(shard string) int {
	n.t.Helper()
	for range 200 {
		for i, s := range n.servers {
			if s.JetStreamIsStreamLeader("CALLBOX", "CALLBOX_"+shard) {
				return i
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	n.t.Fatalf("nobody leads the stream of %s", shard)
	return 0
}

func (n *nodes) urls(user string) string {
	var urls []string
	for _, o := range n.options {
		urls = append(urls, fmt.Sprintf("nats://%s@%s:%d", user, o.Host, o.Port))
	}
	return strings.Join(urls, ",")
}

const (
	callboxUser = "callbox:p1"
	systemUser  = "system:p2"
)

func (n *nodes) open(t testing.TB, shard string) *Cluster {
	t.Helper()
	c, err := Connect(ctx, n.urls(callboxUser), ClusterOptions{Shard: shard, Synced: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestClusterTakeOver(t *testing.T) {
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
				lead := n.leader("crash")
				go n.stop(lead)
				defer func() { n.start(lead); n.settle() }()
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
		nc, js, err := dial(n.urls(callboxUser), "somebody", time.Second, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		config := clusterConfig("made")
		config.Replicas, config.MaxAge, config.DenyPurge, config.AllowDirect = 1, time.Hour, false, true
		if _, err := js.CreateStream(ctx, config); err != nil {
			t.Fatal(err)
		}
		_, err = Connect(ctx, n.urls(callboxUser), ClusterOptions{Shard: "made", Synced: true})
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
	for _, c := range []struct {
		sync   bool
		system string
		vouch  bool
		want   string // "": it is taken
	}{
		{true, systemUser, false, ""},
		{true, callboxUser, false, "0 servers say that they sync"},
		{true, "", false, "sync_interval: always"},
		{false, systemUser, false, "n0, n1, n2"},
		{false, systemUser, true, "n0, n1, n2"}, // what is seen counts, not what is said
		{false, "", true, ""},
	} {
		t.Run(fmt.Sprint(c.sync, c.system, c.vouch), func(t *testing.T) {
			n := startNodes(t, c.sync)
			o := ClusterOptions{Shard: "sync", Synced: c.vouch}
			if c.system != "" {
				o.System = n.urls(c.system)
			}
			j, err := Connect(ctx, n.urls(callboxUser), o)
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

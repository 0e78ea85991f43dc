// Package journaltest runs the cluster of DEPLOY.md in the process of a test.
package journaltest

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"callbox/data/journal/deploy"

	"github.com/nats-io/nats-server/v2/server"
)

// The users of the cluster, with their passwords.
const (
	CallboxUser = "callbox:p1"
	SystemUser  = "system:p2"
)

// Nodes are three servers of a cluster, on loopback, set as DEPLOY.md has it.
type Nodes struct {
	t       *testing.T
	servers []*server.Server
	options []*server.Options
}

// StartNodes runs a cluster for as long as the test runs. It syncs the disk before it
// acknowledges, or does not.
func StartNodes(t *testing.T, sync bool) *Nodes {
	t.Helper()
	n := &Nodes{t: t, servers: make([]*server.Server, deploy.Size)}
	nodes := deploy.Local(t.TempDir(), 0)
	var routes []string
	for i := range nodes {
		nodes[i].Listen, nodes[i].Cluster, nodes[i].Password, nodes[i].SystemPassword = freeAddress(t), freeAddress(t), "p1", "p2"
		routes = append(routes, "nats://"+nodes[i].Cluster)
	}
	for _, node := range nodes {
		node.Routes = routes
		o, err := node.Options()
		if err != nil {
			t.Fatal(err)
		}
		if !o.SyncAlways {
			t.Fatal("deploy/node.conf does not sync always")
		}
		o.NoLog, o.SyncAlways = true, sync
		n.options = append(n.options, o)
	}
	for i := range n.servers {
		n.Start(i)
	}
	t.Cleanup(func() {
		for i := range n.servers {
			n.Stop(i)
		}
	})
	n.Settle()
	return n
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Start starts a node that was stopped.
func (n *Nodes) Start(i int) {
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

// SetSync sets whether a node that is started again syncs before it acknowledges.
func (n *Nodes) SetSync(i int, sync bool) { n.options[i].SyncAlways = sync }

// Stop shuts a node down in order.
func (n *Nodes) Stop(i int) {
	n.servers[i].Shutdown()
	n.servers[i].WaitForShutdown()
}

// Settle waits until the cluster can make streams.
func (n *Nodes) Settle() {
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

// Leader is the node that leads a shard's stream.
func (n *Nodes) Leader(shard string) int {
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

// URLs are the addresses of all nodes, for one of the users.
func (n *Nodes) URLs(user string) string {
	var urls []string
	for _, o := range n.options {
		urls = append(urls, fmt.Sprintf("nats://%s@%s:%d", user, o.Host, o.Port))
	}
	return strings.Join(urls, ",")
}

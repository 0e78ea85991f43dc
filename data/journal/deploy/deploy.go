// Package deploy runs nodes of a cluster that keeps journals, set as node.conf
// beside it says: for trying it out on one machine, and for tests. A cluster to be
// relied on runs nats-server itself, on machines of its own; see ../DEPLOY.md.
package deploy

import (
	_ "embed"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

//go:embed node.conf
var conf string

// Size is how many nodes a cluster has.
const Size = 3

// Node is what node.conf takes from the environment, and the routes to all nodes.
type Node struct {
	Name           string
	Listen         string // host:port, for clients
	Cluster        string // for the other nodes
	Store          string // folder of its data
	Password       string // of user callbox
	SystemPassword string // of user system
	Routes         []string
}

// Options are those of the server of a node.
func (n Node) Options() (*server.Options, error) {
	text := strings.NewReplacer(
		"$NODE", strconv.Quote(n.Name), "$LISTEN", strconv.Quote(n.Listen), "$CLUSTER", strconv.Quote(n.Cluster), "$STORE", strconv.Quote(n.Store),
		"$PASSWORD", strconv.Quote(n.Password), "$SYSTEM_PASSWORD", strconv.Quote(n.SystemPassword),
	).Replace(conf)
	o := new(server.Options)
	if err := o.ProcessConfigString(text); err != nil {
		return nil, fmt.Errorf("node %s: %w", n.Name, err)
	}
	o.NoSigs, o.Routes = true, server.RoutesFromStr(strings.Join(n.Routes, ","))
	return o, nil
}

// Local are the nodes of a cluster on loopback: at port and the two after it for
// clients, and 2000 higher for each other. Their data are in folders below dir.
func Local(dir string, port int) []Node {
	nodes := make([]Node, Size)
	var routes []string
	for i := range nodes {
		at := func(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port+i)) }
		nodes[i] = Node{
			Name: fmt.Sprint("n", i), Listen: at(port), Cluster: at(port + 2000),
			Store: filepath.Join(dir, fmt.Sprint("n", i)), Password: "callbox", SystemPassword: "system",
		}
		routes = append(routes, "nats://"+nodes[i].Cluster)
	}
	for i := range nodes {
		nodes[i].Routes = routes
	}
	return nodes
}

// URLs are the addresses of nodes for a user, "callbox" or "system", as flags take
// them.
func URLs(nodes []Node, user string) string {
	var urls []string
	for _, n := range nodes {
		password := n.Password
		if user == "system" {
			password = n.SystemPassword
		}
		urls = append(urls, fmt.Sprintf("nats://%s:%s@%s", user, password, n.Listen))
	}
	return strings.Join(urls, ",")
}

// startTime is how long a node may take to answer.
const startTime = 20 * time.Second

// Start runs a node in this process, with its log in a file beside its data, until
// stop is called.
func Start(n Node) (stop func(), err error) {
	o, err := n.Options()
	if err != nil {
		return nil, err
	}
	o.LogFile = n.Store + ".log"
	s, err := server.NewServer(o)
	if err != nil {
		return nil, fmt.Errorf("node %s: %w", n.Name, err)
	}
	s.ConfigureLogger()
	s.Start()
	stop = func() {
		s.Shutdown()
		s.WaitForShutdown()
	}
	if !s.ReadyForConnections(startTime) {
		stop()
		return nil, errors.New("node " + n.Name + " does not start at " + n.Listen + "; its log is " + o.LogFile)
	}
	return stop, nil
}

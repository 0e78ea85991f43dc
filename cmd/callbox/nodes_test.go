package main

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"callbox/data/journal/deploy"
)

// TestNodes starts a cluster as a person would, with a server on it, and kills one
// of the nodes: the server answers on, another one starts, and the node comes back.
func TestNodes(t *testing.T) {
	dir, port := t.TempDir(), freePorts(t)
	cluster := command("nodes", "--data", filepath.Join(dir, "nodes"), "--port", strconv.Itoa(port))
	said, err := cluster.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cluster.Process.Signal(syscall.SIGTERM)
		_ = cluster.Wait()
	})
	lines := bufio.NewScanner(said)
	var pids []int
	for lines.Scan() && !strings.Contains(lines.Text(), "--journal-system") {
		if m := regexp.MustCompile(`process (\d+)`).FindStringSubmatch(lines.Text()); m != nil {
			pid, _ := strconv.Atoi(m[1])
			pids = append(pids, pid)
		}
	}
	if len(pids) < deploy.Size {
		t.Fatalf("it says of %d nodes that they run", len(pids))
	}
	nodes := deploy.Local(filepath.Join(dir, "nodes"), port)
	s := &shardOn{t: t, city: sampleCity(t, 1), folder: filepath.Join(dir, "city"), answered: make(map[string]string)}
	if err := s.city.Write(s.folder); err != nil {
		t.Fatal(err)
	}
	serve := func() *process {
		return startProcess(t, "serve", "--city", s.folder, "--shard", "city", "--standby", "--takeover-after", "1s", "--listen", "127.0.0.1:0",
			"--journal", deploy.URLs(nodes, "callbox"), "--journal-system", deploy.URLs(nodes, "system"))
	}
	p := serve()
	s.until(p, "before")
	if err := syscall.Kill(pids[1], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() && !strings.Contains(lines.Text(), "n1 has ended") {
	}
	s.until(p, "without-a-node")
	p.kill()
	other := serve()
	s.until(other, "another-server")
	s.all(other)
	back := &nodeProcesses{t: t, nodes: nodes, port: port}
	back.start(1)
	s.until(other, "with-it-again")
	back.kill(1)
}

// nodeProcesses are the nodes of a cluster, each a process of its own.
type nodeProcesses struct {
	t             *testing.T
	nodes         []deploy.Node
	port          int
	running       [deploy.Size]*exec.Cmd
	kills, sleeps int
}

func startNodeProcesses(t *testing.T) *nodeProcesses {
	n := &nodeProcesses{t: t, port: freePorts(t)}
	n.nodes = deploy.Local(filepath.Join(t.TempDir(), "nodes"), n.port)
	t.Cleanup(func() {
		for i := range n.nodes {
			n.kill(i)
		}
	})
	for i := range n.nodes {
		n.start(i)
	}
	return n
}

func (n *nodeProcesses) urls() string { return deploy.URLs(n.nodes, "callbox") }

// start starts a node, and returns when it answers.
func (n *nodeProcesses) start(i int) {
	n.running[i] = command("nodes", "--data", filepath.Dir(n.nodes[i].Store), "--port", strconv.Itoa(n.port), "--node", strconv.Itoa(i))
	out, err := n.running[i].StdoutPipe()
	if err == nil {
		err = n.running[i].Start()
	}
	if err != nil {
		n.running[i] = nil
		n.t.Errorf("node %d: %v", i, err)
		return
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, n.nodes[i].Name+" at ") {
		n.t.Errorf("node %d says %q, %v", i, line, err)
	}
}

func (n *nodeProcesses) kill(i int) {
	if cmd := n.running[i]; cmd != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		n.running[i] = nil
		n.kills++
	}
}

func (n *nodeProcesses) signal(i int, s syscall.Signal) {
	if err := n.running[i].Process.Signal(s); err != nil {
		n.t.Errorf("node %d: %v", i, err)
	}
	if s == syscall.SIGSTOP {
		n.sleeps++
	}
}

// freePorts is the first of three ports that are free, with those 2000 higher.
func freePorts(t *testing.T) int {
	t.Helper()
search:
	for port := 15_000; port < 30_000; port += 7 {
		for i := range deploy.Size {
			for _, p := range []int{port + i, port + 2000 + i} {
				l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", p))
				if err != nil {
					continue search
				}
				l.Close()
			}
		}
		return port
	}
	t.Fatal("no ports are free")
	return 0
}

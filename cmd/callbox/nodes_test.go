package main

import (
	"bufio"
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"callbox/data/journal/deploy"
)

// TestNodes starts a cluster as a person would, with a server on it, and kills one
// of the nodes: the server answers on, and the node comes back.
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
	for len(pids) < deploy.Size && lines.Scan() {
		if m := regexp.MustCompile(`process (\d+)`).FindStringSubmatch(lines.Text()); m != nil {
			pid, _ := strconv.Atoi(m[1])
			pids = append(pids, pid)
		}
	}
	for lines.Scan() && !strings.Contains(lines.Text(), "--journal-system") {
	}
	if len(pids) < deploy.Size {
		t.Fatalf("it says of %d nodes that they run", len(pids))
	}
	nodes := deploy.Local("", port)
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
	if !lines.Scan() || !strings.Contains(lines.Text(), "n1 has ended") {
		for lines.Scan() && !strings.Contains(lines.Text(), "n1 has ended") {
		}
	}
	s.until(p, "without-a-node")
	p.kill()
	other := serve() // which starts though a node is lost
	s.until(other, "another-server")
	s.all(other)
	again := command("nodes", "--data", filepath.Join(dir, "nodes"), "--port", strconv.Itoa(port), "--node", "1")
	back, err := again.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(back).ReadString('\n'); err != nil || !strings.HasPrefix(line, "n1 at ") {
		t.Errorf("a node that is started again says %q, %v", line, err)
	}
	s.until(other, "with-it-again")
	if err := again.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := again.Wait(); err != nil {
		t.Errorf("a node that is asked to stop: %v", err)
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

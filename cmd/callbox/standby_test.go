package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/data/city"
	"callbox/data/journal/journaltest"
)

// shardOn is a shard of a cluster and its servers, each a process of its own.
type shardOn struct {
	t        *testing.T
	nodes    *journaltest.Nodes
	city     *city.City
	folder   string
	answered map[string]string // what was answered to the call of that name
}

func newShard(t *testing.T) *shardOn {
	s := &shardOn{t: t, nodes: journaltest.StartNodes(t, true), city: sampleCity(t, 1), folder: filepath.Join(t.TempDir(), "city"), answered: make(map[string]string)}
	if err := s.city.Write(s.folder); err != nil {
		t.Fatal(err)
	}
	return s
}

// standby starts a server that stands by.
func (s *shardOn) standby() *process {
	s.t.Helper()
	return startProcess(s.t, "serve", "--city", s.folder, "--listen", "127.0.0.1:0", "--log-level", "warn",
		"--journal", s.nodes.URLs(journaltest.CallboxUser), "--journal-synced", "--shard", "city", "--standby", "--takeover-after", "2s")
}

// assign reports a call under a key of its own name.
func (s *shardOn) assign(p *process, call string) error {
	var answer []byte
	r := wire.AssignRequest{Call: &wire.Call{ID: call, Type: "10-30", Location: wire.LocationOf(s.city.Posts[0].At)}}
	err := p.api.Do("POST", "/v1/assign", wire.Encode(r), "application/json", "key of "+call, &answer)
	if err != nil {
		return err
	}
	if before, again := s.answered[call]; again && before != string(answer) {
		s.t.Errorf("call %s was answered\n%s\nand, asked again,\n%s", call, before, answer)
	}
	s.answered[call] = string(answer)
	return nil
}

// until asks a server for a call until it answers, and gives how long that took.
func (s *shardOn) until(p *process, call string) time.Duration {
	s.t.Helper()
	start := time.Now()
	for {
		err := s.assign(p, call)
		if err == nil {
			return time.Since(start)
		}
		var p *wire.Problem
		if errors.As(err, &p) && p.Status != 503 && p.Code != "request_in_flight" || time.Since(start) > 30*time.Second {
			s.t.Fatalf("after %v: %v", time.Since(start), err)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// all asks for every call again: each gets the answer that it got.
func (s *shardOn) all(p *process) {
	s.t.Helper()
	for call := range s.answered {
		if err := s.assign(p, call); err != nil {
			s.t.Errorf("call %s: %v", call, err)
		}
	}
}

// follows waits until a server that stands by has read the journal.
func follows(t *testing.T, p *process) {
	t.Helper()
	var text []byte
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if err := p.api.Do("GET", "/metrics", nil, "", "", &text); err == nil && regexp.MustCompile(`(?m)^callbox_standby_frame [1-9]`).Match(text) {
			return
		}
	}
	t.Fatalf("it does not follow: %s", text)
}

// standsBy expects a server to say that it does, within some seconds.
func standsBy(t *testing.T, p *process) {
	t.Helper()
	var err error
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		_, err = p.api.Ready()
		var refused *wire.Problem
		if errors.As(err, &refused) && refused.Status == 503 && refused.Code == "standby" {
			return
		}
	}
	t.Fatalf("it does not stand by: %v", err)
}

// TestFailover kills the writer, has the next one leave, and lets the one after
// that sleep. Each time another server takes over by itself, with all that was
// answered.
func TestFailover(t *testing.T) {
	s := newShard(t)
	a := s.standby()
	s.until(a, "first")
	b := s.standby()
	for i := range 20 {
		s.until(a, fmt.Sprint("a", i))
	}
	standsBy(t, b)
	var figures []byte
	if err := a.api.Do("GET", "/metrics", nil, "", "", &figures); err != nil || !strings.Contains(string(figures), "\ncallbox_journal_drift 0\n") {
		t.Errorf("the writer's metrics: %v, %s", err, figures)
	}
	if err := s.assign(b, "refused"); err == nil || !strings.Contains(err.Error(), "standby") {
		t.Errorf("a server that stands by answered %v", err)
	}

	a.kill()
	t.Logf("killed: %v without a writer", s.until(b, "b-first").Round(time.Millisecond))
	s.all(b)

	c := s.standby()
	standsBy(t, c)
	follows(t, c)
	for i := range 20 {
		s.until(b, fmt.Sprint("b", i))
	}
	if err := b.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	t.Logf("left: %v without a writer", s.until(c, "c-first").Round(time.Millisecond))
	if err := b.cmd.Wait(); err != nil {
		t.Errorf("the server that left: %v: %s", err, b.err)
	}
	s.all(c)

	d := s.standby()
	standsBy(t, d)
	if err := c.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	t.Logf("asleep: %v without a writer", s.until(d, "d-first").Round(time.Millisecond))
	if err := c.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	standsBy(t, c) // though nobody asks it for anything
	s.all(d)
	if len(s.answered) < 40 {
		t.Errorf("%d calls were answered", len(s.answered))
	}
}

// TestLoadAcrossFailover kills the writer under a load that knows both servers: it
// finds all that it was answered at the other one.
func TestLoadAcrossFailover(t *testing.T) {
	s := newShard(t)
	a := s.standby()
	s.until(a, "first")
	b := s.standby()
	follows(t, b)
	killed := time.AfterFunc(1500*time.Millisecond, func() { _ = a.cmd.Process.Kill() })
	defer killed.Stop()
	code, out, errOut := inProcess(t, "load", "--target", b.api.Base()+","+a.api.Base(),
		"--for", "4s", "--rate", "40", "--positions-rate", "100", "--units", "40", "--hold", "300ms", "--json")
	var report loadReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 0 {
		t.Fatalf("exit code %d, %v\n%s%s", code, err, out, errOut)
	}
	if len(report.Errors) > 0 || report.Accepted < 150 || report.Assignments < 20 || report.Pause < 500 {
		t.Errorf("%s", out)
	}
	t.Logf("the longest time without an acknowledged call: %.0f ms", report.Pause)
}

// TestStandbyFlags refuses what cannot stand by, with one line that says what to do.
func TestStandbyFlags(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "city")
	if err := sampleCity(t, 1).Write(folder); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want  string
		flags []string
	}{
		{"--journal", []string{"--standby", "--data", t.TempDir()}},
		{"--takeover-after 100ms", []string{"--standby", "--takeover-after", "100ms", "--journal", "nats://127.0.0.1:1", "--shard", "city", "--journal-synced"}},
	} {
		code, _, errOut := inProcess(t, append([]string{"serve", "--city", folder}, c.flags...)...)
		if code != 2 || !strings.Contains(errOut, c.want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%v: exit code %d, %q", c.flags, code, errOut)
		}
	}
}

// TestUnfit has a server stand by whose export is of another journal: when its turn
// comes it ends, rather than take the shard again and again.
func TestUnfit(t *testing.T) {
	s := newShard(t)
	a := s.standby()
	s.until(a, "first")
	a.kill()
	dir := t.TempDir()
	other := serveProcess(t, s.folder, filepath.Join(dir, "data"), "--export", filepath.Join(dir, "export"))
	s.until(other, "elsewhere")
	for found := false; !found; time.Sleep(20 * time.Millisecond) {
		files, err := filepath.Glob(filepath.Join(dir, "export", "frames-*"))
		if err != nil {
			t.Fatal(err)
		}
		found = len(files) > 0
	}
	if err := errors.Join(other.cmd.Process.Signal(syscall.SIGTERM), other.cmd.Wait()); err != nil {
		t.Fatal(err)
	}
	code, _, errOut := inProcess(t, "serve", "--city", s.folder, "--listen", "127.0.0.1:0", "--export", filepath.Join(dir, "export"),
		"--journal", s.nodes.URLs(journaltest.CallboxUser), "--journal-synced", "--shard", "city", "--standby", "--takeover-after", "1s")
	if code != 2 || !strings.Contains(errOut, "stands by no more") || !strings.Contains(errOut, "--export") {
		t.Errorf("exit code %d, %s", code, errOut)
	}
}

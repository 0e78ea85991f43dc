package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/data/city"
	"callbox/geo/road"
)

// TestKill kills a serving process at a random moment, again and again, while
// callers and units speak to it over HTTP. Whatever was answered must be there
// after each restart, and a replay of the journal must give the state that the
// next server starts from.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	folder, data := filepath.Join(dir, "city"), filepath.Join(dir, "data")
	sample := sampleCity(t, 2)
	if err := sample.Write(folder); err != nil {
		t.Fatal(err)
	}
	rounds := 5
	if testing.Short() {
		rounds = 2
	}
	answered := make(map[string]string) // call: status, or unit: status
	r := rand.New(rand.NewPCG(1, 0))
	for round := range rounds {
		p := serveProcess(t, folder, data)
		checkAnswered(t, p.api, answered)
		p.work(sample, round, answered, time.Duration(200+r.IntN(600))*time.Millisecond)
		before := replayed(t, data)
		next := serveProcess(t, folder, data)
		var state wire.Digest
		if err := next.api.Do("GET", "/v1/digest", nil, "", "", &state); err != nil {
			t.Fatal(err)
		}
		next.kill()
		// A server that starts looks at every waiting call anew, and may have
		// written down what it found before it was asked.
		if after := replayed(t, data); state.Digest != before && state.Digest != after {
			t.Fatalf("round %d: replay gives %s and then %s, the server between them %s", round, before, after, state.Digest)
		}
	}
	// What was written until each death can be decided again.
	if code, out, errOut := inProcess(t, "verify", "--data", data, "--city", folder); code != 0 || !strings.Contains(out, "differences  0\n") || strings.Contains(out, "decisions    0 ") {
		t.Errorf("exit code %d, %s%s", code, out, errOut)
	}
	if len(answered) < 20 {
		t.Errorf("only %d things were answered in %d rounds", len(answered), rounds)
	}
}

// replayed is the digest of what a folder's journal holds.
func replayed(t *testing.T, data string) string {
	t.Helper()
	code, out, errOut := inProcess(t, "replay", "--data", data)
	if code != 0 {
		t.Fatalf("replay: exit code %d, %s", code, errOut)
	}
	_, digest, _ := strings.Cut(out, "digest   ")
	return strings.TrimSpace(digest)
}

type process struct {
	t   *testing.T
	cmd *exec.Cmd
	err *bytes.Buffer
	api *client.Client
}

// serveProcess starts a server in a process of its own and waits until it says
// where it answers.
func serveProcess(t *testing.T, folder, data string, flags ...string) *process {
	t.Helper()
	return startProcess(t, append([]string{"serve", "--city", folder, "--data", data, "--listen", "127.0.0.1:0"}, flags...)...)
}

// startProcess starts a server as those words say.
func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: command(args...), err: new(bytes.Buffer)}
	p.cmd.Stderr = p.err
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	_, url, ok := strings.Cut(line, " at ")
	if err != nil || !ok {
		p.kill()
		t.Fatalf("the server says %q, %v: %s", line, err, p.err)
	}
	url, _, _ = strings.Cut(strings.TrimSpace(url), " ")
	if p.api, err = client.New(url, client.Options{Timeout: 5 * time.Second}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

// work lets callers and units speak to the server until it is killed, and notes
// what it answered.
func (p *process) work(c *city.City, round int, answered map[string]string, life time.Duration) {
	var mu sync.Mutex
	note := func(what, status string, err error) bool {
		var refused *wire.Problem
		if err != nil && !errors.As(err, &refused) {
			return false // the server is dead
		}
		if err == nil {
			mu.Lock()
			answered[what] = status
			mu.Unlock()
		}
		return true
	}
	var speakers sync.WaitGroup
	for worker := range 4 {
		speakers.Go(func() {
			patrol := []string{"patrol"}
			for n := 0; ; n++ {
				at := wire.LocationOf(c.Roads.Point(road.Node((worker*977 + n*131) % c.Roads.Nodes())))
				unit, call := fmt.Sprintf("u%d-%d-%d", round, worker, n), fmt.Sprintf("c%d-%d-%d", round, worker, n)
				_, err := p.api.SignOn(unit, wire.UnitRequest{Capabilities: &patrol, Location: at})
				if !note("unit "+unit, "signed on", err) {
					return
				}
				_, err = p.api.Assign(wire.AssignRequest{Call: &wire.Call{ID: call, Type: "10-30", Location: at}})
				if !note("call "+call, "open", err) {
					return
				}
				if n%3 == 0 {
					_, err = p.api.Close(call, wire.CloseRequest{Disposition: "10-91"})
					if !note("call "+call, "closed", err) {
						return
					}
				}
			}
		})
	}
	time.Sleep(life)
	p.kill()
	speakers.Wait()
}

func checkAnswered(t *testing.T, api *client.Client, answered map[string]string) {
	t.Helper()
	for what, status := range answered {
		kind, id, _ := strings.Cut(what, " ")
		if kind == "unit" {
			if err := api.Do("GET", "/v1/units/"+id, nil, "", "", nil); err != nil {
				t.Errorf("unit %s was signed on: %v", id, err)
			}
			continue
		}
		call, err := api.Call(id)
		if err != nil || (status == "closed") != (call.Status == "closed") && status == "closed" {
			t.Errorf("call %s was answered %s, and is %q: %v", id, status, call.Status, err)
		}
	}
}

// TestTwoServersOnOneJournal: the second is refused, with one clear line.
func TestTwoServersOnOneJournal(t *testing.T) {
	dir := t.TempDir()
	folder, data := filepath.Join(dir, "city"), filepath.Join(dir, "data")
	sample := sampleCity(t, 1)
	if err := sample.Write(folder); err != nil {
		t.Fatal(err)
	}
	serveProcess(t, folder, data)
	for _, args := range [][]string{
		{"serve", "--city", folder, "--data", data, "--listen", "127.0.0.1:0"},
		{"replay", "--data", data},
	} {
		code, _, errOut := inProcess(t, args...)
		if code != 2 || !strings.Contains(errOut, data) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%s: exit code %d, %q", args[0], code, errOut)
		}
	}
}

// TestLoad puts a server under a short load, and must find nothing wrong.
func TestLoad(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "city")
	sample := sampleCity(t, 2)
	if err := sample.Write(folder); err != nil {
		t.Fatal(err)
	}
	p := serveProcess(t, folder, filepath.Join(dir, "data"))
	url := strings.TrimSuffix(p.api.Base(), "/")
	code, out, errOut := inProcess(t, "load", "--target", url, "--for", "2s", "--rate", "40", "--positions-rate", "200", "--units", "50", "--hold", "300ms")
	if code != 0 || !strings.Contains(out, "0 faults") || strings.Contains(out, "checked: 0 ") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	code, out, _ = inProcess(t, "load", "--target", url, "--for", "2s", "--rate", "20", "--positions-rate", "2", "--units", "10", "--json")
	if code != 0 || !strings.Contains(out, `"positions"`) || !strings.Contains(out, `"faults": null`) && !strings.Contains(out, `"faults": []`) {
		t.Errorf("exit code %d\n%s", code, out)
	}
	p.kill()
	code, out, errOut = inProcess(t, "verify", "--data", filepath.Join(dir, "data"), "--city", folder)
	if code != 0 || !strings.Contains(out, "differences  0\n") || strings.Contains(out, "decisions    0 ") {
		t.Errorf("exit code %d, %s%s", code, out, errOut)
	}
}

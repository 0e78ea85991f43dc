//go:build long

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/data/journal/deploy"
)

// rounds is how often each accident happens when it is measured.
const rounds = 5

// TestGaps measures the longest time between two acknowledged calls, for callers
// that know all servers of a shard: when the node that leads the journal is killed,
// when the server that decides is, and when that one is asked to stop.
func TestGaps(t *testing.T) {
	nodes := startNodeProcesses(t)
	s := &shardOn{t: t, city: sampleCity(t, 1), folder: t.TempDir() + "/city", answered: make(map[string]string)}
	if err := s.city.Write(s.folder); err != nil {
		t.Fatal(err)
	}
	serve := func() *process {
		return startProcess(t, "serve", "--city", s.folder, "--shard", "chaos", "--standby", "--listen", "127.0.0.1:0", "--log-level", "warn",
			"--journal", nodes.urls(), "--journal-system", deploy.URLs(nodes.nodes, "system"))
	}
	writer := serve()
	s.until(writer, "first")
	watcher := (&chaos{t: t, config: chaosConfig(t, nodes)}).connect()

	for _, accident := range []struct {
		name string
		do   func(writer, other *process) (next *process)
	}{
		{"the journal's leader is killed", func(writer, _ *process) *process {
			name, err := watcher.Leader(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			i := int(name[1] - '0')
			nodes.kill(i)
			time.Sleep(12 * time.Second)
			nodes.start(i)
			return writer
		}},
		{"the server is killed", func(writer, other *process) *process {
			writer.kill()
			return other
		}},
		{"the server is asked to stop", func(writer, other *process) *process {
			if err := errors.Join(writer.cmd.Process.Signal(syscall.SIGTERM), writer.cmd.Wait()); err != nil {
				t.Error(err)
			}
			return other
		}},
	} {
		var gaps []time.Duration
		for round := range rounds {
			other := serve()
			follows(t, other)
			stop := callers(t, s, fmt.Sprint(len(accident.name), "-", round), writer, other)
			time.Sleep(time.Second)
			next := accident.do(writer, other)
			time.Sleep(4 * time.Second)
			gaps = append(gaps, stop().Round(time.Millisecond))
			if next == writer {
				other.kill()
			}
			writer = next
		}
		slices.Sort(gaps)
		t.Logf("%s: longest time without an acknowledged call, %d rounds: median %v, most %v", accident.name, rounds, gaps[rounds/2], gaps[rounds-1])
	}
}

// callers report calls through several connections at once, until stop is called,
// which gives the longest time in which none was acknowledged.
func callers(t *testing.T, s *shardOn, name string, servers ...*process) (stop func() time.Duration) {
	api, err := client.New(servers[0].api.Base(), client.Options{Others: []string{servers[1].api.Base()}, Timeout: lostAfter})
	if err != nil {
		t.Fatal(err)
	}
	l, started := newLedger(), time.Now()
	ctx, cancel := context.WithCancel(context.Background())
	var calling sync.WaitGroup
	for caller := range 4 {
		calling.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				id := fmt.Sprintf("%s-%d-%d", name, caller, n)
				_, err := api.Assign(wire.AssignRequest{Call: &wire.Call{ID: id, Type: "10-30", Location: wire.LocationOf(s.city.Posts[0].At)}})
				if err != nil {
					t.Errorf("call %s: %v", id, err)
					return
				}
				l.accepted(id, time.Now())
				if _, err := api.Close(id, wire.CloseRequest{Disposition: "10-91"}); err != nil {
					t.Errorf("call %s: %v", id, err)
				}
			}
		})
	}
	return func() time.Duration {
		cancel()
		calling.Wait()
		for _, fault := range l.audit(api) {
			t.Error(fault)
		}
		return l.pause(started)
	}
}

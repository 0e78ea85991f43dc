package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callbox/data/journal/frame"
)

// TestScrubbing: a good journal and one that cannot be read just now are read
// again; a damaged one ends all decisions, once.
func TestScrubbing(t *testing.T) {
	answers := []error{nil, errors.New("the disk is slow"), nil, frame.Faulty(17, 0, frame.ErrDamaged, "it is missing"), nil}
	var halted error
	var log bytes.Buffer
	n := 0
	s := &scrubber{
		every: time.Millisecond, rate: 5, log: newLog(&log, false, 0),
		scrub: func(_ context.Context, rate int) (uint64, error) {
			if rate != 5 {
				t.Errorf("it reads at %d", rate)
			}
			n++
			return 30, answers[n-1]
		},
		halt: func(cause error) { halted = errors.Join(halted, cause) },
	}
	s.run(t.Context())
	if n != 4 || halted == nil || halted.Error() != answers[3].Error() {
		t.Errorf("after %d times it ended with %v", n, halted)
	}
	for text, times := range map[string]int{"is good": 2, "another time": 1, "no more is decided": 1, "callbox repair": 1, "frame=17": 1, "frames=30": 3} {
		if got := strings.Count(log.String(), text); got != times {
			t.Errorf("%q is in the log %d times, want %d:\n%s", text, got, times, log.String())
		}
	}
	for _, f := range s.figures() {
		if v := f.Read(); strings.HasSuffix(f.Name, "damaged_frame") && v != 17 || strings.HasSuffix(f.Name, "scrub_frames") && v != 30 || v == 0 {
			t.Errorf("%s is %v", f.Name, v)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	(&scrubber{every: time.Hour, log: s.log}).run(ended)
	(&scrubber{log: s.log}).run(t.Context()) // never
}

// TestAServerScrubs serves with a journal that is read again all the time.
func TestAServerScrubs(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "city")
	if err := sampleCity(t, 2).Write(folder); err != nil {
		t.Fatal(err)
	}
	p := serveProcess(t, folder, filepath.Join(dir, "data"), "--scrub-every", "10ms", "--scrub-rate", "64")
	for range 100 {
		time.Sleep(20 * time.Millisecond)
		if m := metrics(t, p); strings.Contains(m, "\ncallbox_journal_scrub_frames ") &&
			!strings.Contains(m, "\ncallbox_journal_scrub_frames 0\n") && strings.Contains(m, "\ncallbox_ready 1\n") {
			return
		}
	}
	t.Error("no scrub is in the metrics")
}

func metrics(t *testing.T, p *process) string {
	t.Helper()
	r, err := http.Get(p.api.Base() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

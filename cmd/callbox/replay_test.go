package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/journal"
)

// TestReplayOfAFolderWithoutAJournal: nothing is taken for a journal, and
// nothing is made of it.
func TestReplayOfAFolderWithoutAJournal(t *testing.T) {
	dir := t.TempDir()
	note := filepath.Join(dir, "note.txt")
	if err := os.WriteFile(note, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{dir, filepath.Join(dir, "absent"), note} {
		code, out, errOut := inProcess(t, "replay", "--data", data)
		if code != 2 || out != "" || !strings.Contains(errOut, data) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%s: exit code %d, %q, %q", data, code, out, errOut)
		}
		if data != note && !strings.Contains(errOut, "there is no journal in this folder") {
			t.Errorf("%s: %q does not say so", data, errOut)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("replay left %v, %v", left, err)
	}
}

// TestReplayOfADamagedJournal: whatever is wrong with a journal is a violation,
// wherever it is met.
func TestReplayOfADamagedJournal(t *testing.T) {
	whole := t.TempDir()
	writeJournal(t, whole, 120)
	code, want, errOut := inProcess(t, "replay", "--data", whole)
	if code != 0 {
		t.Fatalf("exit code %d, %s", code, errOut)
	}
	_, want, _ = strings.Cut(want, "digest")
	for name, damage := range map[string]func([]byte) []byte{
		"a byte at the beginning":    func(b []byte) []byte { b[200] ^= 1; return b },
		"a byte in the middle":       func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"a byte near the end":        func(b []byte) []byte { b[len(b)-40] ^= 1; return b },
		"cut by a byte":              func(b []byte) []byte { return b[:len(b)-1] },
		"cut by 5,000 bytes":         func(b []byte) []byte { return b[:len(b)-5000] },
		"cut to nothing":             func([]byte) []byte { return nil },
		"5,000 bytes lacking inside": func(b []byte) []byte { return append(b[:len(b)/2-5000:len(b)/2], b[len(b)/2:]...) },
	} {
		for _, index := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, index %t", name, index), func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
					t.Fatal(err)
				}
				change(t, dir, "*.blk", damage)
				if !index {
					change(t, dir, "index.db", nil)
				}
				for range 2 { // a look at it puts nothing right
					if code, out, errOut := inProcess(t, "replay", "--data", dir); code != 1 || strings.Count(errOut, "\n") != 1 {
						t.Errorf("exit code %d, %q, %q", code, out, errOut)
					}
				}
			})
		}
	}
	if _, out, _ := inProcess(t, "replay", "--data", whole); !strings.HasSuffix(out, want) {
		t.Errorf("replay has changed a whole journal: %s", out)
	}
}

// TestReplayOfFactsThatDoNotFollow: frames that are whole, and add up to
// nothing.
func TestReplayOfFactsThatDoNotFollow(t *testing.T) {
	dir := t.TempDir()
	log, err := journal.Open(dir, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	nobody := &assign.UnitStatusChanged{Unit: "nobody", Status: assign.Available, At: 1}
	frame := assign.Frame{Number: 1, At: 1, Facts: []assign.Recorded{{Seq: 1, At: 1, Fact: nobody}}}
	if err := log.Append(context.Background(), 0, frame); err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"replay"}, {"explain", "c1"}} {
		code, _, errOut := inProcess(t, append(args, "--data", dir)...)
		if code != 1 || !strings.Contains(errOut, "frame 1: fact 1") {
			t.Errorf("%v: exit code %d, %q", args, code, errOut)
		}
	}
}

// writeJournal has a server write down so many calls.
func writeJournal(t *testing.T, dir string, calls int) {
	t.Helper()
	sample := sampleCity(t, 1)
	policy, err := loadPolicy("911-first")
	if err != nil {
		t.Fatal(err)
	}
	s, err := startStack(context.Background(), stackConfig{
		city: sample, data: dir, listen: "127.0.0.1:0", clock: engine.Wall{}, policy: policy, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	api, err := client.New(s.url(), client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range calls {
		if _, err := api.Assign(wire.AssignRequest{Call: &wire.Call{ID: fmt.Sprint("c", i), Location: wire.LocationOf(sample.Posts[0].At)}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
}

// change rewrites the files below dir whose names match, or removes them.
func change(t *testing.T, dir, pattern string, f func([]byte) []byte) {
	t.Helper()
	changed := 0
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if ok, _ := filepath.Match(pattern, filepath.Base(path)); !ok || err != nil {
			return err
		}
		changed++
		if f == nil {
			return os.Remove(path)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, f(bytes.Clone(b)), 0o600)
	})
	if err != nil || changed == 0 {
		t.Fatalf("%d files of %s are changed: %v", changed, pattern, err)
	}
}

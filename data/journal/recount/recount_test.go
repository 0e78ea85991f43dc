package recount

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// write writes an export of frames, each a list of facts such as
// `call_received {"call":{"id":"a"}}`.
func write(t *testing.T, frames ...[]string) (dir string) {
	t.Helper()
	var out strings.Builder
	previous, fact := "", 1
	to := json.NewEncoder(&out)
	for i, facts := range frames {
		bytes := fmt.Appendf(nil, "frame %d", i)
		sum := sha256.Sum256(bytes)
		hash := hex.EncodeToString(sum[:])
		lines := []any{map[string]any{"frame": i + 1, "first": fact, "facts": len(facts), "epoch": 1 + i/2, "previous": previous, "hash": hash, "bytes": bytes}}
		for _, f := range facts {
			kind, text, _ := strings.Cut(f, " ")
			lines = append(lines, map[string]any{"frame": i + 1, "hash": hash, "fact": fact, "kind": kind, "body": json.RawMessage(text)})
			fact++
		}
		for _, l := range lines {
			if err := to.Encode(l); err != nil {
				t.Fatal(err)
			}
		}
		previous = hash
	}
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "frames-00000000000000000001.jsonl"), []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

const (
	openA   = `call_received {"call":{"id":"a"}}`
	openB   = `call_received {"call":{"id":"b"}}`
	putA    = `unit_dispatched {"call":"a","assignment":{"unit":"u"}}`
	putB    = `unit_dispatched {"call":"b","assignment":{"unit":"u"}}`
	cleared = `unit_cleared {"call":"a","unit":"u"}`
	endA    = `call_closed {"call":"a"}`
)

func TestFaultsAreFound(t *testing.T) {
	good := [][]string{{openA, openB}, {putA}, {`unit_diverted {"unit":"u","from":"a","to":"b"}`, putB}, {endA}}
	for _, c := range []struct {
		name   string
		frames [][]string
		want   string // "": nothing is wrong
	}{
		{"good", good, ""},
		{"two calls", [][]string{{openA, openB}, {putA}, {putB}}, "unit u is put on call b, and is on call a"},
		{"twice on one", [][]string{{openA}, {putA, putA}}, "is on call a"},
		{"no such call", [][]string{{putA}}, "which is not open"},
		{"not on it", [][]string{{openA}, {cleared}}, "taken off call a"},
		{"closed with a unit", [][]string{{openA}, {putA}, {endA}}, "unit u is on it"},
		{"closed twice", [][]string{{openA}, {endA}, {endA}}, "is not open"},
		{"received twice", [][]string{{openA}, {openA}}, "received again"},
	} {
		got, err := Read(write(t, c.frames...))
		if err != nil {
			t.Fatal(err)
		}
		if text := strings.Join(got.Faults, "; "); (c.want == "") != (text == "") || !strings.Contains(text, c.want) {
			t.Errorf("%s: %q", c.name, text)
		}
	}
	got, err := Read(write(t, good...))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := got.Calls["a"], got.Calls["b"]; got.Frames != 4 || got.Facts != 6 || got.Epochs != 2 || !a.Closed || b.Closed || !a.Units["u"] || !b.Units["u"] {
		t.Errorf("%+v", got)
	}
}

// TestEveryChangeIsFound takes out, doubles and swaps each line, and changes each
// number and hash.
func TestEveryChangeIsFound(t *testing.T) {
	dir := write(t, []string{openA, openB}, []string{putA}, []string{cleared}, []string{endA})
	name := filepath.Join(dir, "frames-00000000000000000001.jsonl")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	expect := func(what string, changed []string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(strings.Join(changed, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := Read(dir); err == nil && len(got.Faults) == 0 {
			t.Errorf("%s is not found", what)
		}
	}
	for i, l := range lines {
		if i < len(lines)-2 { // a frame that is gone from the end is not missed
			expect(fmt.Sprintf("line %d left out", i), slices.Delete(slices.Clone(lines), i, i+1))
			swapped := slices.Clone(lines)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			expect(fmt.Sprintf("line %d swapped", i), swapped)
		}
		expect(fmt.Sprintf("line %d twice", i), slices.Insert(slices.Clone(lines), i, l))
		for _, change := range [][2]string{{`"frame":`, `"frame":1`}, {`"hash":"`, `"hash":"0`}, {`"fact":`, `"fact":1`}, {`"first":`, `"first":1`}, {`"facts":`, `"facts":1`}, {`"bytes":"`, `"bytes":"AAAA`}} {
			if strings.Contains(l, change[0]) {
				changed := slices.Clone(lines)
				changed[i] = strings.Replace(l, change[0], change[1], 1)
				expect(fmt.Sprintf("line %d with %s", i, change[1]), changed)
			}
		}
	}
	if _, err := Read(t.TempDir()); err == nil {
		t.Error("an empty folder is read")
	}
}

// TestIndependence: nothing is imported but what a stranger would have.
func TestIndependence(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "recount.go", nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range f.Imports {
		if strings.Contains(i.Path.Value, "callbox") || strings.Contains(i.Path.Value, ".") {
			t.Errorf("%s is imported", i.Path.Value)
		}
	}
}

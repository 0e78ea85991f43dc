package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
)

// TestExport serves with an export, kills the server, serves again, and checks
// what is there.
func TestExport(t *testing.T) {
	dir := t.TempDir()
	folder, data, copied := filepath.Join(dir, "city"), filepath.Join(dir, "data"), filepath.Join(dir, "copy")
	if err := sampleCity(t, 2).Write(folder); err != nil {
		t.Fatal(err)
	}
	for round := range 2 {
		p := serveProcess(t, folder, data, "--export", copied)
		for i := range 5 {
			if _, err := p.api.SignOn(fmt.Sprintf("u%d-%d", round, i), wire.UnitRequest{}); err != nil {
				t.Fatal(err)
			}
		}
		eventually(t, func() bool {
			_, out, _ := inProcess(t, "export", "check", copied)
			return strings.Contains(out, fmt.Sprintf("frames   %d\n", 5*(round+1)+1))
		})
		if m := metrics(t, p); !strings.Contains(m, "\ncallbox_export_failing 0\n") || !strings.Contains(m, "\ncallbox_export_frame ") {
			t.Error("the metrics do not tell of the export")
		}
		p.kill()
	}
	code, out, errOut := inProcess(t, "export", "check", copied)
	_, head, _ := strings.Cut(out, "head     ")
	head = strings.TrimSpace(head)
	if code != 0 || errOut != "" || len(head) != 64 {
		t.Fatalf("exit code %d, %s %s", code, out, errOut)
	}
	if code, _, _ := inProcess(t, "export", "check", copied, "--head", head); code != 0 {
		t.Errorf("with its head: exit code %d", code)
	}
	if code, _, errOut := inProcess(t, "export", "check", copied, "--head", strings.Repeat("0", 64)); code != 1 || !strings.Contains(errOut, "no frame has the hash 000") {
		t.Errorf("with another head: exit code %d, %s", code, errOut)
	}
	// An export of another journal is refused, and one that was changed is named.
	code, _, errOut = inProcess(t, "serve", "--city", folder, "--data", filepath.Join(dir, "other"), "--listen", "127.0.0.1:0", "--export", copied)
	if code != 2 || !strings.Contains(errOut, "--export "+copied) || !strings.Contains(errOut, "do not agree") {
		t.Errorf("the export of another journal: exit code %d, %s", code, errOut)
	}
	names, err := filepath.Glob(filepath.Join(copied, "*"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	b, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(names[0], bytes.Replace(b, []byte(`"u0-3"`), []byte(`"u0-9"`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errOut = inProcess(t, "export", "check", copied)
	if code != 1 || strings.Count(errOut, "\n") != 1 || !strings.Contains(errOut, "where frame 5 belongs") {
		t.Errorf("a changed line: exit code %d, %s", code, errOut)
	}
	// The server does not wait for an export that cannot be written.
	p := serveProcess(t, folder, data, "--export", copied)
	eventually(t, func() bool { return strings.Contains(metrics(t, p), "\ncallbox_export_failing 1\n") })
	if _, err := p.api.SignOn("u9", wire.UnitRequest{}); err != nil {
		t.Error(err)
	}
}

func eventually(t *testing.T, f func() bool) {
	t.Helper()
	for range 500 {
		if f() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it has not come to pass")
}

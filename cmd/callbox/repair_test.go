package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callbox/api/wire"
)

// TestRepair damages the journal of a server, has it mended from the export, and
// serves on.
func TestRepair(t *testing.T) {
	dir := t.TempDir()
	folder, data, copied := filepath.Join(dir, "city"), filepath.Join(dir, "data"), filepath.Join(dir, "copy")
	if err := sampleCity(t, 2).Write(folder); err != nil {
		t.Fatal(err)
	}
	p := serveProcess(t, folder, data, "--export", copied)
	sign := func(n int) {
		if _, err := p.api.SignOn(fmt.Sprintf("unit-%d", n), wire.UnitRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 8 {
		sign(i)
	}
	eventually(t, func() bool {
		_, out, _ := inProcess(t, "export", "check", copied)
		return strings.Contains(out, "frames   9\n")
	})
	sign(8) // which the export may not have
	p.kill()
	before := replayed(t, data)
	spoilUnit := func(unit string) { // in the journal
		t.Helper()
		names, err := filepath.Glob(filepath.Join(data, "jetstream", "*", "streams", "*", "msgs", "*.blk"))
		if err != nil || len(names) != 1 {
			t.Fatal(names, err)
		}
		b, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		b[bytes.Index(b, []byte(unit))] ^= 1
		if err := os.WriteFile(names[0], b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	spoilUnit("unit-3")
	code, _, errOut := inProcess(t, "serve", "--city", folder, "--data", data, "--listen", "127.0.0.1:0", "--export", copied)
	if code == 0 || !strings.Contains(errOut, "frame 5") || !strings.Contains(errOut, "callbox repair") {
		t.Fatalf("a server on a damaged journal: exit code %d, %s", code, errOut)
	}
	// An export that has lost its end no longer has what is damaged.
	names, err := filepath.Glob(filepath.Join(copied, "frames-*"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	whole, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(names[0], whole[:bytes.Index(whole, []byte("unit-3"))], 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := inProcess(t, "repair", "--data", data, "--from", copied)
	if code != 1 || !strings.Contains(errOut, "frames 5 to 10 would be lost") || !strings.Contains(errOut, "--accept-loss") || !strings.Contains(out, "up to frame 4 only") {
		t.Errorf("with half of the export: exit code %d, %s %s", code, out, errOut)
	}
	if err := os.WriteFile(names[0], whole, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut = inProcess(t, "repair", "--data", data, "--from", copied)
	if code != 0 || errOut != "" || !strings.Contains(out, "frames   10, 1 of them from the export, the first of those is frame 5\n") || strings.Contains(out, "lost") {
		t.Fatalf("exit code %d, %s %s", code, out, errOut)
	}
	if after := replayed(t, data); after != before {
		t.Errorf("the mended journal gives %s, the good one gave %s", after, before)
	}
	p = serveProcess(t, folder, data, "--export", copied)
	sign(9)
	eventually(t, func() bool {
		_, out, _ := inProcess(t, "export", "check", copied)
		return strings.Contains(out, "frames   11\n")
	})
	p.kill()
	// A loss that is accepted is told, and the old export is not written on.
	spoilUnit("unit-7")
	if err := os.WriteFile(names[0], whole[:bytes.Index(whole, []byte("unit-3"))], 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut = inProcess(t, "repair", "--data", data, "--from", copied, "--accept-loss")
	if code != 0 || !strings.Contains(out, "frames   8, 0 of them") || !strings.Contains(out, "lost     frames 9 to 11;") {
		t.Errorf("with --accept-loss: exit code %d, %s %s", code, out, errOut)
	}
	replayed(t, data)
}

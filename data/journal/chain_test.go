package journal

import (
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"callbox/data/journal/frame"
)

// TestEpochsRise: each writer that opens the log and writes has an epoch of its
// own, and its frames follow the one before by that one's hash.
func TestEpochsRise(t *testing.T) {
	dir, frames := t.TempDir(), history(t, 7)
	d := openDisk(t, dir, Options{})
	appendAll(t, d, frames[:3])
	closeDisk(t, d)
	closeDisk(t, openDisk(t, dir, Options{ReadOnly: true}))
	closeDisk(t, openDisk(t, dir, Options{})) // writes nothing
	d = openDisk(t, dir, Options{})
	appendAll(t, d, frames[3:5])
	closeDisk(t, d)
	d = openDisk(t, dir, Options{})
	appendAll(t, d, frames[5:])
	var before frame.Hash
	for i, e := range entries(t, d) {
		if want := []uint64{1, 1, 1, 2, 2, 3, 3}[i]; e.Epoch != want || e.Shard != shard || e.Previous != before {
			t.Errorf("frame %d is of epoch %d of %q after %v, want %d after %v", e.Number, e.Epoch, e.Shard, e.Previous, want, before)
		}
		before = e.Hash
	}
}

// entries reads all of a log.
func entries(t *testing.T, d *Disk) (out []frame.Entry) {
	t.Helper()
	for e, err := range d.Entries(ctx, 1) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// TestOldLogGoesOn opens a log that was written before frames had links, and
// writes on. Its bytes stay what they were.
func TestOldLogGoesOn(t *testing.T) {
	text, err := os.ReadFile("frame/testdata/log-v3.hex")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d := openDisk(t, dir, Options{})
	n := uint64(0)
	for line := range strings.Lines(string(text)) {
		b, err := hex.DecodeString(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.send(ctx, n, b); err != nil {
			t.Fatal(err)
		}
		n++
	}
	closeDisk(t, d)
	d = openDisk(t, dir, Options{})
	f := statuses(int(n), 1)
	f.Facts[0].Seq = d.next
	if err := d.Append(ctx, n, f); err != nil {
		t.Fatal(err)
	}
	all := entries(t, d)
	last := all[n]
	if last.Version != frame.Version || last.Epoch != 1 || last.Previous != all[n-1].Hash {
		t.Errorf("after an old log comes a frame of version %d and epoch %d after %v", last.Version, last.Epoch, last.Previous)
	}
	var got strings.Builder
	for _, e := range all[:n] {
		got.WriteString(hex.EncodeToString(e.Bytes) + "\n")
	}
	if n != 6 || got.String() != string(text) {
		t.Errorf("the %d old frames have other bytes now", n)
	}
}

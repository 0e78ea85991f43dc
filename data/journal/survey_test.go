package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"callbox/data/journal/frame"
)

// TestHeadOfAMessage flips each bit of the length and of the number of a message
// in the log engine's file. With most of those of the number, the log engine
// alone would take gigabytes of memory.
func TestHeadOfAMessage(t *testing.T) {
	original := t.TempDir()
	d := openDisk(t, original, Options{})
	appendAll(t, d, history(t, 20))
	want := entries(t, d)
	closeDisk(t, d)
	name := find(t, original, "*.blk")[0]
	block, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	at := 0 // of message 17
	for range 16 {
		_, message := cut(block[at:])
		at += len(message)
	}
	if _, message := cut(block[at:]); !bytes.Contains(message, want[16].Bytes) {
		t.Fatal("message 17 does not hold frame 17: the log engine writes its files in another way now")
	}
	rel, err := filepath.Rel(original, name)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * messageHead {
		dir := filepath.Join(t.TempDir(), "j")
		if err := os.CopyFS(dir, os.DirFS(original)); err != nil {
			t.Fatal(err)
		}
		b := bytes.Clone(block)
		b[at+bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(filepath.Join(dir, rel), b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := expectEntries(dir, want); err == nil {
			t.Errorf("bit %d: nothing was found", bit)
		} else {
			t.Run("", func(t *testing.T) { expectFault(t, err, frame.ErrDamaged, 17) })
		}
	}
}

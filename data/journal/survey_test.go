package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"callbox/assign"
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
	step := 1
	if testing.Short() {
		step = 7
	}
	for bit := 0; bit < 8*(4+8); bit += step { // length and number
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

// TestWhatAPowerCutLeaves: the newest message may be no more than half on the
// disk, if nobody was told that it is there.
func TestWhatAPowerCutLeaves(t *testing.T) {
	for _, acknowledged := range []uint64{4, 5} {
		dir, frames := t.TempDir(), history(t, 5)
		d := openDisk(t, dir, Options{})
		appendAll(t, d, frames)
		newest := entries(t, d)[4]
		closeDisk(t, d)
		spoil(t, dir, newest)
		remove(t, dir, "index.db")
		if err := makeMark(dir, acknowledged); err != nil {
			t.Fatal(err)
		}
		if acknowledged == 5 {
			expectFault(t, fault(t, dir), frame.ErrDamaged, 5)
			continue
		}
		d = openDisk(t, dir, Options{})
		expectFrames(t, d, 1, frames[:4])
		appendAll(t, d, frames[4:])
	}
}

// FuzzMessages reads anything as a file of the log engine.
func FuzzMessages(f *testing.F) {
	b, err := frame.Encode(oneFact(&assign.KeyUsed{Key: "k"}), frame.Link{Shard: shard, Epoch: 1})
	if err != nil {
		f.Fatal(err)
	}
	message := func(number byte) []byte {
		m := []byte{0, 0, 0, 0x80, number, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 3, 0, 'c', 'a', 'd', 2, 0, 0, 0, 'h', 'd'}
		m = append(append(m, b...), "checksum"...)
		m[0], m[1] = byte(len(m)), byte(len(m)>>8)
		return m
	}
	if got := held(message(1)); !bytes.Equal(got, b) {
		f.Fatalf("a message holds %x", got)
	}
	f.Add(message(1))
	f.Add(append(message(1), message(2)...))
	f.Add(append(message(1), message(3)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, rest := uint64(1), b
		for ; ; n++ {
			number, message := cut(rest)
			if message == nil || number != n || !frame.Sound(held(message)) {
				break
			}
			rest = rest[len(message):]
		}
		if got := misnumbered(b, 1); got != n {
			t.Errorf("%x: message %d is the first bad one, not %d", b, n, got)
		}
		if e, rest, ok := frame.Find(b); ok && (len(e.Bytes)+len(rest) > len(b) || !frame.Sound(e.Bytes)) {
			t.Errorf("%x: it found %x", b, e.Bytes)
		}
	})
}

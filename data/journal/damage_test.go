package journal

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"callbox/assign"
	"callbox/data/journal/frame"

	"github.com/nats-io/nats.go"
)

// fault opens the journal in dir and reads it to the end, and returns the error
// that it met.
func fault(t *testing.T, dir string) error {
	t.Helper()
	d, err := Open(dir, Options{AllowNetworkFS: true})
	if err != nil {
		return err
	}
	defer closeDisk(t, d)
	for _, err := range d.Read(ctx, 1) {
		if err != nil {
			return err
		}
	}
	return nil
}

func expectFault(t *testing.T, err, want error, number uint64) {
	t.Helper()
	var f *frame.Fault
	if !errors.Is(err, want) || !errors.As(err, &f) || f.Frame != number {
		t.Errorf("got %v, want %v at frame %d", err, want, number)
	}
}

// TestFlippedBit: the log engine itself skips or drops a damaged record without
// a word. The journal must name it, whether the engine trusts its own index or
// has lost it, as after a crash.
func TestFlippedBit(t *testing.T) {
	frames := history(t, 40)
	for _, indexed := range []bool{true, false} {
		for _, number := range []uint64{1, 17, 40} {
			t.Run(fmt.Sprintf("frame %d, index %t", number, indexed), func(t *testing.T) {
				dir := t.TempDir()
				d := openDisk(t, dir, Options{})
				appendAll(t, d, frames)
				b := stored(t, d, number)
				closeDisk(t, d)
				damage(t, dir, "*.blk", func(block []byte) []byte {
					block[bytes.Index(block, b)+len(b)/2] ^= 4
					return block
				})
				if !indexed {
					remove(t, dir, "index.db")
				}
				expectFault(t, fault(t, dir), frame.ErrDamaged, number)
			})
		}
	}
}

func TestLostFiles(t *testing.T) {
	frames := history(t, 20)
	for name, c := range map[string]struct {
		damage func(t *testing.T, dir string)
		frame  uint64
	}{
		"the end is cut off": {func(t *testing.T, dir string) {
			d := openDisk(t, dir, Options{})
			b := stored(t, d, 15)
			closeDisk(t, d)
			damage(t, dir, "*.blk", func(block []byte) []byte { return block[:bytes.Index(block, b)] })
			remove(t, dir, "index.db")
		}, 15},
		"all blocks are gone": {func(t *testing.T, dir string) {
			remove(t, dir, "*.blk")
			remove(t, dir, "index.db")
		}, 1},
		"the stream's description is gone":    {func(t *testing.T, dir string) { remove(t, dir, "meta.inf") }, 0},
		"the stream's description is damaged": {func(t *testing.T, dir string) { damage(t, dir, "meta.inf", func(b []byte) []byte { return b[1:] }) }, 0},
		"all of the log engine's files are gone": {func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, "jetstream")); err != nil {
				t.Fatal(err)
			}
		}, 0},
		"the mark is damaged": {func(t *testing.T, dir string) {
			damage(t, dir, markName, func(b []byte) []byte { return b[1:] })
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			d := openDisk(t, dir, Options{})
			appendAll(t, d, frames)
			closeDisk(t, d)
			c.damage(t, dir)
			for range 2 { // a refusal must not put it right
				err := fault(t, dir)
				if c.frame > 0 {
					expectFault(t, err, frame.ErrDamaged, c.frame)
				} else if !errors.Is(err, frame.ErrDamaged) {
					t.Errorf("got %v, want %v", err, frame.ErrDamaged)
				}
			}
		})
	}
}

// stored is the bytes of a frame as the log has them.
func stored(t *testing.T, d *Disk, number uint64) []byte {
	t.Helper()
	b, err := d.lookUp(ctx, number)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestWhatIsNoFrame puts messages into the stream past Append.
func TestWhatIsNoFrame(t *testing.T) {
	frames := history(t, 6)
	encoded := func(f assign.Frame, l frame.Link) []byte {
		b, err := frame.Encode(f, l)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	d := openDisk(t, t.TempDir(), Options{})
	appendAll(t, d, frames[:3])
	link := d.link
	foreign, elsewhere := link, link
	foreign.Shard, elsewhere.Previous = "2", frame.Hash{1}
	tomorrow := []byte("\x82\x18\x63\x01\x44\xab\x43\xec\xaa") // [99, 1], and its check
	gap := frames[3]
	gap.Facts = slices.Clone(gap.Facts)
	for i := range gap.Facts {
		gap.Facts[i].Seq++
	}
	for name, c := range map[string]struct {
		bytes []byte
		want  error
	}{
		"noise":               {[]byte("noise"), frame.ErrDamaged},
		"a newer version":     {tomorrow, frame.ErrVersion},
		"another frame":       {encoded(frames[2], link), frame.ErrDamaged},
		"another shard":       {encoded(frames[3], foreign), frame.ErrDamaged},
		"another history":     {encoded(frames[3], elsewhere), frame.ErrDamaged},
		"a gap between facts": {encoded(gap, link), frame.ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			d := openDisk(t, dir, Options{})
			appendAll(t, d, frames[:3])
			if _, err := d.send(ctx, 3, c.bytes); err != nil {
				t.Fatal(err)
			}
			closeDisk(t, d)
			expectFault(t, fault(t, dir), c.want, 4) // as the newest
			if name == "a gap between facts" || name == "another history" {
				return // it is a frame that another one can follow
			}
			raw(t, dir, encoded(frames[4], link))
			expectFault(t, fault(t, dir), c.want, 4) // in the middle
		})
	}
}

// raw appends a message to a journal that Open refuses.
func raw(t *testing.T, dir string, b []byte) {
	t.Helper()
	s, err := startServer(dir, 1<<30, true, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer stopServer(s)
	nc, js, err := connect(s, "raw", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if _, err := js.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: b}); err != nil {
		t.Fatal(err)
	}
}

// TestShorterWhileOpen: frames that vanish under a running journal are told
// from another writer's.
func TestShorterWhileOpen(t *testing.T) {
	d := openDisk(t, t.TempDir(), Options{})
	frames := history(t, 4)
	appendAll(t, d, frames[:2])
	d.last.Store(3) // as if three had been acknowledged
	d.next = frames[3].Facts[0].Seq
	err := d.Append(ctx, 3, frames[3])
	if !errors.Is(err, assign.ErrSequence) {
		t.Errorf("got %v, want ErrSequence too", err)
	}
	expectFault(t, err, frame.ErrDamaged, 3)
}

// TestHalfMade: a crash at any point of making a journal leaves one that can be
// opened.
func TestHalfMade(t *testing.T) {
	dir := t.TempDir()
	d := openDisk(t, dir, Options{})
	closeDisk(t, d)
	remove(t, dir, markName)
	for _, left := range []string{markName + ".new", lockName} {
		if err := os.WriteFile(filepath.Join(dir, left), []byte("00"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	frames := history(t, 3)
	d = openDisk(t, dir, Options{})
	appendAll(t, d, frames)
	closeDisk(t, d)
	expectFrames(t, openDisk(t, dir, Options{}), 1, frames)
}

// damage changes the one file below dir whose name matches.
func damage(t *testing.T, dir, pattern string, change func([]byte) []byte) {
	t.Helper()
	names := find(t, dir, pattern)
	if len(names) != 1 {
		t.Fatalf("%d files match %s", len(names), pattern)
	}
	b, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(names[0], change(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, dir, pattern string) {
	t.Helper()
	for _, name := range find(t, dir, pattern) {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

func find(t *testing.T, dir, pattern string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if ok, _ := filepath.Match(pattern, filepath.Base(path)); ok {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

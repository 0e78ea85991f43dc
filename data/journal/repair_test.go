package journal

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/data/journal/frame"
)

// exported is an export of those frames.
func exported(entries []frame.Entry) iter.Seq2[frame.Entry, error] {
	return func(yield func(frame.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// spoil flips a bit in the middle of a frame.
func spoil(t *testing.T, dir string, e frame.Entry) {
	t.Helper()
	damage(t, dir, "*.blk", func(block []byte) []byte {
		block[bytes.Index(block, e.Bytes)+len(e.Bytes)/2] ^= 4
		return block
	})
}

// contents are the files below a folder, by name, but for those of the lock.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	for _, name := range find(t, dir, "*") {
		if st, err := os.Stat(name); err != nil || st.IsDir() || filepath.Base(name) == lockName {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		out[rel] = string(b)
	}
	return out
}

func TestRepair(t *testing.T) {
	frames := history(t, 41)
	original := t.TempDir()
	d := openDisk(t, original, Options{})
	appendAll(t, d, frames[:40])
	good := entries(t, d)
	closeDisk(t, d)
	other := slices.Clone(good)
	other[4] = again(t, good[4])
	noIndex := func(t *testing.T, dir string) { remove(t, dir, "index.db") }
	for name, c := range map[string]struct {
		damage func(t *testing.T, dir string)
		export []frame.Entry
		want   error
		frame  uint64 // that the error names
		kept   int    // frames in the end, where a loss is accepted
		from   uint64 // frames of the export
	}{
		"a flipped bit": {func(t *testing.T, dir string) { spoil(t, dir, good[16]) }, good, nil, 0, 40, 1},
		"a flipped bit, and no index": {func(t *testing.T, dir string) {
			spoil(t, dir, good[16])
			noIndex(t, dir)
		}, good, nil, 0, 40, 1},
		"a flipped bit, and somebody tried to read on": {func(t *testing.T, dir string) {
			spoil(t, dir, good[16])
			noIndex(t, dir)
			if err := fault(t, dir); !errors.Is(err, frame.ErrDamaged) { // the log engine alone would have cut its file off
				t.Fatal(err)
			}
		}, good, nil, 0, 40, 1},
		"the newest": {func(t *testing.T, dir string) { spoil(t, dir, good[39]) }, good, nil, 0, 40, 1},
		"the end is cut off": {func(t *testing.T, dir string) {
			damage(t, dir, "*.blk", func(b []byte) []byte { return b[:bytes.Index(b, good[30].Bytes)] })
		}, good, nil, 0, 40, 10},
		"all is gone": {func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, storeName)); err != nil {
				t.Fatal(err)
			}
		}, good, nil, 0, 40, 40},
		"the log engine has lost its stream, and there is no export": {func(t *testing.T, dir string) { remove(t, dir, "meta.inf") }, nil, nil, 0, 40, 0},
		"the export is behind, and not needed":                       {func(t *testing.T, dir string) { spoil(t, dir, good[16]) }, good[:17], nil, 0, 40, 1},
		"the export is behind":                                       {func(t *testing.T, dir string) { spoil(t, dir, good[29]) }, good[:20], ErrLoss, 30, 29, 0},
		"the export is behind the end": {func(t *testing.T, dir string) {
			damage(t, dir, "*.blk", func(b []byte) []byte { return b[:bytes.Index(b, good[30].Bytes)] })
		}, good[:35], ErrLoss, 36, 35, 5},
		"both lack the first":  {func(t *testing.T, dir string) { spoil(t, dir, good[0]) }, good[1:], ErrLoss, 1, 0, 0},
		"the export disagrees": {func(t *testing.T, dir string) { spoil(t, dir, good[16]) }, other, frame.ErrDamaged, 5, 0, 0},
		"the export is of another log": {func(t *testing.T, dir string) {
			spoil(t, dir, good[4])
		}, other[4:5], frame.ErrDamaged, 6, 0, 0},
		"the mark is damaged": {func(t *testing.T, dir string) {
			damage(t, dir, markName, func(b []byte) []byte { return b[1:] })
		}, good, ErrLoss, 40, 40, 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(original)); err != nil {
				t.Fatal(err)
			}
			c.damage(t, dir)
			before := contents(t, dir)
			m, aside, err := Repair(ctx, dir, exported(c.export), RepairOptions{})
			if c.want != nil {
				if !errors.Is(err, c.want) || !strings.Contains(err.Error(), fmt.Sprintf("frame %d", c.frame)) {
					t.Errorf("got %v, want %v of frame %d", err, c.want, c.frame)
				}
				if after := contents(t, dir); fmt.Sprint(after) != fmt.Sprint(before) {
					t.Error("a repair that was refused changed something")
				}
				m, aside, err = Repair(ctx, dir, exported(c.export), RepairOptions{AcceptLoss: true})
				if c.kept == 0 {
					if !errors.Is(err, c.want) {
						t.Errorf("with all losses accepted: %v", err)
					}
					return
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if m.Frames != uint64(c.kept) || m.FromExport != c.from || m.Head != good[c.kept-1].Hash {
				t.Errorf("mended: %+v, want %d frames, %d of the export", m, c.kept, c.from)
			}
			if moved := contents(t, aside); fmt.Sprint(moved) != fmt.Sprint(before) || filepath.Dir(aside) != dir {
				t.Errorf("what is in %s is not what was there", aside)
			}
			d := openDisk(t, dir, Options{})
			got := entries(t, d)
			for i, e := range got {
				if !bytes.Equal(e.Bytes, good[i].Bytes) {
					t.Fatalf("frame %d has other bytes now", i+1)
				}
			}
			if len(got) != c.kept {
				t.Errorf("%d frames are there, want %d", len(got), c.kept)
			}
			appendAll(t, d, frames[c.kept:c.kept+1])
			if last := entries(t, d)[c.kept]; last.Epoch != 2 || last.Previous != good[c.kept-1].Hash {
				t.Errorf("the next frame is of epoch %d after %v", last.Epoch, last.Previous)
			}
		})
	}
}

// again is a frame with another fact in the place of its first.
func again(t *testing.T, e frame.Entry) frame.Entry {
	t.Helper()
	e.Facts = slices.Clone(e.Facts)
	e.Facts[0].Fact = &assign.KeyUsed{Key: "forged"}
	b, err := frame.Encode(e.Frame, e.Link)
	if err != nil {
		t.Fatal(err)
	}
	if e, err = frame.Decode(b); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestRepairRefuses(t *testing.T) {
	broken := errors.New("the export cannot be read")
	failing := func(yield func(frame.Entry, error) bool) { yield(frame.Entry{}, broken) }
	dir := t.TempDir()
	if _, _, err := Repair(ctx, dir, exported(nil), RepairOptions{}); !errors.Is(err, ErrNoJournal) {
		t.Errorf("an empty folder: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
	d := openDisk(t, dir, Options{})
	appendAll(t, d, history(t, 3))
	all := entries(t, d)
	if _, _, err := Repair(ctx, dir, exported(nil), RepairOptions{}); !errors.Is(err, ErrLocked) {
		t.Errorf("a journal in use: %v", err)
	}
	closeDisk(t, d)
	if _, _, err := Repair(ctx, dir, failing, RepairOptions{}); !errors.Is(err, broken) {
		t.Errorf("an export that fails: %v", err)
	}
	if _, _, err := Repair(ctx, dir, exported([]frame.Entry{all[1], all[0]}), RepairOptions{}); err == nil || !strings.Contains(err.Error(), "frame 1 comes after frame 2") {
		t.Errorf("an export out of order: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, mendingName), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Repair(ctx, dir, exported(nil), RepairOptions{}); err == nil || !strings.Contains(err.Error(), "earlier repair") {
		t.Errorf("half of an earlier repair: %v", err)
	}
}

// TestAnyFlippedBit flips a bit at places all over the store, and opens and reads
// it: either that is refused, or all frames are what they were.
func TestAnyFlippedBit(t *testing.T) {
	original := t.TempDir()
	d := openDisk(t, original, Options{})
	appendAll(t, d, history(t, 40))
	want := entries(t, d)
	closeDisk(t, d)
	store := contents(t, original)
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range store {
			if !yield(name) {
				return
			}
		}
	})
	size := 0
	for _, name := range names {
		size += len(store[name])
	}
	places, found := 100, 0
	if testing.Short() {
		places = 25
	}
	for i := range places {
		at, name := (2*i+1)*size/(2*places), ""
		for _, name = range names {
			if at < len(store[name]) {
				break
			}
			at -= len(store[name])
		}
		dir := filepath.Join(t.TempDir(), "j")
		if err := os.CopyFS(dir, os.DirFS(original)); err != nil {
			t.Fatal(err)
		}
		b := []byte(store[name])
		b[at] ^= 1 << (i % 8)
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
		err := expectEntries(dir, want)
		if errors.Is(err, errOther) {
			t.Errorf("bit %d of byte %d of %s: %v", i%8, at, name, err)
		}
		var fault *frame.Fault
		if errors.As(err, &fault) {
			found++
			// A message begins some bytes before its frame and ends some after it.
			begin := strings.Index(store[name], string(want[max(fault.Frame, 1)-1].Bytes))
			if strings.HasSuffix(name, ".blk") && (at < begin-100 || at > begin+len(want[fault.Frame-1].Bytes)+100) {
				t.Errorf("byte %d of %s is not in frame %d: %v", at, name, fault.Frame, err)
			}
		}
	}
	if found < places/2 {
		t.Errorf("only %d of %d flips were named", found, places)
	}
}

var errOther = errors.New("frames have changed, and nobody said so")

// expectEntries opens and reads a journal. Its error is errOther if that goes
// well, and the frames are not those.
func expectEntries(dir string, want []frame.Entry) error {
	d, err := Open(dir, Options{AllowNetworkFS: true, MinFree: -1})
	if err != nil {
		return err
	}
	defer d.Close()
	d.helpingTime = 50 * time.Millisecond // what the log engine leaves out, it would wait for
	n := 0
	for e, err := range d.Entries(ctx, 1) {
		if err != nil {
			return err
		}
		if n == len(want) || e.Hash != want[n].Hash {
			return fmt.Errorf("%w: frame %d", errOther, e.Number)
		}
		n++
	}
	if n != len(want) {
		return fmt.Errorf("%w: there are %d", errOther, n)
	}
	return nil
}

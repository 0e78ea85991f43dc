package frame

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"callbox/data/journal/frame/frametest"
)

// oldLog is a log that a program wrote when there were versions 1 to 3.
func oldLog(t *testing.T) (entries []Entry) {
	t.Helper()
	for line := range strings.Lines(read(t, "testdata/log-v3.hex")) {
		entries = append(entries, decode(t, unhex(t, line)))
	}
	return entries
}

func decode(t *testing.T, b []byte) Entry {
	t.Helper()
	e, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// log is the first n frames of a random log, some of them by a second writer,
// after what is there.
func log(t *testing.T, before []Entry, n int) []Entry {
	t.Helper()
	var c Chain
	for _, e := range before {
		if err := c.Follow(e); err != nil {
			t.Fatal(err)
		}
	}
	entries := slices.Clone(before)
	for i, f := range frametest.History(t, n) {
		last, hash := c.Last()
		f.Number = last + 1
		for j := range f.Facts {
			f.Facts[j].Seq = c.Fact() + 1 + uint64(j)
		}
		b, err := Encode(f, Link{Shard: "1", Epoch: 1 + uint64(2*i/n), Previous: hash})
		if err != nil {
			t.Fatal(err)
		}
		e := decode(t, b)
		if err := c.Follow(e); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}

// again is an entry with something changed, and all that a forger can make fit.
func again(t *testing.T, e Entry, change func(*Entry)) Entry {
	t.Helper()
	e.Facts = slices.Clone(e.Facts)
	change(&e)
	b, err := e.encode()
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, b)
}

// TestOldFramesAreInTheChain: the first frame of version 4 names the hash of the
// one before, of whatever version that is.
func TestOldFramesAreInTheChain(t *testing.T) {
	old := oldLog(t)
	versions := make(map[uint64]bool)
	for _, e := range old {
		versions[e.Version] = true
	}
	if len(versions) != 3 || versions[4] {
		t.Fatalf("the old log has versions %v", versions)
	}
	entries := log(t, old, 4)
	if got := entries[len(old)].Previous; got != old[len(old)-1].Hash {
		t.Errorf("the first frame of version 4 names %v", got)
	}
	last := len(old) - 1
	entries[last] = again(t, entries[last], func(e *Entry) { e.Facts[0].Fact = old[0].Facts[0].Fact })
	if entries[last].Version >= linkedSince {
		t.Fatalf("it was changed into one of version %d", entries[last].Version)
	}
	expectBreak(t, entries, uint64(len(old)+1))
}

// TestChainFindsWhatWasDone changes a log on purpose, with checksums and links
// that fit as far as they can.
func TestChainFindsWhatWasDone(t *testing.T) {
	good := log(t, nil, 12)
	expectBreak(t, good, 0)
	expectBreak(t, good[4:], 0)
	for name, c := range map[string]struct {
		change func([]Entry) []Entry
		frame  uint64
	}{
		"one is changed": {func(l []Entry) []Entry {
			l[4] = again(t, l[4], func(e *Entry) { e.Facts[0].Fact = l[7].Facts[0].Fact })
			return l
		}, 6},
		"the first is changed": {func(l []Entry) []Entry {
			l[0] = again(t, l[0], func(e *Entry) { e.Facts[0].Fact = l[7].Facts[0].Fact })
			return l
		}, 2},
		"one is of another instant": {func(l []Entry) []Entry {
			l[4] = again(t, l[4], func(e *Entry) {
				e.At++
				for i := range e.Facts {
					e.Facts[i].At++
				}
			})
			return l
		}, 6},
		"one is gone":       {func(l []Entry) []Entry { return slices.Delete(l, 4, 5) }, 5},
		"the first is gone": {func(l []Entry) []Entry { return l[1:] }, 0}, // as of any read that begins there
		"one is gone, and the others count on": {func(l []Entry) []Entry {
			for i := 5; i < len(l); i++ {
				before := l[i-1]
				if i == 5 {
					before = l[3]
				}
				l[i] = again(t, l[i], func(e *Entry) {
					e.Number--
					for j := range e.Facts {
						e.Facts[j].Seq = before.Facts[len(before.Facts)-1].Seq + 1 + uint64(j)
					}
				})
			}
			return slices.Delete(l, 4, 5)
		}, 5},
		"two are exchanged": {func(l []Entry) []Entry { l[4], l[5] = l[5], l[4]; return l }, 5},
		"one is there twice": {func(l []Entry) []Entry {
			return slices.Insert(l, 5, l[4])
		}, 6},
		"one is put in": {func(l []Entry) []Entry {
			return slices.Insert(l, 5, again(t, l[4], func(e *Entry) {
				e.Number, e.Previous = 6, l[4].Hash
				for i := range e.Facts {
					e.Facts[i].Seq += uint64(len(e.Facts))
				}
			}))
		}, 7},
		"one begins with another fact": {func(l []Entry) []Entry {
			l[4] = again(t, l[4], func(e *Entry) {
				for i := range e.Facts {
					e.Facts[i].Seq++
				}
			})
			return l
		}, 5},
		"one is of another shard": {func(l []Entry) []Entry {
			l[4] = again(t, l[4], func(e *Entry) { e.Shard = "2" })
			return l
		}, 5},
		"one is of an earlier epoch": {func(l []Entry) []Entry {
			l[8] = again(t, l[8], func(e *Entry) { e.Epoch = 1 })
			return l
		}, 9},
		"the first follows another": {func(l []Entry) []Entry {
			l[0] = again(t, l[0], func(e *Entry) { e.Previous[3] = 1 })
			return l
		}, 1},
		"the first fact is not number 1": {func(l []Entry) []Entry {
			l[0] = again(t, l[0], func(e *Entry) {
				for i := range e.Facts {
					e.Facts[i].Seq++
				}
			})
			return l
		}, 1},
		"an older version follows": {func(l []Entry) []Entry {
			old := oldLog(t)[5]
			f := old.Frame
			f.Number, f.Facts = 5, slices.Clone(f.Facts)
			for i := range f.Facts {
				f.Facts[i].Seq = l[4].Facts[0].Seq + uint64(i)
			}
			b, err := encode(f, 1, Link{})
			if err != nil {
				t.Fatal(err)
			}
			l[4] = decode(t, b)
			return l
		}, 5},
	} {
		t.Run(name, func(t *testing.T) { expectBreak(t, c.change(slices.Clone(good)), c.frame) })
	}
}

// expectBreak follows a log and expects the chain to break at a frame; 0: nowhere.
func expectBreak(t *testing.T, entries []Entry, frame uint64) {
	t.Helper()
	var c Chain
	for i, e := range entries {
		err := c.Follow(e)
		if err == nil {
			continue
		}
		var fault *Fault
		if !errors.Is(err, ErrDamaged) || !errors.As(err, &fault) || fault.Frame != frame {
			t.Errorf("got %v, want ErrDamaged at frame %d", err, frame)
		}
		if n, _ := c.Last(); i > 0 && n != entries[i-1].Number {
			t.Errorf("after that the chain is at frame %d", n)
		}
		return
	}
	if frame != 0 {
		t.Errorf("nothing was found, frame %d is wrong", frame)
	}
}

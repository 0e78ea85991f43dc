package journal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/journal/frame/frametest"
)

var (
	_   engine.Journal = (*Disk)(nil)
	_   engine.Journal = (*Cluster)(nil)
	ctx                = context.Background()
)

// TestJournals holds every journal to what the engine relies on.
func TestJournals(t *testing.T) {
	t.Run("Memory", func(t *testing.T) {
		testJournal(t, func(*testing.T) opener {
			m := new(engine.Memory)
			return func() engine.Journal { return m }
		})
	})
	t.Run("Disk", func(t *testing.T) {
		testJournal(t, func(t *testing.T) opener {
			dir, last := t.TempDir(), (*Disk)(nil)
			return func() engine.Journal {
				if last != nil {
					closeDisk(t, last)
				}
				last = openDisk(t, dir, Options{})
				return last
			}
		})
	})
	t.Run("Cluster", func(t *testing.T) {
		n, shards := startNodes(t, true), 0
		testJournal(t, func(t *testing.T) opener {
			shards++
			shard := fmt.Sprint("s", shards)
			return func() engine.Journal { return n.open(t, shard) } // the one before is stalled, not closed
		})
	})
}

// opener opens one and the same journal, again and again; each time ends the
// use of the one before.
type opener func() engine.Journal

func testJournal(t *testing.T, fresh func(*testing.T) opener) {
	t.Run("reads what was appended", func(t *testing.T) {
		open := fresh(t)
		j := open()
		expectFrames(t, j, 1, nil)
		frames := history(t, 40)
		appendAll(t, j, frames)
		for _, from := range []uint64{0, 1, 2, 39, 40, 41, 1000} {
			expectFrames(t, j, from, frames[min(max(from, 1)-1, 40):])
		}
		j = open()
		expectFrames(t, j, 1, frames)
		more := history(t, 50)[40:]
		appendAll(t, j, more)
		expectFrames(t, open(), 30, append(frames[29:], more...))
	})

	t.Run("refuses what does not follow", func(t *testing.T) {
		j := fresh(t)()
		frames := history(t, 10)
		appendAll(t, j, frames[:5])
		for _, c := range []struct {
			after uint64
			frame assign.Frame
		}{
			{4, frames[4]}, // again
			{0, frames[0]},
			{6, frames[6]}, // too far
			{5, frames[6]}, // another number than it should have
			{4, frames[5]},
		} {
			if err := j.Append(ctx, c.after, c.frame); !errors.Is(err, assign.ErrSequence) {
				t.Errorf("frame %d after %d: %v, want ErrSequence", c.frame.Number, c.after, err)
			}
		}
		appendAll(t, j, frames[5:])
		expectFrames(t, j, 1, frames)
	})

	t.Run("lets one of two writers win", func(t *testing.T) {
		j := fresh(t)()
		frames := history(t, 30)
		for _, f := range frames {
			var wg sync.WaitGroup
			var errs [2]error
			for i := range errs {
				wg.Go(func() { errs[i] = j.Append(ctx, f.Number-1, f) })
			}
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs[0], errs[1]), assign.ErrSequence) {
				t.Fatalf("two writers of frame %d got %v and %v", f.Number, errs[0], errs[1])
			}
		}
		expectFrames(t, j, 1, frames)
	})

	t.Run("reads up to where the log ended when it was asked", func(t *testing.T) {
		j := fresh(t)()
		frames := history(t, 20)
		appendAll(t, j, frames[:10])
		read := j.Read(ctx, 1)
		appendAll(t, j, frames[10:])
		n := 0
		for f, err := range read {
			if n++; err != nil || f.Number != uint64(n) {
				t.Fatalf("frame %d: got %d, %v", n, f.Number, err)
			}
		}
		if n != 10 {
			t.Errorf("it read %d frames, 10 were there", n)
		}
	})

	t.Run("can be left in the middle of a read", func(t *testing.T) {
		j := fresh(t)()
		frames := history(t, 30)
		appendAll(t, j, frames)
		for _, stop := range []uint64{1, 4, 5, 30} {
			for f, err := range j.Read(ctx, 1) {
				if err != nil {
					t.Fatal(err)
				}
				if f.Number == stop {
					break
				}
			}
		}
		expectFrames(t, j, 1, frames)
	})

	t.Run("reads while it appends", func(t *testing.T) {
		j := fresh(t)()
		frames := history(t, 200)
		var wg sync.WaitGroup
		var acknowledged atomic.Int64
		for range 3 {
			wg.Go(func() {
				for n := 0; n < len(frames); {
					least := int(acknowledged.Load())
					n = 0
					for f, err := range j.Read(ctx, 1) {
						if err != nil || !reflect.DeepEqual(f, frames[n]) {
							t.Errorf("frame %d: %+v, %v", n+1, f, err)
							return
						}
						n++
					}
					if n < least {
						t.Errorf("a read gave %d frames, %d had been acknowledged before", n, least)
						return
					}
				}
			})
		}
		for i, f := range frames {
			if err := j.Append(ctx, uint64(i), f); err != nil {
				t.Fatal(err)
			}
			acknowledged.Store(int64(i + 1))
		}
		wg.Wait()
	})
}

// history is the first n frames of one and the same random log.
func history(t testing.TB, n int) []assign.Frame { return frametest.History(t, n) }

// oneFact is a log's first frame, of one fact.
func oneFact(f assign.Fact) assign.Frame {
	return assign.Frame{Number: 1, At: 5, Facts: []assign.Recorded{{Seq: 1, At: 5, Fact: f}}}
}

func appendAll(t testing.TB, j engine.Journal, frames []assign.Frame) {
	t.Helper()
	for _, f := range frames {
		if err := j.Append(ctx, f.Number-1, f); err != nil {
			t.Fatal(err)
		}
	}
}

func expectFrames(t testing.TB, j engine.Journal, from uint64, want []assign.Frame) {
	t.Helper()
	n := 0
	for f, err := range j.Read(ctx, from) {
		if err != nil {
			t.Fatal(err)
		}
		if n == len(want) || !reflect.DeepEqual(f, want[n]) {
			t.Fatalf("frame %d came, as number %d of a read from %d", f.Number, n+1, from)
		}
		n++
	}
	if n != len(want) {
		t.Fatalf("a read from %d gave %d frames, want %d", from, n, len(want))
	}
}

// openDisk opens a journal for a test, on whatever disk that runs.
func openDisk(t testing.TB, dir string, o Options) *Disk {
	t.Helper()
	o.AllowNetworkFS, o.MinFree = true, cmp.Or(o.MinFree, -1)
	d, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeDisk(t, d) })
	return d
}

func closeDisk(t testing.TB, d *Disk) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

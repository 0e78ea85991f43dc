package journal

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// drive is a file system of which only the room is real: what the reserve takes,
// and what somebody else does.
type drive struct {
	reserve     *reserve
	size, other int64
}

func (d *drive) statfs(string) (free, total int64, err error) {
	free = d.size - d.other
	if d.reserve.held {
		free -= d.reserve.size
	}
	return free, d.size, nil
}

// TestSpace fills a disk of 10,000 bytes, of which 1,000 are to stay free and 100
// are set aside, and empties it again.
func TestSpace(t *testing.T) {
	dir := t.TempDir()
	s := space{dir: dir, min: 1000, log: slog.New(slog.DiscardHandler), reserve: newReserve(dir, 100)}
	d := &drive{reserve: &s.reserve, size: 10_000}
	s.free = d.statfs
	if err := s.open(); err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct {
		other int64 // bytes that somebody else takes
		n     int64 // bytes that are to be written
		want  SpaceState
		held  bool
		full  bool // they are refused
	}{
		{0, 10, SpaceAmple, true, false},
		{7900, 10, SpaceAmple, true, false}, // 2,000 left
		{7901, 10, SpaceLow, true, false},
		{8900, 0, SpaceLow, true, false}, // 1,000 left
		{8901, 10, SpaceFull, false, false},
		{8901, 849, SpaceFull, false, false}, // 1,099 left without the reserve, and 250 once these are written
		{8901, 850, SpaceFull, false, true},
		{8801, 10, SpaceFull, false, false}, // 1,199: not enough for the reserve and as much besides
		{8800, 10, SpaceLow, true, false},
		{8901, 900, SpaceFull, false, true},
		{5000, 10, SpaceAmple, true, false},
	} {
		d.other = step.other
		s.mu.Lock()
		s.asked = time.Time{} // some time has passed
		s.mu.Unlock()
		s.look()
		if err := s.take(step.n); (err != nil) != step.full || err != nil && !errors.Is(err, ErrDiskFull) {
			t.Errorf("step %d: %d bytes are taken: %v", i, step.n, err)
		}
		now := s.now()
		st, err := os.Stat(filepath.Join(dir, reserveName))
		if there := err == nil && st.Size() == 100; now.State != step.want || now.Reserved > 0 != step.held || there != step.held {
			t.Errorf("step %d: %+v, and there is a file of the reserve: %v; want %+v", i, now, there, step)
		}
	}
}

// TestSpaceWithoutGuard asks nobody.
func TestSpaceWithoutGuard(t *testing.T) {
	s := space{min: -1, free: func(string) (int64, int64, error) { return 0, 0, errors.New("asked") }}
	if err := errors.Join(s.open(), s.take(1<<40)); err != nil {
		t.Error(err)
	}
}

func TestReserve(t *testing.T) {
	dir := t.TempDir()
	r := newReserve(dir, 1<<20)
	if err := errors.Join(r.find(), r.take(), r.take()); err != nil || !r.held {
		t.Fatal(err)
	}
	again := newReserve(dir, 1<<20)
	if err := again.find(); err != nil || !again.held {
		t.Errorf("it was not found: %v", err)
	}
	other := newReserve(dir, 2<<20) // one of another size is made anew
	if err := other.find(); err != nil || other.held {
		t.Errorf("one of another size was found: %v", err)
	}
	if err := errors.Join(other.take(), other.release(), other.release()); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("there are left %v, %v", left, err)
	}
	lost := newReserve(filepath.Join(dir, "gone"), 1<<20)
	if err := lost.take(); !errors.Is(err, fs.ErrNotExist) || lost.held {
		t.Errorf("it was set aside nowhere: %v", err)
	}
}

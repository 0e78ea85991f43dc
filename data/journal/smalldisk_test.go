//go:build linux

package journal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// taken is the room that a file takes, in bytes.
func taken(st fs.FileInfo) int64 { return st.Sys().(*syscall.Stat_t).Blocks * 512 }

func TestAllocate(t *testing.T) {
	for name, fill := range map[string]func(f *os.File, size int64) error{"the system's own way": allocate, "by writing": write} {
		f, err := os.Create(filepath.Join(t.TempDir(), "f"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		const size = 3 << 20
		if err := errors.Join(fill(f, size), f.Sync()); err != nil {
			t.Fatal(err)
		}
		if st, err := f.Stat(); err != nil || st.Size() != size || taken(st) < size {
			t.Errorf("%s: of %d bytes, %d are taken, %v", name, st.Size(), taken(st), err)
		}
	}
}

// smallDisk mounts a file system of so many MB, in memory.
func smallDisk(t *testing.T, size string) string {
	dir := t.TempDir()
	if err := unix.Mount("callbox", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a file system of its own cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}

// fill writes a file that leaves so many bytes of the disk.
func fill(t *testing.T, dir string, leave int64) (name string) {
	t.Helper()
	left, _, err := freeBytes(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "other"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(write(f, left-leave), f.Close()); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// eventually waits some seconds for what a watch does each second.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in 20 s: %s", what)
		}
	}
}

// TestSmallDisk fills the disk of a journal, which then begins nothing new but goes
// on writing, and makes room, which it notices by itself.
func TestSmallDisk(t *testing.T) {
	dir, frames := smallDisk(t, "40m"), history(t, 12)
	const least, aside = 8 << 20, 4 << 20
	o := Options{MinFree: least, Reserve: aside, Patience: time.Minute}
	d := openDisk(t, filepath.Join(dir, "journal"), o)
	if s := d.Space(); d.Admit() != nil || s.Reserved != aside || s.State != SpaceAmple {
		t.Fatalf("it begins with %+v, %v", s, d.Admit())
	}
	appendAll(t, d, frames[:2])
	other := fill(t, dir, least/2)
	eventually(t, "the disk is full", func() bool { return errors.Is(d.Admit(), ErrDiskFull) })
	left, _, err := freeBytes(dir)
	if s := d.Space(); err != nil || s.Reserved != 0 || left < least/2+aside/2 {
		t.Errorf("the reserve was not given up: %+v, %d bytes are free, %v", s, left, err)
	}
	appendAll(t, d, frames[2:6]) // what follows from what was begun
	closeDisk(t, d)
	d = openDisk(t, filepath.Join(dir, "journal"), o) // a start on a full disk
	if err := d.Admit(); !errors.Is(err, ErrDiskFull) {
		t.Errorf("after another start: %v", err)
	}
	appendAll(t, d, frames[6:8])

	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	eventually(t, "there is room", func() bool { return d.Admit() == nil })
	if s := d.Space(); s.Reserved != aside || s.State != SpaceAmple {
		t.Errorf("it ends with %+v", s)
	}
	appendAll(t, d, frames[8:10])

	other = fill(t, dir, least/8) // more than a watch can prevent: Append waits
	done := make(chan error, 1)
	d.space.mu.Lock()
	d.space.reserve.size = -1 // and no reserve
	d.space.reserve.held = false
	d.space.asked = time.Time{}
	d.space.mu.Unlock()
	go func() { done <- d.Append(ctx, 10, frames[10]) }()
	select {
	case err := <-done:
		t.Errorf("a frame was taken in without room: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	appendAll(t, d, frames[11:])
	expectFrames(t, d, 1, frames)
	closeDisk(t, d)
}

// TestRestartAfterFullDisk fills the disk under a journal without a guard: the log
// engine answers no more, not even when there is room again. Started again, it
// does, and all is there.
func TestRestartAfterFullDisk(t *testing.T) {
	dir, frames := smallDisk(t, "40m"), history(t, 400)
	d := hurried(t, filepath.Join(dir, "journal"), Options{MinFree: -1, Patience: time.Minute})
	appendAll(t, d, frames[:3])
	other := fill(t, dir, 0)
	done := make(chan error, 1)
	go func() {
		for _, f := range frames[3:] {
			if err := d.Append(ctx, f.Number-1, f); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	eventually(t, "an append is not answered", func() bool { return d.Stats().Unknown > 0 })
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if s := d.Stats(); s.Restarts == 0 {
		t.Errorf("it counted %+v", s)
	}
	expectFrames(t, d, 1, frames)
	closeDisk(t, d)
	d = openDisk(t, d.dir, Options{})
	expectFrames(t, d, 1, frames)
	closeDisk(t, d)
}

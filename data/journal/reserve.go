package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// reserve is a file whose only use is the room that it takes. When the disk is
// about to be full it is given up, so that what must still be written can be.
type reserve struct {
	name string
	size int64 // bytes; below 0: there is to be none
	held bool
}

const (
	reserveName = "reserve"
	reserveSize = 64 << 20 // 64 MiB
)

func newReserve(dir string, size int64) reserve {
	return reserve{name: filepath.Join(dir, reserveName), size: size}
}

// find sees whether the file is there, and whole. One that is not is removed.
func (r *reserve) find() error {
	st, err := os.Stat(r.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case r.size < 0 || st.Size() != r.size:
		return r.release()
	}
	r.held = true
	return nil
}

// take sets the room aside. It leaves nothing behind if it fails.
func (r *reserve) take() error {
	if r.held || r.size < 0 {
		return nil
	}
	if err := r.fill(); err != nil {
		return fmt.Errorf("set %d MiB of the disk aside: %w", r.size>>20, errors.Join(err, r.release()))
	}
	r.held = true
	return nil
}

// fill makes the file. It takes no name before it is whole.
func (r *reserve) fill() error {
	f, err := os.OpenFile(r.name+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = allocate(f, r.size)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(r.name+".new", r.name), syncFile(filepath.Dir(r.name)))
}

// release gives the room free.
func (r *reserve) release() error {
	r.held = false
	var failed error
	for _, name := range []string{r.name, r.name + ".new"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// write fills a file with what no file system can make smaller, for those that
// cannot set room aside without.
func write(f *os.File, size int64) error {
	_, err := io.CopyN(f, rand.NewChaCha8([32]byte{}), size)
	return err
}

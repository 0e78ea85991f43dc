package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// lock keeps a folder to one process: a file in it, locked for as long as that
// process lives, however it ends. The log engine has no such lock of its own;
// two of them on one folder would each give the same unit away.
type lock struct{ file *os.File }

// lockName holds the ID of the process that has it locked, for people to read.
const lockName = "lock"

// errHeld is what flock returns if another has the lock.
var errHeld = errors.New("another holds the lock")

func takeLock(dir string) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := flock(f); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(f, 20))
		f.Close()
		if !errors.Is(err, errHeld) {
			return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
		}
		who := "another process"
		if pid := strings.TrimSpace(string(holder)); pid != "" {
			who = "process " + pid
		}
		return nil, fmt.Errorf("%s: %w: %s has it open", dir, ErrLocked, who)
	}
	l := &lock{f}
	return l, l.sign(fmt.Sprintln(os.Getpid()))
}

func (l *lock) sign(holder string) error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(holder), 0)
	return err
}

// release gives the folder free. The file stays: were it removed, a process
// that waits for it could lock a file that is no longer there.
func (l *lock) release() error { return errors.Join(l.sign(""), l.file.Close()) }

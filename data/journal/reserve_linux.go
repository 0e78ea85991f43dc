package journal

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// allocate gives an empty file its size, and all of the room for it.
func allocate(f *os.File, size int64) error {
	for {
		switch err := unix.Fallocate(int(f.Fd()), 0, 0, size); {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EOPNOTSUPP):
			return write(f, size)
		default:
			return err
		}
	}
}

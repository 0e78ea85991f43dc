//go:build !linux

package journal

import "os"

// allocate gives an empty file its size, and all of the room for it.
func allocate(f *os.File, size int64) error { return write(f, size) }

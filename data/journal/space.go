package journal

import (
	"fmt"
	"time"
)

// space refuses to write before the disk is full: the log engine answers
// nothing at all once it is.
type space struct {
	dir   string
	min   int64 // bytes to be left free; below 0: no guard
	asked time.Time
	left  int64 // free when it was asked, less what was written since
}

// askEvery is how long an answer of the file system holds.
const askEvery = time.Second

// take sets n bytes aside, or refuses with ErrDiskFull.
func (s *space) take(n int64) error {
	if s.min < 0 {
		return nil
	}
	if now := time.Now(); s.asked.IsZero() || now.Sub(s.asked) >= askEvery {
		left, err := freeBytes(s.dir)
		if err != nil {
			return fmt.Errorf("ask for the free space of %s: %w", s.dir, err)
		}
		s.asked, s.left = now, left
	}
	if s.left-n < s.min {
		return fmt.Errorf("%w: %s has %d MiB free, of which %d MiB are to stay so", ErrDiskFull, s.dir, s.left>>20, s.min>>20)
	}
	s.left -= n
	return nil
}

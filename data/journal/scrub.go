package journal

import (
	"context"
	"errors"

	"callbox/data/journal/frame"

	"golang.org/x/time/rate"
)

// Scrub reads the log again from frame 1 to the newest, no faster than so many
// bytes a second, both in the log engine's files and through it, and checks all
// that can be checked: that no frame is missing,
// every checksum, and the chain up to the very frame that was acknowledged last
// when it was called. It gives the frames that it found good.
//
// If its error is a *frame.Fault, it names the first frame that is not; from
// then on every Append is refused with it, since what the log cannot show any
// more must not be built upon. Any other error says that it could not read on:
// ErrClosed, or the context's.
func (d *Disk) Scrub(ctx context.Context, bytesPerSecond int) (frames uint64, err error) {
	limit := rate.NewLimiter(rate.Limit(bytesPerSecond), frame.MaxSize)
	if err := survey(d.dir, d.last.Load(), func(n int) error { return limit.WaitN(ctx, n) }); err != nil {
		return 0, d.distrust(err)
	}
	return d.reread(ctx, limit)
}

// reread is what Scrub does through the log engine.
func (s *stream) reread(ctx context.Context, limit *rate.Limiter) (frames uint64, err error) {
	s.mu.Lock()
	last, tip := s.last.Load(), s.link.Previous
	s.mu.Unlock()
	for e, err := range s.Entries(ctx, 1) {
		if err == nil && e.Number == last && e.Hash != tip {
			err = frame.Faulty(last, 0, frame.ErrDamaged, "its hash is %v, it was acknowledged with %v", e.Hash, tip)
		}
		if err == nil {
			err = limit.WaitN(ctx, len(e.Bytes))
		}
		if err != nil {
			return frames, s.distrust(err)
		}
		frames++
	}
	return frames, nil
}

// distrust refuses every later Append if an error shows that the log is damaged.
func (s *stream) distrust(err error) error {
	var fault *frame.Fault
	if errors.As(err, &fault) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.stuck = err
	}
	return err
}

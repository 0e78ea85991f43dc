package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"callbox/api/server"
	"callbox/data/journal/frame"
)

// scrubber reads a server's journal again now and then, since bits rot while
// nobody looks at them.
type scrubber struct {
	every time.Duration // 0: never
	rate  int           // bytes per second
	log   *slog.Logger

	scrub func(ctx context.Context, bytesPerSecond int) (frames uint64, err error)
	halt  func(cause error) // ends all decisions

	ended  atomic.Int64 // when the last one that found no damage did, in seconds since 1970
	frames atomic.Uint64
	damage atomic.Int64 // frame; 0: none
}

// run scrubs until the context ends or damage is found.
func (s *scrubber) run(ctx context.Context) {
	if s.every == 0 {
		return
	}
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if !s.once(ctx) {
			return
		}
	}
}

// once scrubs, and reports whether there is reason to go on.
func (s *scrubber) once(ctx context.Context) bool {
	start := time.Now()
	frames, err := s.scrub(ctx, s.rate)
	took := time.Since(start).Round(time.Millisecond)
	var fault *frame.Fault
	switch {
	case err == nil:
		s.ended.Store(time.Now().Unix())
		s.frames.Store(frames)
		s.log.Info("the journal was read again, and is good", "frames", frames, "took", took)
	case errors.As(err, &fault):
		s.damage.Store(int64(fault.Frame))
		s.log.Error("the journal was read again, and is damaged; no more is decided. Stop the server and mend it with callbox repair",
			"frame", fault.Frame, "error", err)
		s.halt(err)
		return false
	case ctx.Err() == nil:
		s.log.Warn("the journal could not be read again to its end; another time", "frames", frames, "error", err)
	}
	return true
}

func (s *scrubber) figures() []server.Figure {
	return []server.Figure{
		{Name: "callbox_journal_scrub_timestamp_seconds", Help: "When the journal was last read again and found good; 0: not yet.",
			Read: func() float64 { return float64(s.ended.Load()) }},
		{Name: "callbox_journal_scrub_frames", Help: "Frames that were read then.",
			Read: func() float64 { return float64(s.frames.Load()) }},
		{Name: "callbox_journal_damaged_frame", Help: "The frame that was found damaged; 0: none.",
			Read: func() float64 { return float64(s.damage.Load()) }},
	}
}

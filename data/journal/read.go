package journal

import (
	"context"
	"errors"
	"iter"
	"time"

	"callbox/assign"
	"callbox/data/journal/frame"

	"github.com/nats-io/nats.go/jetstream"
)

// Read yields the frames from number from on, in order, up to the newest that
// was acknowledged when it was called. It may be called, and its frames read at
// any pace, while others read and append; it holds some MB at most. Its first
// error ends it: a *frame.Fault that names the frame, of frame.ErrDamaged if the
// frame is missing or does not follow the one before, or of what frame.Decode
// returns; ErrClosed; or the context's.
func (s *stream) Read(ctx context.Context, from uint64) iter.Seq2[assign.Frame, error] {
	entries := s.Entries(ctx, from)
	return func(yield func(assign.Frame, error) bool) {
		for e, err := range entries {
			if !yield(e.Frame, err) {
				return
			}
		}
	}
}

// Hash is that of a frame.
func (s *stream) Hash(ctx context.Context, number uint64) (frame.Hash, error) {
	if s.isClosed() {
		return frame.Hash{}, ErrClosed
	}
	b, err := s.lookUp(ctx, number)
	if err != nil {
		return frame.Hash{}, s.cause(ctx, err)
	}
	return frame.Sum(b), nil
}

// Frames is the number of the newest frame that was acknowledged.
func (s *stream) Frames() uint64 { return s.last.Load() }

// Entries yields what Read yields, with all that the log holds of each frame.
func (s *stream) Entries(ctx context.Context, from uint64) iter.Seq2[frame.Entry, error] {
	last := s.last.Load()
	return func(yield func(frame.Entry, error) bool) {
		var chain frame.Chain
		number := max(from, 1)
		for b, err := range s.raw(ctx, number, last) {
			var e frame.Entry
			if err == nil {
				e, err = s.decodeAs(number, b)
			}
			if err == nil {
				err = chain.Follow(e)
			}
			if err != nil {
				yield(frame.Entry{}, s.cause(ctx, err))
				return
			}
			number++
			if !yield(e, nil) {
				return
			}
		}
	}
}

// cause is why a read really ended.
func (s *stream) cause(ctx context.Context, err error) error {
	var fault *frame.Fault
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case s.isClosed() && !errors.As(err, &fault):
		return ErrClosed
	}
	return err
}

// Reads ask for frames in helpings, the first one small, since many readers
// want one frame only.
const (
	few          = 4 // or less are looked up, for which no consumer is worth while
	firstHelping = 4
	maxHelping   = 1024    // frames
	helpingBytes = 2 << 20 // or so many; more than one frame has
	helpers      = 4       // readers that are served at once
)

// raw yields the bytes of frames number from to last. A consumer brings them
// fast, but it may lose what comes after its time has run out, and it skips
// without a word what cannot be read. Where it stops or leaves a gap, the next
// frame is looked up by its number, which tells the two apart, and another
// consumer goes on from there.
func (s *stream) raw(ctx context.Context, from, last uint64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if s.isClosed() {
			yield(nil, ErrClosed)
			return
		}
		for next := from; next <= last; next++ {
			if last-next >= few {
				for b := range s.consume(ctx, next, last) {
					if !yield(b, nil) {
						return
					}
					next++
				}
			}
			if next > last {
				return
			}
			if b, err := s.lookUp(ctx, next); !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// consume yields the bytes of frames number from to last, or of as many of the
// first of them as one consumer brings.
func (s *stream) consume(ctx context.Context, from, last uint64) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		asked, cancel := s.asking(ctx)
		defer cancel()
		c, err := s.reads.CreateConsumer(asked, jetstream.ConsumerConfig{
			DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from,
			AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, InactiveThreshold: time.Hour,
		})
		if err != nil {
			return
		}
		defer func() { // it fails only if all of the journal is being closed
			over, cancel := s.asking(context.WithoutCancel(ctx))
			defer cancel()
			_ = s.reads.DeleteConsumer(over, c.CachedInfo().Name)
		}()
		for next, n := from, uint64(firstHelping); next <= last; n = min(2*n, maxHelping) {
			helping := s.helping(ctx, c, next, min(n, last-next+1))
			if len(helping) == 0 {
				return
			}
			for _, m := range helping {
				if !yield(m.Data()) {
					return
				}
				next++
			}
		}
	}
}

// helping gathers what a consumer has next, at most n frames from number next
// on, and none after a gap. Only so many readers do that at once: the server cuts
// off a connection on which too much is waiting.
func (s *stream) helping(ctx context.Context, c jetstream.Consumer, next, n uint64) (out []jetstream.Msg) {
	select {
	case s.helpers <- struct{}{}:
		defer func() { <-s.helpers }()
	case <-ctx.Done():
		return nil
	case <-s.closed:
		return nil
	}
	batch, err := c.Fetch(int(n), jetstream.FetchMaxBytes(helpingBytes), jetstream.FetchMaxWait(s.helpingTime))
	if err != nil {
		return nil
	}
	for {
		select {
		case m, ok := <-batch.Messages():
			if !ok || numberOf(m) != next {
				return out // at a gap, rather than wait for what the log engine has left out
			}
			out = append(out, m)
			next++
		case <-ctx.Done():
			return nil
		case <-s.closed:
			return nil
		}
	}
}

// numberOf is a message's sequence number in the stream, 0 if it has none.
func numberOf(m jetstream.Msg) uint64 {
	meta, err := m.Metadata()
	if err != nil {
		return 0
	}
	return meta.Sequence.Stream
}

// lookUp asks for a frame by its number; while servers may disagree, more than
// once.
func (s *stream) lookUp(ctx context.Context, number uint64) ([]byte, error) {
	for end := time.Now().Add(s.settling); ; {
		asked, cancel := s.asking(ctx)
		m, err := s.reads.GetMsg(asked, number)
		cancel()
		switch {
		case err == nil:
			return m.Data, nil
		case time.Now().Before(end) && s.pause(ctx, maxPause):
		case errors.Is(err, jetstream.ErrMsgNotFound):
			return nil, frame.Faulty(number, 0, frame.ErrDamaged, "it is missing, or cannot be read")
		default:
			return nil, err
		}
	}
}

// pause waits, and reports whether there is still somebody to wait for.
func (s *stream) pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
	case <-s.closed:
	}
	return false
}

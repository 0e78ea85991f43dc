package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"callbox/assign"
	"callbox/data/journal/frame"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Append makes a frame durable as the one that follows frame number after, with
// that one's hash in it. When it returns nil, the frame has been synced to the
// disk.
//
// Its error is assign.ErrSequence if another frame stands there; frame.ErrFormat,
// frame.ErrTooLarge, ErrDiskFull, ErrReadOnly or ErrClosed if the frame was refused;
// or the context's, if that had ended before. In all these cases the frame was
// not written. After ErrUnknown nobody knows: every later Append is refused
// with it until the journal is opened again.
func (s *stream) Append(ctx context.Context, after uint64, f assign.Frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.isClosed():
		return ErrClosed
	case ctx.Err() != nil:
		return ctx.Err()
	case s.readOnly:
		return ErrReadOnly
	case s.stuck != nil:
		return s.stuck
	case f.Number != after+1:
		return fmt.Errorf("%w: frame %d was to follow frame %d", assign.ErrSequence, f.Number, after)
	case after != s.last.Load():
		return s.outrun(ctx, after)
	}
	defer s.meters.appending()()
	b, err := frame.Encode(f, s.link)
	if err != nil {
		return err
	}
	if first := f.Facts[0].Seq; first != s.next {
		return frame.Faulty(f.Number, first, frame.ErrFormat, "it stands where fact %d belongs", s.next)
	}
	if s.room != nil {
		if err := s.room(int64(len(b))); err != nil {
			return err
		}
	}
	if err := s.commit(ctx, after, b); err != nil {
		if errors.Is(err, ErrUnknown) {
			s.stuck = err
		}
		return err
	}
	s.next = f.Facts[0].Seq + uint64(len(f.Facts))
	s.link.Previous = frame.Sum(b)
	s.last.Store(f.Number)
	s.wrote = true
	if s.acked != nil {
		s.acked(f.Number)
	}
	return nil
}

// How long an answer may take before the frame is sent again, and how long to
// wait before that.
const (
	answerTime = 2 * time.Second
	minPause   = 5 * time.Millisecond
	maxPause   = 500 * time.Millisecond
)

// commit sends a frame until its outcome is known. Sending it again is safe:
// it is always the same bytes with the same expectation, and only one frame can
// ever follow frame number after.
func (s *stream) commit(ctx context.Context, after uint64, b []byte) error {
	var unanswered error // of an attempt that may have been carried out
	for restarts := 0; ; restarts++ {
		err := s.insist(ctx, after, b, &unanswered, s.revive != nil && restarts < maxRestarts)
		if !errors.Is(err, errSilent) {
			return err
		}
		if err := s.revive(ctx); err != nil {
			return fmt.Errorf("%w: frame %d: %w", ErrUnknown, after+1, err)
		}
	}
}

// insist sends a frame as long as patience lasts. It ends earlier with errSilent,
// if it may, once there is no answer any more.
func (s *stream) insist(ctx context.Context, after uint64, b []byte, unanswered *error, giveUp bool) error {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	var absent time.Time // since when servers show nothing where a frame must be
	var silent silence
	for pause := minPause; ; pause = min(2*pause, maxPause) {
		began := time.Now()
		number, err := s.try(ctx, after, b)
		answered := err == nil || errorCode(err) != 0
		switch errorCode(err) {
		case 0, jetstream.JSErrCodeStreamWrongLastSequenceConstant: // another write in flight
			if err == nil && number == after+1 {
				return nil
			} else if err == nil {
				return fmt.Errorf("%w: frame %d was acknowledged as frame %d", ErrUnknown, after+1, number)
			}
		case jetstream.JSErrCodeStreamWrongLastSequence:
			if *unanswered == nil && s.settling == 0 {
				return s.outrun(ctx, after)
			}
			mine, failed := s.holds(ctx, after+1, b)
			if failed == nil && mine {
				return nil
			} else if failed == nil {
				return s.outrun(ctx, after)
			}
			err = failed
			if absent.IsZero() {
				absent = time.Now()
			}
			if errors.Is(failed, errAbsent) && time.Since(absent) > s.settling {
				if lost := s.missing(ctx, after); lost != nil {
					return lost
				}
			}
		case insufficientResources:
			if *unanswered == nil && s.settling == 0 {
				return fmt.Errorf("%w: the log has reached its greatest size: %w", ErrDiskFull, err)
			}
			return fmt.Errorf("%w: frame %d: %w", ErrUnknown, after+1, err)
		case notAvailable: // a cluster without a leader
		default: // such as a failed sync, which must not be tried again
			return fmt.Errorf("%w: frame %d: %w", ErrUnknown, after+1, err)
		}
		if *unanswered == nil {
			s.meters.unknown.Add(1)
		}
		*unanswered = err
		s.log.Warn("the log engine has not answered; trying again", "frame", after+1, "error", err)
		if silent.broken(began, answered, s.answer) && giveUp {
			return errSilent
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("%w: frame %d: %w", ErrUnknown, after+1, err)
		}
	}
}

func (s *stream) try(ctx context.Context, after uint64, b []byte) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.answer)
	defer cancel()
	return s.send(ctx, after, b)
}

// sender gives what sends a frame once.
func (s *stream) sender(js jetstream.JetStream) func(ctx context.Context, after uint64, b []byte) (uint64, error) {
	return func(ctx context.Context, after uint64, b []byte) (uint64, error) {
		m := &nats.Msg{Subject: s.config.Subjects[0], Data: b}
		if s.writer != "" {
			m.Header = nats.Header{writerHeader: {s.writer}}
		}
		return publish(ctx, js, m, after)
	}
}

// publish sends a message once, and gives the number that it was stored under.
func publish(ctx context.Context, js jetstream.JetStream, m *nats.Msg, after uint64) (uint64, error) {
	ack, err := js.PublishMsg(ctx, m,
		jetstream.WithExpectLastSequence(after), jetstream.WithRetryAttempts(0))
	if err != nil {
		return 0, err
	}
	return ack.Sequence, nil
}

// insufficientResources comes before anything is stored. The client library
// has no names for these.
const (
	insufficientResources = jetstream.ErrorCode(server.JSInsufficientResourcesErr)
	notAvailable          = jetstream.ErrorCode(server.JSClusterNotAvailErr)
)

// errorCode is the log engine's code for a refusal, 0 if it is none of those.
func errorCode(err error) jetstream.ErrorCode {
	var refusal *jetstream.APIError
	if errors.As(err, &refusal) {
		return refusal.ErrorCode
	}
	return 0
}

// errAbsent is of a frame that was refused although nothing stands in its place.
var errAbsent = errors.New("the servers refuse it and show nothing in its place; frames that were acknowledged may be missing")

// holds reports whether a frame of the log is this writer's and has those very
// bytes. While servers may disagree, nothing there is no answer.
func (s *stream) holds(ctx context.Context, number uint64, b []byte) (bool, error) {
	ctx, cancel := s.asking(ctx)
	defer cancel()
	m, err := s.writes.GetMsg(ctx, number)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		if s.settling > 0 {
			return false, errAbsent
		}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return m.Header.Get(writerHeader) == s.writer && bytes.Equal(m.Data, b), nil
}

// missing is frame.ErrDamaged if the log ends before a frame that was acknowledged,
// which must not be made up for by going on from where it ends.
func (s *stream) missing(ctx context.Context, acknowledged uint64) error {
	ctx, cancel := s.asking(ctx)
	defer cancel()
	info, err := s.writes.Info(ctx)
	if err != nil || info.State.LastSeq >= acknowledged {
		return nil // somebody else may tell
	}
	return frame.Faulty(info.State.LastSeq+1, 0, frame.ErrDamaged,
		"it was acknowledged, and is missing, as are all to frame %d; let nobody write before somebody has found out why", acknowledged)
}

// outrun says that the log has another end than its writer believes.
func (s *stream) outrun(ctx context.Context, after uint64) error {
	ctx, cancel := s.asking(ctx)
	defer cancel()
	info, err := s.writes.Info(ctx)
	if err != nil {
		return fmt.Errorf("%w: frame %d; the newest cannot be told: %w", assign.ErrSequence, after+1, err)
	}
	last := info.State.LastSeq
	err = fmt.Errorf("%w: frame %d was to follow frame %d, but the newest is frame %d", assign.ErrSequence, after+1, after, last)
	if last < min(after, s.last.Load()) && s.settling == 0 {
		return errors.Join(err, frame.Faulty(last+1, 0, frame.ErrDamaged, "it was acknowledged, and is missing"))
	}
	return err
}

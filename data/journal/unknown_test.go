package journal

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/data/journal/frame"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// send is how a Disk sends a frame once; tests put faults in its way.
type send = func(ctx context.Context, after uint64, b []byte) (uint64, error)

func apiError(code jetstream.ErrorCode) error { return &jetstream.APIError{Code: 503, ErrorCode: code} }

// TestUnknownOutcomes loses, delays and doubles what goes between the journal
// and its log engine. Whatever happens, a frame that was acknowledged is there
// once, and one that was refused is not there.
func TestUnknownOutcomes(t *testing.T) {
	frames := history(t, 6)
	foreign := frames[2]
	foreign.At++
	foreign.Facts = []assign.Recorded{{Seq: frames[2].Facts[0].Seq, At: foreign.At, Fact: &assign.KeyUsed{Key: "foreign"}}}
	foreignBytes, err := frame.Encode(foreign, frame.Link{Shard: shard, Epoch: 1})
	if err != nil {
		t.Fatal(err)
	}
	// Each fault spoils the sending of frame 3 the first times.
	for name, c := range map[string]struct {
		fault func(n int, real send) send
		want  error
	}{
		"the acknowledgement is lost": {func(n int, real send) send {
			return func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				number, err := real(ctx, after, b)
				if n == 0 && err == nil {
					return 0, context.DeadlineExceeded
				}
				return number, err
			}
		}, nil},
		"the frame is lost": {func(n int, real send) send {
			return func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				if n < 3 {
					return 0, nats.ErrTimeout
				}
				return real(ctx, after, b)
			}
		}, nil},
		"the frame comes late": {func(n int, real send) send {
			return func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				if n == 0 {
					return 0, nats.ErrTimeout
				}
				if _, err := real(ctx, after, b); n == 1 && err != nil { // the first one, delayed
					return 0, err
				}
				return real(ctx, after, b)
			}
		}, nil},
		"another write is in flight": {func(n int, real send) send {
			return func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				if n < 2 {
					return 0, apiError(jetstream.JSErrCodeStreamWrongLastSequenceConstant)
				}
				return real(ctx, after, b)
			}
		}, nil},
		"nobody answers at first": {func(n int, real send) send {
			return func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				if n == 0 {
					return 0, nats.ErrNoResponders
				}
				return real(ctx, after, b)
			}
		}, nil},
		"another writer was first": {func(n int, real send) send {
			return func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				if n == 0 {
					if _, err := real(ctx, after, foreignBytes); err != nil {
						return 0, err
					}
				}
				return real(ctx, after, b)
			}
		}, assign.ErrSequence},
		"another writer was first while the frame was lost": {func(n int, real send) send {
			return func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				if n == 0 {
					if _, err := real(ctx, after, foreignBytes); err != nil {
						return 0, err
					}
					return 0, nats.ErrTimeout
				}
				return real(ctx, after, b)
			}
		}, assign.ErrSequence},
		"nobody ever answers": {func(int, send) send {
			return func(context.Context, uint64, []byte) (uint64, error) { return 0, nats.ErrTimeout }
		}, ErrUnknown},
		"the frame is there, and nobody ever answers": {func(n int, real send) send {
			return func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				if n == 0 {
					if _, err := real(ctx, after, b); err != nil {
						return 0, err
					}
				}
				return 0, nats.ErrTimeout
			}
		}, ErrUnknown},
		"the sync fails": {func(int, send) send {
			return func(context.Context, uint64, []byte) (uint64, error) { return 0, apiError(10077) }
		}, ErrUnknown},
		"there is no room after an unknown outcome": {func(n int, _ send) send {
			return func(context.Context, uint64, []byte) (uint64, error) {
				if n == 0 {
					return 0, nats.ErrTimeout
				}
				return 0, apiError(insufficientResources)
			}
		}, ErrUnknown},
		"the number is wrong": {func(int, send) send {
			return func(context.Context, uint64, []byte) (uint64, error) { return 9, nil }
		}, ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			patience := time.Duration(0)
			if c.want == ErrUnknown { // the deadline must pass; in all other cases it must not
				patience = 100 * time.Millisecond
			}
			d := openDisk(t, dir, Options{Patience: patience})
			appendAll(t, d, frames[:2])
			real, n := d.send, 0
			d.send = func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				if after != 2 {
					return real(ctx, after, b)
				}
				n++
				return c.fault(n-1, real)(ctx, after, b)
			}
			err := d.Append(ctx, 2, frames[2])
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Fatalf("after %d times: %v, want %v", n, err, c.want)
			}
			d.send = real
			switch c.want {
			case nil:
				appendAll(t, d, frames[3:])
				expectFrames(t, d, 1, frames)
			case ErrUnknown:
				if err := d.Append(ctx, 2, frames[2]); !errors.Is(err, ErrUnknown) {
					t.Errorf("it went on after an unknown outcome: %v", err)
				}
				expectFrames(t, d, 1, frames[:2])
				closeDisk(t, d)
				d = openDisk(t, dir, Options{}) // now it is known
				appendAll(t, d, frames[d.last.Load():])
				expectFrames(t, d, 1, frames)
			}
		})
	}
}

// TestUnknownOutcomesOnACluster has a server refuse a frame that does not know yet
// that it leads no more: its refusal proves nothing.
func TestUnknownOutcomesOnACluster(t *testing.T) {
	n := startNodes(t, true)
	frames := history(t, 4)
	refuse := func(ctx context.Context, after uint64, b []byte) (uint64, error) {
		return 0, apiError(jetstream.JSErrCodeStreamWrongLastSequence)
	}
	open := func(t *testing.T, shard string) *Cluster {
		c := n.open(t, shard)
		appendAll(t, c, frames[c.Frames():2])
		return c
	}
	t.Run("the frame is stored all the same", func(t *testing.T) {
		c := open(t, "stored")
		real := c.send
		c.send = func(ctx context.Context, after uint64, b []byte) (uint64, error) {
			if _, err := real(ctx, after, b); err != nil {
				return 0, err
			}
			return refuse(ctx, after, b)
		}
		appendAll(t, c, frames[2:])
		expectFrames(t, c, 1, frames)
	})
	t.Run("the frame is stored when it comes again", func(t *testing.T) {
		c, times := open(t, "again"), 0
		real := c.send
		c.send = func(ctx context.Context, after uint64, b []byte) (uint64, error) {
			if times++; times < 4 {
				return refuse(ctx, after, b)
			}
			return real(ctx, after, b)
		}
		appendAll(t, c, frames[2:])
		expectFrames(t, c, 1, frames)
	})
	t.Run("another writer has sent the same bytes", func(t *testing.T) {
		c, other := open(t, "same"), open(t, "same")
		other.link.Epoch = c.link.Epoch
		appendAll(t, other, frames[2:3])
		real := c.send
		c.send = func(ctx context.Context, after uint64, b []byte) (uint64, error) {
			if _, err := real(ctx, after, b); err == nil {
				t.Error("it was stored")
			}
			return 0, nats.ErrTimeout
		}
		c.patience = 300 * time.Millisecond
		if err := c.Append(ctx, 2, frames[2]); !errors.Is(err, ErrUnknown) {
			t.Errorf("while nobody answers: %v", err)
		}
		c.stuck, c.send, c.patience = nil, real, time.Minute
		if err := c.Append(ctx, 2, frames[2]); !errors.Is(err, assign.ErrSequence) {
			t.Errorf("when they do: %v", err)
		}
	})
	t.Run("frames that were acknowledged are missing", func(t *testing.T) {
		c, follower := open(t, "missing"), n.open(t, "missing")
		for _, s := range []*Cluster{c, follower} {
			s.settling = 100 * time.Millisecond
			s.last.Store(3) // as if a third one had been there
			s.next = frames[3].Facts[0].Seq
		}
		if err := c.Append(ctx, 3, frames[3]); !errors.Is(err, frame.ErrDamaged) || !strings.Contains(err.Error(), "frame 3") {
			t.Errorf("to the writer it says %v", err)
		}
		if at, err := follower.Refresh(ctx); at != 3 || err != nil {
			t.Errorf("at first the follower is told %d, %v", at, err)
		}
		time.Sleep(2 * follower.settling)
		if _, err := follower.Refresh(ctx); !errors.Is(err, frame.ErrDamaged) {
			t.Errorf("and then %v", err)
		}
	})
	t.Run("a server freezes", func(t *testing.T) {
		c := open(t, "frozen")
		c.reads = &frozen{Stream: c.reads, times: 1}
		ctx, cancel := context.WithTimeout(ctx, 3*askTime)
		defer cancel()
		if _, err := c.Hash(ctx, 1); err != nil {
			t.Errorf("another answers, and a read says %v", err)
		}
	})
	t.Run("no server ever takes it", func(t *testing.T) {
		c := open(t, "never")
		c.send, c.patience = refuse, 300*time.Millisecond
		if err := c.Append(ctx, 2, frames[2]); !errors.Is(err, ErrUnknown) || !errors.Is(err, errAbsent) {
			t.Errorf("it says %v", err)
		}
	})
}

// frozen is a stream whose servers leave the first questions without an answer.
type frozen struct {
	jetstream.Stream
	times int
}

func (f *frozen) GetMsg(ctx context.Context, number uint64, o ...jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error) {
	if f.times--; f.times >= 0 {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return f.Stream.GetMsg(ctx, number, o...)
}

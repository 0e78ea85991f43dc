package journal

import (
	"context"
	"errors"
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

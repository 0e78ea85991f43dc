package engine

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"callbox/assign"
)

// Journal keeps the log: frames, numbered from 1 without a gap.
type Journal interface {
	// Append makes a frame durable as the one that follows frame number after,
	// and returns when it is. assign.ErrSequence means that another frame stands
	// there; the frame was not written. After any other error nobody knows
	// whether it was. The journal keeps nothing of f.
	Append(ctx context.Context, after uint64, f assign.Frame) error
	// Read yields the frames from number from on, in order, up to what was the
	// last one when it was called. An error ends the sequence.
	Read(ctx context.Context, from uint64) iter.Seq2[assign.Frame, error]
	// Close releases the journal. Nothing is lost by not closing it.
	Close() error
}

// Memory is a journal that is gone with the process. It is safe for use by
// several goroutines.
type Memory struct {
	mu     sync.Mutex
	frames []assign.Frame
}

// Append implements Journal.
func (m *Memory) Append(_ context.Context, after uint64, f assign.Frame) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if uint64(len(m.frames)) != after || f.Number != after+1 {
		return fmt.Errorf("%w: frame %d after %d, %d are there", assign.ErrSequence, f.Number, after, len(m.frames))
	}
	f.Facts = slices.Clone(f.Facts)
	m.frames = append(m.frames, f)
	return nil
}

// Read implements Journal.
func (m *Memory) Read(_ context.Context, from uint64) iter.Seq2[assign.Frame, error] {
	m.mu.Lock()
	frames := m.frames[min(max(from, 1)-1, uint64(len(m.frames))):]
	m.mu.Unlock()
	return func(yield func(assign.Frame, error) bool) {
		for _, f := range frames {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// Close implements Journal.
func (m *Memory) Close() error { return nil }

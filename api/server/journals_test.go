package server

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"callbox/assign"
	"callbox/assign/engine"
)

// slowJournal appends while nobody holds it.
type slowJournal struct {
	engine.Memory
	mu      sync.Mutex
	waiting atomic.Int64 // appends under way
}

func (j *slowJournal) Append(ctx context.Context, after uint64, f assign.Frame) error {
	j.waiting.Add(1)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.waiting.Add(-1)
	return j.Memory.Append(ctx, after, f)
}

// hold lets no append through until it is released, or the test ends.
func (j *slowJournal) hold(t *testing.T) (release func()) {
	j.mu.Lock()
	release = sync.OnceFunc(j.mu.Unlock)
	t.Cleanup(release)
	return release
}

// brokenJournal fails once it is told to.
type brokenJournal struct {
	engine.Memory
	broken atomic.Bool
}

func (j *brokenJournal) Append(ctx context.Context, after uint64, f assign.Frame) error {
	if j.broken.Load() {
		return errors.New("the disk is full")
	}
	return j.Memory.Append(ctx, after, f)
}

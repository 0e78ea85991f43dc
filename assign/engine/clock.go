package engine

import (
	"sync"
	"time"

	"callbox/assign"
)

// Clock tells the time to the engine, and wakes it.
type Clock interface {
	// Now is the present instant. It may step back; the engine does not.
	Now() assign.Instant
	// After returns a channel that is closed when Now has passed the instant,
	// or a little before: whoever waits looks at Now again.
	After(assign.Instant) <-chan struct{}
}

// maxNap bounds how long a waiter relies on a timer while the time of day may
// be set by hand.
const maxNap = time.Second

// Wall is the machine's own clock.
type Wall struct{}

// Now implements Clock.
func (Wall) Now() assign.Instant { return assign.InstantOf(time.Now()) }

// After implements Clock.
func (w Wall) After(at assign.Instant) <-chan struct{} { return nap(at.Sub(w.Now())) }

func nap(d time.Duration) <-chan struct{} {
	done := make(chan struct{})
	time.AfterFunc(min(max(d, 0), maxNap)+time.Millisecond, func() { close(done) })
	return done
}

// Scaled is a clock that began at Start when the machine's clock showed Since,
// and runs Speed times as fast.
type Scaled struct {
	Start assign.Instant
	Since time.Time
	Speed float64 // above 0
}

// Now implements Clock.
func (s Scaled) Now() assign.Instant {
	return s.Start.Add(time.Duration(float64(time.Since(s.Since)) * s.Speed))
}

// After implements Clock.
func (s Scaled) After(at assign.Instant) <-chan struct{} {
	return nap(time.Duration(float64(at.Sub(s.Now())) / s.Speed))
}

// Manual is a clock that stands still until it is set. It is safe for use by
// several goroutines.
type Manual struct {
	mu    sync.Mutex
	now   assign.Instant
	waits map[assign.Instant]chan struct{}
}

// NewManual is a manual clock that shows now.
func NewManual(now assign.Instant) *Manual {
	return &Manual{now: now, waits: make(map[assign.Instant]chan struct{})}
}

// Now implements Clock.
func (m *Manual) Now() assign.Instant {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Set makes the clock show now, and wakes those whose instant has passed.
func (m *Manual) Set(now assign.Instant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = now
	for at, done := range m.waits {
		if at < now {
			close(done)
			delete(m.waits, at)
		}
	}
}

// After implements Clock.
func (m *Manual) After(at assign.Instant) <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	done := m.waits[at]
	if done == nil {
		done = make(chan struct{})
		if at < m.now {
			close(done)
		} else {
			m.waits[at] = done
		}
	}
	return done
}

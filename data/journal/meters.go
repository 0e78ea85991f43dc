package journal

import (
	"sync/atomic"
	"time"
)

// Stats is what a journal has gone through since it was opened.
type Stats struct {
	Appends  Histogram     // time that appends took, those that failed too
	Pending  time.Duration // for how long the one that is under way has been so; 0: none is
	Unknown  uint64        // frames whose outcome was not known at first
	Restarts uint64        // of the log engine
}

// Histogram counts durations.
type Histogram struct {
	Counts []uint64 // of those up to each of AppendBounds, and of all others
	Sum    time.Duration
}

// AppendBounds are the upper bounds of a Histogram: a sync takes a tenth of a
// millisecond on a good disk, and tens of them on a bad one.
var AppendBounds = [...]time.Duration{
	100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second,
}

// meters count what Stats tells.
type meters struct {
	counts            [len(AppendBounds) + 1]atomic.Uint64
	nanos             atomic.Int64
	since             atomic.Int64 // when the append under way began, in nanoseconds since 1970; 0: there is none
	unknown, restarts atomic.Uint64
}

// appending notes that an append begins; what it returns, that it has ended.
func (m *meters) appending() (ended func()) {
	start := time.Now()
	m.since.Store(start.UnixNano())
	return func() {
		took := time.Since(start)
		m.since.Store(0)
		m.nanos.Add(int64(took))
		i := 0
		for i < len(AppendBounds) && took > AppendBounds[i] {
			i++
		}
		m.counts[i].Add(1)
	}
}

// Stats gives the journal's counters. It costs nothing to ask.
func (s *stream) Stats() Stats {
	out := Stats{Unknown: s.meters.unknown.Load(), Restarts: s.meters.restarts.Load()}
	out.Appends.Sum = time.Duration(s.meters.nanos.Load())
	for i := range s.meters.counts {
		out.Appends.Counts = append(out.Appends.Counts, s.meters.counts[i].Load())
	}
	if since := s.meters.since.Load(); since != 0 {
		out.Pending = max(time.Since(time.Unix(0, since)), 1)
	}
	return out
}

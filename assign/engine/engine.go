package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"

	"callbox/assign"
	"callbox/assign/cover"
)

// Bounds of the engine.
const (
	MaxBatch  = 256       // commands in one frame
	MaxWeight = 512 << 10 // bytes of one frame
	urgent    = 4096      // places in the queue of commands
	patient   = 256       // places in the queue of positions and questions
)

// Errors that are nobody's fault who asked.
var (
	ErrBusy        = errors.New("the engine has more work waiting than it takes; try again in a second")
	ErrUnavailable = errors.New("the engine takes no writes: its journal failed, or it is closed")
)

// Config is what an engine is made of.
type Config struct {
	Journal  Journal
	Snapshot *assign.Snapshot // of that journal; nil: there is none
	Clock    Clock
	Travel   Travel  // nil for a city without roads
	Streets  Streets // nil likewise
	Advisor  Advisor
	Demand   []assign.Demand    // nil: nobody knows it
	Start    assign.Started     // of what it runs with; recorded if it differs from the last
	TakeOver bool               // record it in any case: from then on the journal refuses its earlier writers
	Policy   assign.AdoptPolicy // adopted if the journal holds none
	Log      *slog.Logger       // nil: no log
}

// Engine is the one writer of a journal, and what readers see of it. It is safe
// for use by several goroutines.
type Engine struct {
	journal Journal
	clock   Clock
	log     *slog.Logger
	view    *View

	urgent  chan *task
	patient chan *task
	halt    chan error // room for one
	stop    chan struct{}
	stopped chan struct{}
	closing sync.Once
	failure atomic.Pointer[error]
	stats   counters
	streets Streets

	city   *cover.City // nil: nobody knows its demand
	moving sync.Mutex  // held while move-ups are found
}

// Open reads the journal to its end and starts an engine on what it says. The
// engine owns the journal from then on.
func Open(ctx context.Context, c Config) (*Engine, error) {
	s, err := Prepare(ctx, c)
	if err != nil {
		return nil, err
	}
	return s.TakeOver()
}

// begin records what the engine starts with, as far as it is news.
func (e *Engine) begin(w *writer, c Config) error {
	w.now = max(w.state.Now(), e.clock.Now())
	w.advised, w.looked = w.now, w.now
	if w.state.Policy() == nil {
		if err := w.decide(&c.Policy); err != nil {
			return err
		}
	}
	if c.TakeOver || w.state.Started() != c.Start {
		if err := w.decide(&assign.Start{Started: c.Start}); err != nil {
			return err
		}
	}
	if c.Travel != nil {
		if err := e.retrace(w); err != nil {
			return err
		}
	}
	return e.commit(w)
}

// Close finishes the work that has been taken in, and closes the journal. What
// is asked of the engine later gets ErrUnavailable.
func (e *Engine) Close() error {
	e.Finish()
	return e.journal.Close()
}

// Finish is Close, but that the journal stays open: for what is to be read or said
// after the last frame.
func (e *Engine) Finish() {
	e.closing.Do(func() { close(e.stop) })
	<-e.stopped
}

// Stopped is closed when nothing more is decided. Err says why.
func (e *Engine) Stopped() <-chan struct{} { return e.stopped }

// Halt stops the engine as a failed append does: somebody has found that its
// journal cannot be trusted. It returns when nothing more is decided.
func (e *Engine) Halt(cause error) {
	select {
	case e.halt <- cause:
	default: // another cause came first
	}
	<-e.stopped
}

// Err is nil while the engine takes writes, and says why not otherwise.
func (e *Engine) Err() error {
	if err := e.failure.Load(); err != nil {
		return *err
	}
	select {
	case <-e.stop:
		return ErrUnavailable
	default:
		return nil
	}
}

// Now is the engine's present instant.
func (e *Engine) Now() assign.Instant {
	var now assign.Instant
	e.view.read(func() { now = e.view.state.Now() })
	return max(now, e.clock.Now())
}

package engine

import (
	"context"
	"fmt"
	"log/slog"

	"callbox/assign/cover"
)

// Standby is an engine that does not decide yet: it has read the journal that
// another one writes, and reads on, so that little is left to be read when it has
// to take over. It is used by one goroutine.
type Standby struct {
	engine *Engine
	writer *writer
	config Config
}

// Prepare reads a journal to its end: the snapshot, if there is one, and the
// frames after it. The journal stays the caller's until TakeOver.
func Prepare(ctx context.Context, c Config) (*Standby, error) {
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{
		journal: c.Journal, clock: c.Clock, log: log, view: newView(),
		urgent: make(chan *task, urgent), patient: make(chan *task, patient),
		halt: make(chan error, 1), stop: make(chan struct{}), stopped: make(chan struct{}), streets: c.Streets,
	}
	w := newWriter(c.Travel, c.Advisor, func(err error) {
		e.stats.bugs.Add(1)
		log.Error("bug", "error", err)
	}, e.commit)
	w.graph = c.Start.Roads
	if len(c.Demand) > 0 {
		city, err := cover.NewCity(c.Demand)
		if err != nil {
			return nil, err
		}
		e.city, w.cover.city = city, city
	}
	if c.Snapshot != nil {
		if err := e.resume(w, c.Snapshot); err != nil {
			log.Warn("the snapshot contradicts itself; the journal is read from its beginning", "error", err)
		}
	}
	s := &Standby{engine: e, writer: w, config: c}
	return s, s.CatchUp(ctx)
}

// Frames is the number of the newest frame that has been read.
func (s *Standby) Frames() uint64 { return s.engine.view.frames() }

// CatchUp reads what the journal has to tell since it was read last. After an error
// the standby is of no more use.
func (s *Standby) CatchUp(ctx context.Context) error {
	known := s.Frames()
	for frame, err := range s.config.Journal.Read(ctx, max(known, 1)) {
		if err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		if frame.Number <= known { // the next must follow it
			continue
		}
		for _, r := range frame.Facts {
			if err := s.writer.apply(r); err != nil {
				return fmt.Errorf("the journal is broken at frame %d: %w", frame.Number, err)
			}
		}
		if err := s.engine.view.commit(frame, nil, ""); err != nil {
			return fmt.Errorf("the journal is broken at frame %d: %w", frame.Number, err)
		}
	}
	return nil
}

// TakeOver starts the engine after the frames that have been read; it owns the
// journal from then on. The error is assign.ErrSequence if another has written
// meanwhile. After any error the standby is of no more use, since it holds what it
// would have written.
func (s *Standby) TakeOver() (*Engine, error) {
	e, w := s.engine, s.writer
	if err := e.begin(w, s.config); err != nil {
		return nil, err
	}
	if err := w.ready(); err != nil {
		return nil, err
	}
	e.view.roads = w.ways.version()
	go e.run(w)
	return e, nil
}

package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"callbox/api/server"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/journal"
	"callbox/data/journal/frame"
)

// pulse says to those who stand by that the writer of a shard is there, for as long
// as its engine decides, and looks whether another has taken over from it: one
// with nothing to write would not notice.
type pulse struct {
	cluster *journal.Cluster
	engine  *engine.Engine
	log     *slog.Logger
	mute    bool // the newest beat was not passed on
	end     context.CancelFunc
	working sync.WaitGroup
}

// lookEvery is how often the writer looks at the log's end.
const lookEvery = 2 * time.Second

func newPulse(c *journal.Cluster, e *engine.Engine, log *slog.Logger) *pulse {
	ctx, end := context.WithCancel(context.Background())
	p := &pulse{cluster: c, engine: e, log: log, end: end}
	p.working.Go(func() { p.every(ctx, journal.BeatEvery, p.tell) })
	p.working.Go(func() { p.every(ctx, lookEvery, p.look) }) // which waits for appends, as beats must not
	return p
}

// every does something now and then while the engine decides, first at once.
func (p *pulse) every(ctx context.Context, d time.Duration, do func(context.Context)) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		do(ctx)
		select {
		case <-tick.C:
		case <-p.engine.Stopped():
			return
		case <-ctx.Done():
			return
		}
	}
}

func (p *pulse) tell(ctx context.Context) {
	err := p.cluster.Beat(ctx, false)
	if err != nil && ctx.Err() == nil && !p.mute {
		p.log.Warn("the cluster does not pass on that this server is there; another may take over", "error", err)
	}
	p.mute = err != nil
}

// look halts the engine if another has taken over, or what was written is gone.
func (p *pulse) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lookEvery)
	defer cancel()
	if _, err := p.cluster.Refresh(ctx); errors.Is(err, assign.ErrSequence) || errors.Is(err, frame.ErrDamaged) {
		p.engine.Halt(err)
	}
}

// stop ends the beats of an engine that has stopped. If it was asked to, those who
// stand by are told, and need not wait.
func (p *pulse) stop() {
	p.end()
	p.working.Wait()
	if p.engine.Err() != engine.ErrUnavailable { // a failure is wrapped in it
		return
	}
	if err := p.cluster.Beat(context.Background(), true); err != nil {
		p.log.Warn("the cluster does not pass on that this server leaves", "error", err)
	}
}

// deposed reports whether an engine stopped for a reason that others may go on
// from: another writes, or nobody knows whether the last frame was written.
func deposed(err error) bool {
	return errors.Is(err, assign.ErrSequence) || errors.Is(err, journal.ErrUnknown)
}

// figures tell whether the cluster is still set as a journal needs it.
func (p *pulse) figures() []server.Figure {
	return []server.Figure{{
		Name: "callbox_journal_drift", Help: "1 if the cluster's settings are not those that a journal needs, so that it could lose what it acknowledges.",
		Read: func() float64 {
			if p.cluster.Drift() != nil {
				return 1
			}
			return 0
		},
	}}
}

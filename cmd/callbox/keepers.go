package main

import (
	"context"
	"sync"
	"time"

	"callbox/api/server"
	"callbox/assign/engine"
)

// keepers look after a server's journal while it is written to. They read it
// and hold up nobody who writes.
type keepers struct {
	end     context.CancelFunc // nil: none have begun
	working sync.WaitGroup
}

// begin sets the keepers to work, and gives the figures that tell of it. It
// refuses an export that is of another journal.
func (k *keepers) begin(kept durable, e *engine.Engine, snaps *snapshots, c stackConfig) ([]server.Figure, error) {
	ctx, end := context.WithCancel(context.Background())
	k.end = end
	s := &scrubber{every: c.scrub, rate: c.rate, log: c.log, scrub: kept.Scrub, halt: e.Halt}
	figures := s.figures()
	if c.export != "" {
		x := &exporter{dir: c.export, journal: kept, log: c.log, again: 10 * time.Second}
		if err := x.meet(ctx); err != nil {
			return nil, err
		}
		k.working.Go(func() { x.run(ctx) })
		figures = append(figures, x.figures()...)
	}
	k.working.Go(func() { s.run(ctx) })
	if snaps != nil {
		k.working.Go(func() { snaps.run(ctx) })
	}
	return figures, nil
}

// stop ends their work, before the journal is closed.
func (k *keepers) stop() {
	if k.end != nil {
		k.end()
		k.working.Wait()
	}
}

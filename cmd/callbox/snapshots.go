package main

import (
	"context"
	"iter"
	"log/slog"
	"path/filepath"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/journal/snapshot"
)

// snapshots makes a snapshot of a server's journal now and then, so that the next
// start need not read it from its beginning.
type snapshots struct {
	every   time.Duration // 0: never
	store   snapshot.Store
	journal durable
	log     *slog.Logger
	newest  uint64 // frame of the newest
}

// snapshotsOf are those of a journal's folder.
func snapshotsOf(data string) snapshot.Store {
	return snapshot.Store{Dir: filepath.Join(data, "snapshots"), Program: version()}
}

// snapshots is the folder of those of a server's journal; "": it has none.
func (c *stackConfig) snapshots() string {
	if c.snaps == "" && c.data != "" {
		return snapshotsOf(c.data).Dir
	}
	return c.snaps
}

// find is the newest snapshot that a start can use, nil if there is none.
func (s *snapshots) find(ctx context.Context) *assign.Snapshot {
	found, unfit := s.store.Newest(func(number uint64) (snapshot.Hash, error) { return s.journal.Hash(ctx, number) })
	for _, err := range unfit {
		s.log.Warn("a snapshot cannot be used; the start reads more of the journal instead", "error", err)
	}
	if found != nil {
		s.newest = found.Frame
	}
	return found
}

// run makes snapshots until the context ends.
func (s *snapshots) run(ctx context.Context) {
	if s.every == 0 {
		return
	}
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.once(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// worthwhile is after how many frames a snapshot is made: fewer are read in no time.
const worthwhile = 10_000

// once makes a snapshot, if there is reason to.
func (s *snapshots) once(ctx context.Context) {
	if s.journal.Frames() < s.newest+worthwhile {
		return
	}
	start := time.Now()
	if made := s.make(ctx); made > 0 {
		s.log.Info("a snapshot was made of the journal", "frame", made, "took", time.Since(start).Round(time.Millisecond))
	}
}

// make carries the newest snapshot on to the end of the journal, and gives the
// frame that it ends with; 0 if that failed.
func (s *snapshots) make(ctx context.Context) uint64 {
	from, known := s.find(ctx), uint64(0)
	if from != nil {
		known = from.Frame
	}
	made, err := engine.Fold(from, after(s.journal.Read(ctx, max(known, 1)), known))
	if err == nil {
		var hash snapshot.Hash
		if hash, err = s.journal.Hash(ctx, made.Frame); err == nil {
			err = s.store.Save(made, hash)
		}
	}
	if err != nil {
		if ctx.Err() == nil {
			s.log.Warn("no snapshot could be made of the journal; a start will read more of it", "error", err)
		}
		return 0
	}
	s.newest = made.Frame
	return made.Frame
}

// after leaves out frames up to one. It is read all the same: the next must follow
// it.
func after(frames iter.Seq2[assign.Frame, error], number uint64) iter.Seq2[assign.Frame, error] {
	return func(yield func(assign.Frame, error) bool) {
		for frame, err := range frames {
			if (err != nil || frame.Number > number) && !yield(frame, err) {
				return
			}
		}
	}
}

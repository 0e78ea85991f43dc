package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"callbox/api/server"
	"callbox/data/journal/export"
)

type exportCmd struct {
	Check exportCheckCmd `cmd:"" help:"Check an export that a server writes with --export: every line, every number, and the chain of hashes."`
}

type exportCheckCmd struct {
	Folder string `arg:"" name:"dir" help:"Folder of the export."`
	Head   string `placeholder:"HASH" help:"Hash of a frame that must be in it, written down elsewhere before."`
}

// Run reads the export to its end and names the first place that is wrong.
func (c *exportCheckCmd) Run(p *program) error {
	s, err := export.Verify(c.Folder, c.Head)
	var fault *export.Fault
	switch {
	case errors.As(err, &fault):
		return violation("%s: %w", c.Folder, err)
	case err != nil:
		return err
	case s.Frames == 0:
		return fmt.Errorf("%s: there is no export in this folder", c.Folder)
	case s.Torn != nil:
		fmt.Fprintf(p.Out, "the last frame is being written, or was not written to its end: %v\n", s.Torn)
	}
	fmt.Fprintf(p.Out, "frames   %d\nfacts    %d\nhead     %s\n", s.Frames, s.Facts, s.Head)
	if c.Head != "" && !s.Held {
		return violation("%s: no frame has the hash %s", c.Folder, c.Head)
	}
	return nil
}

// exporter keeps a second copy of a server's journal.
type exporter struct {
	dir     string
	journal export.Log
	log     *slog.Logger
	again   time.Duration // after which a failure is tried once more

	frame   atomic.Uint64 // the newest that is durable there
	failing atomic.Bool
}

// meet refuses a copy that is not of this journal. Whatever else is wrong with
// it must not keep a city without its server.
func (x *exporter) meet(ctx context.Context) error {
	w, err := export.Open(x.dir, export.SegmentSize)
	if err == nil {
		err = errors.Join(w.Meet(ctx, x.journal), w.Close())
	}
	if errors.Is(err, export.ErrDisagrees) {
		return fmt.Errorf("--export %s: %w", x.dir, err)
	}
	return nil
}

// run writes the copy until the context ends.
func (x *exporter) run(ctx context.Context) {
	for {
		err := x.follow(ctx)
		if err != nil {
			x.failing.Store(true)
			x.log.Error("the journal is not being exported; decisions go on. If the export is damaged, move it aside, and it is written anew",
				"folder", x.dir, "error", err)
		}
		select {
		case <-time.After(x.again):
		case <-ctx.Done():
			return
		}
	}
}

func (x *exporter) follow(ctx context.Context) error {
	w, err := export.Open(x.dir, export.SegmentSize)
	if err != nil {
		return err
	}
	err = w.Follow(ctx, x.journal, func(frame uint64) {
		x.frame.Store(frame)
		x.failing.Store(false)
	})
	return errors.Join(err, w.Close())
}

func (x *exporter) figures() []server.Figure {
	return []server.Figure{
		{Name: "callbox_export_frame", Help: "The newest frame that is in the export.",
			Read: func() float64 { return float64(x.frame.Load()) }},
		{Name: "callbox_export_failing", Help: "1 if the export cannot be written.",
			Read: func() float64 {
				if x.failing.Load() {
					return 1
				}
				return 0
			}},
	}
}

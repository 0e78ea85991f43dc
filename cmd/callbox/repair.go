package main

import (
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"

	"callbox/data/journal"
	"callbox/data/journal/export"
	"callbox/data/journal/frame"
)

type repairCmd struct {
	Data       string `required:"" placeholder:"DIR" help:"Folder of the damaged journal, of a server that is not running."`
	From       string `required:"" placeholder:"DIR" help:"Folder of its export, as a server writes it with --export."`
	AcceptLoss bool   `help:"Go on without the frames that neither the journal nor the export has."`
}

// Run makes the journal anew and moves the damaged one aside.
func (c *repairCmd) Run(p *program) error {
	if _, err := os.Stat(c.From); err != nil {
		return err
	}
	var cut error
	m, aside, err := journal.Repair(p.Ctx, c.Data, whole(c.From, &cut),
		journal.RepairOptions{AcceptLoss: c.AcceptLoss, Log: newLog(p.Err, false, slog.LevelError)})
	if cut != nil {
		fmt.Fprintf(p.Out, "the export is used up to frame %d only: %v\n", m.Export, cut)
	}
	switch {
	case errors.Is(err, journal.ErrLoss):
		return violation("%s: %w. Nothing was changed; look for another copy, or go on without them with --accept-loss", c.Data, err)
	case err != nil:
		return judged(fmt.Errorf("%s: %w", c.Data, err))
	}
	fmt.Fprintf(p.Out, "frames   %d, %d of them from the export", m.Frames, m.FromExport)
	if m.FromExport > 0 {
		fmt.Fprintf(p.Out, ", the first of those is frame %d", m.FirstFrom)
	}
	fmt.Fprintf(p.Out, "\nfacts    %d\nhead     %s\naside    %s\n", m.Facts, m.Head, aside)
	if newest := m.Newest(); newest > m.Frames {
		fmt.Fprintf(p.Out, "lost     frames %d to %d; what is left of them is in %s and in %s\n", m.Frames+1, newest, aside, c.From)
	}
	if m.Export > m.Frames {
		fmt.Fprintln(p.Out, "The export holds more than the journal now: let the server export to an empty folder from here on.")
	}
	return nil
}

// whole yields the frames of an export up to the first place that is wrong, and
// notes what that is.
func whole(dir string, cut *error) iter.Seq2[frame.Entry, error] {
	return func(yield func(frame.Entry, error) bool) {
		for e, err := range export.Read(dir) {
			var fault *export.Fault
			if errors.As(err, &fault) {
				*cut = err
				return
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

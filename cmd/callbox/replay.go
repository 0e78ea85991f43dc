package main

import (
	"errors"
	"fmt"
	"time"

	"callbox/assign"
	"callbox/data/journal"
	"callbox/data/journal/frame"
)

type replayCmd struct {
	Data string `required:"" placeholder:"DIR" help:"Folder of the journal of a server that is not running."`
}

// Run folds the journal into a state, as a server does when it starts. It
// writes no journal, and makes none.
func (c *replayCmd) Run(p *program) error {
	log, err := journal.Open(c.Data, journal.Options{ReadOnly: true})
	if err != nil {
		return judged(err)
	}
	defer log.Close()
	state, frames, start := assign.NewState(), 0, time.Now()
	for f, err := range log.Read(p.Ctx, 1) {
		if err != nil {
			return judged(err)
		}
		for _, r := range f.Facts {
			if err := state.Apply(r); err != nil {
				return violation("frame %d: %w", f.Number, err)
			}
		}
		frames++
	}
	took := time.Since(start)
	calls, units := state.Counts()
	fmt.Fprintf(p.Out, "frames   %d\nfacts    %d, the last of %v\n", frames, state.Seq(), state.Now())
	fmt.Fprintf(p.Out, "calls    %d waiting, %d partly assigned, %d assigned, %d closed\n",
		calls[assign.Waiting], calls[assign.PartlyAssigned], calls[assign.Assigned], calls[assign.Closed])
	fmt.Fprintf(p.Out, "units    %d, %d of them available\n", len(state.UnitIDs()), units[assign.Available])
	fmt.Fprintf(p.Out, "read in  %v (%.0f facts/s)\n", took.Round(time.Millisecond), float64(state.Seq())/took.Seconds())
	fmt.Fprintf(p.Out, "digest   %s\n", state.Digest())
	return nil
}

// judged makes a violation of what is wrong with the journal itself. Other
// errors stay bad input: no journal, one in use, one of a newer program.
func judged(err error) error {
	if errors.Is(err, frame.ErrDamaged) || errors.Is(err, frame.ErrFormat) || errors.Is(err, frame.ErrTooLarge) {
		return &exitError{1, err}
	}
	return err
}

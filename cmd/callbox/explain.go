package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/data/journal"
)

type explainCmd struct {
	Data     string `required:"" placeholder:"DIR" help:"Folder of the journal of a server that is not running."`
	Decision uint64 `placeholder:"SEQ" help:"Explain the decision of this number alone, in place of a call."`
	All      bool   `help:"List all units and calls, however many."`
	JSON     bool   `help:"Print the same as JSON, whole."`
	Call     string `arg:"" optional:"" placeholder:"CALL" help:"ID of the call."`
}

// Run tells the story of one call from the journal alone: calls that were
// closed long ago are found as well. It writes nothing.
func (c *explainCmd) Run(p *program) error {
	if (c.Call == "") == (c.Decision == 0) {
		return errors.New("explain: name a call, or a decision by --decision SEQ")
	}
	log, err := journal.Open(c.Data, journal.Options{ReadOnly: true})
	if err != nil {
		return judged(err)
	}
	defer log.Close()
	call := c.Call
	if c.Decision != 0 {
		if call, err = callOf(p.Ctx, log, c.Decision); err != nil {
			return fmt.Errorf("explain --decision %d: %w in %s", c.Decision, judged(err), c.Data)
		}
	}
	collector := newCollector(call)
	for frame, err := range log.Read(p.Ctx, 1) {
		if err != nil {
			return judged(err)
		}
		for _, r := range frame.Facts {
			if err := collector.read(r); err != nil {
				return violation("frame %d: %w", frame.Number, err)
			}
		}
	}
	stories := collector.end()
	if len(stories) == 0 {
		return fmt.Errorf("explain: there is no call %q among the %d facts of the journal in %s", call, collector.state.Seq(), c.Data)
	}
	for i, s := range stories {
		if c.Decision != 0 && !s.narrow(c.Decision) {
			continue
		}
		if c.JSON {
			err = printJSON(p, s.data())
		} else {
			err = tell(p.Out, s, i > 0 && c.Decision == 0, c.All)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// callOf finds the call that a decision is about.
func callOf(ctx context.Context, log *journal.Disk, decision uint64) (string, error) {
	last := uint64(0)
	for frame, err := range log.Read(ctx, 1) {
		if err != nil {
			return "", err
		}
		for _, r := range frame.Facts {
			if last = r.Seq; last != decision {
				continue
			}
			if f, ok := r.Fact.(*assign.DecisionMade); ok {
				return f.Decision.Call, nil
			}
			return "", fmt.Errorf("fact %d is a %s, no decision,", last, r.Fact.Kind())
		}
	}
	return "", fmt.Errorf("there is no such decision: %d is the last fact", last)
}

func printJSON(p *program, v any) error {
	var b bytes.Buffer
	if err := json.Indent(&b, wire.Encode(v), "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := p.Out.Write(b.Bytes())
	return err
}

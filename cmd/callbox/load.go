package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/assign"
)

type loadCmd struct {
	Target        []string      `default:"http://127.0.0.1:8911" placeholder:"URL,..." help:"Server to put under load, or several of one city, of which one writes."`
	Rate          float64       `default:"25" help:"Calls per second."`
	PositionsRate float64       `default:"1200" help:"Positions per second, sent ten times a second at most."`
	For           time.Duration `default:"30s" placeholder:"DURATION" help:"How long new calls come in."`
	Hold          time.Duration `default:"2s" placeholder:"DURATION" help:"How long a unit stays with a call."`
	Units         int           `default:"400" help:"Units that are signed on for the test."`
	Workers       int           `default:"128" help:"Requests under way at once, at most."`
	Seed          uint64        `default:"1" help:"Seed of places and types."`
	Key           string        `placeholder:"SECRET" help:"API key."`
	JSON          bool          `help:"Print the figures as JSON."`
}

func (c *loadCmd) check() error {
	switch {
	case !(c.Rate > 0 && c.Rate <= 1e6):
		return fmt.Errorf("--rate %v: it must be above 0 and at most 1000000", c.Rate)
	case !(c.PositionsRate >= 0 && c.PositionsRate <= beats*wire.MaxPositions):
		return fmt.Errorf("--positions-rate %v: it must be 0 to %d", c.PositionsRate, beats*wire.MaxPositions)
	case c.For <= 0 || c.Hold < 0:
		return fmt.Errorf("--for %v --hold %v: a load needs time", c.For, c.Hold)
	case len(c.Target) == 0:
		return errors.New("--target: a load needs a server")
	case c.Units < 1 || c.Units > 100_000 || c.Workers < 1 || c.Workers > 10_000:
		return fmt.Errorf("--units %d --workers %d: 1 to 100000 units and 1 to 10000 workers", c.Units, c.Workers)
	case c.Rate*c.For.Seconds() > assign.KeepClosed:
		return fmt.Errorf("--rate %v --for %v: a server keeps %d closed calls to be read back and checked; ask for no more", c.Rate, c.For, assign.KeepClosed)
	}
	return nil
}

// Run sends calls and positions at a fixed rate, however slow the answers are,
// and measures each request from the instant at which it was due to be sent:
// a server that stalls is charged for all who would have waited. Then it checks
// what the server says against what it acknowledged.
func (c *loadCmd) Run(p *program) error {
	if err := c.check(); err != nil {
		return err
	}
	o := client.Options{Key: c.Key, MaxConns: c.Workers + 8, Others: c.Target[1:]}
	if len(o.Others) > 0 {
		o.Timeout = lostAfter
	}
	api, err := client.New(c.Target[0], o)
	if err != nil {
		return err
	}
	if _, err := api.Ready(); err != nil {
		return fmt.Errorf("%s is not ready: %w", strings.Join(c.Target, ", "), err)
	}
	l, err := newLoad(api, c)
	if err != nil {
		return err
	}
	if err := l.signOn(p.Ctx); err != nil {
		return err
	}
	l.run(p.Ctx)
	faults := l.ledger.audit(api)
	report := l.report(c, faults)
	if c.JSON {
		out := json.NewEncoder(p.Out)
		out.SetIndent("", "  ")
		if err := out.Encode(report); err != nil {
			return err
		}
	} else {
		report.print(p.Out)
	}
	if len(faults) > 0 {
		return violation("%d faults, the first: %s", len(faults), faults[0])
	}
	return nil
}

// lostAfter is when a server that does not answer is left for another.
const lostAfter = 2 * time.Second

// loadReport is what a load test prints.
type loadReport struct {
	Target      string              `json:"target"`
	Machine     string              `json:"machine"` // of the load generator
	Seconds     float64             `json:"seconds"`
	Units       int                 `json:"units"`
	Offered     float64             `json:"offered_calls_per_second"`
	Accepted    int                 `json:"accepted_calls"`
	Requests    map[string]opReport `json:"requests"`
	Errors      map[string]int      `json:"errors"`
	Taken       int                 `json:"units_taken"` // off calls of ours before they arrived, for others
	Checked     int                 `json:"checked_calls"`
	Unchecked   int                 `json:"unchecked_calls"` // the server keeps no closed calls as old as these
	Assignments int                 `json:"checked_assignments"`
	Pause       float64             `json:"longest_pause_ms"`
	Faults      []string            `json:"faults"`
}

// opReport is one kind of request; latencies in milliseconds, corrected for
// coordinated omission.
type opReport struct {
	Count  int64   `json:"count"`
	Rate   float64 `json:"per_second"`
	Mean   float64 `json:"mean_ms"`
	P50    float64 `json:"p50_ms"`
	P90    float64 `json:"p90_ms"`
	P99    float64 `json:"p99_ms"`
	P999   float64 `json:"p999_ms"`
	Max    float64 `json:"max_ms"`
	Failed int64   `json:"failed"`
}

func (r *loadReport) print(w io.Writer) {
	fmt.Fprintf(w, "%s, %.1f s, %d units, %.0f calls/s offered; load generator on %s\n\n", r.Target, r.Seconds, r.Units, r.Offered, r.Machine)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "request\tcount\tper second\tmean ms\tp50\tp90\tp99\tp99.9\tmax\tfailed\t")
	for _, op := range ops {
		o, ok := r.Requests[op]
		if !ok {
			continue
		}
		fmt.Fprintf(t, "%s\t%d\t%.1f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%d\t\n",
			op, o.Count, o.Rate, o.Mean, o.P50, o.P90, o.P99, o.P999, o.Max, o.Failed)
	}
	t.Flush()
	fmt.Fprintf(w, "\nlatencies are from the instant a request was due to be sent (corrected for coordinated omission)\n")
	if len(r.Errors) > 0 {
		fmt.Fprintf(w, "errors: %v\n", r.Errors)
	}
	if r.Taken > 0 {
		fmt.Fprintf(w, "%d units were taken off their calls for others before they arrived\n", r.Taken)
	}
	fmt.Fprintf(w, "longest time without an acknowledged call: %.0f ms\n", r.Pause)
	fmt.Fprintf(w, "checked: %d accepted calls and %d assignments of units; %d faults\n", r.Checked, r.Assignments, len(r.Faults))
	if r.Unchecked > 0 {
		fmt.Fprintf(w, "not checked: %d calls that were closed so long ago that the server keeps them in its journal only\n", r.Unchecked)
	}
	for i, f := range r.Faults {
		if i == 10 {
			fmt.Fprintf(w, "  and %d more\n", len(r.Faults)-i)
			break
		}
		fmt.Fprintf(w, "  %s\n", f)
	}
}

func machine() string {
	return fmt.Sprintf("%d CPUs, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// wait sleeps until an instant, or until the context ends.
func wait(ctx context.Context, until time.Time) bool {
	d := time.Until(until)
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

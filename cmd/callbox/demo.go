package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"callbox/api/client"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/sim"
	"callbox/data/city"
	"callbox/geo"
	"callbox/geo/cell"
	"callbox/geo/road"

	"golang.org/x/term"
)

type demoCmd struct {
	Units  int           `default:"400" help:"Patrol units."`
	Seed   uint64        `default:"1" help:"Seed of the city and of its calls."`
	Speed  float64       `default:"60" help:"How many times as fast as real time the city lives."`
	For    time.Duration `placeholder:"DURATION" help:"Stop after so much real time; without it, at Ctrl-C."`
	Listen string        `default:"127.0.0.1:8911" placeholder:"ADDRESS" help:"Address to answer at."`
	Policy string        `default:"911-first" placeholder:"NAME|FILE" help:"Policy to decide by."`
	Rate   float64       `default:"545" help:"Calls per hour of the city's time, on average."`
	Travel string        `enum:"hierarchy,dijkstra" default:"hierarchy" help:"How travel times by road are found, as in callbox serve."`
}

// demoStart is when the demo's day begins: an hour before its busiest.
var demoStart = assign.InstantOf(time.Date(2026, 1, 5, 17, 0, 0, 0, time.UTC))

func (c *demoCmd) check() error {
	switch {
	case c.Units < 1 || c.Units > 10_000:
		return fmt.Errorf("--units %d: it must be 1 to 10000", c.Units)
	case !(c.Speed > 0 && c.Speed <= 1000):
		return fmt.Errorf("--speed %v: it must be above 0 and at most 1000", c.Speed)
	case !(c.Rate > 0 && c.Rate <= 100_000):
		return fmt.Errorf("--rate %v: it must be above 0 and at most 100000", c.Rate)
	case c.For < 0:
		return fmt.Errorf("--for %v: it must not be negative", c.For)
	}
	return nil
}

// Run starts a server for the sample city, lets simulated callers and units
// speak to it over HTTP, and tells how the calls fare.
func (c *demoCmd) Run(p *program) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	adopt, err := loadPolicy(c.Policy)
	if err != nil {
		return err
	}
	adopt.Reason = "demo"
	sample, err := city.Sample(city.SampleOptions{Seed: c.Seed})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "callbox-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	roads, err := prepare(sample, c.Travel)
	if err != nil {
		return err
	}
	clock := engine.Scaled{Start: demoStart, Since: time.Now(), Speed: c.Speed}
	s, err := startStack(p.Ctx, stackConfig{
		city: sample, roads: roads, data: dir, listen: c.Listen, clock: clock, policy: adopt,
		log: newLog(p.Err, false, slog.LevelWarn),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()

	ctx, cancel := context.WithCancel(p.Ctx)
	defer cancel()
	if c.For > 0 {
		ctx, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	api, err := client.New(s.url(), client.Options{})
	if err != nil {
		return err
	}
	d := &driver{
		api: api, clock: clock, board: newBoard(adopt.Policy),
		world: sim.New(sim.Config{
			Start: demoStart, Caller: sim.NewCaller(c.Seed, demoStart, c.Rate, demandOf(sample), sim.ReferenceMix()),
			Roads: drives{roads.ways()}, Posts: postsOf(sample), Units: unitNames(c.Units),
		}),
	}
	fmt.Fprintf(p.Out, "callbox demo: %s, %d units, %.0f calls an hour, %v times real time, policy %s\n",
		sample.Name, c.Units, c.Rate, c.Speed, adopt.Policy.Version())
	fmt.Fprintf(p.Out, "the API answers at %s, for instance %s/v1/calls?status=waiting\n\n", s.url(), s.url())
	if err := d.signOn(ctx, unitNames(c.Units), postsOf(sample)); err != nil {
		return err
	}
	show := c.show(p.Out, d)
	err = d.run(ctx, show)
	fmt.Fprintln(p.Out)
	d.summary(p.Out, s.engine)
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		err = nil // that is how a demo ends
	}
	return err
}

// show gives a function that shows the table: in place on a terminal, else now
// and then.
func (c *demoCmd) show(w io.Writer, d *driver) func(first bool) {
	print := func() {
		fmt.Fprintf(w, "%s\n", d.clock.Now().Time().Format("Mon 15:04"))
		d.board.print(w)
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return func(first bool) {
			if !first {
				fmt.Fprintf(w, "\x1b[%dA\x1b[J", d.board.lines()+1)
			}
			print()
		}
	}
	last := time.Now().Add(-time.Hour)
	return func(bool) {
		if time.Since(last) >= 10*time.Second {
			last = time.Now()
			print()
		}
	}
}

func unitNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("P%03d", i+1)
	}
	return names
}

func postsOf(c *city.City) []geo.Point {
	var posts []geo.Point
	for _, post := range c.Posts {
		posts = append(posts, post.At)
	}
	return posts
}

// demandOf puts calls on the crossings of each cell that has any demand. All
// cells are of one resolution.
func demandOf(c *city.City) *sim.Demand {
	crossings := make(map[cell.ID][]geo.Point)
	for n := range c.Roads.Nodes() {
		at := c.Roads.Point(road.Node(n))
		if id, err := cell.At(at, c.Demand[0].Cell.Resolution()); err == nil {
			crossings[id] = append(crossings[id], at)
		}
	}
	demand := new(sim.Demand)
	for _, d := range c.Demand {
		if places := crossings[d.Cell]; len(places) > 0 && d.Weight > 0 {
			demand.Add(int64(d.Weight), places)
		}
	}
	return demand
}

// drives lets simulated units drive on the city's roads.
type drives struct{ ways ways }

func (d drives) Drive(from, to geo.Point, p geo.Profile) (sim.Trip, bool) {
	path, ok := d.ways.Path(from, to, p)
	return path, ok
}

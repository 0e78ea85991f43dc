package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"sync"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/sim"
	"callbox/geo"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// driver lets a simulated city live against a server: what callers and units do
// becomes requests, and what the event stream says reaches the units.
type driver struct {
	api   *client.Client
	clock engine.Clock
	board *board
	world *sim.World

	mu      sync.Mutex
	assigns *hdrhistogram.Histogram // microseconds
	counts  map[string]int          // of answers, by code
}

const (
	beat    = 50 * time.Millisecond // of the driver
	senders = 32                    // requests under way at once
)

// signOn signs all units on where they stand.
func (d *driver) signOn(ctx context.Context, units []string, posts []geo.Point) error {
	d.assigns, d.counts = hdrhistogram.New(1, 60_000_000, 3), make(map[string]int)
	out := newOutbox(senders)
	for i, unit := range units {
		patrol := []string{"patrol"}
		r := wire.UnitRequest{Capabilities: &patrol, Location: wire.LocationOf(posts[i%len(posts)])}
		out.put(unit, func() {
			_, err := d.api.SignOn(unit, r)
			d.count(err)
		})
	}
	out.close()
	if n := d.counts["ok"]; n != len(units) && ctx.Err() == nil {
		return fmt.Errorf("%d of %d units are signed on: %v", n, len(units), d.counts)
	}
	return ctx.Err()
}

// run goes on until the context ends.
func (d *driver) run(ctx context.Context, show func(first bool)) error {
	told := make(chan wire.Event, 4096)
	listening := make(chan error, 1)
	go func() { listening <- d.listen(ctx, told) }()
	out := newOutbox(senders)
	defer out.close()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	shown := time.Now()
	show(true)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-listening:
			return err
		case e := <-told:
			d.tell(e)
		case <-tick.C:
			d.send(out, d.world.Step(d.clock.Now()))
			if time.Since(shown) >= time.Second {
				shown = time.Now()
				show(false)
			}
		}
	}
}

// listen passes the event stream on, from its first event.
func (d *driver) listen(ctx context.Context, told chan<- wire.Event) error {
	_, err := d.api.Events(ctx, 0, func(e wire.Event) bool {
		d.board.take(e)
		select {
		case told <- e:
			return true
		case <-ctx.Done():
			return false
		}
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.Join(errors.New("the event stream has ended"), err)
}

// tell lets a unit hear what concerns it.
func (d *driver) tell(e wire.Event) {
	now := d.clock.Now()
	switch e.Kind {
	case "unit_dispatched":
		d.world.ToldToGo(now, e.Unit, e.Call)
	case "unit_diverted", "unit_preempted":
		d.world.ToldToLeave(now, e.Unit, e.From)
	case "unit_cleared", "unit_recalled":
		d.world.ToldToLeave(now, e.Unit, e.Call)
	case "call_closed":
		d.world.ToldClosed(now, e.Call)
	}
}

// send makes requests of actions. Those of one unit are sent in order.
func (d *driver) send(out *outbox, actions []sim.Action) {
	var fixes []wire.Position
	for _, a := range actions {
		switch {
		case a.Report != nil:
			out.put(a.Report.ID, func() { d.report(a.Report) })
		case a.Status != nil:
			out.put(a.Status.Unit, func() {
				_, err := d.api.SetStatus(a.Status.Unit, wire.StatusRequest{
					Status: string(a.Status.Status), Call: a.Status.Call, At: wire.InstantOf(a.Status.At),
				})
				d.count(err)
			})
		case a.Close != nil:
			out.put(a.Close.Unit, func() {
				_, err := d.api.Close(a.Close.Call, wire.CloseRequest{Disposition: "10-91", At: wire.InstantOf(a.Close.At)})
				d.count(err)
			})
		case a.Fix != nil:
			lat, lon := a.Fix.At.Degrees()
			fixes = append(fixes, wire.Position{Unit: a.Fix.Unit, Lat: &lat, Lon: &lon, At: wire.InstantOf(a.Fix.When)})
		}
	}
	if len(fixes) > 0 {
		out.put("positions", func() {
			_, err := d.api.Positions(fixes)
			d.count(err)
		})
	}
}

func (d *driver) report(c *sim.Call) {
	start := time.Now()
	_, err := d.api.Assign(wire.AssignRequest{Call: &wire.Call{
		ID: c.ID, Type: c.Type, Source: string(c.Source), Location: wire.LocationOf(c.Place), ReceivedAt: wire.InstantOf(c.At),
	}})
	took := time.Since(start)
	d.count(err)
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = d.assigns.RecordValue(took.Microseconds()) // out of range only beyond a minute
}

func (d *driver) count(err error) {
	code := "ok"
	var p *wire.Problem
	if errors.As(err, &p) {
		code = p.Code
	} else if err != nil {
		code = "no answer"
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counts[code]++
}

// summary tells how it went.
func (d *driver) summary(w io.Writer, e *engine.Engine) {
	stats := e.Stats()
	fmt.Fprintf(w, "After %s of the city's time:\n\n", brief(d.clock.Now().Sub(demoStart)))
	d.board.print(w)
	d.mu.Lock()
	defer d.mu.Unlock()
	ms := func(q float64) float64 { return float64(d.assigns.ValueAtQuantile(q)) / 1000 }
	fmt.Fprintf(w, "\nassign over HTTP, durable: median %.2f ms, 99th percentile %.2f ms, %d calls\n", ms(50), ms(99), d.assigns.TotalCount())
	fmt.Fprintf(w, "journal: %d facts in %d appends\n", stats.Facts, stats.Appends)
	fmt.Fprintf(w, "answers: %v\n", d.counts)
	var broken error
	e.View(func(v *engine.View) { broken = onTwoCalls(v.State()) })
	if broken != nil {
		fmt.Fprintf(w, "VIOLATION: %v\n", broken)
	} else {
		fmt.Fprintln(w, "no unit is on two calls")
	}
}

// onTwoCalls finds a unit that is on two calls.
func onTwoCalls(s *assign.State) error {
	on := make(map[string]string)
	for _, c := range s.OpenCalls() {
		for _, unit := range c.ActiveUnits() {
			if other, twice := on[unit]; twice {
				return fmt.Errorf("unit %s is on calls %s and %s", unit, other, c.ID)
			}
			on[unit] = c.ID
		}
	}
	return nil
}

// outbox sends requests, several at once, those with the same key in order.
type outbox struct {
	queues []chan func()
	done   sync.WaitGroup
}

func newOutbox(n int) *outbox {
	o := &outbox{queues: make([]chan func(), n)}
	for i := range o.queues {
		o.queues[i] = make(chan func(), 256)
		o.done.Go(func() {
			for send := range o.queues[i] {
				send()
			}
		})
	}
	return o
}

// put queues a request; it waits while there is no room.
func (o *outbox) put(key string, send func()) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	o.queues[h.Sum32()%uint32(len(o.queues))] <- send
}

// close waits until all has been sent.
func (o *outbox) close() {
	for _, q := range o.queues {
		close(q)
	}
	o.done.Wait()
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/data/geojson"
	"callbox/geo"
	"callbox/geo/area"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The kinds of request that a load sends, in the order in which it reports
// them.
var ops = []string{"assign", "on_scene", "close", "positions"}

// load is a load under way.
type load struct {
	api     *client.Client
	config  *loadCmd
	random  *rand.Rand
	places  []geo.Point // inside the city
	prefix  string      // of the IDs of this load
	ledger  *ledger
	fleet   *fleet
	jobs    chan func()
	pending sync.WaitGroup // jobs that are queued, planned or under way
	started time.Time
	ended   time.Time

	mu     sync.Mutex
	times  map[string]*hdrhistogram.Histogram // microseconds, by op
	failed map[string]int64                   // by op
	errors map[string]int                     // by code
	taken  int                                // units, off calls of ours before they arrived
}

// maxMicros is the longest latency that is told apart: ten minutes.
const maxMicros = 600_000_000

func newLoad(api *client.Client, c *loadCmd) (*load, error) {
	text, err := api.Areas()
	if err != nil {
		return nil, err
	}
	list, err := geojson.Read(bytes.NewReader(text), geojson.Options{})
	if err != nil {
		return nil, fmt.Errorf("the server's areas: %w", err)
	}
	set, err := area.NewSet(list)
	if err != nil {
		return nil, fmt.Errorf("the server's areas: %w", err)
	}
	l := &load{
		api: api, config: c, random: rand.New(rand.NewPCG(c.Seed, 1)), ledger: newLedger(),
		prefix: fmt.Sprintf("L%d-%d", c.Seed, time.Now().UnixMilli()), jobs: make(chan func(), 1<<16),
		times: make(map[string]*hdrhistogram.Histogram), failed: make(map[string]int64), errors: make(map[string]int),
	}
	for _, op := range ops {
		l.times[op] = hdrhistogram.New(1, maxMicros, 3)
	}
	if err := l.findPlaces(set); err != nil {
		return nil, err
	}
	l.fleet = newFleet(l.places, rand.New(rand.NewPCG(c.Seed, 2)))
	return l, nil
}

// findPlaces draws places inside the city, evenly over its ground.
func (l *load) findPlaces(set *area.Set) error {
	const want, tries = 10_000, 10_000_000
	b := set.Bound()
	for range tries {
		p := geo.Point{
			Lat: b.Min.Lat + int32(l.random.Int64N(int64(b.Max.Lat)-int64(b.Min.Lat)+1)),
			Lon: b.Min.Lon + int32(l.random.Int64N(int64(b.Max.Lon)-int64(b.Min.Lon)+1)),
		}
		if len(set.At(p)) > 0 {
			if l.places = append(l.places, p); len(l.places) == want {
				return nil
			}
		}
	}
	return errors.New("the server's areas hold no places to call from")
}

func (l *load) place() geo.Point { return l.places[l.random.IntN(len(l.places))] }

func (l *load) unit(i int) string { return fmt.Sprintf("%s-U%04d", l.prefix, i) }

func (l *load) signOn(ctx context.Context) error {
	out := newOutbox(16)
	var mu sync.Mutex
	var first error
	patrol := []string{"patrol"}
	for i := range l.config.Units {
		r := wire.UnitRequest{Capabilities: &patrol, Location: wire.LocationOf(l.fleet.start(l.unit(i), time.Now()))}
		out.put(l.unit(i), func() {
			if _, err := l.api.SignOn(l.unit(i), r); err != nil {
				mu.Lock()
				defer mu.Unlock()
				first = errors.Join(first, err)
			}
		})
	}
	out.close()
	return errors.Join(first, ctx.Err())
}

// run sends calls and positions until time is up, and then lets what is under
// way come to its end.
func (l *load) run(ctx context.Context) {
	var workers sync.WaitGroup
	for range l.config.Workers {
		workers.Go(func() {
			for job := range l.jobs {
				job()
			}
		})
	}
	ctx, cancel := context.WithTimeout(ctx, l.config.For)
	defer cancel()
	l.started = time.Now()
	l.pending.Add(2)
	go l.sendPositions(ctx)
	go l.sendCalls(ctx)
	l.pending.Wait()
	close(l.jobs)
	workers.Wait()
	l.ended = time.Now()
	l.signOff()
}

func (l *load) sendCalls(ctx context.Context) {
	defer l.pending.Done()
	types := []string{"10-30", "10-34Q1", "10-39H1", "10-52D6", "10-54E1"}
	for n := 0; ; n++ {
		due := l.started.Add(time.Duration(float64(n) / l.config.Rate * float64(time.Second)))
		if !wait(ctx, due) {
			return
		}
		kind, place := types[l.random.IntN(len(types))], l.place()
		call := &wire.Call{ID: fmt.Sprintf("%s-%07d", l.prefix, n), Type: kind, Location: wire.LocationOf(place)}
		l.pending.Add(1)
		l.jobs <- func() { l.assign(call, place, due) }
	}
}

// assign sends a call, and plans what its units report.
func (l *load) assign(call *wire.Call, place geo.Point, due time.Time) {
	defer l.pending.Done()
	receipt, err := l.api.Assign(wire.AssignRequest{Call: call})
	l.note("assign", due, err)
	if err != nil {
		return
	}
	now := time.Now()
	l.ledger.accepted(call.ID, now, unitsOf(receipt.Assignments)...)
	hold, there := now.Add(l.config.Hold), now.Add(l.config.Hold/2)
	for _, a := range receipt.Assignments {
		l.fleet.send(a.Unit, place, now, there)
		l.plan(there, func(due time.Time) {
			_, err := l.api.SetStatus(a.Unit, wire.StatusRequest{Status: "on_scene", Call: call.ID})
			l.note("on_scene", due, l.unlessTaken(err))
		})
	}
	l.plan(hold, func(due time.Time) {
		asked := time.Now()
		l.ledger.closing(call.ID, asked)
		_, err := l.api.Close(call.ID, wire.CloseRequest{Disposition: "10-91"})
		l.note("close", due, err)
		if err == nil {
			l.ledger.closed(call.ID, asked)
		}
	})
}

// unlessTaken is the error of a unit's report, but that it has been taken off its
// call for another one, which is as it should be.
func (l *load) unlessTaken(err error) error {
	var p *wire.Problem
	if !errors.As(err, &p) || p.Code != "unit_not_on_call" {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken++
	return nil
}

// plan queues a request when it is due.
func (l *load) plan(due time.Time, send func(due time.Time)) {
	l.pending.Add(1)
	time.AfterFunc(time.Until(due), func() {
		l.jobs <- func() {
			defer l.pending.Done()
			send(due)
		}
	})
}

// beats is how many requests with positions are sent a second, at most.
const beats = 10

// batch is how many positions are due at that beat, so that after any time the
// rate is kept to one position.
func batch(rate float64, beat int) int {
	return int(rate*float64(beat+1)/beats) - int(rate*float64(beat)/beats)
}

// sendPositions sends positions as they fall due.
func (l *load) sendPositions(ctx context.Context) {
	defer l.pending.Done()
	if l.config.PositionsRate == 0 {
		return
	}
	unit := 0
	for beat := 0; ; beat++ {
		due := l.started.Add(time.Duration(beat) * time.Second / beats)
		if !wait(ctx, due) {
			return
		}
		list := make([]wire.Position, batch(l.config.PositionsRate, beat))
		if len(list) == 0 {
			continue
		}
		for i := range list {
			lat, lon := l.fleet.at(l.unit(unit), due).Degrees()
			list[i] = wire.Position{Unit: l.unit(unit), Lat: &lat, Lon: &lon}
			unit = (unit + 1) % l.config.Units
		}
		l.pending.Add(1)
		l.jobs <- func() {
			defer l.pending.Done()
			answer, err := l.api.Positions(list)
			l.note("positions", due, err)
			l.left("unknown", answer.Unknown)
			l.left("future", answer.Future)
			l.left("outside", answer.Outside)
		}
	}
}

// signOff takes the units of the load off duty, so that they take no more
// calls.
func (l *load) signOff() {
	out := newOutbox(16)
	for i := range l.config.Units {
		out.put(l.unit(i), func() { _, _ = l.api.SetStatus(l.unit(i), wire.StatusRequest{Status: "off_duty"}) })
	}
	out.close()
}

// note keeps the latency of a request that was due at an instant.
func (l *load) note(op string, due time.Time, err error) {
	took := time.Since(due)
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.times[op].RecordValue(min(max(1, took.Microseconds()), maxMicros))
	if err == nil {
		return
	}
	l.failed[op]++
	var p *wire.Problem
	if errors.As(err, &p) {
		l.errors[op+": "+p.Code]++
	} else {
		l.errors[op+": no answer"]++
	}
}

// left notes positions that the server counted and did not take in. None of
// ours should be among them.
func (l *load) left(why string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n > 0 {
		l.errors["positions: "+why] += n
	}
}

func (l *load) report(c *loadCmd, faults []string) *loadReport {
	seconds := l.ended.Sub(l.started).Seconds()
	r := &loadReport{
		Target: strings.Join(c.Target, ", "), Machine: machine(), Seconds: seconds, Units: c.Units, Offered: c.Rate,
		Accepted: len(l.ledger.calls), Requests: make(map[string]opReport), Errors: l.errors,
		Taken: l.taken, Checked: l.ledger.checked, Unchecked: l.ledger.unchecked, Assignments: l.ledger.assignments, Pause: l.ledger.pause(l.started).Seconds() * 1000, Faults: faults,
	}
	for op, h := range l.times {
		if h.TotalCount() == 0 {
			continue
		}
		ms := func(q float64) float64 { return float64(h.ValueAtQuantile(q)) / 1000 }
		r.Requests[op] = opReport{
			Count: h.TotalCount(), Rate: float64(h.TotalCount()) / seconds, Mean: h.Mean() / 1000,
			P50: ms(50), P90: ms(90), P99: ms(99), P999: ms(99.9), Max: float64(h.Max()) / 1000, Failed: l.failed[op],
		}
	}
	return r
}

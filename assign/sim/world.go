package sim

import (
	"cmp"
	"container/heap"
	"time"

	"callbox/assign"
	"callbox/geo"
)

// Trip is a way that a unit drives.
type Trip interface {
	Time() time.Duration
	At(elapsed time.Duration) geo.Point
}

// Roads finds ways. False means that there is none.
type Roads interface {
	Drive(from, to geo.Point, p geo.Profile) (Trip, bool)
}

// Config is what a world is made of.
type Config struct {
	Start  assign.Instant
	Caller *Caller
	Roads  Roads
	Posts  []geo.Point // where units wait; unit n at post n, again from the first
	Units  []string    // IDs

	Turnout  time.Duration // from being dispatched to driving off; 60 s if 0
	FixEvery time.Duration // between positions of a unit that drives; 15 s if 0
}

// stillEvery is how often a unit that stands sends its position.
const stillEvery = 5 * time.Minute

// Action is what a caller or a unit does. Exactly one field is set.
type Action struct {
	Report *Call
	Status *Status
	Close  *Close
	Fix    *Fix
}

// Status is a unit's report of what it does.
type Status struct {
	Unit, Call string
	Status     assign.UnitStatus
	At         assign.Instant
}

// Close is a unit's report that a call is done.
type Close struct {
	Call, Unit string
	At         assign.Instant
}

// Fix is a unit's position.
type Fix struct {
	Unit string
	At   geo.Point
	When assign.Instant
}

// World is a city at work. It is not safe for use by several goroutines.
type World struct {
	config   Config
	calendar calendar
	seq      uint64
	calls    map[string]*Call // reported and not closed
	units    map[string]*unit
	actions  []Action
}

// event is something that happens at an instant; events of one instant happen
// in the order in which they were put down.
type event struct {
	at  assign.Instant
	seq uint64
	do  func(now assign.Instant)
}

type calendar []event

func (c calendar) Len() int { return len(c) }
func (c calendar) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(c[i].at, c[j].at), cmp.Compare(c[i].seq, c[j].seq)) < 0
}
func (c calendar) Swap(i, j int) { c[i], c[j] = c[j], c[i] }
func (c *calendar) Push(x any)   { *c = append(*c, x.(event)) }
func (c *calendar) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// New makes a world in which every unit stands at its post and the first call
// is still to come.
func New(c Config) *World {
	c.Turnout = cmp.Or(c.Turnout, time.Minute)
	c.FixEvery = cmp.Or(c.FixEvery, 15*time.Second)
	w := &World{config: c, calls: make(map[string]*Call), units: make(map[string]*unit)}
	for i, id := range c.Units {
		u := &unit{id: id, post: c.Posts[i%len(c.Posts)], standing: c.Posts[i%len(c.Posts)]}
		w.units[id] = u
		// Spread the positions of standing units over time.
		first := c.Start.Add(stillEvery * time.Duration(i+1) / time.Duration(len(c.Units)))
		w.at(first, func(now assign.Instant) { w.sendFix(u, now) })
	}
	w.expectCall()
	return w
}

func (w *World) at(when assign.Instant, do func(assign.Instant)) {
	w.seq++
	heap.Push(&w.calendar, event{when, w.seq, do})
}

// Step runs the calendar up to now and gives what callers and units do, in
// order.
func (w *World) Step(now assign.Instant) []Action {
	w.actions = nil
	for len(w.calendar) > 0 && w.calendar[0].at <= now {
		e := heap.Pop(&w.calendar).(event)
		e.do(e.at)
	}
	return w.actions
}

func (w *World) act(a Action) { w.actions = append(w.actions, a) }

func (w *World) expectCall() {
	call := w.config.Caller.Next()
	w.at(call.At, func(assign.Instant) {
		w.calls[call.ID] = &call
		w.act(Action{Report: &call})
		w.expectCall()
	})
}

// Place is where a unit is.
func (w *World) Place(unit string, now assign.Instant) geo.Point { return w.units[unit].place(now) }

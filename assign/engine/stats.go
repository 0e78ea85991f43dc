package engine

import (
	"sync/atomic"
	"time"
)

// counters are what the engine has done since it was opened.
type counters struct {
	appends atomic.Int64 // frames
	facts   atomic.Int64
	nanos   atomic.Int64 // spent in appends
	shed    atomic.Int64 // refused with ErrBusy
	bugs    atomic.Int64
}

func (c *counters) appended(facts int, took time.Duration) {
	c.appends.Add(1)
	c.facts.Add(int64(facts))
	c.nanos.Add(int64(took))
}

// Stats is what an engine has done since it was opened, and what waits.
type Stats struct {
	Appends    int64         // frames made durable
	Facts      int64         // facts in them
	AppendTime time.Duration // time spent on that
	Shed       int64         // requests refused with ErrBusy
	Bugs       int64         // decisions that the core refused
	Queued     int           // requests that wait
}

// Stats gives the engine's counters.
func (e *Engine) Stats() Stats {
	return Stats{
		Appends: e.stats.appends.Load(), Facts: e.stats.facts.Load(), AppendTime: time.Duration(e.stats.nanos.Load()),
		Shed: e.stats.shed.Load(), Bugs: e.stats.bugs.Load(), Queued: len(e.urgent) + len(e.patient),
	}
}

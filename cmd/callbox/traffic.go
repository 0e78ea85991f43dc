package main

import (
	"log/slog"
	"os"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/times"
	"callbox/geo/route"
)

// trafficConfig says which travel times are in force at which hour.
type trafficConfig struct {
	file   string           // travel times by hour of the week; "" for none
	zone   *time.Location   // in which those hours are
	reread <-chan os.Signal // asks to read the file again
}

// traffic keeps the travel times of the present hour in force. All its work is
// done in a goroutine of its own: whoever asks for ways goes on by the old times
// until the new ones are ready.
type traffic struct {
	trafficConfig
	roads *route.Network
	clock engine.Clock
	log   *slog.Logger
	week  *times.Week
	hour  int // in force, or noHour
	quit  chan struct{}
	done  chan struct{}
}

const noHour = -1

// newTraffic reads the file and puts the times of this hour in force.
func newTraffic(c trafficConfig, roads *route.Network, clock engine.Clock, log *slog.Logger) (*traffic, error) {
	t := &traffic{
		trafficConfig: c, roads: roads, clock: clock, log: log, hour: noHour,
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	if err := t.read(); err != nil {
		return nil, err
	}
	return t, t.adopt(t.now())
}

// stop ends the work of run. The times stay as they are.
func (t *traffic) stop() {
	close(t.quit)
	<-t.done
}

// run keeps the times of the hour in force, and has whoever waits for a unit
// looked at when they change.
func (t *traffic) run(look func() error) {
	defer close(t.done)
	for {
		now, before := t.now(), t.hour
		if err := t.adopt(now); err != nil {
			t.log.Error("bug", "error", err)
		} else if t.hour != before {
			_ = look() // an engine that is too busy looks again by itself
		}
		select {
		case <-t.clock.After(assign.InstantOf(times.Next(now))):
		case <-t.reread:
			if err := t.read(); err != nil {
				t.log.Error("the travel times cannot be read again; the old ones stay in force", "error", err)
			}
		case <-t.quit:
			return
		}
	}
}

func (t *traffic) now() time.Time { return t.clock.Now().Time().In(t.zone) }

// read takes the times from the file, unless something is wrong with it.
func (t *traffic) read() error {
	week, err := times.ReadFile(t.file, t.roads.Graph())
	if err != nil {
		return err
	}
	r := week.Report()
	t.log.Info("travel times are read", "file", t.file, "times", week.Version(), "arcs", r.Arcs, "raised_from_zero", r.Zeros, "raised_too_fast", r.TooFast)
	t.week, t.hour = week, noHour
	return nil
}

// adopt puts the times of the hour in force, if they are not.
func (t *traffic) adopt(now time.Time) error {
	hour := times.HourOf(now)
	if hour == t.hour {
		return nil
	}
	t.hour = hour
	roads, err := t.roads.AdoptTimes(&route.Times{Name: t.week.Name(hour), Millis: t.week.Hour(hour)})
	if err == nil {
		t.log.Info("travel times are in force", "roads", roads, "since", now.Format(time.RFC3339))
	}
	return err
}

package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/policy"
)

// board keeps, from the event stream alone, how calls fare by class. It is safe
// for use by several goroutines.
type board struct {
	mu      sync.Mutex
	classes []boardClass // in the policy's order
	open    map[string]*boardCall
}

type boardClass struct {
	name     string
	target   time.Duration
	received int
	late     int             // answered after the target, or not answered though it is used up
	waits    []time.Duration // received to first unit on scene
}

type boardCall struct {
	class    *boardClass
	received assign.Instant
	units    int
	answered bool
	late     bool
}

func newBoard(policy *assign.Policy) *board {
	b := &board{open: make(map[string]*boardCall)}
	for _, c := range policy.Classes {
		b.classes = append(b.classes, boardClass{name: c.Name, target: c.Answer})
	}
	return b
}

// take notes an event.
func (b *board) take(e wire.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.open[e.Call]
	switch e.Kind {
	case "call_received":
		i := slices.IndexFunc(b.classes, func(k boardClass) bool { return k.name == e.Class })
		if received, err := time.Parse(time.RFC3339, string(e.ReceivedAt)); i >= 0 && err == nil {
			b.classes[i].received++
			b.open[e.Call] = &boardCall{class: &b.classes[i], received: assign.InstantOf(received)}
		}
		return
	case "unit_diverted", "unit_preempted":
		c = b.open[e.From]
	}
	if c == nil {
		return
	}
	switch e.Kind {
	case "unit_dispatched":
		c.units++
	case "unit_cleared", "unit_diverted", "unit_preempted":
		c.units--
	case "unit_arrived":
		at, err := time.Parse(time.RFC3339, string(e.At))
		if c.answered || err != nil {
			return
		}
		c.answered = true
		wait := assign.InstantOf(at).Sub(c.received)
		c.class.waits = append(c.class.waits, wait)
		if wait > c.class.target {
			c.lose()
		}
	case "clock_breached":
		if e.Clock == string(assign.AnswerClock) {
			c.lose()
		}
	case "call_closed":
		delete(b.open, e.Call)
	}
}

func (c *boardCall) lose() {
	if !c.late {
		c.late = true
		c.class.late++
	}
}

// lines is how many lines print writes.
func (b *board) lines() int { return len(b.classes) + 2 }

// print writes the table.
func (b *board) print(w io.Writer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	waiting, assigned := make(map[*boardClass]int), make(map[*boardClass]int)
	for _, c := range b.open {
		if c.units > 0 {
			assigned[c.class]++
		} else {
			waiting[c.class]++
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "class\ttarget\treceived\twaiting\tassigned\tanswered\tlate\tmedian wait\t90th\tlongest\t")
	var sum boardClass
	var sumWaiting, sumAssigned int
	for i := range b.classes {
		c := &b.classes[i]
		row(t, c, waiting[c], assigned[c])
		sum.received, sum.late, sum.waits = sum.received+c.received, sum.late+c.late, append(sum.waits, c.waits...)
		sumWaiting, sumAssigned = sumWaiting+waiting[c], sumAssigned+assigned[c]
	}
	sum.name = "all"
	row(t, &sum, sumWaiting, sumAssigned)
	t.Flush()
}

func row(w io.Writer, c *boardClass, waiting, assigned int) {
	waits := slices.Sorted(slices.Values(c.waits))
	target := "-"
	if c.target > 0 {
		target = brief(c.target)
	}
	late := "-"
	if c.received > 0 {
		late = fmt.Sprintf("%.1f %%", 100*float64(c.late)/float64(c.received))
	}
	fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t\n", c.name, target, c.received, waiting, assigned, len(waits), late,
		quantile(waits, 0.5), quantile(waits, 0.9), quantile(waits, 1))
}

// quantile is the smallest wait that at least that share of calls did not
// exceed.
func quantile(sorted []time.Duration, share float64) string {
	if len(sorted) == 0 {
		return "-"
	}
	i := int(share*float64(len(sorted))+0.999999) - 1
	return brief(sorted[max(0, min(i, len(sorted)-1))])
}

// brief writes a duration to the second, without empty parts.
func brief(d time.Duration) string {
	return policy.Brief(d.Round(time.Second))
}

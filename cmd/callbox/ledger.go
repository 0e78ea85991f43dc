package main

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"callbox/api/client"
	"callbox/api/wire"
)

// ledger is what the server has acknowledged. It is checked against what the
// server says afterwards.
type ledger struct {
	mu    sync.Mutex
	calls map[string]string // status that was acknowledged: open or closed

	checked     int
	assignments int
}

func newLedger() *ledger { return &ledger{calls: make(map[string]string)} }

func (l *ledger) accepted(call string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[call] = "open"
}

func (l *ledger) closed(call string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[call] = "closed"
}

// span is the time that a unit was on a call.
type span struct {
	unit, call  string
	from, until wire.Instant // until is "" while it lasts
}

// audit reads every call back and names what does not hold: an acknowledged
// call that is not there, one that was closed and is not, and a unit that was
// on two calls at a time.
func (l *ledger) audit(api *client.Client) (faults []string) {
	var spans []span
	found := make(map[string]string)
	for after, more := "", true; more; {
		list, err := api.Calls("limit=1000&after=" + cmp.Or(after, "0"))
		if err != nil {
			return append(faults, fmt.Sprintf("the calls cannot be read: %v", err))
		}
		for _, c := range list.Calls {
			found[c.ID] = c.Status
			for _, a := range c.Assignments {
				spans = append(spans, span{a.Unit, c.ID, a.DispatchedAt, a.EndedAt})
			}
		}
		if more = list.After != nil; more {
			after = *list.After
		}
	}
	for call, acknowledged := range l.calls {
		status, there := found[call]
		switch {
		case !there:
			faults = append(faults, fmt.Sprintf("call %s was accepted, and is not there", call))
		case acknowledged == "closed" && status != "closed":
			faults = append(faults, fmt.Sprintf("call %s was closed, and is %s", call, status))
		}
	}
	l.checked, l.assignments = len(l.calls), len(spans)
	faults = append(faults, overlaps(spans)...)
	slices.Sort(faults)
	return faults
}

// overlaps finds units that were on two calls at a time. Instants are written
// alike, so that they compare as text.
func overlaps(spans []span) (faults []string) {
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.from, b.from), cmp.Compare(b.ended(), a.ended()), cmp.Compare(a.until, b.until))
	})
	for i := 1; i < len(spans); i++ {
		a, b := spans[i-1], spans[i]
		if a.unit == b.unit && (a.until == "" || b.from < a.until) {
			faults = append(faults, fmt.Sprintf("unit %s was on call %s from %s and on call %s until %q", a.unit, b.call, b.from, a.call, a.until))
		}
	}
	return faults
}

// ended is 1 for a span that is over, so that it can be sorted by.
func (s span) ended() int {
	if s.until == "" {
		return 0
	}
	return 1
}

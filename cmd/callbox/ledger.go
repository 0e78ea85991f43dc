package main

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/assign"
)

// ledger is what the server has acknowledged. It is checked against what the
// server says afterwards.
type ledger struct {
	mu    sync.Mutex
	calls map[string]entry
	acks  []time.Time // when calls were acknowledged

	checked, unchecked int // calls
	assignments        int
}

// entry is one acknowledged call: the units that it was answered with, when its
// close was asked for, and when that was acknowledged. Zero: not yet.
type entry struct {
	units         []string
	asked, closed time.Time
}

func newLedger() *ledger { return &ledger{calls: make(map[string]entry)} }

// accepted notes a call that was acknowledged at an instant, with those units.
func (l *ledger) accepted(call string, at time.Time, units ...string) {
	l.note(call, func(e *entry) { e.units = units })
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acks = append(l.acks, at)
}

func (l *ledger) closing(call string, asked time.Time) {
	l.note(call, func(e *entry) { e.asked = asked })
}

func (l *ledger) closed(call string, asked time.Time) {
	l.note(call, func(e *entry) { e.asked, e.closed = asked, time.Now() })
}

func (l *ledger) note(call string, change func(*entry)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.calls[call]
	change(&e)
	l.calls[call] = e
}

// pause is the longest time, since an instant, in which no call was acknowledged
// before one was.
func (l *ledger) pause(since time.Time) (longest time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.SortFunc(l.acks, time.Time.Compare)
	for _, at := range l.acks {
		longest, since = max(longest, at.Sub(since)), at
	}
	return longest
}

// unitsOf names the units of assignments.
func unitsOf(list []wire.Assignment) (units []string) {
	for _, a := range list {
		units = append(units, a.Unit)
	}
	return units
}

// audit reads every call back and names what does not hold of those that the
// ledger knows: an acknowledged call that is not there, one that was closed and
// is not, one without a unit that it was answered with, and a unit that was on it and on another at a time. What other callers
// do among themselves is not judged. A server keeps the newest closed calls
// only; those of ours that others have pushed out are counted as unchecked.
func (l *ledger) audit(api *client.Client) (faults []string) {
	found := make(map[string]wire.CallAnswer)
	for after, more := "", true; more; {
		list, err := api.Calls("limit=1000&after=" + cmp.Or(after, "0"))
		if err != nil {
			return append(faults, fmt.Sprintf("the calls cannot be read: %v", err))
		}
		for _, c := range list.Calls {
			found[c.ID] = c
		}
		if more = list.After != nil; more {
			after = *list.After
		}
	}
	return l.compare(found, len(found) >= assign.KeepClosed)
}

// compare checks the ledger against the calls that were found. forgetful says
// that the server may have forgotten closed ones.
func (l *ledger) compare(found map[string]wire.CallAnswer, forgetful bool) (faults []string) {
	// Calls are forgotten in the order in which they were closed: none that was
	// closed after one that is still there.
	var oldest time.Time
	for call, e := range l.calls {
		if c := found[call]; c.Status == "closed" && !e.closed.IsZero() && (oldest.IsZero() || e.closed.Before(oldest)) {
			oldest = e.closed
		}
	}
	for call, e := range l.calls {
		c, there := found[call]
		switch {
		case !there && forgetful && !e.asked.IsZero() && (oldest.IsZero() || e.asked.Before(oldest)):
			l.unchecked++
		case !there:
			faults = append(faults, fmt.Sprintf("call %s was accepted, and is not there", call))
		case !e.closed.IsZero() && c.Status != "closed":
			faults = append(faults, fmt.Sprintf("call %s was closed, and is %s", call, c.Status))
		}
		for _, unit := range e.units {
			if there && !slices.Contains(unitsOf(c.Assignments), unit) {
				faults = append(faults, fmt.Sprintf("call %s was answered with unit %s, which it does not show", call, unit))
			}
		}
	}
	var spans []span
	for _, c := range found {
		_, ours := l.calls[c.ID]
		for _, a := range c.Assignments {
			spans = append(spans, span{a.Unit, c.ID, a.DispatchedAt, a.EndedAt, ours})
			if ours {
				l.assignments++
			}
		}
	}
	l.checked = len(l.calls) - l.unchecked
	faults = append(faults, overlaps(spans)...)
	slices.Sort(faults)
	return faults
}

// span is the time that a unit was on a call.
type span struct {
	unit, call  string
	from, until wire.Instant // until is "" while it lasts
	ours        bool
}

// overlaps finds units that were on two calls at a time, one of them ours. Each
// span is compared with the one before it that lasts longest, which is among
// ours unless it is itself. Instants are written alike, so that they compare as
// text. O(n log n) for n spans.
func overlaps(spans []span) (faults []string) {
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.from, b.from), cmp.Compare(a.end(), b.end()), cmp.Compare(a.call, b.call))
	})
	var longest, ours *span // of the unit, so far
	for i := range spans {
		b := &spans[i]
		if i == 0 || spans[i-1].unit != b.unit {
			longest, ours = nil, nil
		}
		a := ours
		if b.ours {
			a = longest
		}
		if a != nil && b.from < a.end() {
			faults = append(faults, fmt.Sprintf("unit %s was on call %s from %s and on call %s until %q", b.unit, b.call, b.from, a.call, a.until))
		}
		if longest == nil || b.end() >= longest.end() {
			longest = b
		}
		if b.ours && (ours == nil || b.end() >= ours.end()) {
			ours = b
		}
	}
	return faults
}

// end is until when the span lasts, above every instant if nobody knows.
func (s *span) end() wire.Instant { return cmp.Or(s.until, "~") }

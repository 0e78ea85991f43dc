package assign

import (
	"fmt"
	"slices"
	"time"
)

// How far from now a reported instant may lie.
const (
	MaxSkew = time.Minute         // ahead: clocks of other systems run a little fast
	MaxAge  = 30 * 24 * time.Hour // behind
)

// instant checks an instant that a command reports; 0 stands for now, and so
// does one that is a little ahead: nothing is on record before it happened.
func instant(at, now Instant, field string) (Instant, error) {
	switch {
	case at == 0:
		return now, nil
	case at > now.Add(MaxSkew):
		return 0, refuse(Invalid, "instant_in_future", field,
			"%s is %v, but it is %v now; an instant may be at most %v ahead", field, at, now, MaxSkew)
	case at < now.Add(-MaxAge):
		return 0, refuse(Invalid, "instant_too_old", field,
			"%s is %v, but it is %v now; an instant may be at most %v old", field, at, now, MaxAge)
	}
	return min(at, now), nil
}

// notBefore checks that an instant follows what is on record already. One that
// is a little behind is taken for the same instant: other clocks run slow.
func notBefore(at, last Instant, field, what string) (Instant, error) {
	if at < last.Add(-MaxSkew) {
		return 0, refuse(Invalid, "instant_out_of_order", field,
			"%s is %v, but %s at %v; an instant may be at most %v before what it follows", field, at, what, last, MaxSkew)
	}
	return max(at, last), nil
}

func (s *State) openCall(id string) (*Call, error) {
	c := s.calls[id]
	if c == nil {
		return nil, refuse(NotFound, "unknown_call", "call",
			"there is no call %q in memory; calls closed long ago are in the journal only", id)
	}
	if !c.Open() {
		return nil, refuse(Conflict, "call_closed", "call", "call %q was closed at %v", id, c.End.At)
	}
	return c, nil
}

func (c *ReportCall) decide(s *State, now Instant) ([]Fact, error) {
	if old := s.calls[c.ID]; old != nil {
		return nil, c.again(old)
	}
	received, err := instant(c.ReceivedAt, now, "call.received_at")
	if err != nil {
		return nil, err
	}
	if err := legible("call.note", c.Note); err != nil {
		return nil, err
	}
	if c.Location == nil {
		return nil, refuse(Invalid, "location_missing", "call.location", "a new call needs a location")
	}
	call := Call{
		ID: c.ID, Type: c.Type, Source: c.Source, Location: *c.Location, Cell: c.Cell,
		Areas: c.Areas, Note: c.Note, ReceivedAt: received,
	}
	if call.ID == "" {
		call.ID = s.freshID()
	}
	if call.Source == "" {
		call.Source = Source911
	}
	card := s.Policy().Card(c.Type, call.Source)
	if card == nil {
		return nil, refuse(Invalid, "unknown_source", "call.source",
			"policy %q has no default run card for source %q", s.Policy().Name, call.Source)
	}
	call.Class, call.Needs = card.Class, card.Needs
	if c.Class != "" {
		call.Class = c.Class
	}
	if c.Needs != nil {
		call.Needs = c.Needs
	}
	class := s.Policy().Class(call.Class)
	if class == nil {
		return nil, refuse(Invalid, "unknown_class", "call.class",
			"policy %q has no class %q; its classes are %s", s.Policy().Name, call.Class, s.Policy().classNames())
	}
	call.Answer.Target, call.Close.Target, call.Promote = class.Answer, class.Close, class.Promote
	return []Fact{&CallReceived{Call: call}}, nil
}

// again checks a report of a call that is already there. It may repeat what was
// said, or say nothing; it may not say something else.
func (c *ReportCall) again(old *Call) error {
	if !old.Open() {
		return refuse(Conflict, "call_closed", "call.id", "call %q was closed at %v; a new call needs a new id", old.ID, old.End.At)
	}
	differs := func(field string) error {
		return refuse(Conflict, "call_differs", "call."+field,
			"call %q is already open with another %s; send its id alone to ask again, or a new id for a new call", old.ID, field)
	}
	switch {
	case c.Type != "" && c.Type != old.Type:
		return differs("type")
	case c.Class != "" && c.Class != old.Class:
		return differs("class")
	case c.Source != "" && c.Source != old.Source:
		return differs("source")
	case c.Location != nil && *c.Location != old.Location:
		return differs("location")
	case c.Note != "" && c.Note != old.Note:
		return differs("note")
	case c.ReceivedAt != 0 && c.ReceivedAt != old.ReceivedAt:
		return differs("received_at")
	case c.Needs != nil && !slices.EqualFunc(c.Needs, old.Needs, Need.equal):
		return differs("needs")
	}
	return nil
}

// freshID makes an ID from the log's sequence: the same on every replay.
func (s *State) freshID() string {
	for n := s.seq + 1; ; n++ {
		if id := fmt.Sprintf("call-%d", n); s.calls[id] == nil {
			return id
		}
	}
}

func (c *CloseCall) decide(s *State, now Instant) ([]Fact, error) {
	return s.end(c.Call, End{At: c.At, Disposition: c.Disposition}, now)
}

func (c *CancelCall) decide(s *State, now Instant) ([]Fact, error) {
	return s.end(c.Call, End{At: c.At, Cancelled: true, Reason: c.Reason}, now)
}

// end closes a call: the units on it are cleared first, so that none is ever on
// a closed call.
func (s *State) end(id string, end End, now Instant) ([]Fact, error) {
	call, err := s.openCall(id)
	if err != nil {
		return nil, err
	}
	if err := legible("disposition", end.Disposition, "reason", end.Reason); err != nil {
		return nil, err
	}
	if end.At, err = instant(end.At, now, "at"); err != nil {
		return nil, err
	}
	last, what := call.last()
	if end.At, err = notBefore(end.At, last, "at", what); err != nil {
		return nil, err
	}
	end.Unverified = !end.Cancelled && call.Arrived() == 0
	var facts []Fact
	for _, unit := range call.ActiveUnits() {
		facts = append(facts, &UnitCleared{Unit: unit, Call: id, Status: Available, How: WithCall, At: end.At})
	}
	return append(facts, &CallClosed{Call: id, End: end}), nil
}

// last is the latest instant on record of a call, and what happened then.
func (c *Call) last() (Instant, string) {
	last, what := c.ReceivedAt, "the call was received"
	for i := range c.Assignments {
		if at, that := c.Assignments[i].last(); at > last {
			last, what = at, that
		}
	}
	return last, what
}

// last is the latest instant on record of an assignment, and what happened then.
func (a *Assignment) last() (Instant, string) {
	switch {
	case a.Ended != 0:
		return a.Ended, fmt.Sprintf("unit %s left the call", a.Unit)
	case a.Arrived != 0:
		return a.Arrived, fmt.Sprintf("unit %s arrived", a.Unit)
	case a.EnRoute != 0:
		return a.EnRoute, fmt.Sprintf("unit %s was on its way", a.Unit)
	}
	return a.Since, fmt.Sprintf("unit %s was dispatched", a.Unit)
}

package assign

import (
	"iter"
	"maps"
	"slices"
	"time"
)

// What the state keeps in memory. Everything older is in the log.
const (
	KeepClosed = 100_000        // closed calls, the newest
	KeepKeys   = 100_000        // idempotency keys, the newest
	KeyLife    = 24 * time.Hour // and none older than this
)

// State is what a log of facts adds up to. It is changed by Apply only. It is
// not safe for use by several goroutines at once.
type State struct {
	seq     uint64
	now     Instant
	started Started
	policy  Adopted
	areas   Areas
	staged  staging

	closures []*Closure // sorted by ID

	units     map[string]*Unit
	unitIDs   []string // sorted
	calls     map[string]*Call
	open      map[string]*Call // those that are not closed
	waiting   map[string]*Call // those that have an open slot
	onTheWay  map[string]*Call // those that units are on their way to
	closed    []string         // closed calls, oldest first, at most KeepClosed
	forgotten string           // the call that the newest fact pushed out of memory
	alarms    alarms
	keys      map[string]*UsedKey
	keyAge    []*UsedKey // oldest first
}

// Adopted is a policy, and since when it has been in force.
type Adopted struct {
	PolicyAdopted
	At Instant
}

// UsedKey is an answer kept under an idempotency key.
type UsedKey struct {
	KeyUsed
	At Instant
}

// NewState is the state before the first fact.
func NewState() *State {
	return &State{
		units:   make(map[string]*Unit),
		calls:   make(map[string]*Call),
		open:    make(map[string]*Call),
		waiting: make(map[string]*Call), onTheWay: make(map[string]*Call),
		keys:   make(map[string]*UsedKey),
		alarms: alarms{at: make(map[alarmKey]int)},
	}
}

// Seq is the sequence number of the newest fact.
func (s *State) Seq() uint64 { return s.seq }

// Now is the instant of the newest fact.
func (s *State) Now() Instant { return s.now }

// Started is what the newest engine started with.
func (s *State) Started() Started { return s.started }

// Policy is the policy in force, nil before the first is adopted.
func (s *State) Policy() *Policy {
	if s.policy.At == 0 {
		return nil
	}
	return &s.policy.Policy
}

// Adopted tells how the policy in force came to be.
func (s *State) Adopted() Adopted { return s.policy }

// Areas is the document of areas in force, its Hash empty while the city's own
// areas are.
func (s *State) Areas() Areas { return s.areas }

// Unit is a unit, nil if it was never signed on. It is not to be changed.
func (s *State) Unit(id string) *Unit { return s.units[id] }

// UnitIDs are the IDs of all units, sorted. They are not to be changed.
func (s *State) UnitIDs() []string { return s.unitIDs }

// Call is a call, nil if there is none in memory. It is not to be changed.
func (s *State) Call(id string) *Call { return s.calls[id] }

// Forgotten is the closed call that the newest fact pushed out of memory, "" if
// none.
func (s *State) Forgotten() string { return s.forgotten }

// CallIDs are the IDs of all calls in memory, sorted, in O(n log n).
func (s *State) CallIDs() []string { return slices.Sorted(maps.Keys(s.calls)) }

// OpenCalls are the calls that are not closed, in no order, in O(open calls).
func (s *State) OpenCalls() []*Call { return slices.Collect(maps.Values(s.open)) }

// Open is how many calls are not closed.
func (s *State) Open() int { return len(s.open) }

// Waiting yields the calls that lack a unit, in no order.
func (s *State) Waiting() iter.Seq[*Call] { return maps.Values(s.waiting) }

// OnTheWay yields the calls that units are on their way to, in no order.
func (s *State) OnTheWay() iter.Seq[*Call] { return maps.Values(s.onTheWay) }

// Going is how many calls units are on their way to.
func (s *State) Going() int { return len(s.onTheWay) }

// Waits reports whether any call lacks a unit.
func (s *State) Waits() bool { return len(s.waiting) > 0 }

// Counts are how many calls in memory and units there are of each status, in
// O(open calls + units).
func (s *State) Counts() (calls map[CallStatus]int, units map[UnitStatus]int) {
	calls, units = make(map[CallStatus]int), make(map[UnitStatus]int)
	calls[Closed] = len(s.closed)
	for _, c := range s.open {
		calls[c.Status()]++
	}
	for _, u := range s.units {
		units[u.Status]++
	}
	return calls, units
}

// Key is the answer kept under an idempotency key, nil if there is none.
func (s *State) Key(key string) *UsedKey { return s.keys[key] }

// NextAlarm is the instant at which the next share of a running clock is used
// up, and whether there is one.
func (s *State) NextAlarm() (Instant, bool) {
	if len(s.alarms.heap) == 0 {
		return 0, false
	}
	return s.alarms.heap[0].due, true
}

// settle brings a call that has just changed in order: a unit that was sent as
// an extra moves up into a slot that has fallen open, and the indexes follow.
func (s *State) settle(c *Call) {
	for _, slot := range c.OpenSlots() {
		for i := range c.Assignments {
			a := &c.Assignments[i]
			if a.Active() && a.Slot == Extra && s.units[a.Unit].MayFill(c.Slot(slot)) {
				a.Slot = slot
				break
			}
		}
	}
	if c.Open() {
		s.open[c.ID] = c
	} else {
		delete(s.open, c.ID)
	}
	if len(c.OpenSlots()) > 0 {
		s.waiting[c.ID] = c
	} else {
		delete(s.waiting, c.ID)
	}
	if c.has(func(a *Assignment) bool { return a.Active() && a.Arrived == 0 }) {
		s.onTheWay[c.ID] = c
	} else {
		delete(s.onTheWay, c.ID)
	}
	for _, name := range [...]ClockName{AnswerClock, CloseClock} {
		if due, ok := c.clock(name).next(c.ReceivedAt); ok {
			s.alarms.set(alarmKey{c.ID, name}, due)
		} else {
			s.alarms.drop(alarmKey{c.ID, name})
		}
	}
	if due, ok := c.promotion(); ok {
		s.alarms.set(alarmKey{c.ID, promotionAlarm}, due)
	} else {
		s.alarms.drop(alarmKey{c.ID, promotionAlarm})
	}
}

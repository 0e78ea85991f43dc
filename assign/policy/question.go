package policy

import (
	"slices"
	"time"

	"callbox/assign"
	"callbox/geo"
)

// question is one call's search for units.
type question struct {
	*round
	call  *assign.Call
	class *assign.Class
	rank  int
	scale *scale
	age   time.Duration
	limit time.Duration // how far away a unit may be; 0: anywhere
	open  []int         // slots that need a unit

	// The ways of units that may be of use, as far as they have been read.
	legs    []geo.Leg
	all     bool  // there are no more
	reserve []int // slots that available units are kept back from, for higher classes
	tried   bool  // its open slots take part, or have
}

// ask begins a call's search for units for its open slots; for any of its slots
// if it has all its units.
func (r *round) ask(call *assign.Call) *question {
	if q := r.questions[call.ID]; q != nil {
		return q
	}
	q := r.glance(call)
	q.scale, q.open = r.levels.classes[r.counts(call).Name], call.OpenSlots()
	r.questions[call.ID] = &q
	return &q
}

// glance is what the rules need to know of a call.
func (r *round) glance(call *assign.Call) question {
	q := question{
		round: r, call: call, class: r.policy.Class(call.Class), rank: r.policy.RankOf(call),
		age: max(0, r.s.Now.Sub(call.ReceivedAt)),
	}
	q.limit = q.class.Pull(q.age)
	return q
}

// The first ways that are read of a stream, and how many times more each time it
// is read again: whoever reads many has few good ones.
const (
	firstLegs = 3
	moreLegs  = 4
)

// leg is the way that comes at that place of the stream, soonest first.
func (q *question) leg(i int) (geo.Leg, bool) {
	for i >= len(q.legs) && !q.all {
		q.read(max(firstLegs, moreLegs*len(q.legs)))
	}
	if i >= len(q.legs) {
		return geo.Leg{}, false
	}
	return q.legs[i], true
}

// read reads the stream anew, up to so many ways. It cannot stay open, since the
// streams of other calls are read in between.
func (q *question) read(n int) {
	q.legs, q.all = q.legs[:0], true
	for leg := range q.s.Legs(q.call.Location, q.class.Profile, q.limit, q.want()) {
		if len(q.legs) == n {
			q.all = false
			return
		}
		q.legs = append(q.legs, leg)
	}
}

// want is what every unit of use has in common: it can do what each slot asks
// for, and does nothing that it may not be taken from.
func (q *question) want() assign.Want {
	w := assign.Want{Units: assign.Idle}
	if q.class.MayDivert {
		w.Units = assign.OnTheWay
	}
	if q.class.MayPreempt {
		w.Units = assign.Anyone
	}
	for i := range q.call.Needs {
		asks := q.call.Needs[i].Capabilities
		if i == 0 {
			w.Capabilities = slices.Clone(asks)
		}
		w.Capabilities = slices.DeleteFunc(w.Capabilities, func(c string) bool { return !slices.Contains(asks, c) })
	}
	return w
}

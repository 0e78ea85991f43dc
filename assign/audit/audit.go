package audit

import (
	"fmt"
	"slices"

	"callbox/assign"
)

// Auditor reads the facts of a log, in order. It is not safe for use by several
// goroutines at once.
type Auditor struct {
	order  Order
	found  func(Finding)
	report Report

	seq    uint64
	now    assign.Instant
	ticked assign.Instant // up to when all clocks were looked at

	policy  assign.Policy
	units   map[string]*unit
	calls   map[string]*call // those that are open
	waiting []*call          // those that lack a unit, by rank, then ID; without those that the order does not rank
	closed  recent

	round    *round    // nil if none is under way
	decision *decision // the one whose facts are being read, or nil
	taken    *taken    // a unit that the next fact must dispatch, or nil
	ending   string    // the call that the next fact must go on to close, or ""
}

// New is an auditor that has read nothing yet. It gives each finding to found,
// in the order of the log as far as it can: what shows only by the end of a
// round, or of the log, comes then.
func New(order Order, found func(Finding)) *Auditor {
	return &Auditor{
		order: order, found: found,
		report: Report{Found: make(map[Kind]int), Explained: make(map[Exception]int)},
		units:  make(map[string]*unit), calls: make(map[string]*call),
		closed: recent{is: make(map[string]bool)},
	}
}

// Read judges the next fact of the log. Whatever it holds, it does not panic. It
// takes O(calls that wait) time for a dispatch, and O(calls that wait) moves of
// one word when a call begins or ceases to wait.
func (a *Auditor) Read(r assign.Recorded) {
	a.follows(r)
	a.fulfils(r.Fact)
	if a.round != nil && (r.At != a.round.at || !ofRound(r.Fact)) {
		a.endRound()
	}
	switch f := r.Fact.(type) {
	case *assign.Started, *assign.RoadClosed: // a start writes them before it looks at the clocks
	case *assign.PolicyAdopted:
		a.policy = f.Policy
	case *assign.ClockWarned:
		a.share(f.Call, f.Clock, f.Share, f.At)
	case *assign.ClockBreached:
		a.share(f.Call, f.Clock, breach, f.At)
	case *assign.CallPromoted:
		a.promote(f)
	default:
		a.ticked = r.At
		a.fold(f)
	}
}

// Close ends the log, judges what is left, and counts. The auditor must not be
// used any more.
func (a *Auditor) Close() Report {
	a.fulfils(nil)
	a.endRound()
	a.endClocks()
	return a.report
}

// follows checks a fact's number and instant against those of the one before.
func (a *Auditor) follows(r assign.Recorded) {
	before, last := a.seq, a.now
	a.seq, a.now = r.Seq, r.At
	if r.Seq != before+1 {
		a.find(Impossible, "", "", "fact %d follows fact %d: facts are missing, or there twice", r.Seq, before)
	}
	if r.At < last {
		a.find(Impossible, "", "", "it is of %v, and the fact before it of %v: time runs back", r.At, last)
	}
	a.report.Facts++
	a.report.Last = r.At
}

// fulfils checks that a fact is what the one before it announced. Nil is the end
// of the log.
func (a *Auditor) fulfils(f assign.Fact) {
	if t := a.taken; t != nil {
		a.taken = nil
		if f, ok := f.(*assign.UnitDispatched); !ok || f.Assignment.Unit != t.unit || f.Call != t.to {
			a.find(Impossible, t.unit, t.to, "unit %s was taken from %s for %s, and was not sent there next", t.unit, t.from, t.to)
		}
	}
	if call := a.ending; call != "" {
		cleared, ok := f.(*assign.UnitCleared)
		if ok && cleared.Call == call && cleared.How == assign.WithCall {
			return
		}
		a.ending = ""
		if f, ok := f.(*assign.CallClosed); !ok || f.Call != call {
			a.find(Impossible, "", call, "units left %s because it was closed, and it was not closed next", call)
		}
	}
}

// fold takes a fact into the model, and finds what is wrong with it.
func (a *Auditor) fold(f assign.Fact) {
	switch f := f.(type) {
	case *assign.DecisionMade:
		a.decide(&f.Decision)
	case *assign.CallQueued:
		a.queue(f)
	case *assign.UnitDispatched:
		a.dispatch(f)
	case *assign.UnitDiverted:
		a.take(&taken{f.Unit, f.From, f.To}, f.At, assign.Diverted)
	case *assign.UnitPreempted:
		a.take(&taken{f.Unit, f.From, f.To}, f.At, assign.Preempted)
	case *assign.UnitRecalled:
		a.recall(f)
	case *assign.UnitSignedOn:
		a.signOn(&f.Unit)
	case *assign.UnitStatusChanged:
		a.setStatus(f)
	case *assign.UnitEnRoute:
		a.enRoute(f)
	case *assign.UnitArrived:
		a.arrive(f)
	case *assign.UnitCleared:
		a.clear(f)
	case *assign.CallReceived:
		a.receive(&f.Call)
	case *assign.CallClosed:
		a.close(f)
	case nil:
		a.find(Impossible, "", "", "it holds no fact")
	}
}

// find reports something that the fact at hand shows.
func (a *Auditor) find(k Kind, unit, call, format string, args ...any) {
	f := a.finding(k, format, args...)
	f.Unit, f.Call = unit, call
	a.tell(f)
}

// finding is one that the fact at hand shows.
func (a *Auditor) finding(k Kind, format string, args ...any) Finding {
	return Finding{Kind: k, At: a.now, Fact: a.seq, Sentence: fmt.Sprintf(format, args...)}
}

func (a *Auditor) tell(f Finding) {
	if f.Explained != "" {
		a.report.Explained[f.Explained]++
	} else {
		a.report.Found[f.Kind]++
	}
	a.found(f)
}

// unordered notes a class that the order does not rank.
func (a *Auditor) unordered(class string) {
	if list := &a.report.Unordered; len(*list) < maxUnordered && !slices.Contains(*list, class) {
		*list = append(*list, class)
	}
}

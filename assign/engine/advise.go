package engine

import (
	"fmt"
	"maps"
	"slices"

	"callbox/assign"
	"callbox/geo"
)

// stirring is how far a unit must have moved for the advisor to look again: some
// seconds' drive.
const stirring = geo.Distance(50_000) // millimetres

// maxPasses bounds how often the advisor is asked about what its own decisions
// changed: a unit that is recalled is free for another call.
const maxPasses = 3

// advise asks the advisor, and carries out what it proposes. A proposal that the
// core refuses is a bug of the advisor's: it is reported, and no unit is lost by
// it.
func (w *writer) advise() error {
	w.window = 0
	for range maxPasses {
		s := w.Situation(w.now, w.hurry, w.newly())
		decisions, ok := w.ask(s)
		if s.Fresh == nil {
			w.looked = w.now
		}
		moved := w.fresh.moved // not looked at yet
		w.fresh, w.advised = newNews(false), w.now
		w.fresh.moved = moved
		if err := w.carryOut(s, decisions); err != nil {
			return err
		}
		w.owed = w.owed && ok // what has failed is not tried again at once
		clear(w.fresh.calls)  // those that lost a unit were decided with the others
		if len(w.fresh.units) == 0 {
			break
		}
	}
	return nil
}

// carryOut makes the decisions of one round, and records before by what they were
// made: whoever reads the log can make them again.
func (w *writer) carryOut(s *assign.Situation, decisions []assign.Decision) error {
	if len(decisions) == 0 {
		return nil
	}
	if err := w.recordMoves(); err != nil {
		return err
	}
	if err := w.decide(&assign.BeginRound{RoundBegun: s.Begun()}); err != nil {
		return err
	}
	round := w.state.Seq() + 1
	for _, d := range decisions {
		d.Round = round
		if err := w.decide(&assign.Dispatch{Decision: d}); bug(err) {
			return err
		} else if err != nil {
			w.report(fmt.Errorf("a decision for call %s is refused: %w", d.Call, err))
		}
		w.owed = w.owed || d.Greedy
	}
	return nil
}

// newly is what the advisor must look at again; nil: everything.
func (w *writer) newly() *assign.Fresh {
	fresh := &assign.Fresh{Calls: w.fresh.calls, Units: w.fresh.units}
	if w.fresh.all || !fresh.Nameable() {
		return nil
	}
	return fresh
}

// look asks the advisor if it is time to, though nobody has asked anything: a call
// is news, units have moved, or an exact answer is owed.
func (w *writer) look() error {
	if w.owed && !w.hurry {
		w.owed, w.fresh.all = false, true
	}
	if w.now >= w.looked.Add(lookEvery) {
		w.fresh.all = true
	}
	if !w.concerned() || !w.fresh.all && (len(w.fresh.calls) == 0 || w.window != 0) && w.now < w.lookAgain() {
		return nil
	}
	w.stir()
	return w.advise()
}

// stir makes the units that have moved news like the others.
func (w *writer) stir() {
	w.stirred = w.now
	maps.Copy(w.fresh.units, w.fresh.moved)
	w.fresh.moved = make(map[string]bool)
}

// batched is why a call waits that is to be decided together with others.
var batched = assign.Reason{Code: "batched", Sentence: "It is decided in a moment, together with calls that come meanwhile."}

// hold leaves the calls that are news waiting for others, if the policy has a batch
// window and none of them is protected, and reports whether it did. Their callers
// are told so, and learn the rest from the events.
func (w *writer) hold() (bool, error) {
	solver := w.state.Policy().Solver
	if solver == nil || solver.BatchWindow == 0 || w.fresh.all || len(w.fresh.units) > 0 {
		return false, nil
	}
	for id := range w.fresh.calls {
		if call := w.state.Call(id); call != nil && w.state.Policy().Class(call.Class).Protected {
			return false, nil
		}
	}
	if w.window == 0 {
		w.window = w.now.Add(solver.BatchWindow)
	}
	if w.now >= w.window {
		return false, nil
	}
	for _, id := range slices.Sorted(maps.Keys(w.fresh.calls)) {
		if call := w.state.Call(id); call != nil && call.Decision == 0 && call.Reason == nil {
			if err := w.decide(&assign.Hold{Call: id, Reason: batched}); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

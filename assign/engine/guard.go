package engine

import (
	"fmt"
	"runtime/debug"

	"callbox/assign"
)

// guarded runs what must not take the engine with it. A panic is a bug of what it
// runs, and comes back as an error.
func guarded(what string, run func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: a bug: %v\n%s", what, p, debug.Stack())
		}
	}()
	run()
	return nil
}

// ask asks the advisor. If it fails, that is reported, and the answer is sought in
// haste, which is the simpler way; s tells so then. If that fails too, nothing is
// decided: the calls wait, and are asked about again with the next event.
func (w *writer) ask(s *assign.Situation) (decisions []assign.Decision, ok bool) {
	failed := false
	for {
		err := guarded("the advisor", func() { decisions = w.advisor.Advise(s) })
		if err == nil {
			return decisions, !failed
		}
		w.report(err)
		if s.Hurry {
			return nil, false
		}
		s.Hurry, failed = true, true
	}
}

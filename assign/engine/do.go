package engine

import (
	"cmp"
	"errors"
	"fmt"

	"callbox/assign"
)

// Request is a command and how to answer it.
type Request struct {
	Command assign.Command

	// Key, if set, makes the request idempotent: the same key and Fingerprint
	// get the answer of the first time, another fingerprint is refused. Answer
	// then makes that answer, and is called by the writer before the commit.
	Key         string
	Fingerprint string
	Answer      func(*Outcome) (status int, body []byte)
}

// Outcome is what came of a request. What it points to is the caller's.
type Outcome struct {
	At      assign.Instant
	Seq     uint64          // number of the newest fact
	Call    *assign.Call    // the call that was spoken of
	Unit    *assign.Unit    // the unit that was spoken of
	Closure *assign.Closure // the closure that was spoken of; it never changes
	Roads   string          // version of the roads after it
	Again   *assign.UsedKey // set if the answer was given before; nothing else is then
	Created bool            // the call is new
}

// Do carries out a request, and what follows from it, and returns when all of
// it is durable. Its error is a *assign.Refusal, ErrBusy or ErrUnavailable;
// after the last, nobody knows whether it was carried out.
func (e *Engine) Do(r Request) (out Outcome, err error) {
	err = e.submit(e.urgent, func(w *writer) (err error) {
		out, err = w.perform(r)
		return err
	})
	return out, err
}

// Move takes in reports of positions and says what became of them. They are
// seen by decisions and readers when it returns, and are not made durable.
func (e *Engine) Move(positions []Position) (m Moved, err error) {
	err = e.submit(e.patient, func(w *writer) error {
		m = w.move(positions)
		return nil
	})
	return m, err
}

// Ranking is the answer to a question that decides nothing.
type Ranking struct {
	At         assign.Instant
	Call       assign.Call // as it would be stored
	Decision   assign.Decision
	Candidates []assign.Candidate
}

// Rank tells what a call would get if it were reported now, and the n best
// candidates for it.
func (e *Engine) Rank(c *assign.ReportCall, n int) (r Ranking, err error) {
	var failed error // which stops nothing: a question changes nothing
	err = e.submit(e.patient, func(w *writer) (err error) {
		r, failed, err = w.rank(c, n)
		return err
	})
	return r, cmp.Or(err, failed)
}

func (w *writer) rank(c *assign.ReportCall, n int) (r Ranking, failed, err error) {
	facts, err := w.state.Decide(w.now, c)
	if err != nil {
		return r, nil, err
	}
	r.At = w.now
	if len(facts) == 0 { // the call is there already
		r.Call = *w.state.Call(c.ID).Clone()
	} else {
		r.Call = facts[0].(*assign.CallReceived).Call
	}
	s := w.Situation(w.now, w.hurry, w.newly())
	failed = guarded("the advisor", func() { r.Decision, r.Candidates = w.advisor.Rank(s, &r.Call, n) })
	if failed != nil {
		w.report(failed)
	}
	return r, failed, nil
}

// perform does what a request asks, or finds the answer of the first time.
func (w *writer) perform(r Request) (Outcome, error) {
	if r.Key != "" {
		if used := w.state.Key(r.Key); used != nil {
			if used.Fingerprint != r.Fingerprint {
				return Outcome{}, &assign.Refusal{
					Fault: assign.Invalid, Code: "idempotency_key_reused", Field: "Idempotency-Key",
					Detail: "this key came with another request before; a new request needs a new key",
				}
			}
			return Outcome{Again: used}, nil
		}
	}
	switch c := r.Command.(type) {
	case *assign.Override:
		w.survey(c)
	case *assign.CloseRoad:
		c.Graph = w.graph
	}
	if r.Key != "" { // what is decided and the key that keeps it share a frame
		if err := w.makeRoom(); err != nil {
			return Outcome{}, err
		}
	}
	w.received = ""
	if err := w.do(r.Command); err != nil {
		return Outcome{}, err
	}
	out := w.outcome(r.Command)
	if r.Key != "" {
		if err := w.keep(r, &out); err != nil {
			return Outcome{}, err
		}
	}
	return out, nil
}

// makeRoom leaves at least half of a frame to what is decided next, the positions
// that it is decided by not counted.
func (w *writer) makeRoom() error {
	if w.unlogged.weight > MaxWeight/4 {
		if err := w.recordMoves(); err != nil {
			return err
		}
	}
	if w.weight+w.unlogged.weight > MaxWeight/2 {
		return w.commit(w)
	}
	return nil
}

// keep stores the answer to a request under its key. What was decided stands
// though no answer can be made of it; that is a bug of the caller's.
func (w *writer) keep(r Request, out *Outcome) error {
	used, err := used(r, out)
	if err != nil {
		w.report(err)
		return nil
	}
	return w.decide(&assign.UseKey{KeyUsed: used})
}

func used(r Request, out *Outcome) (used assign.KeyUsed, err error) {
	err = guarded(fmt.Sprintf("the answer that is kept for a %T", r.Command), func() {
		status, body := r.Answer(out)
		used = assign.KeyUsed{Key: r.Key, Fingerprint: r.Fingerprint, Status: status, Body: body}
	})
	return used, err
}

// survey fills in what is known of the way that a dispatcher orders.
func (w *writer) survey(c *assign.Override) {
	c.Roads = w.ways.version()
	if fix, known := w.fixes[c.Unit]; known {
		c.Fix = &fix
	}
	call := w.state.Call(c.Call)
	if call == nil || c.Fix == nil {
		return
	}
	class := w.state.Policy().Class(call.Class)
	if class == nil {
		return
	}
	if leg, ok := w.ways.leg(c.Unit, call.Location, class.Profile, 0); ok {
		w.ways.measure(&leg, call.Location, class.Profile)
		c.Leg = &leg
	}
}

// outcome gathers what a command spoke of, as it is after all that followed.
func (w *writer) outcome(c assign.Command) Outcome {
	out := Outcome{At: w.now, Seq: w.state.Seq(), Roads: w.ways.version()}
	var call, unit string
	switch c := c.(type) {
	case *assign.ReportCall:
		call, out.Created = c.ID, w.received != ""
		if out.Created {
			call = w.received
		}
	case *assign.Override:
		call, unit = c.Call, c.Unit
	case *assign.CloseCall:
		call = c.Call
	case *assign.CancelCall:
		call = c.Call
	case *assign.SetStatus:
		unit = c.Unit
	case *assign.SignOn:
		unit = c.Unit
	case *assign.CloseRoad:
		out.Closure = w.state.Closure(c.ID)
	}
	if c := w.state.Call(call); c != nil {
		out.Call = c.Clone()
	}
	if u := w.state.Unit(unit); u != nil {
		copied := *u
		if fix, known := w.fixes[unit]; known {
			copied.Fix = &fix
		}
		out.Unit = &copied
	}
	return out
}

// bug reports whether an error is ours and nobody else's.
func bug(err error) bool {
	var r *assign.Refusal
	return err != nil && !errors.As(err, &r)
}

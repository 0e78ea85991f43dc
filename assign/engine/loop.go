package engine

import (
	"context"
	"fmt"
	"time"

	"callbox/assign"
)

// While calls wait, the advisor looks again though nobody asks: at what has
// changed by units that merely moved, and, more rarely, at everything, since
// time alone lifts limits and makes positions old. A command makes it look at
// once.
const (
	stirEvery = 2 * time.Second
	lookEvery = time.Minute
)

// hurryAt is how many commands wait when there is no time for exact answers.
const hurryAt = MaxBatch / 2

// task is one thing that the writer is asked to do.
type task struct {
	run  func(*writer) error // an error that is no refusal stops the engine
	done chan struct{}       // closed when what it did is durable, or never will be
	err  error               // set before done is closed
}

// submit queues a task and waits until the writer is through with it.
func (e *Engine) submit(queue chan *task, run func(*writer) error) error {
	if err := e.Err(); err != nil {
		return err
	}
	t := &task{run: run, done: make(chan struct{})}
	select {
	case queue <- t:
	default:
		e.stats.shed.Add(1)
		return ErrBusy
	}
	select {
	case <-t.done:
		return t.err
	case <-e.stopped:
	}
	select { // the writer may have been through with it before it stopped
	case <-t.done:
		return t.err
	default:
		return ErrUnavailable
	}
}

// run is the writer's loop.
func (e *Engine) run(w *writer) {
	defer close(e.stopped)
	var armed assign.Instant
	var alarm <-chan struct{}
	for {
		if next, ok := w.next(); !ok {
			alarm = nil
		} else if alarm == nil || next != armed {
			armed, alarm = next, e.clock.After(next)
		}
		var command, other *task
		select {
		case command = <-e.urgent:
		case other = <-e.patient:
		case <-alarm:
			alarm = nil
		case err := <-e.halt:
			e.fail(err)
			return
		case <-e.stop:
			e.drain(w)
			return
		}
		if err := e.turns(w, command, other); err != nil {
			e.fail(err)
			return
		}
	}
}

// next is when the writer has something to do though nobody asks: a clock uses
// up a share, or it is time to look again at the calls that wait.
func (w *writer) next() (assign.Instant, bool) {
	next, ok := w.state.NextAlarm()
	if w.concerned() {
		if look := w.lookAgain(); !ok || look < next {
			return look, true
		}
	}
	return next, ok
}

// lookAgain is when to look again at the calls that wait or that units are on
// their way to, if there are any.
func (w *writer) lookAgain() assign.Instant {
	switch {
	case w.owed:
		return w.advised
	case w.window != 0:
		return w.window
	case w.news():
		return w.advised.Add(stirEvery)
	case len(w.fresh.moved) > 0:
		return w.stirred.Add(stirEvery)
	}
	return w.looked.Add(lookEvery)
}

// batch takes the commands that wait, after the one that has been taken.
func (e *Engine) batch(first *task) (batch []*task) {
	if first != nil {
		batch = append(batch, first)
	}
	for len(batch) < MaxBatch {
		select {
		case t := <-e.urgent:
			batch = append(batch, t)
			continue
		default:
		}
		break
	}
	return batch
}

// turns does the commands that wait and then one other task, one of them or
// none being taken already. So a command waits for at most one question, however
// many are asked, and a question for at most one batch of commands.
func (e *Engine) turns(w *writer, command, other *task) error {
	if err := e.turn(w, e.batch(command)); err != nil {
		return err
	}
	if other == nil {
		select {
		case other = <-e.patient:
		default:
			return nil
		}
	}
	return e.turn(w, []*task{other})
}

// turn does a batch and commits it, in several frames if it is heavy. Those who
// asked are answered when all of it is durable.
func (e *Engine) turn(w *writer, batch []*task) error {
	w.now = max(w.now, e.clock.Now())
	if err := w.tick(); err != nil {
		return e.abandon(batch, err)
	}
	w.hurry = len(e.urgent) >= hurryAt
	if err := w.look(); err != nil {
		return e.abandon(batch, err)
	}
	for _, t := range batch {
		if t.err = t.run(w); bug(t.err) {
			return e.abandon(batch, t.err)
		}
	}
	if err := e.commit(w); err != nil {
		return e.abandon(batch, err)
	}
	for _, t := range batch {
		close(t.done)
	}
	return nil
}

// abandon tells those who wait that nobody knows what became of their tasks.
func (e *Engine) abandon(batch []*task, err error) error {
	for _, t := range batch {
		t.err = ErrUnavailable
		close(t.done)
	}
	return err
}

// commit makes durable what the writer has decided, and shows it.
func (e *Engine) commit(w *writer) error {
	roads := w.ways.version()
	if len(w.facts) == 0 && len(w.moved) == 0 && roads == e.view.roads { // which nobody else writes
		return nil
	}
	frame := assign.Frame{Number: e.view.frames() + 1, At: w.now, Facts: w.facts}
	if len(w.facts) > 0 {
		start := time.Now()
		if err := e.journal.Append(context.Background(), frame.Number-1, frame); err != nil {
			return fmt.Errorf("append frame %d: %w", frame.Number, err)
		}
		e.stats.appended(len(w.facts), time.Since(start))
	}
	if err := e.view.commit(frame, w.moved, roads); err != nil {
		return err
	}
	w.facts, w.weight, w.moved = nil, 0, nil
	return nil
}

// fail stops the engine for good. Readers go on.
func (e *Engine) fail(err error) {
	err = fmt.Errorf("%w: %w", ErrUnavailable, err)
	e.failure.Store(&err)
	e.log.Error("the engine has stopped; open it again to read the journal", "error", err)
}

// drain finishes what has been taken in before the engine was closed.
func (e *Engine) drain(w *writer) {
	for len(e.urgent)+len(e.patient) > 0 {
		if err := e.turns(w, nil, nil); err != nil {
			e.fail(err)
			return
		}
	}
}

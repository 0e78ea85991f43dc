package engine

import (
	"context"
	"fmt"
	"time"

	"callbox/assign"
)

// stirEvery is how often units that have merely moved make the advisor look
// again at calls that wait. Any command makes it look at once.
const stirEvery = 2 * time.Second

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
		var first *task
		select {
		case first = <-e.urgent:
		case first = <-e.patient:
		case <-alarm:
			alarm = nil
		case <-e.stop:
			e.drain(w)
			return
		}
		if err := e.turn(w, e.batch(first)); err != nil {
			e.fail(err)
			return
		}
	}
}

// next is when the writer has something to do though nobody asks: a clock uses
// up a share, or calls wait while units have moved.
func (w *writer) next() (assign.Instant, bool) {
	next, ok := w.state.NextAlarm()
	if w.news() && (!ok || w.advised.Add(stirEvery) < next) {
		return w.advised.Add(stirEvery), true
	}
	return next, ok
}

// stirred reports whether it is time to look again at the calls that wait.
func (w *writer) stirred() bool { return w.news() && w.now >= w.advised.Add(stirEvery) }

// batch takes what waits, commands before positions and questions.
func (e *Engine) batch(first *task) []*task {
	var batch []*task
	if first != nil {
		batch = append(batch, first)
	}
	for _, queue := range [...]chan *task{e.urgent, e.patient} {
		for len(batch) < MaxBatch {
			select {
			case t := <-queue:
				batch = append(batch, t)
				continue
			default:
			}
			break
		}
	}
	return batch
}

// turn does a batch and commits it, in several frames if it is heavy. Those who
// asked are answered when all of it is durable.
func (e *Engine) turn(w *writer, batch []*task) error {
	w.now = max(w.now, e.clock.Now())
	if err := w.tick(); err != nil {
		return e.abandon(batch, err)
	}
	if w.state.Waits() && len(w.fresh.calls) > 0 || w.stirred() {
		if err := w.advise(); err != nil {
			return e.abandon(batch, err)
		}
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
	if len(w.facts) == 0 && len(w.moved) == 0 {
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
	if err := e.view.commit(frame, w.moved); err != nil {
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
	for {
		batch := e.batch(nil)
		if len(batch) == 0 {
			return
		}
		if err := e.turn(w, batch); err != nil {
			e.fail(err)
			return
		}
	}
}

package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"callbox/data/journal/frame"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
)

// The log engine in this process is started again after it has left so many
// attempts in a row without an answer, for at least as long as one may take; but
// not more often than that for one frame. A disk that was full is one cause: the
// engine does not write again when there is room.
const (
	maxSilence  = 3
	maxRestarts = 2
)

// startTime is how long it may take to start on a log, all checks and syncs
// included.
const startTime = time.Minute

// errSilent is of a log engine that is to be started again.
var errSilent = errors.New("the log engine does not answer")

// silence counts attempts that were not answered.
type silence struct {
	attempts int
	since    time.Time
}

// broken takes note of an attempt that began then, and reports whether it is time
// to do something.
func (s *silence) broken(began time.Time, answered bool, answer time.Duration) bool {
	if answered {
		*s = silence{}
		return false
	}
	if s.attempts++; s.attempts == 1 {
		s.since = began
	}
	return s.attempts >= maxSilence && time.Since(s.since) >= answer
}

// restart stops the log engine and starts it again on the same folder. It makes
// sure that all is there that was acknowledged, and that the newest frame of those
// is the very one; what became of the frame that follows is for the caller to ask
// again. After an error nobody may use the log engine any more.
func (d *Disk) restart(ctx context.Context) error {
	start := time.Now()
	d.log.Error("the log engine does not answer; it is started again")
	if err := d.running.stop(); err != nil {
		d.unstopped = true
		return err
	}
	if err := d.startAgain(); err != nil {
		return fmt.Errorf("start the log engine again: %w", err)
	}
	if err := d.verify(ctx); err != nil {
		return fmt.Errorf("the log engine was started again: %w", err)
	}
	d.meters.restarts.Add(1)
	d.log.Warn("the log engine was started again, and all that was acknowledged is there",
		"frame", d.last.Load(), "took", time.Since(start).Round(time.Millisecond))
	return nil
}

// startAgain starts the log engine after a look at its files. One that takes too
// long is stopped when it has started after all.
func (d *Disk) startAgain() error {
	type outcome struct {
		server *server.Server
		err    error
	}
	started := make(chan outcome, 1)
	last := d.last.Load()
	go func() {
		if err := survey(d.dir, last, func(int) error { return nil }); err != nil {
			started <- outcome{nil, err}
			return
		}
		s, err := startServer(d.dir, d.maxBytes, true, d.log)
		started <- outcome{s, err}
	}()
	select {
	case o := <-started:
		if o.err != nil {
			return o.err
		}
		d.running.server.Store(o.server)
		return nil
	case <-time.After(startTime):
		d.unstopped = true
		go func() {
			if o := <-started; o.err == nil {
				stopServer(o.server)
			}
		}()
		return fmt.Errorf("it takes longer than %v", startTime)
	}
}

// verify makes sure that the log engine has what it acknowledged.
func (d *Disk) verify(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	if err := d.reached(ctx); err != nil {
		return err
	}
	last, tip := d.last.Load(), d.link.Previous
	var seen stream
	seen.begin(d.shard, d.config, d.log, d.patience)
	seen.reads = d.reads
	if err := seen.inspect(ctx, last); err != nil {
		return err
	}
	hash, newest := seen.link.Previous, seen.last.Load()
	if newest > last+1 {
		return frame.Faulty(last+2, 0, frame.ErrDamaged, "it is there, and nobody wrote it")
	}
	if newest > last && last > 0 {
		b, err := d.lookUp(ctx, last)
		if err != nil {
			return err
		}
		hash = frame.Sum(b)
	}
	if last > 0 && hash != tip {
		return frame.Faulty(last, 0, frame.ErrDamaged, "its hash is %v, it was acknowledged with %v", hash, tip)
	}
	return nil
}

// reached waits until both connections have found the log engine.
func (d *Disk) reached(ctx context.Context) error {
	for _, s := range []jetstream.Stream{d.writes, d.reads} {
		for {
			err := d.ask(ctx, s)
			if err == nil {
				break
			}
			if errors.Is(err, jetstream.ErrStreamNotFound) {
				return err
			}
			select {
			case <-time.After(minPause):
			case <-ctx.Done():
				return err
			}
		}
	}
	return nil
}

func (d *Disk) ask(ctx context.Context, s jetstream.Stream) error {
	ctx, cancel := context.WithTimeout(ctx, d.answer)
	defer cancel()
	_, err := s.Info(ctx)
	return err
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"

	"callbox/api/server"
	"callbox/assign/engine"
	"callbox/data/journal"
	"callbox/data/journal/frame"
)

// standby is a server for a shard that another one may be writing: it reads what
// that one writes, answers 503, and takes over when that one is silent or leaves.
// When another takes over from it, it stands by again.
type standby struct {
	config   stackConfig
	silence  time.Duration // after which it takes over
	out      io.Writer     // is told of what it does; nil: nobody
	listener net.Listener
	door     *server.Door
	traffic  *traffic // nil if the travel times are always the same
	served   chan error

	term  atomic.Pointer[stack] // while it writes; nil: it stands by
	frame atomic.Uint64         // the newest that it has read
	blind bool                  // the cluster did not answer when it was asked last
}

// standBy is Run of serve --standby.
func (c *serveCmd) standBy(p *program, config stackConfig) error {
	if config.cluster == nil {
		return errors.New("--standby: a journal in a folder has one server; give the addresses of a cluster with --journal")
	}
	if c.Silence < 2*journal.BeatEvery {
		return fmt.Errorf("--takeover-after %v: a writer says every %v that it is there; wait for two of these at least", c.Silence, journal.BeatEvery)
	}
	s, err := newStandby(config, c.Silence, p.Out)
	if err != nil {
		return err
	}
	return s.run(p.Ctx)
}

// deposed is closed when another server has taken over from this one. It is nil,
// and never closed, where no other can.
func (s *stack) deposed() <-chan struct{} {
	if s.pulse == nil {
		return nil
	}
	return s.engine.Stopped()
}

// newStandby opens the door. Run does the rest.
func newStandby(c stackConfig, silence time.Duration, out io.Writer) (*standby, error) {
	listener, err := net.Listen("tcp", c.listen)
	if err != nil {
		return nil, err
	}
	s := &standby{config: c, silence: silence, out: out, listener: listener, served: make(chan error, 1)}
	if c.traffic.file != "" {
		if s.traffic, err = newTraffic(c.traffic, c.roads.Network, c.clock, c.log); err != nil {
			return nil, errors.Join(err, listener.Close())
		}
		go s.traffic.run(s.look)
	}
	s.door = server.NewDoor(server.Config{Keys: c.keys, Log: c.log, MaxConnsPerIP: c.perIP, Figures: []server.Figure{
		{Name: "callbox_standby_frame", Help: "The newest frame that a server that stands by has read.", Read: func() float64 { return float64(s.frame.Load()) }},
	}})
	go func() { s.served <- s.door.Serve(listener) }()
	return s, nil
}

// look has the engine, if there is one, look at the calls that wait.
func (s *standby) look() error {
	if term := s.term.Load(); term != nil {
		return term.engine.Look()
	}
	return nil
}

func (s *standby) url() string { return "http://" + s.listener.Addr().String() }

// again is after how long a standby that failed begins anew.
const again = time.Second

// run stands by and writes in turn until the context ends. Its error is of
// what waiting does not mend; a cluster that does not answer may yet come.
func (s *standby) run(ctx context.Context) error {
	s.say("callbox stands by for %s at %s\n", s.config.cluster.options.Shard, s.url())
	var err error
	for ctx.Err() == nil && err == nil {
		if err = s.turn(ctx); err == nil || ctx.Err() != nil || hopeless(err) {
			continue
		}
		s.config.log.Warn("standing by anew", "error", err)
		err = nil
		select {
		case <-time.After(again):
		case <-ctx.Done():
		case err = <-s.served:
		}
	}
	if ctx.Err() != nil {
		err = nil
	}
	return errors.Join(err, s.stop())
}

// errUnfit is of a server whose turn it was, and that could not begin: it must not
// keep taking the shard from those that can.
var errUnfit = errors.New("this server cannot decide, and stands by no more")

// hopeless reports whether an error is for a person to mend.
func hopeless(err error) bool {
	for _, e := range []error{errUnfit, journal.ErrSettings, journal.ErrNoJournal, frame.ErrDamaged, frame.ErrVersion, frame.ErrKind} {
		if errors.Is(err, e) {
			return true
		}
	}
	return errors.Is(err, journal.ErrUnsynced) && !errors.Is(err, journal.ErrSilent)
}

// turn stands by once and writes once.
func (s *standby) turn(ctx context.Context) error {
	r, err := readJournal(ctx, s.config)
	if err != nil {
		return err
	}
	if err := s.follow(ctx, r); err != nil {
		return errors.Join(err, r.log.Close())
	}
	term := &stack{city: s.config.city, listener: s.listener, served: s.served}
	if err := term.start(s.config, r); deposed(err) {
		return err
	} else if err != nil {
		return fmt.Errorf("%w: %w", errUnfit, err)
	}
	s.term.Store(term)
	s.door.Open(term.server)
	s.say("callbox serves %s at %s (frame %d)\n", s.config.city.Name, s.url(), r.kept.Frames())
	select {
	case <-term.engine.Stopped():
	case <-ctx.Done():
	case err = <-s.served:
	}
	failure := term.engine.Err()
	s.door.Shut() // what was taken in is answered all the same
	s.term.Store(nil)
	ended := term.stop()
	switch {
	case err != nil, ctx.Err() != nil:
		return errors.Join(err, ended)
	case deposed(failure):
		s.say("callbox stands by for %s at %s, since another has taken over or the last write is unknown\n", s.config.cluster.options.Shard, s.url())
		return nil
	}
	return errors.Join(failure, ended)
}

// followEvery is how often a standby reads what is new, and followTime how long it
// waits for the cluster then.
const (
	followEvery = journal.BeatEvery / 2
	followTime  = 2 * time.Second
)

// follow reads what the writer writes until it is this server's turn. It only
// guesses that: what it writes first is refused if the other still writes.
func (s *standby) follow(ctx context.Context, r *reading) error {
	cluster := r.kept.(*journal.Cluster) // the config says so
	heard, stop, err := cluster.Beats()
	if err != nil {
		return err
	}
	defer stop()
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	var quiet time.Duration // for how long nothing was heard and nothing written
	var left uint64         // the frame that a writer said was its last
	for {
		select {
		case beat := <-heard:
			if quiet = 0; beat.Leaving {
				left = beat.Frame
			}
		case <-tick.C: // one for however long this process has slept
			quiet += followEvery
		case err := <-s.served:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
		if !cluster.Connected() { // whoever writes, it is not heard here
			quiet = 0
			continue
		}
		news, err := s.catchUp(ctx, cluster, r.standby)
		switch {
		case err != nil:
			return err
		case left > 0 && r.standby.Frames() == left: // after it, another has taken over already
			s.config.log.Info("the writer leaves; taking over", "frame", left)
			return nil
		case news:
			quiet = 0
		case quiet >= s.silence:
			s.config.log.Warn("the writer is silent; taking over", "silent", quiet, "frame", r.standby.Frames())
			return nil
		}
	}
}

// catchUp reads what is new, and reports whether there was anything. That no server
// answers is no error: nobody can write then either.
func (s *standby) catchUp(ctx context.Context, cluster *journal.Cluster, e *engine.Standby) (news bool, err error) {
	asking, cancel := context.WithTimeout(ctx, followTime)
	defer cancel()
	frames, err := cluster.Refresh(asking)
	if err != nil {
		if hopeless(err) || ctx.Err() != nil {
			return false, err
		}
		if !s.blind {
			s.config.log.Warn("the cluster does not say what is new", "error", err)
		}
		s.blind = true
		return true, nil
	}
	s.blind = false
	if news = frames > e.Frames(); news {
		err = e.CatchUp(ctx)
	}
	s.frame.Store(e.Frames())
	return news, err
}

func (s *standby) stop() error {
	if s.traffic != nil {
		s.traffic.stop()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return s.door.Shutdown(ctx)
}

func (s *standby) say(format string, args ...any) {
	if s.out != nil {
		fmt.Fprintf(s.out, format, args...)
	}
}

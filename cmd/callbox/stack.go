package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"callbox/api/server"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/city"
	"callbox/data/journal"
	"callbox/data/journal/frame"
	"callbox/geo/cell"
)

// stack is a server with all that stands under it.
type stack struct {
	city     *city.City
	traffic  *traffic // nil if the travel times are always the same
	engine   *engine.Engine
	server   *server.Server
	listener net.Listener
	served   chan error
	keepers  keepers
	pulse    *pulse // nil: nobody could take over
}

// stackConfig is what a stack is made of.
type stackConfig struct {
	city    *city.City
	roads   *roads         // of the city; nil if it has none
	traffic trafficConfig  // on those roads
	data    string         // folder of the journal; "" keeps it in memory
	cluster *clusterConfig // or where on a cluster it is
	listen  string
	clock   engine.Clock
	policy  assign.AdoptPolicy // for a journal that holds none
	keys    server.Keys
	perIP   int
	scrub   time.Duration // how often the journal is read again; 0: never
	rate    int           // at so many bytes a second
	export  string        // folder of its second copy; "": none
	snap    time.Duration // how often a snapshot is made of it; 0: never
	snaps   string        // folder of those; "": in that of the journal
	log     *slog.Logger
}

// startStack opens the journal, starts the engine on it, and answers at the
// address.
func startStack(ctx context.Context, c stackConfig) (_ *stack, err error) {
	// The address first: if it is taken, nothing has been touched.
	listener, err := net.Listen("tcp", c.listen)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			listener.Close()
		}
	}()
	s := &stack{city: c.city, listener: listener, served: make(chan error, 1)}
	if c.traffic.file != "" {
		if s.traffic, err = newTraffic(c.traffic, c.roads.Network, c.clock, c.log); err != nil {
			return nil, err
		}
	}
	r, err := readJournal(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := s.start(c, r); err != nil {
		return nil, err
	}
	if s.traffic != nil {
		go s.traffic.run(s.engine.Look)
	}
	go func() { s.served <- s.server.Serve(s.listener) }()
	return s, nil
}

// start has an engine decide after what has been read, and makes a server that
// answers with it. The journal is closed if that fails.
func (s *stack) start(c stackConfig, r *reading) (err error) {
	if s.engine, err = r.standby.TakeOver(); err != nil {
		return errors.Join(err, r.log.Close())
	}
	front := server.Config{Engine: s.engine, Areas: c.city.Areas, Keys: c.keys, Log: c.log, MaxConnsPerIP: c.perIP}
	if cluster, ok := r.kept.(*journal.Cluster); ok {
		s.pulse = newPulse(cluster, s.engine, c.log)
	}
	if r.kept != nil {
		if front.Figures, err = s.keepers.begin(r.kept, s.engine, r.snaps, c); err != nil {
			return errors.Join(err, s.engine.Close())
		}
	}
	if s.pulse != nil {
		front.Figures = append(front.Figures, s.pulse.figures()...)
	}
	if c.city.Roads != nil {
		front.Roads = c.city.Roads.Bound()
	}
	if s.server, err = server.New(front); err != nil {
		s.keepers.stop()
		return errors.Join(err, s.engine.Close())
	}
	return nil
}

// mendable says of a damaged journal what can be done.
func mendable(err error) error {
	if errors.Is(err, frame.ErrDamaged) {
		return fmt.Errorf("%w; callbox repair mends a journal from its export", err)
	}
	return err
}

// demandCells gives the city's demand with the centres of its cells; nil if it is
// not known.
func demandCells(c *city.City) ([]assign.Demand, error) {
	var demand []assign.Demand
	for _, d := range c.Demand {
		at, err := cell.Center(d.Cell)
		if err != nil {
			return nil, err
		}
		demand = append(demand, assign.Demand{Cell: d.Cell.String(), At: at, Weight: d.Weight})
	}
	return demand, nil
}

// url is the address that the stack answers at.
func (s *stack) url() string { return "http://" + s.listener.Addr().String() }

// stop ends the stack in order: no new requests, those under way answered, the
// journal closed.
func (s *stack) stop() error {
	if s.traffic != nil {
		defer s.traffic.stop()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if s.pulse != nil { // first of all, since another one waits to go on
		s.engine.Finish()
		s.pulse.stop()
	}
	err := s.server.Shutdown(ctx)
	s.keepers.stop()
	return errors.Join(err, s.engine.Close())
}

// newLog logs to w: as JSON, or as text for a person.
func newLog(w io.Writer, json bool, level slog.Level) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if json {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

package main

import (
	"context"
	"errors"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/data/journal/snapshot"
)

// reading is a server's journal that has been read, with an engine that could go on
// from there.
type reading struct {
	kept    durable // nil: the journal is in memory
	log     engine.Journal
	snaps   *snapshots // nil: none are made
	standby *engine.Standby
}

// readJournal opens a server's journal and reads it to its end.
func readJournal(ctx context.Context, c stackConfig) (*reading, error) {
	demand, err := demandCells(c.city)
	if err != nil {
		return nil, err
	}
	r := new(reading)
	if r.kept, err = openJournal(ctx, c); err != nil {
		return nil, err
	}
	r.log = new(engine.Memory)
	if r.kept != nil {
		r.log = r.kept
	}
	config := engine.Config{
		Journal: r.log, Clock: c.clock, Advisor: policy.Advisor{}, Demand: demand, Policy: c.policy, Log: c.log,
		TakeOver: c.cluster != nil, // in a folder there is nobody to take over from
		Start:    assign.Started{Engine: version(), City: c.city.Name, Areas: c.city.Version(), Roads: "none", Demand: assign.DemandVersion(demand)},
	}
	if c.roads != nil {
		config.Travel, config.Start.Roads = c.roads.travel(), c.roads.Graph().Version()
		config.Streets = c.roads.crossed
	}
	if dir := c.snapshots(); dir != "" {
		r.snaps = &snapshots{every: c.snap, store: snapshot.Store{Dir: dir, Program: version()}, journal: r.kept, log: c.log}
		config.Snapshot = r.snaps.find(ctx)
	}
	if r.standby, err = engine.Prepare(ctx, config); err != nil {
		if c.cluster == nil {
			err = mendable(err)
		}
		return nil, errors.Join(err, r.log.Close())
	}
	return r, nil
}

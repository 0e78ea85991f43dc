package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // for machines without time zones of their own

	"callbox/api/server"
	"callbox/assign/engine"
	"callbox/data/city"
)

type serveCmd struct {
	City     string        `required:"" placeholder:"DIR" help:"City folder, made by callbox city build."`
	Data     string        `placeholder:"DIR" help:"Folder of the journal; made if it is not there (callbox-data, unless --journal is given)."`
	Cluster  clusterFlags  `embed:""`
	Standby  bool          `help:"Stand by for the server that writes the journal on the cluster, and take over when it is silent or leaves."`
	Silence  time.Duration `name:"takeover-after" default:"3s" placeholder:"TIME" help:"For how long it must be silent (${default})."`
	Listen   string        `default:"127.0.0.1:8911" placeholder:"ADDRESS" help:"Address to answer at."`
	Travel   string        `enum:"hierarchy,dijkstra" default:"hierarchy" help:"How travel times by road are found: by a hierarchy, or by the plain search, which is slower and gives the same ones for ways up to 2,147 km."`
	Keys     string        `placeholder:"FILE" help:"File of API keys; without it everybody may ask."`
	Times    string        `placeholder:"FILE" help:"Travel times by hour of the week, for arcs as callbox city arcs lists them; read again at SIGHUP."`
	Timezone string        `default:"Local" placeholder:"ZONE" help:"Time zone of those hours, such as America/New_York (that of this machine)."`
	Policy   string        `placeholder:"NAME|FILE" help:"Policy to begin with, if the journal holds none (${default})." default:"911-first"`
	Export   string        `placeholder:"DIR" help:"Folder, on another disk, to which the journal is copied as lines of JSON; callbox repair mends a journal from it."`
	Snapshot time.Duration `name:"snapshot-every" default:"10m" placeholder:"TIME" help:"How often a snapshot is made of what the journal adds up to, so that a start need not read all of it (${default}); 0: never."`
	Snaps    string        `name:"snapshots" placeholder:"DIR" help:"Folder of the snapshots (snapshots in that of --data; a journal on a cluster has none without it)."`
	Scrub    time.Duration `name:"scrub-every" default:"24h" placeholder:"TIME" help:"How often the whole journal is read again to see whether it is still good (${default}); 0: never."`
	Rate     int           `name:"scrub-rate" default:"4" placeholder:"MB" help:"How much of it is read in a second (${default} MB)."`
	ConnsIP  int           `name:"conns-per-ip" default:"512" help:"Connections that one address may open; raise it behind a proxy."`
	LogLevel string        `enum:"debug,info,warn,error" default:"info" help:"What is logged, as JSON on standard error."`
}

func (c *serveCmd) Run(p *program) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return err
	}
	cluster, err := c.Cluster.at(c.Data)
	if err != nil {
		return err
	}
	if cluster == nil {
		c.Data = cmp.Or(c.Data, "callbox-data")
	}
	if c.Snapshot < 0 {
		return fmt.Errorf("--snapshot-every %v: the time must not be below 0", c.Snapshot)
	}
	if c.Scrub < 0 || c.Rate < 1 || c.Rate > 1_000_000 {
		return fmt.Errorf("--scrub-every %v --scrub-rate %d: the time must not be below 0, and the rate must be 1 to 1,000,000 MB", c.Scrub, c.Rate)
	}
	config := stackConfig{
		data: c.Data, cluster: cluster, listen: c.Listen, clock: engine.Wall{}, perIP: c.ConnsIP, log: newLog(p.Err, true, level),
		scrub: c.Scrub, rate: c.Rate * 1_000_000, export: c.Export, snap: c.Snapshot, snaps: c.Snaps,
	}
	if config.policy, err = loadPolicy(c.Policy); err != nil {
		return err
	}
	config.policy.Reason = "first start"
	if config.keys, err = loadKeys(c.Keys); err != nil {
		return err
	}
	if config.city, err = city.Open(c.City); err != nil {
		return err
	}
	if config.roads, err = prepare(config.city, c.Travel); err != nil {
		return err
	}
	if c.Times != "" {
		if config.roads == nil {
			return fmt.Errorf("--times %s: the city has no roads; build it with --roads", c.Times)
		}
		zone, err := time.LoadLocation(c.Timezone)
		if err != nil {
			return fmt.Errorf("--timezone %s: %w", c.Timezone, err)
		}
		reread := make(chan os.Signal, 1)
		signal.Notify(reread, syscall.SIGHUP)
		defer signal.Stop(reread)
		config.traffic = trafficConfig{file: c.Times, zone: zone, reread: reread}
	}
	if c.Standby {
		return c.standBy(p, config)
	}
	s, err := startStack(p.Ctx, config)
	if err != nil {
		return err
	}
	var seq uint64
	s.engine.View(func(v *engine.View) { seq = v.State().Seq() })
	fmt.Fprintf(p.Out, "callbox serves %s at %s (%d facts in the journal)\n", config.city.Name, s.url(), seq)
	select {
	case <-p.Ctx.Done():
		return s.stop()
	case <-s.deposed():
		return violation("%w", errors.Join(s.engine.Err(), s.stop()))
	case err := <-s.served:
		return errors.Join(err, s.stop())
	}
}

func loadKeys(file string) (server.Keys, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	keys, err := server.ParseKeys(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return keys, nil
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"callbox/assign/engine"
	"callbox/data/journal"
	"callbox/data/journal/frame"
)

// clusterFlags say where a journal is that is kept on other machines.
type clusterFlags struct {
	Journal string `placeholder:"URL,..." help:"Addresses of a NATS cluster that keeps the journal in place of --data, such as nats://a,nats://b,nats://c."`
	Shard   string `placeholder:"NAME" help:"Name of the journal on that cluster; only one server at a time can write it, the one that started last."`
	Creds   string `name:"journal-creds" placeholder:"FILE" help:"NATS credentials for the cluster."`
	CA      string `name:"journal-ca" placeholder:"FILE" help:"Certificates that the cluster's are checked by."`
	System  string `name:"journal-system" placeholder:"URL,..." help:"Addresses of the cluster with a user of its system account, who can see whether it syncs the disk before it answers."`
	Synced  bool   `name:"journal-synced" help:"Confirm that every server of the cluster has sync_interval: always, where nobody can see it."`
}

// at is where the journal is; nil: in a folder.
func (f *clusterFlags) at(data string) (*clusterConfig, error) {
	switch {
	case f.Journal == "" && (f.Shard != "" || f.Creds != "" || f.CA != "" || f.System != "" || f.Synced):
		return nil, errors.New("--shard and the flags that begin with --journal- are for a journal on a cluster; give its addresses with --journal")
	case f.Journal == "":
		return nil, nil
	case data != "":
		return nil, fmt.Errorf("--data %s and --journal: a journal is kept in one place; give one of them", data)
	case f.Shard == "":
		return nil, errors.New("--journal: a cluster keeps many journals; name this one with --shard")
	case f.System == "" && !f.Synced:
		return nil, errors.New("--journal: a cluster may answer before its disks are synced, and lose that when the power fails; " +
			"have it asked with --journal-system, or confirm with --journal-synced that all its servers have sync_interval: always")
	}
	return &clusterConfig{f.Journal, journal.ClusterOptions{
		Shard: f.Shard, Credentials: f.Creds, RootCA: f.CA, System: f.System, Synced: f.Synced,
	}}, nil
}

// clusterConfig is where on a cluster a journal is.
type clusterConfig struct {
	urls    string
	options journal.ClusterOptions
}

// durable is a journal that outlives the process.
type durable interface {
	engine.Journal
	Frames() uint64
	Hash(ctx context.Context, number uint64) (frame.Hash, error)
	Entries(ctx context.Context, from uint64) iter.Seq2[frame.Entry, error]
	Scrub(ctx context.Context, bytesPerSecond int) (frames uint64, err error)
}

// patience is how long a server's journal tries to write a frame.
const patience = time.Minute

// openJournal opens a server's journal; nil if it is kept in memory.
func openJournal(ctx context.Context, c stackConfig) (durable, error) {
	switch {
	case c.cluster != nil:
		o := c.cluster.options
		o.Log, o.Patience = c.log, cmp.Or(o.Patience, patience)
		j, err := journal.Connect(ctx, c.cluster.urls, o)
		if err != nil { // a nil *Cluster is no nil interface
			return nil, err
		}
		return j, nil
	case c.data != "":
		j, err := journal.Open(c.data, journal.Options{Log: c.log, Patience: patience})
		if err != nil {
			return nil, mendable(err)
		}
		return j, nil
	}
	return nil, nil
}

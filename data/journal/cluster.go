package journal

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"callbox/data/journal/frame"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/time/rate"
)

// ClusterOptions are what may differ between journals on a cluster. One of
// System and Synced is needed.
type ClusterOptions struct {
	Shard       string        // what it is the journal of, such as a city: 1 to 32 letters, digits, - and _
	Credentials string        // file of NATS credentials; "": what the addresses say
	RootCA      string        // file of certificates that the servers' are checked by; "": the system's
	System      string        // addresses, with a user of the cluster's system account: has every server asked whether it always syncs
	Synced      bool          // somebody vouches that every server does
	Log         *slog.Logger  // nil: nobody
	Patience    time.Duration // how long Append tries; 0: 30 s, more than it takes to elect a leader
	ReadOnly    bool          // refuse Append, and shards without a journal
	Check       time.Duration // how often the settings are looked at again; 0: each minute
}

// Cluster is a journal in a stream on a NATS cluster: acknowledged frames are on
// the disks of most of its replicas. It is safe for use by several goroutines.
// It satisfies assign/engine.Journal.
//
// Several may be open for one shard, on several machines. The one that appends
// next after the frame that is the newest wins; all others get assign.ErrSequence
// from then on. So to take over is to append.
type Cluster struct {
	stream
	options  ClusterOptions
	watching sync.WaitGroup
	short    time.Time             // since when the log shows less than was there; held with mu
	drift    atomic.Pointer[error] // what was wrong with the settings when they were looked at last
}

// How long servers that do not agree on who leads may answer differently: one
// that lost its followers leads on for 10 s, and an election takes up to 9 s.
const settling = 20 * time.Second

// replicas is how many copies there are at least, and majority how many of them
// have what is acknowledged.
const (
	replicas = 3
	majority = replicas/2 + 1
)

var shardName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// Connect opens the journal of a shard on a cluster, at addresses with commas in
// between, and makes it if there is none.
//
// Its error is ErrUnsynced if servers do not sync, or nobody can tell; ErrSettings
// if the shard's stream could lose frames; ErrNoJournal, of ReadOnly; what Open
// returns of damaged frames; or the client's own.
func Connect(ctx context.Context, urls string, o ClusterOptions) (*Cluster, error) {
	if !shardName.MatchString(o.Shard) {
		return nil, fmt.Errorf("shard %q: a name has 1 to 32 letters, digits, - and _", o.Shard)
	}
	c := &Cluster{options: o}
	c.begin(o.Shard, clusterConfig(o.Shard), o.Log, cmp.Or(o.Patience, 30*time.Second))
	c.readOnly, c.writer, c.settling = o.ReadOnly, rand.Text(), settling
	if err := c.open(ctx, urls, o); err != nil {
		return nil, fmt.Errorf("open journal of shard %s on the cluster: %w", o.Shard, errors.Join(err, c.Close()))
	}
	return c, nil
}

// clusterConfig is that of a shard's stream: the embedded one's, with replicas.
func clusterConfig(shard string) jetstream.StreamConfig {
	c := streamConfig
	c.Name, c.Subjects, c.Replicas = "CALLBOX_"+shard, []string{"callbox." + shard + ".frame"}, replicas
	return c
}

func (c *Cluster) open(ctx context.Context, urls string, o ClusterOptions) (err error) {
	if err := checkSync(ctx, o, c.log); err != nil { // before anything is made
		return err
	}
	if c.writes, err = c.attach(ctx, urls, "writer", o); err != nil {
		return err
	}
	if err := c.checkSettings(ctx); err != nil {
		return err
	}
	if c.reads, err = c.attach(ctx, urls, "readers", o); err != nil {
		return err
	}
	if err := c.inspect(ctx, 0); err != nil {
		return err
	}
	c.watching.Go(c.watch)
	return nil
}

// attach opens a connection of its own to the stream, which is made unless it is
// there.
func (c *Cluster) attach(ctx context.Context, urls, who string, o ClusterOptions) (jetstream.Stream, error) {
	nc, js, err := dial(urls, "callbox "+c.shard+" "+who, 5*time.Second, c.log, dialing(o, c.log)...)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", addresses(urls), err)
	}
	c.conns = append(c.conns, nc)
	if most := nc.MaxPayload(); most < maxMessage {
		return nil, fmt.Errorf("%w: max_payload of server %s is %d, and must be %d", ErrSettings, nc.ConnectedServerName(), most, maxMessage)
	}
	if c.send == nil {
		c.send = c.sender(js)
	}
	ctx, cancel := c.asking(ctx)
	defer cancel()
	s, err := js.Stream(ctx, c.config.Name)
	switch {
	case !errors.Is(err, jetstream.ErrStreamNotFound):
		return s, err
	case c.readOnly:
		return nil, ErrNoJournal
	}
	c.log.Warn("the cluster has no journal of this shard; a new one is made. If there was one, stop, and ask who deleted it", "stream", c.config.Name)
	s, err = js.CreateStream(ctx, c.config)
	if err != nil {
		return nil, fmt.Errorf("make stream %s of %d replicas: %w", c.config.Name, c.config.Replicas, err)
	}
	return s, nil
}

// dialing is how a cluster is connected to: a server that is silent for some
// seconds is left for another.
func dialing(o ClusterOptions, log *slog.Logger) []nats.Option {
	options := []nats.Option{
		nats.ReconnectWait(100 * time.Millisecond), nats.PingInterval(2 * time.Second), nats.MaxPingsOutstanding(2),
		nats.DisconnectErrHandler(func(nc *nats.Conn, err error) {
			if !nc.IsClosed() {
				log.Warn("the connection to the cluster is lost; trying again", "error", err)
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) { log.Info("connected to the cluster again", "server", nc.ConnectedServerName()) }),
	}
	if o.Credentials != "" {
		options = append(options, nats.UserCredentials(o.Credentials))
	}
	if o.RootCA != "" {
		options = append(options, nats.RootCAs(o.RootCA))
	}
	return options
}

func (c *Cluster) checkSettings(ctx context.Context) error {
	ctx, cancel := c.asking(ctx)
	defer cancel()
	info, err := c.writes.Info(ctx)
	if err != nil {
		return err
	}
	return drifted(&info.Config, &c.config)
}

// checkEvery is how often somebody may have changed the settings.
const checkEvery = time.Minute

// watch says if the settings are changed while the journal is open, or a server
// comes that does not sync. It goes on all the same: a city without its server is
// worse.
func (c *Cluster) watch() {
	tick := time.NewTicker(cmp.Or(c.options.Check, checkEvery))
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.look()
		case <-c.closed:
			return
		}
	}
}

// look looks at the settings once. That nobody answers says nothing about them.
func (c *Cluster) look() {
	ctx, cancel := context.WithTimeout(context.Background(), jszTime)
	defer cancel()
	err := c.checkSettings(ctx)
	if err == nil && c.options.System != "" {
		err = checkSync(ctx, c.options, slog.New(slog.DiscardHandler))
	}
	switch {
	case c.isClosed():
	case err == nil:
		if c.drift.Swap(nil) != nil {
			c.log.Info("the cluster's settings are as they must be again")
		}
	case errors.Is(err, ErrSettings), errors.Is(err, ErrUnsynced):
		c.drift.Store(&err)
		c.log.Error("the cluster could lose what it acknowledges: its settings are not those that the journal was opened with", "error", err)
	default:
		c.log.Warn("the cluster's settings cannot be looked at", "error", err)
	}
}

// Drift is what was wrong with the cluster's settings when they were looked at
// last: ErrSettings, ErrUnsynced, or nil.
func (c *Cluster) Drift() error {
	if err := c.drift.Load(); err != nil {
		return *err
	}
	return nil
}

// Leader is the name of the server that leads the shard's stream.
func (c *Cluster) Leader(ctx context.Context) (string, error) {
	ctx, cancel := c.asking(ctx)
	defer cancel()
	info, err := c.reads.Info(ctx)
	if err != nil {
		return "", err
	}
	if info.Cluster == nil || info.Cluster.Leader == "" {
		return "", errors.New("nobody leads the stream " + c.config.Name)
	}
	return info.Cluster.Leader, nil
}

// Scrub reads the log again from frame 1 to the newest, as Disk.Scrub does, but
// through the log engine only: from the replica that it chooses.
func (c *Cluster) Scrub(ctx context.Context, bytesPerSecond int) (frames uint64, err error) {
	return c.reread(ctx, rate.NewLimiter(rate.Limit(bytesPerSecond), frame.MaxSize))
}

// Close finishes the Append that is under way and leaves the cluster. Reads that
// are under way end with ErrClosed. Closing again does nothing.
func (c *Cluster) Close() error {
	err := c.end(func() error { return nil })
	c.watching.Wait()
	return err
}

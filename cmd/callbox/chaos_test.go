package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/journal"
	"callbox/data/journal/export"
	"callbox/data/journal/recount"
	"callbox/data/journal/snapshot"
	"callbox/geo/cell"
)

// Racers of the chaos test, and the units that they race for.
const (
	racers     = 9
	chaosUnits = 20
)

// chaos is a shard that nine writers race for while its nodes are killed and put to
// sleep.
type chaos struct {
	t       *testing.T
	nodes   *nodeProcesses
	config  stackConfig
	watcher *journal.Cluster

	mu       sync.Mutex
	ledger   map[string]*promised // by call
	acks     []time.Time
	terms    int // of writers that took over
	refused  int // tries to take over
	unknown  int // commands of which nobody knows what became
	disorder []string
}

// promised is what was acknowledged of a call.
type promised struct {
	units  []string
	closed bool
}

// TestChaos races nine writers for a shard while the nodes that lead its stream are
// killed and put to sleep. Nothing that was acknowledged may be missing afterwards,
// and no unit may have been on two calls, as somebody finds who reads an export with
// none of callbox's code. With -tags long it takes ten minutes.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("chaos takes half a minute")
	}
	c := newChaos(t)
	ctx, cancel := context.WithTimeout(context.Background(), chaosTime)
	defer cancel()
	var racing sync.WaitGroup
	for i := range racers {
		racing.Go(func() { c.race(ctx, i) })
	}
	racing.Go(func() { c.disturb(ctx) })
	racing.Go(func() { c.snapshots(ctx) })
	racing.Wait()
	c.settle(time.Now())
}

func newChaos(t *testing.T) *chaos {
	nodes := startNodeProcesses(t)
	c := &chaos{t: t, nodes: nodes, ledger: make(map[string]*promised), config: chaosConfig(t, nodes)}
	c.watcher = c.connect()
	return c
}

// chaosConfig is that of each racer.
func chaosConfig(t *testing.T, nodes *nodeProcesses) stackConfig {
	policy, err := loadPolicy("911-first")
	if err != nil {
		t.Fatal(err)
	}
	return stackConfig{
		city: sampleCity(t, 1), clock: engine.Wall{}, policy: policy, log: slog.New(slog.DiscardHandler),
		snaps:   filepath.Join(t.TempDir(), "snapshots"),
		cluster: &clusterConfig{nodes.urls(), journal.ClusterOptions{Shard: "chaos", Synced: true, Patience: 8 * time.Second}},
	}
}

// connect opens the journal to look at it.
func (c *chaos) connect() (j *journal.Cluster) {
	c.t.Helper()
	var err error
	for range 100 {
		if j, err = journal.Connect(context.Background(), c.config.cluster.urls, c.config.cluster.options); err == nil {
			c.t.Cleanup(func() { j.Close() })
			return j
		}
		time.Sleep(200 * time.Millisecond)
	}
	c.t.Fatal(err)
	return nil
}

// race takes the shard over again and again.
func (c *chaos) race(ctx context.Context, racer int) {
	random := rand.New(rand.NewPCG(2, uint64(racer)))
	for term := 0; ctx.Err() == nil; term++ {
		r, err := readJournal(ctx, c.config)
		if err != nil {
			if hopeless(err) {
				c.disordered("racer %d: %v", racer, err)
				return
			}
			wait(ctx, time.Now().Add(100*time.Millisecond))
			continue
		}
		wait(ctx, time.Now().Add(time.Duration(random.IntN(1000))*time.Millisecond))
		e, err := c.takeOver(ctx, r)
		if err != nil {
			r.log.Close()
			if hopeless(err) {
				c.disordered("racer %d: %v", racer, err)
			}
			continue
		}
		c.write(ctx, e, fmt.Sprintf("r%d-%d", racer, term), random.Uint64())
		if err := e.Err(); err != engine.ErrUnavailable && err != nil && !deposed(err) {
			c.disordered("racer %d stopped for %v", racer, err)
		}
		_ = e.Close()
	}
}

func (c *chaos) takeOver(ctx context.Context, r *reading) (*engine.Engine, error) {
	if _, err := r.kept.(*journal.Cluster).Refresh(ctx); err != nil {
		return nil, err
	}
	if err := r.standby.CatchUp(ctx); err != nil {
		return nil, err
	}
	e, err := r.standby.TakeOver()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.refused++
	} else {
		c.terms++
	}
	return e, err
}

// write gives commands until another writer takes over, or some seconds have
// passed.
func (c *chaos) write(ctx context.Context, e *engine.Engine, name string, seed uint64) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	var callers sync.WaitGroup
	for caller := range 3 {
		callers.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(caller)))
			for n := 0; ctx.Err() == nil; n++ {
				if !c.command(e, fmt.Sprintf("%s-%d-%d", name, caller, n), random) {
					return
				}
				if n%10 == 9 { // or nobody else gets a word in
					wait(ctx, time.Now().Add(time.Duration(random.IntN(500))*time.Millisecond))
				}
			}
		})
	}
	callers.Wait()
}

// command gives one command, and notes what was promised. It is false when the
// engine has stopped.
func (c *chaos) command(e *engine.Engine, id string, random *rand.Rand) bool {
	post := c.config.city.Posts[random.IntN(len(c.config.city.Posts))].At
	unit := fmt.Sprintf("u%d", random.IntN(chaosUnits))
	var command assign.Command
	switch random.IntN(4) {
	case 0:
		command = &assign.SignOn{Unit: unit, Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: post}}
	case 1:
		if open := c.open(e); len(open) > 0 {
			command = &assign.CloseCall{Call: open[random.IntN(len(open))], Disposition: "10-91"}
			break
		}
		fallthrough
	default:
		in, err := cell.At(post, cell.Resolution)
		if err != nil {
			c.disordered("%v", err)
			return false
		}
		command = &assign.ReportCall{ID: id, Type: "10-30", Location: &post, Cell: in.String()}
	}
	out, err := e.Do(engine.Request{Command: command})
	var refusal *assign.Refusal
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case errors.As(err, &refusal), errors.Is(err, engine.ErrBusy):
		return true
	case err != nil:
		c.unknown++
		return false
	case out.Call != nil:
		p := c.ledger[out.Call.ID]
		if p == nil {
			p = new(promised)
			c.ledger[out.Call.ID] = p
		}
		for _, a := range out.Call.Assignments {
			if !slices.Contains(p.units, a.Unit) {
				p.units = append(p.units, a.Unit)
			}
		}
		_, ends := command.(*assign.CloseCall)
		p.closed = p.closed || ends
	}
	c.acks = append(c.acks, time.Now())
	return true
}

// open are some calls that are not closed.
func (c *chaos) open(e *engine.Engine) (ids []string) {
	e.View(func(v *engine.View) {
		for _, id := range v.State().CallIDs() {
			if call := v.State().Call(id); call.Status() != assign.Closed && len(ids) < 20 {
				ids = append(ids, id)
			}
		}
	})
	return ids
}

// disturb kills the node that leads the stream and puts the next leader to sleep,
// in turn, until the context ends; then all nodes run.
func (c *chaos) disturb(ctx context.Context) {
	for n := 0; wait(ctx, time.Now().Add(3*time.Second)); n++ {
		name, err := c.watcher.Leader(ctx)
		if err != nil {
			continue
		}
		i := int(name[1] - '0')
		if n%2 == 0 {
			c.nodes.kill(i)
			wait(ctx, time.Now().Add(2*time.Second))
			c.nodes.start(i)
		} else {
			asleep := []time.Duration{2500 * time.Millisecond, 11 * time.Second}[n/2%2]
			c.nodes.signal(i, syscall.SIGSTOP)
			wait(ctx, time.Now().Add(asleep))
			c.nodes.signal(i, syscall.SIGCONT)
		}
		wait(ctx, time.Now().Add(4*time.Second))
	}
}

// snapshots keeps what the racers have to read short.
func (c *chaos) snapshots(ctx context.Context) {
	snaps := &snapshots{every: 2 * time.Second, store: snapshot.Store{Dir: c.config.snaps, Program: version()}, journal: c.watcher, log: c.config.log}
	for wait(ctx, time.Now().Add(snaps.every)) {
		if _, err := c.watcher.Refresh(ctx); err == nil {
			snaps.once(ctx)
		}
	}
}

func (c *chaos) disordered(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.disorder) < 20 {
		c.disorder = append(c.disorder, fmt.Sprintf(format, args...))
	}
}

// stuck is a longer pause than any accident explains: a leader that sleeps for 11
// seconds, an election, and commands that wait for their outcome.
const stuck = 45 * time.Second

// settle reads everything back, of a race that ended at an instant.
func (c *chaos) settle(ended time.Time) {
	dir := filepath.Join(c.t.TempDir(), "export")
	w, err := export.Open(dir, export.SegmentSize)
	if err != nil {
		c.t.Fatal(err)
	}
	log := c.connect()
	over, end := context.WithCancel(context.Background())
	end() // which has Follow write what is there
	if err := errors.Join(w.Follow(over, log, func(uint64) {}), w.Close()); err != nil && !errors.Is(err, context.Canceled) {
		c.t.Fatal(err)
	}
	found, err := recount.Read(dir)
	if err != nil {
		c.t.Fatal(err)
	}
	if found.Frames != int(log.Frames()) {
		c.t.Errorf("%d frames of %d were exported", found.Frames, log.Frames())
	}
	lost := 0
	for id, p := range c.ledger {
		call := found.Calls[id]
		if call == nil || p.closed && !call.Closed || slices.ContainsFunc(p.units, func(u string) bool { return !call.Units[u] }) {
			lost++
			c.t.Errorf("call %s: acknowledged %+v, and found %+v", id, *p, call)
		}
	}
	for _, f := range append(found.Faults, c.disorder...) {
		c.t.Error(f)
	}
	slices.SortFunc(c.acks, time.Time.Compare)
	var longest time.Duration
	for i, at := range append(c.acks, ended) {
		if i > 0 {
			longest = max(longest, at.Sub(c.acks[i-1]))
		}
	}
	c.t.Logf("%d frames, %d facts, %d epochs; %d take-overs and %d refused; %d nodes killed, %d put to sleep",
		found.Frames, found.Facts, found.Epochs, c.terms, c.refused, c.nodes.kills, c.nodes.sleeps)
	c.t.Logf("%d commands acknowledged, %d unknown; acknowledged and lost %d; contradictions %d; longest pause %v",
		len(c.acks), c.unknown, lost, len(found.Faults), longest.Round(time.Millisecond))
	if c.terms < racers || len(c.acks) < 300 || c.nodes.kills == 0 || longest > stuck {
		c.t.Error("that was no chaos, or all stood still")
	}
}

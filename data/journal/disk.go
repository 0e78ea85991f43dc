package journal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"callbox/data/journal/frame"

	"github.com/nats-io/nats.go/jetstream"
)

// Options are what may differ between journals. The zero value is a good one.
type Options struct {
	Log            *slog.Logger  // takes what the log engine says; nil: nobody
	MaxBytes       int64         // greatest size of the log on disk; 0: 1 TiB
	MinFree        int64         // bytes of the disk below which Admit refuses, and Append below a quarter of it; 0: 256 MiB, below 0: none
	Reserve        int64         // bytes besides that are set aside, and given up when Admit refuses; 0: 64 MiB, below 0: none
	Patience       time.Duration // how long Append tries; 0: 10 s
	ReadOnly       bool          // refuse Append, and folders without a journal
	AllowNetworkFS bool          // open a folder on a network file system nevertheless
}

// What holds unless something else is asked for.
const (
	maxStore = 1 << 40   // 1 TiB
	minFree  = 256 << 20 // 256 MiB
)

// Disk is a journal in a folder on a disk. It is safe for use by several
// goroutines. It satisfies assign/engine.Journal.
type Disk struct {
	stream
	dir       string
	lock      *lock
	running   running
	maxBytes  int64
	unstopped bool // the log engine, or one that starts, may still write
	mark      *mark
	space     space
	watcher   sync.WaitGroup
}

// Open opens the journal in a folder, and makes both if they are not there. It
// checks that the log is whole from frame 1 to the newest that was ever
// acknowledged, as far as that can be told without reading it all; Read tells
// the rest.
//
// Its error is ErrLocked if the journal is open already, in this process or
// another; ErrNetworkFS; ErrDiskFull; ErrNoJournal, of ReadOnly; frame.ErrDamaged if
// frames are missing, with a *frame.Fault that names the first; what frame.Decode
// returns for the newest frame; or the operating system's own. A journal that is open
// for reading only is not written to, but the log engine still keeps its own
// index beside it.
func Open(dir string, o Options) (*Disk, error) {
	d := &Disk{dir: dir}
	d.begin(shard, streamConfig, o.Log, o.Patience)
	d.space = newSpace(dir, cmp.Or(o.MinFree, minFree), cmp.Or(o.Reserve, reserveSize), d.log)
	d.maxBytes, d.revive = cmp.Or(o.MaxBytes, maxStore), d.restart
	d.readOnly, d.room, d.acked = o.ReadOnly, d.makeRoom, d.raise
	err := d.enter(o.AllowNetworkFS)
	if err == nil {
		err = d.open()
	}
	if err != nil {
		return nil, fmt.Errorf("open journal %s: %w", dir, errors.Join(err, d.Close()))
	}
	return d, nil
}

// fileSystem is replaced by tests, which have no network file system.
var fileSystem = networkFS

// enter makes the folder this process's own.
func (d *Disk) enter(anyFS bool) (err error) {
	if !d.readOnly {
		if err := makeFolder(d.dir); err != nil {
			return err
		}
	} else if _, exists, err := readMark(d.dir); err != nil {
		return err
	} else if !exists { // before the lock, which is a file too
		return ErrNoJournal
	}
	if name, err := fileSystem(d.dir); err != nil {
		return err
	} else if name != "" && !anyFS {
		return fmt.Errorf("%w: it is %s", ErrNetworkFS, name)
	}
	d.lock, err = takeLock(d.dir)
	return err
}

func (d *Disk) open() (err error) {
	acknowledged, exists, err := readMark(d.dir)
	if err != nil {
		return err
	}
	if !d.readOnly {
		if err := d.space.take(0); err != nil {
			return err
		}
	}
	if err := survey(d.dir, acknowledged, func(int) error { return nil }); err != nil {
		return err
	}
	s, err := startServer(d.dir, d.maxBytes, true, d.log)
	if err != nil {
		return err
	}
	d.running.server.Store(s)
	ctx := context.Background()
	if d.writes, err = d.attach(ctx, "writer", acknowledged, exists); err != nil {
		return err
	}
	if d.reads, err = d.attach(ctx, "readers", acknowledged, true); err != nil {
		return err
	}
	if err := d.inspect(ctx, acknowledged); err != nil {
		return err
	}
	if d.readOnly {
		return nil
	}
	if d.mark, err = openMark(d.dir, exists); err != nil {
		return err
	}
	if err := d.space.open(); err != nil {
		return err
	}
	if d.space.min >= 0 {
		d.watcher.Go(d.watch)
	}
	return nil
}

// attach opens a connection of its own to the stream, so that long reads do not
// hold up the writer. The stream is made unless it must be there.
func (d *Disk) attach(ctx context.Context, who string, acknowledged uint64, exists bool) (jetstream.Stream, error) {
	nc, js, err := connect(&d.running, who, d.log)
	if err != nil {
		return nil, err
	}
	d.conns = append(d.conns, nc)
	if exists {
		if _, err := js.Stream(ctx, streamName); errors.Is(err, jetstream.ErrStreamNotFound) {
			return nil, fmt.Errorf("%w: the log engine does not know its stream any more, of which %d frames were acknowledged; "+
				"restore the folder from a copy", frame.ErrDamaged, acknowledged)
		} else if err != nil {
			return nil, err
		}
	}
	if d.send == nil {
		d.send = d.sender(js)
	}
	// For a stream that is there, this compares its settings with ours.
	return js.CreateStream(ctx, streamConfig)
}

// inspect checks that no frame is missing, and reads the newest.
func (s *stream) inspect(ctx context.Context, acknowledged uint64) error {
	asked, cancel := s.asking(ctx)
	defer cancel()
	info, err := s.reads.Info(asked, jetstream.WithDeletedDetails(true))
	if err != nil {
		return err
	}
	state := info.State
	switch {
	case state.LastSeq == 0 && acknowledged == 0: // new; what the server tells of deleted ones makes no sense then
		s.next, s.link = 1, frame.Link{Shard: s.shard, Epoch: 1}
		return nil
	case state.LastSeq > 0 && state.FirstSeq != 1:
		return frame.Faulty(1, 0, frame.ErrDamaged, "it is missing, the log begins with frame %d", state.FirstSeq)
	case state.LastSeq > 0 && state.NumDeleted > 0 && len(state.Deleted) > 0:
		return frame.Faulty(state.Deleted[0], 0, frame.ErrDamaged, "it is missing, as are %d frames of %d in all", state.NumDeleted, state.LastSeq)
	case state.Msgs != state.LastSeq:
		return fmt.Errorf("%w: %d frames are there, numbered to %d", frame.ErrDamaged, state.Msgs, state.LastSeq)
	case state.LastSeq < acknowledged:
		return frame.Faulty(state.LastSeq+1, 0, frame.ErrDamaged, "it is missing, frames to %d were acknowledged", acknowledged)
	}
	return s.adopt(ctx, state.LastSeq)
}

// adopt reads the newest frame, and has the next one follow it, of a new epoch.
func (s *stream) adopt(ctx context.Context, last uint64) error {
	b, err := s.lookUp(ctx, last)
	if err != nil {
		return err
	}
	e, err := s.decodeAs(last, b)
	if err != nil {
		return err
	}
	s.next = e.Facts[len(e.Facts)-1].Seq + 1
	s.link = frame.Link{Shard: s.shard, Epoch: e.Epoch + 1, Previous: e.Hash}
	s.last.Store(last)
	return nil
}

// decodeAs decodes a frame that the log engine holds under that number.
func (s *stream) decodeAs(number uint64, b []byte) (frame.Entry, error) {
	e, err := frame.Decode(b)
	var fault *frame.Fault
	if errors.As(err, &fault) {
		fault.Frame = number
	} else if e.Number != number {
		err = frame.Faulty(number, 0, frame.ErrDamaged, "frame %d stands in its place", e.Number)
	} else if e.Shard != s.shard && e.Shard != "" {
		err = frame.Faulty(number, 0, frame.ErrDamaged, "it is of shard %q, this log of %q", e.Shard, s.shard)
	}
	return e, err
}

// Close finishes the Append that is under way and releases the folder. Reads
// that are under way end with ErrClosed. Closing again does nothing.
func (d *Disk) Close() error {
	return d.end(func() (err error) {
		d.watcher.Wait()
		err = d.running.stop()
		if d.mark != nil {
			err = errors.Join(err, d.mark.file.Close())
		}
		if d.lock != nil && !d.unstopped && !errors.Is(err, errUnstopped) { // else nobody may have the folder before this process ends
			err = errors.Join(err, d.lock.release())
		}
		return err
	})
}

// raise raises the high-water mark.
func (d *Disk) raise(frame uint64) {
	if err := d.mark.set(frame); err != nil {
		d.log.Warn("the journal's high-water mark cannot be written", "error", err)
	}
}

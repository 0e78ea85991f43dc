package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"callbox/data/journal/frame"

	"github.com/nats-io/nats.go"
)

// ErrLoss says that a journal cannot be mended whole.
var ErrLoss = errors.New("the journal cannot be mended without the loss of frames")

// RepairOptions are what may differ between repairs.
type RepairOptions struct {
	AcceptLoss bool         // go on without the frames that no copy has
	Log        *slog.Logger // takes what the log engine says; nil: nobody
}

// Names of what a repair makes in the journal's folder.
const (
	asideForm   = "damaged-20060102T150405.000Z" // the damaged journal, from then on
	mendingName = "repair"                       // the mended one, until it is done
)

// Repair makes a damaged journal anew, of the good frames that are left in its
// folder and of those of an export, which come by ascending number. The damaged
// one is moved aside within the folder, and nothing of it is changed; Repair
// gives its new name. The mended one is read to its end before it takes the
// damaged one's place.
//
// Its error is a *frame.Fault if the two copies have different frames of one
// number, or frames that do not follow each other; ErrLoss if neither has a
// frame that was acknowledged or that a later one follows; ErrLocked;
// ErrNoJournal; that of the export; or the operating system's own. Until the two
// change places, which is the last thing done, the journal is what it was.
func Repair(ctx context.Context, dir string, export iter.Seq2[frame.Entry, error], o RepairOptions) (m Mending, aside string, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := somethingIn(dir); err != nil {
		return m, "", err
	}
	l, err := takeLock(dir)
	if err != nil {
		return m, "", err
	}
	defer func() { err = errors.Join(err, l.release()) }()
	mending := filepath.Join(dir, mendingName)
	if _, err := os.Lstat(mending); !errors.Is(err, fs.ErrNotExist) {
		return m, "", fmt.Errorf("%s is in the way: an earlier repair did not end. If there is no %s beside it, move it back "+
			"from the newest folder damaged-...; then remove %s and try again", mending, storeName, mending)
	}
	m.Acknowledged, _, m.Unmarked = readMark(dir)
	c := copies{journal: salvage(dir), export: export}
	for _, err := range c.merge(&m) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return m, "", err
		}
	}
	if err := m.loss(); err != nil && !o.AcceptLoss || m.Frames == 0 {
		return m, "", err
	}
	if err := c.rebuild(ctx, mending, m, o.Log); err != nil {
		return m, "", errors.Join(fmt.Errorf("make the mended journal: %w", err), os.RemoveAll(mending))
	}
	aside = filepath.Join(dir, time.Now().UTC().Format(asideForm))
	if err := os.Mkdir(aside, 0o700); err != nil {
		return m, "", errors.Join(err, os.RemoveAll(mending))
	}
	return m, aside, swap(dir, mending, aside)
}

// somethingIn refuses a folder in which there never was a journal.
func somethingIn(dir string) error {
	for _, name := range []string{storeName, markName} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return fmt.Errorf("%s: %w", dir, ErrNoJournal)
}

// loss says which frames a mended log would lack; nil if none.
func (m *Mending) loss() error {
	switch {
	case m.Frames == 0:
		return fmt.Errorf("%w: no copy has frame 1", ErrLoss)
	case m.Frames < m.Newest():
		return fmt.Errorf("%w: no copy has frame %d, so frames %d to %d would be lost, and all that they say of calls and units; "+
			"%d were acknowledged, the last good one in the journal is %d, the last one in the export %d",
			ErrLoss, m.Frames+1, m.Frames+1, m.Newest(), m.Acknowledged, m.Journal, m.Export)
	case m.Unmarked != nil:
		return fmt.Errorf("%w: nobody knows how many there were after frame %d: %w", ErrLoss, m.Frames, m.Unmarked)
	}
	return nil
}

// rebuild makes a journal in a new folder of the frames of both copies, durably,
// and reads it to its end.
func (c copies) rebuild(ctx context.Context, dir string, want Mending, log *slog.Logger) error {
	if err := makeFolder(dir); err != nil {
		return err
	}
	if err := c.fill(ctx, dir, log); err != nil {
		return err
	}
	if err := errors.Join(syncTree(dir), makeMark(dir, want.Frames)); err != nil {
		return err
	}
	d, err := Open(dir, Options{Log: log, ReadOnly: true, AllowNetworkFS: true})
	if err != nil {
		return err
	}
	defer d.Close()
	var head frame.Hash
	for e, err := range d.Entries(ctx, 1) {
		if err != nil {
			return err
		}
		head = e.Hash
	}
	if n := d.last.Load(); n != want.Frames || head != want.Head {
		return fmt.Errorf("it has %d frames up to hash %v, and should have %d up to %v", n, head, want.Frames, want.Head)
	}
	return nil
}

// fill puts the frames into a new log, byte for byte. They are not durable yet.
func (c copies) fill(ctx context.Context, dir string, log *slog.Logger) error {
	s, err := startServer(dir, maxStore, false, log)
	if err != nil {
		return err
	}
	defer stopServer(s)
	nc, js, err := connect(s, "repair", log)
	if err != nil {
		return err
	}
	defer nc.Close()
	if _, err := js.CreateStream(ctx, streamConfig); err != nil {
		return err
	}
	room := newSpace(dir, minFree, -1, log)
	for e, err := range c.merge(new(Mending)) {
		if err == nil {
			err = room.take(int64(len(e.Bytes)))
		}
		if err != nil {
			return err
		}
		if n, err := publish(ctx, js, &nats.Msg{Subject: subject, Data: e.Bytes}, e.Number-1); err != nil || n != e.Number {
			return fmt.Errorf("write frame %d: it became frame %d: %w", e.Number, n, err)
		}
	}
	return nil
}

// swap moves the damaged journal aside and the mended one into its place. In
// between, the folder holds no log but the damaged one's mark, and is refused by
// Open.
func swap(dir, mending, aside string) error {
	old := filepath.Join(dir, storeName)
	if err := os.Rename(old, filepath.Join(aside, storeName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if b, err := os.ReadFile(filepath.Join(dir, markName)); err == nil {
		if err := os.WriteFile(filepath.Join(aside, markName), b, 0o600); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := errors.Join(syncTree(aside), syncFile(dir)); err != nil {
		return err
	}
	for _, name := range []string{storeName, markName} { // the mark last: it says that all is there
		if err := os.Rename(filepath.Join(mending, name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return errors.Join(syncFile(dir), os.RemoveAll(mending))
}

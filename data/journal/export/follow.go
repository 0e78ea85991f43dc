package export

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"callbox/data/journal/frame"
)

// Log is what an export follows; *journal.Disk is one.
type Log interface {
	// Entries yields the frames from number from on, up to what was the newest
	// when it was called.
	Entries(ctx context.Context, from uint64) iter.Seq2[frame.Entry, error]
}

// ErrDisagrees says that an export is not of this log, or that one of them is
// not what it was.
var ErrDisagrees = errors.New("the export and the journal do not agree")

// Times of following.
const (
	followEvery = time.Second
	lastChance  = 10 * time.Second // to write what is left when the context has ended
)

// Meet checks that the newest frame of the export is in the log. Its error is
// ErrDisagrees if it is not; then nothing must be added to either before somebody
// has looked.
func (w *Writer) Meet(ctx context.Context, log Log) error {
	if w.last == 0 {
		return nil
	}
	for e, err := range log.Entries(ctx, w.last) {
		if err != nil {
			return err
		}
		if e.Hash != w.hash {
			return fmt.Errorf("%w: frame %d has hash %v in the export, and %v in the journal; "+
				"export to an empty folder if this one is of another journal", ErrDisagrees, w.last, w.hash, e.Hash)
		}
		return nil
	}
	return fmt.Errorf("%w: the export holds frame %d, and the journal ends before it; "+
		"export to an empty folder if this one is of another journal, else the journal has lost frames, and callbox repair gets them back",
		ErrDisagrees, w.last)
}

// Follow writes what the log has beyond the export, and then what is added to
// it, until the context ends. It reads the log and never waits for its writer,
// nor that for it. After each round, made durable, it tells the newest frame.
func (w *Writer) Follow(ctx context.Context, log Log, tell func(frame uint64)) error {
	if err := w.Meet(ctx, log); err != nil {
		return err
	}
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		if err := w.catchUp(ctx, log); ctx.Err() == nil && err != nil {
			return err
		}
		tell(w.last)
		select {
		case <-tick.C:
		case <-ctx.Done():
			ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastChance)
			defer cancel()
			return w.catchUp(ending, log)
		}
	}
}

// catchUp writes what the log has beyond the export, durably.
func (w *Writer) catchUp(ctx context.Context, log Log) error {
	for e, err := range log.Entries(ctx, w.last+1) {
		if err != nil {
			return errors.Join(err, w.Sync())
		}
		if e.Number == w.last+1 && w.last > 0 && e.Shard != "" && e.Previous != w.hash {
			return fmt.Errorf("%w: frame %d of the journal was written after another frame than the export has", ErrDisagrees, e.Number)
		}
		if err := w.Append(e); err != nil {
			return err
		}
	}
	return w.Sync()
}

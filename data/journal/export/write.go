package export

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"callbox/data/journal/frame"
)

// SegmentSize is when a file is full: the next frame begins another.
const SegmentSize = 64 << 20

// Writer writes an export. It is for one goroutine.
type Writer struct {
	dir   string
	full  int64
	file  *os.File // nil: the next frame begins one
	size  int64
	last  uint64 // number of the newest frame, 0: none
	hash  frame.Hash
	dirty bool  // something is not synced
	err   error // why no more can be written
}

// Open opens the export in a folder, or begins one, with files of about so many
// bytes. It checks the newest file from end to end, and cuts off what is left of
// a frame that was not written to its end. Its error is a *Fault if anything else
// is wrong with that file.
func Open(dir string, full int64) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	names, err := segments(dir)
	if err != nil {
		return nil, err
	}
	w := &Writer{dir: dir, full: full}
	for len(names) > 0 && w.last == 0 { // files without a whole frame are those of a crash
		if err := w.resume(names[len(names)-1]); err != nil {
			return nil, err
		}
		names = names[:len(names)-1]
	}
	return w, nil
}

// resume goes on in a file, or removes it if it holds no whole frame.
func (w *Writer) resume(name string) error {
	in, s, err := open(w.dir, name)
	if err != nil {
		return err
	}
	defer in.Close()
	var chain frame.Chain
	for {
		e, err := s.next()
		if err == io.EOF || errors.Is(err, ErrTorn) {
			break
		}
		if err == nil {
			err = chain.Follow(e)
		}
		if err != nil {
			return err
		}
	}
	path := filepath.Join(w.dir, name)
	if w.last, w.hash = chain.Last(); w.last == 0 {
		return errors.Join(os.Remove(path), syncFolder(w.dir))
	}
	if w.file, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0); err != nil {
		return err
	}
	w.size, w.dirty = s.end, true
	return errors.Join(w.file.Truncate(s.end), w.Sync())
}

// Last is the number of the newest frame, 0 if there is none, and its hash.
func (w *Writer) Last() (uint64, frame.Hash) { return w.last, w.hash }

// Append writes the frame that follows the newest. It is durable after Sync.
// After an error the export must be opened again.
func (w *Writer) Append(e frame.Entry) error {
	if w.err == nil {
		w.err = w.append(e)
	}
	return w.err
}

func (w *Writer) append(e frame.Entry) error {
	if e.Number != w.last+1 {
		return fmt.Errorf("%w: frame %d was to follow frame %d in the export", frame.ErrDamaged, e.Number, w.last)
	}
	lines, err := render(e)
	if err != nil {
		return err
	}
	if w.file != nil && w.size >= w.full {
		err := errors.Join(w.Sync(), w.file.Close())
		if w.file = nil; err != nil {
			return err
		}
	}
	if w.file == nil {
		path := filepath.Join(w.dir, fmt.Sprintf(segmentForm, e.Number))
		if w.file, err = os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
			return err
		}
		if err := syncFolder(w.dir); err != nil {
			return err
		}
		w.size = 0
	}
	if _, err := w.file.Write(lines); err != nil {
		return err
	}
	w.size += int64(len(lines))
	w.last, w.hash, w.dirty = e.Number, e.Hash, true
	return nil
}

// Sync makes durable what was appended.
func (w *Writer) Sync() error {
	if w.file == nil || !w.dirty {
		return w.err
	}
	if err := w.file.Sync(); err != nil {
		w.err = err
	}
	w.dirty = false
	return w.err
}

// Close makes durable what was appended and ends the writer.
func (w *Writer) Close() error {
	err := w.Sync()
	if w.file != nil {
		err = errors.Join(err, w.file.Close())
		w.file = nil
	}
	if w.err == nil {
		w.err = os.ErrClosed
	}
	return err
}

// syncFolder makes a folder's list of names durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

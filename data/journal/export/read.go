package export

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"callbox/data/journal/frame"
)

// Read yields the frames of an export from frame 1 on. Its first error ends it:
// a *Fault that names the first place where it is not what it must be, of ErrTorn
// if nothing is wrong but that the last frame is not whole; or the operating
// system's own.
func Read(dir string) iter.Seq2[frame.Entry, error] {
	return func(yield func(frame.Entry, error) bool) {
		names, err := segments(dir)
		if err != nil {
			yield(frame.Entry{}, err)
			return
		}
		var chain frame.Chain
		for i, name := range names {
			last, _ := chain.Last()
			if firstOf(name) != last+1 {
				yield(frame.Entry{}, &Fault{Frame: last + 1, Err: fmt.Errorf("%w: the next file is %s", frame.ErrDamaged, name)})
				return
			}
			if !readSegment(dir, name, &chain, i == len(names)-1, yield) {
				return
			}
		}
	}
}

// readSegment yields the frames of one file, and reports whether to go on.
func readSegment(dir, name string, chain *frame.Chain, newest bool, yield func(frame.Entry, error) bool) bool {
	file, s, err := open(dir, name)
	if err != nil {
		yield(frame.Entry{}, err)
		return false
	}
	defer file.Close()
	for {
		begin := s.line + 1
		e, err := s.next()
		if err == io.EOF {
			return true
		}
		if err == nil {
			if broken := chain.Follow(e); broken != nil {
				err = &Fault{Segment: name, Line: begin, Frame: e.Number, Err: broken}
			}
		}
		var fault *Fault
		if errors.Is(err, ErrTorn) && !newest && errors.As(err, &fault) {
			fault.Err = fmt.Errorf("%w: the file ends within a frame, and another one comes after it", frame.ErrDamaged)
		}
		if !yield(e, err) || err != nil {
			return false
		}
	}
}

// Summary is what Verify found good.
type Summary struct {
	Frames uint64
	Facts  uint64
	Head   string // hash of the last frame
	Held   bool   // some frame has the hash that was asked for
	Torn   error  // a *Fault if the export ends within a frame
}

// Verify reads an export to its end, and looks for a frame with a certain hash,
// in hexadecimal. Its error is that of Read, but for ErrTorn.
func Verify(dir, hash string) (s Summary, err error) {
	for e, err := range Read(dir) {
		if errors.Is(err, ErrTorn) {
			s.Torn = err
		} else if err != nil {
			return s, err
		} else {
			s.Frames, s.Head = e.Number, e.Hash.String()
			s.Facts += uint64(len(e.Facts))
			s.Held = s.Held || s.Head == hash
		}
	}
	return s, nil
}

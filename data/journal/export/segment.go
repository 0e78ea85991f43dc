package export

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"callbox/data/journal/frame"
)

// A segment is a file of the export, named after its first frame.
const segmentForm = "frames-%020d.jsonl"

// maxLine is more than the longest line has: a frame of frame.MaxSize bytes, all
// of it one text of characters that JSON writes with six.
const maxLine = 8 << 20

// ErrTorn says that an export ends within a frame, as it does while that is
// being written, or if the writer was ended then. Nothing is lost by it that was
// whole before, and the writer mends it when it goes on.
var ErrTorn = errors.New("the export ends within a frame")

// Fault says where in an export something is wrong.
type Fault struct {
	Segment string // name of the file; "" if it is none of them
	Line    int    // from 1; 0 if it is no single line
	Frame   uint64 // that belongs there
	Err     error
}

// Error gives the place and what is wrong there.
func (f *Fault) Error() string {
	var place strings.Builder
	if f.Segment != "" {
		place.WriteString(f.Segment + ", ")
	}
	if f.Line != 0 {
		fmt.Fprintf(&place, "line %d, ", f.Line)
	}
	return fmt.Sprintf("%swhere frame %d belongs: %v", place.String(), f.Frame, f.Err)
}

// Unwrap gives what is wrong.
func (f *Fault) Unwrap() error { return f.Err }

// segments are the names of the files of an export, in order.
func segments(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if firstOf(e.Name()) > 0 && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// firstOf is the frame that a segment is named after, 0 if it is none.
func firstOf(name string) (number uint64) {
	if _, err := fmt.Sscanf(name, segmentForm, &number); err != nil || fmt.Sprintf(segmentForm, number) != name {
		return 0
	}
	return number
}

// segment reads one file.
type segment struct {
	name   string
	in     *bufio.Reader
	line   int    // the last that was read
	end    int64  // of the last whole frame, in bytes
	expect uint64 // number of the frame that belongs here
}

func newSegment(name string, in io.Reader, expect uint64) *segment {
	return &segment{name: name, in: bufio.NewReaderSize(in, 1<<16), expect: expect}
}

// next reads a frame and its facts. Its error is io.EOF at the end, ErrTorn if
// that is within a frame, or a *Fault.
func (s *segment) next() (frame.Entry, error) {
	head, err := s.read()
	if err == io.EOF && len(head) == 0 {
		return frame.Entry{}, io.EOF
	}
	if err != nil {
		return frame.Entry{}, s.torn(err)
	}
	e, err := parse(head)
	if err != nil {
		return frame.Entry{}, s.fault(err)
	}
	if e.Number != s.expect {
		return frame.Entry{}, s.fault(fmt.Errorf("%w: it is frame %d", frame.ErrDamaged, e.Number))
	}
	want, err := render(e)
	if err != nil {
		return frame.Entry{}, s.fault(err)
	}
	size := len(want)
	for got := head; ; {
		line := want[:bytes.IndexByte(want, '\n')+1]
		if !bytes.Equal(got, line) {
			return frame.Entry{}, s.fault(fmt.Errorf("%w: the line does not say what the bytes of the frame say; it should be %s",
				frame.ErrDamaged, shortened(line)))
		}
		if want = want[len(line):]; len(want) == 0 {
			break
		}
		if got, err = s.read(); err != nil {
			return frame.Entry{}, s.torn(err)
		}
	}
	s.end += int64(size)
	s.expect++
	return e, nil
}

// read reads a line with its end. Its error is io.EOF for one that has none.
func (s *segment) read() (line []byte, err error) {
	s.line++
	for {
		part, err := s.in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		case len(line) > maxLine:
			return nil, fmt.Errorf("%w: the line has more than %d bytes", frame.ErrDamaged, maxLine)
		}
	}
}

func (s *segment) torn(err error) error {
	if err == io.EOF {
		err = ErrTorn
	}
	return s.fault(err)
}

func (s *segment) fault(err error) error {
	return &Fault{Segment: s.name, Line: s.line, Frame: s.expect, Err: err}
}

func shortened(line []byte) []byte {
	line = bytes.TrimSpace(line)
	if len(line) > 200 {
		return append(line[:200:200], "..."...)
	}
	return line
}

// open opens a segment for reading.
func open(dir, name string) (*os.File, *segment, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, nil, err
	}
	return f, newSegment(name, f, firstOf(name)), nil
}

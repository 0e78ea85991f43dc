package frame

import (
	"errors"
	"fmt"
)

// Errors of this package. They are matched with errors.Is.
var (
	ErrDamaged  = errors.New("the journal is damaged")
	ErrFormat   = errors.New("this is not a frame as FORMAT.md has it")
	ErrVersion  = errors.New("the frame is of another version than this program knows; a newer program has written it")
	ErrKind     = errors.New("the fact is of a kind that this program does not know; a newer program has written it")
	ErrTooLarge = fmt.Errorf("the frame has more than %d bytes; make it of fewer or smaller facts", MaxSize)
)

// Fault says where in a journal something is wrong.
type Fault struct {
	Frame uint64 // its number; 0 if it is not known
	Fact  uint64 // its sequence number; 0 if it is no single fact
	Err   error
}

// Error gives the place and what is wrong there.
func (f *Fault) Error() string {
	switch {
	case f.Fact != 0:
		return fmt.Sprintf("frame %d, fact %d: %v", f.Frame, f.Fact, f.Err)
	case f.Frame != 0:
		return fmt.Sprintf("frame %d: %v", f.Frame, f.Err)
	}
	return f.Err.Error()
}

// Unwrap gives what is wrong.
func (f *Fault) Unwrap() error { return f.Err }

// Faulty is a Fault whose Err says more about one of the errors above.
func Faulty(frame, fact uint64, err error, format string, args ...any) error {
	return &Fault{Frame: frame, Fact: fact, Err: fmt.Errorf("%w: "+format, append([]any{err}, args...)...)}
}

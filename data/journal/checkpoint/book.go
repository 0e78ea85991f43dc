package checkpoint

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"callbox/data/journal/frame"
)

// Book is what a witness has kept: a journal's checkpoints.
type Book struct {
	Checkpoints int // how many there are
	Newest      Checkpoint
	Unusable    int   // how many more could not be used
	Why         error // the first of them could not
	frames      map[uint64][]Checkpoint
}

// tag begins a checkpoint on one line, as syslog keeps it.
const tag = "callbox-checkpoint "

// line is a signed note on one line.
func line(signed []byte) string { return tag + strconv.Quote(string(signed)) }

// signature begins the lines that end a note.
const signature = "— "

// maxLine is how long a line may be, in bytes; those of a checkpoint are far below.
const maxLine = 64 << 10

// Read reads what a witness has kept: notes one after the other, or lines of a
// system's log, in which others may stand between. A checkpoint that is cut off, or
// that the key has not signed, is left out and told of; if none is left, that is
// an error.
func Read(r io.Reader, key note.Verifier) (*Book, error) {
	b := &Book{frames: make(map[uint64][]Checkpoint)}
	var open strings.Builder // the note that is being read
	began, number := 0, 0    // its line, and this one
	ending := false          // its signatures have begun
	finish := func() {
		if open.Len() > 0 {
			c, err := Open([]byte(open.String()), key)
			b.add(c, began, err)
		}
		open.Reset()
		ending = false
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		number++
		text := lines.Text()
		if _, quoted, ok := strings.Cut(text, tag); ok {
			finish()
			signed, err := strconv.Unquote(strings.TrimSpace(quoted))
			if err != nil {
				b.add(Checkpoint{}, number, errors.New("it is cut off"))
			}
			open.WriteString(signed)
			began, ending = number, true
			continue
		}
		begins, ends := strings.HasPrefix(text, title), strings.HasPrefix(text, signature)
		if begins || ending && !ends {
			finish()
		}
		if begins {
			began = number
		}
		if begins || open.Len() > 0 {
			open.WriteString(text + "\n")
			ending = ends
		}
	}
	finish()
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("line %d: it is longer than %d bytes: this is no file of checkpoints", number+1, maxLine)
	case err != nil:
		return nil, err
	case b.Checkpoints == 0 && b.Why != nil:
		return nil, b.Why
	case b.Checkpoints == 0:
		return nil, errors.New("there is no checkpoint in it")
	}
	return b, nil
}

// add puts in a checkpoint that begins on that line, or counts that it is none.
func (b *Book) add(c Checkpoint, line int, err error) {
	if err != nil {
		b.Unusable++
		if b.Why == nil {
			b.Why = fmt.Errorf("line %d: a checkpoint cannot be used: %w", line, err)
		}
		return
	}
	b.frames[c.Frame] = append(b.frames[c.Frame], c)
	if b.Checkpoints == 0 || c.Frame > b.Newest.Frame {
		b.Newest = c
	}
	b.Checkpoints++
}

// ErrDisagrees is wrapped by the errors that say that a journal is not the one that
// a checkpoint is of.
var ErrDisagrees = errors.New("the journal disagrees with a signed checkpoint")

// Frame compares a journal's frame with what was signed of it.
func (b *Book) Frame(number uint64, hash frame.Hash) error {
	for _, c := range b.frames[number] {
		if c.Hash != hash {
			return fmt.Errorf("%w: frame %d has the hash %s, and %s was signed at %s: the journal was written anew",
				ErrDisagrees, number, hash, c.Hash, c.At.Format(layout))
		}
	}
	return nil
}

// End compares the number of a journal's last frame with what was signed.
func (b *Book) End(last uint64) error {
	if c := b.Newest; c.Frame > last {
		return fmt.Errorf("%w: it ends with frame %d, and frame %d was signed at %s: the end is missing",
			ErrDisagrees, last, c.Frame, c.At.Format(layout))
	}
	return nil
}

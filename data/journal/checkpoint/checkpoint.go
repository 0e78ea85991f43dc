package checkpoint

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"callbox/data/journal/frame"
)

// Checkpoint says that a journal's frame of that number had that hash.
type Checkpoint struct {
	Frame uint64
	Hash  frame.Hash
	At    time.Time // when it was signed, to the millisecond
}

const (
	title  = "callbox journal "
	layout = "2006-01-02T15:04:05.000Z"
)

// text is what is signed.
func (c Checkpoint) text(name string) string {
	return fmt.Sprintf("%s%s\n%d\n%s\n%s\n", title, name, c.Frame, c.Hash, c.At.UTC().Format(layout))
}

// Sign makes a signed note of a checkpoint.
func (c Checkpoint) Sign(key note.Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: c.text(key.Name())}, key)
}

// Open gives the checkpoint of a note that the key has signed. The error says why
// it is none.
func Open(signed []byte, key note.Verifier) (Checkpoint, error) {
	n, err := note.Open(signed, note.VerifierList(key))
	var foreign *note.UnverifiedNoteError
	switch {
	case errors.As(err, &foreign):
		return Checkpoint{}, fmt.Errorf("it is not signed with the key %s", key.Name())
	case err != nil:
		return Checkpoint{}, err
	}
	return parse(n.Text, key.Name())
}

// errShape is of a note that is signed and yet is no checkpoint.
var errShape = errors.New("its text is not that of a checkpoint")

// parse reads a text back, in the one form that text gives it.
func parse(text, name string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 {
		return c, errShape
	}
	if c.Frame, err = strconv.ParseUint(lines[1], 10, 64); err != nil {
		return Checkpoint{}, errShape
	}
	if hash, err := hex.DecodeString(lines[2]); err != nil || copy(c.Hash[:], hash) != len(c.Hash) {
		return Checkpoint{}, errShape
	}
	if c.At, err = time.Parse(layout, lines[3]); err != nil || c.text(name) != text {
		return Checkpoint{}, errShape
	}
	return c, nil
}

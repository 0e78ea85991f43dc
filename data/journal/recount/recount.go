// Package recount reads an export again, as somebody would who has FORMAT.md and
// nothing else: it imports no package of callbox, nor any that those import to write
// a log. Tests hold what servers have answered against what it finds.
package recount

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Count is what an export says.
type Count struct {
	Frames int
	Facts  int
	Epochs int // as many writers have come one after another
	Calls  map[string]*Call
	Faults []string // by which the log contradicts itself, at most MaxFaults

	head  string            // hash of the newest frame
	epoch int               // its
	on    map[string]string // the call that each unit is on
}

// Call is what the log says of a call.
type Call struct {
	Units  map[string]bool // that were ever put on it
	Closed bool
}

// MaxFaults is how many faults are told.
const MaxFaults = 100

// line is a frame's line, or a fact's.
type line struct {
	Frame    int             `json:"frame"`
	First    int             `json:"first"`
	Facts    int             `json:"facts"`
	Epoch    int             `json:"epoch"`
	Previous string          `json:"previous"`
	Hash     string          `json:"hash"`
	Bytes    []byte          `json:"bytes"`
	Fact     int             `json:"fact"`
	Kind     string          `json:"kind"`
	Body     json.RawMessage `json:"body"`
}

// body is what matters of the fields of facts, of all kinds.
type body struct {
	Call       json.RawMessage `json:"call"` // an ID, or of call_received all of a call
	Unit       json.RawMessage `json:"unit"` // likewise
	From       string          `json:"from"`
	Assignment struct {
		Unit string `json:"unit"`
	} `json:"assignment"`
}

// maxLine is the longest line, in bytes.
const maxLine = 16 << 20

// Read reads the export in a folder. Its error is of files that cannot be read, or
// hold no JSON; whatever else is wrong is among the faults.
func Read(dir string) (*Count, error) {
	files, err := filepath.Glob(filepath.Join(dir, "frames-*.jsonl")) // in order
	if err == nil && len(files) == 0 {
		err = errors.New("there is no export in " + dir)
	}
	if err != nil {
		return nil, err
	}
	c := &Count{Calls: make(map[string]*Call), on: make(map[string]string)}
	left := 0 // facts of the frame that are still to come
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, maxLine)
		for lines.Scan() && err == nil {
			var l line
			if err = json.Unmarshal(lines.Bytes(), &l); err != nil {
				break
			}
			if l.Kind == "" {
				if left > 0 {
					c.fault("frame %d lacks %d facts", c.Frames, left)
				}
				c.frame(l)
				left = l.Facts
				continue
			}
			left--
			err = c.fact(l)
		}
		if err = errors.Join(err, lines.Err(), f.Close()); err != nil {
			return nil, fmt.Errorf("%s, after fact %d: %w", file, c.Facts, err)
		}
	}
	if left != 0 {
		c.fault("frame %d lacks %d facts", c.Frames, left)
	}
	return c, nil
}

// frame follows the chain.
func (c *Count) frame(l line) {
	c.Frames++
	sum := sha256.Sum256(l.Bytes)
	switch {
	case l.Frame != c.Frames:
		c.fault("frame %d stands where frame %d belongs", l.Frame, c.Frames)
	case l.Hash != hex.EncodeToString(sum[:]):
		c.fault("frame %d has not the hash that it says", l.Frame)
	case c.Frames > 1 && l.Previous != c.head:
		c.fault("frame %d does not follow the one before", l.Frame)
	case l.Epoch < c.epoch:
		c.fault("frame %d is of epoch %d, after one of epoch %d", l.Frame, l.Epoch, c.epoch)
	case l.First != c.Facts+1:
		c.fault("frame %d begins with fact %d, not %d", l.Frame, l.First, c.Facts+1)
	}
	if l.Epoch != c.epoch {
		c.Epochs++
	}
	c.head, c.epoch = l.Hash, l.Epoch
}

// fact follows who is on which call.
func (c *Count) fact(l line) error {
	c.Facts++
	if l.Fact != c.Facts || l.Frame != c.Frames || l.Hash != c.head {
		c.fault("fact %d of frame %d stands where fact %d of frame %d belongs", l.Fact, l.Frame, c.Facts, c.Frames)
	}
	var b body
	if err := json.Unmarshal(l.Body, &b); err != nil {
		return err
	}
	switch l.Kind {
	case "call_received":
		var call struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(b.Call, &call); err != nil {
			return err
		}
		if c.Calls[call.ID] != nil {
			c.fault("fact %d: call %s is received again", l.Fact, call.ID)
		}
		c.Calls[call.ID] = &Call{Units: make(map[string]bool)}
	case "unit_dispatched":
		return c.put(l.Fact, b)
	case "unit_diverted", "unit_preempted":
		return c.take(l.Fact, b.Unit, []byte(`"`+b.From+`"`))
	case "unit_recalled", "unit_cleared":
		return c.take(l.Fact, b.Unit, b.Call)
	case "call_closed":
		id, err := text(b.Call)
		if err != nil {
			return err
		}
		call := c.Calls[id]
		if call == nil || call.Closed {
			c.fault("fact %d: call %s is closed, and is not open", l.Fact, id)
			return nil
		}
		call.Closed = true
		for unit := range call.Units {
			if c.on[unit] == id {
				c.fault("fact %d: call %s is closed, and unit %s is on it", l.Fact, id, unit)
			}
		}
	}
	return nil
}

// put puts a unit on a call.
func (c *Count) put(fact int, b body) error {
	id, err := text(b.Call)
	if err != nil {
		return err
	}
	unit, call := b.Assignment.Unit, c.Calls[id]
	if other, busy := c.on[unit]; busy {
		c.fault("fact %d: unit %s is put on call %s, and is on call %s", fact, unit, id, other)
	}
	if call == nil || call.Closed {
		c.fault("fact %d: unit %s is put on call %s, which is not open", fact, unit, id)
		return nil
	}
	c.on[unit], call.Units[unit] = id, true
	return nil
}

// take takes a unit off a call.
func (c *Count) take(fact int, unit, call json.RawMessage) error {
	u, err := text(unit)
	if err != nil {
		return err
	}
	id, err := text(call)
	if err != nil {
		return err
	}
	if c.on[u] != id {
		c.fault("fact %d: unit %s is taken off call %s, and is on %q", fact, u, id, c.on[u])
	}
	delete(c.on, u)
	return nil
}

func text(b json.RawMessage) (s string, err error) {
	err = json.Unmarshal(b, &s)
	return s, err
}

func (c *Count) fault(format string, args ...any) {
	if len(c.Faults) < MaxFaults {
		c.Faults = append(c.Faults, fmt.Sprintf(format, args...))
	}
}

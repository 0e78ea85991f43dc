package export

import (
	"bytes"
	"encoding/json"
	"fmt"

	"callbox/data/journal/frame"
)

// frameLine is the line that each frame begins with.
type frameLine struct {
	Frame    uint64 `json:"frame"`
	Version  uint64 `json:"version"`
	At       int64  `json:"at"`
	First    uint64 `json:"first"`
	Facts    int    `json:"facts"` // so many lines follow
	Shard    string `json:"shard,omitempty"`
	Epoch    uint64 `json:"epoch,omitempty"`
	Previous string `json:"previous,omitempty"`
	Hash     string `json:"hash"`
	Bytes    []byte `json:"bytes"`
}

// factLine is the line of one fact.
type factLine struct {
	Frame uint64 `json:"frame"`
	Hash  string `json:"hash"` // of the frame
	Fact  uint64 `json:"fact"`
	At    int64  `json:"at"`
	Kind  string `json:"kind"`
	Body  any    `json:"body"`
}

// render writes the lines of a frame: always the same ones for the same frame.
func render(e frame.Entry) ([]byte, error) {
	head := frameLine{
		Frame: e.Number, Version: e.Version, At: int64(e.At), First: e.Facts[0].Seq, Facts: len(e.Facts),
		Shard: e.Shard, Epoch: e.Epoch, Hash: e.Hash.String(), Bytes: e.Bytes,
	}
	if e.Shard != "" {
		head.Previous = e.Previous.String()
	}
	var b bytes.Buffer
	to := json.NewEncoder(&b) // which ends each line
	to.SetEscapeHTML(false)
	if err := to.Encode(head); err != nil {
		return nil, fmt.Errorf("frame %d: %w", e.Number, err)
	}
	for _, r := range e.Facts {
		if err := to.Encode(factLine{e.Number, head.Hash, r.Seq, int64(r.At), r.Fact.Kind(), r.Fact}); err != nil {
			return nil, fmt.Errorf("frame %d, fact %d: %w", e.Number, r.Seq, err)
		}
	}
	return b.Bytes(), nil
}

// parse reads the frame that a line begins. It looks at its bytes only: what the
// line says besides is compared with what render makes of them.
func parse(line []byte) (frame.Entry, error) {
	var head struct {
		Bytes []byte `json:"bytes"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return frame.Entry{}, fmt.Errorf("%w: a line that begins a frame was expected: %w", frame.ErrFormat, err)
	}
	if head.Bytes == nil {
		return frame.Entry{}, fmt.Errorf("%w: a line that begins a frame was expected, and this one has no bytes", frame.ErrFormat)
	}
	return frame.Decode(head.Bytes)
}

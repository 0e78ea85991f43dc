package frame

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"unicode/utf8"

	"callbox/assign"

	"github.com/fxamacker/cbor/v2"
)

// Version is the newest version of the format that is read and written here.
// FORMAT.md describes it, and says when it rises.
const Version = 4

// since is the version that a kind of fact came with, where that is not 1.
var since = map[string]uint64{"road_closed": 2, "road_opened": 2, "unit_recalled": 3, "call_promoted": 3, "round_begun": 4, "units_moved": 4}

// version is the lowest that has all that a fact holds.
func version(f assign.Fact) uint64 {
	v := max(1, since[f.Kind()])
	switch f := f.(type) {
	case *assign.Started:
		if f.Demand != "" {
			v = 4
		}
	case *assign.DecisionMade:
		if f.Decision.Round != 0 { // as every decision that holds what came with version 3
			v = 3
		}
	case *assign.CallQueued:
		if f.Decision == 0 {
			v = 3
		}
	case *assign.CallReceived:
		if f.Call.Promote != nil || f.Call.Promoted != "" || f.Call.Round != 0 {
			v = 3
		}
	case *assign.PolicyAdopted:
		if f.Policy.Solver != nil { // likewise
			v = 3
		}
	}
	return v
}

// linkedSince is the version from which on a frame has a link. Whatever is
// written now has one, so that a chain that has begun never ends.
const linkedSince = 4

// MaxSize is the greatest size of an encoded frame in bytes. Headers find room
// between it and the message limit of 1 MiB that log engines come with.
const MaxSize = 1_000_000

// contents is the first of the two items that make a frame. The other one is a
// byte string, the check: CRC-32C of the first.
type contents struct {
	_        struct{} `cbor:",toarray"`
	Version  uint64
	Number   uint64
	At       assign.Instant
	First    uint64 // sequence number of the first record; the others follow it
	Shard    string
	Epoch    uint64
	Previous Hash
	Records  []record
}

// unlinked is what it was before version 4.
type unlinked struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Number  uint64
	At      assign.Instant
	First   uint64
	Records []record
}

// What frames begin with: arrays of five and of eight.
const (
	headUnlinked = 0x85
	headLinked   = 0x88
)

type record struct {
	_    struct{} `cbor:",toarray"`
	Kind string
	Body cbor.RawMessage // of the fact, a map
}

const (
	checkHead = 0x44 // of a byte string of four
	checkSize = 1 + crc32.Size
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func check(b []byte) []byte {
	return binary.BigEndian.AppendUint32([]byte{checkHead}, crc32.Checksum(b, castagnoli))
}

// Encode writes a frame as FORMAT.md describes it; Decode gives it back. The
// same frame and link always give the same bytes. Its error is a *Fault:
// ErrFormat for a frame that has no facts, or whose facts do not follow each
// other or hold text that is not UTF-8, and for a link that names no shard or
// epoch; ErrTooLarge beyond MaxSize.
func Encode(f assign.Frame, l Link) ([]byte, error) {
	if l.Shard == "" || !utf8.ValidString(l.Shard) || l.Epoch == 0 {
		return nil, Faulty(f.Number, 0, ErrFormat, "it is of shard %q and epoch %d; a shard has a name, and epochs are numbered from 1", l.Shard, l.Epoch)
	}
	return encode(f, linkedSince, l)
}

// encode writes a frame in the lowest version that has all that is in it, but
// none below least.
func encode(f assign.Frame, least uint64, l Link) ([]byte, error) {
	if len(f.Facts) == 0 || f.Number == 0 || f.Facts[0].Seq == 0 {
		return nil, Faulty(f.Number, 0, ErrFormat, "it holds %d facts; frames and facts are numbered from 1", len(f.Facts))
	}
	c := contents{
		Version: least, Number: f.Number, At: f.At, First: f.Facts[0].Seq,
		Shard: l.Shard, Epoch: l.Epoch, Previous: l.Previous, Records: make([]record, len(f.Facts)),
	}
	var bodies bytes.Buffer
	for i, r := range f.Facts {
		if seq := c.First + uint64(i); r.Seq != seq || r.At != f.At {
			return nil, Faulty(f.Number, r.Seq, ErrFormat, "it is of %v, where fact %d of %v belongs", r.At, seq, f.At)
		}
		body, err := encodeFact(&bodies, r.Fact)
		if err != nil {
			return nil, Faulty(f.Number, r.Seq, ErrFormat, "%w", err)
		}
		c.Records[i] = record{Kind: r.Fact.Kind(), Body: body}
		c.Version = max(c.Version, version(r.Fact))
	}
	var items any = &c
	if c.Version < linkedSince {
		items = &unlinked{Version: c.Version, Number: c.Number, At: c.At, First: c.First, Records: c.Records}
	}
	var out bytes.Buffer
	out.Grow(bodies.Len() + 24*len(f.Facts) + 128)
	if err := encMode.MarshalToBuffer(items, &out); err != nil {
		return nil, Faulty(f.Number, 0, ErrFormat, "%w", err)
	}
	out.Write(check(out.Bytes()))
	if out.Len() > MaxSize {
		return nil, Faulty(f.Number, 0, ErrTooLarge, "it has %d, in %d facts", out.Len(), len(f.Facts))
	}
	return out.Bytes(), nil
}

// encodeFact appends a fact's body to b and gives the part that it appended.
func encodeFact(b *bytes.Buffer, f assign.Fact) ([]byte, error) {
	start := b.Len()
	if err := encMode.MarshalToBuffer(f, b); err != nil {
		return nil, err
	}
	body := b.Bytes()[start:]
	if major, _, _ := head(body); major != 5 {
		return nil, errors.New("the fact is nil")
	}
	return body, readable(body)
}

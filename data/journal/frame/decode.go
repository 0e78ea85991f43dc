package frame

import (
	"bytes"

	"callbox/assign"
)

// Decode reads a frame that Encode wrote, or that it wrote in an older version.
// It is strict: what it accepts is byte for byte what would be written for the
// result. Its error is a *Fault: ErrDamaged if the check does not hold,
// ErrVersion or ErrKind for what a newer program wrote, ErrFormat for anything
// else. It takes memory in proportion to len(b), and keeps b itself.
func Decode(b []byte) (Entry, error) {
	if len(b) > MaxSize {
		return Entry{}, Faulty(0, 0, ErrTooLarge, "it has %d", len(b))
	}
	end := len(b) - checkSize
	if !Sound(b) {
		return Entry{}, Faulty(0, 0, ErrDamaged, "the checksum of a frame of %d bytes does not hold", len(b))
	}
	version, err := known(b[:end])
	if err != nil {
		return Entry{}, err
	}
	c, err := unmarshal(b[:end], version)
	if err != nil {
		return Entry{}, Faulty(0, 0, ErrFormat, "%w", err)
	}
	f := assign.Frame{Number: c.Number, At: c.At, Facts: make([]assign.Recorded, len(c.Records))}
	for i, r := range c.Records {
		seq := c.First + uint64(i)
		fact, err := decodeFact(r, c.Number, seq)
		if err != nil {
			return Entry{}, err
		}
		f.Facts[i] = assign.Recorded{Seq: seq, At: c.At, Fact: fact}
	}
	e := Entry{Frame: f, Link: Link{c.Shard, c.Epoch, c.Previous}, Version: version, Bytes: b, Hash: Sum(b)}
	again, err := e.encode()
	if err != nil {
		return Entry{}, err
	}
	if !bytes.Equal(again, b) {
		return Entry{}, Faulty(c.Number, 0, ErrFormat,
			"its fields are out of order, repeated or left out, a number is longer than it must be, or its version is not the lowest that has its kinds")
	}
	return e, nil
}

// Sound tells whether the check of a frame holds, and nothing else of it.
func Sound(b []byte) bool {
	end := len(b) - checkSize
	return end > 0 && bytes.Equal(b[end:], check(b[:end]))
}

// encode writes the entry again, as a program of its time did.
func (e *Entry) encode() ([]byte, error) {
	if e.Version < linkedSince {
		return encode(e.Frame, 1, Link{})
	}
	return Encode(e.Frame, e.Link)
}

// unmarshal reads the contents of a frame of that version.
func unmarshal(b []byte, version uint64) (c contents, err error) {
	if version >= linkedSince {
		err = decMode.Unmarshal(b, &c)
		return c, err
	}
	var u unlinked
	err = decMode.Unmarshal(b, &u)
	return contents{Number: u.Number, At: u.At, First: u.First, Records: u.Records}, err
}

// known checks the version before anything that depends on it is read. In
// every version a frame begins with an array of fewer than 24 items, the first
// of which is the version number.
func known(b []byte) (version uint64, err error) {
	if b[0] <= 0x80 || b[0] > 0x97 {
		return 0, Faulty(0, 0, ErrFormat, "it begins with byte %#x, which is no array", b[0])
	}
	if _, err := decMode.UnmarshalFirst(b[1:], &version); err != nil {
		return 0, Faulty(0, 0, ErrFormat, "it has no version number: %w", err)
	}
	if version < 1 || version > Version {
		return 0, Faulty(0, 0, ErrVersion, "it is of version %d, this program reads versions 1 to %d", version, Version)
	}
	return version, nil
}

func decodeFact(r record, frame, seq uint64) (assign.Fact, error) {
	fact := assign.NewFact(r.Kind)
	if fact == nil {
		return nil, Faulty(frame, seq, ErrKind, "%q", r.Kind)
	}
	if err := decMode.Unmarshal(r.Body, fact); err != nil {
		return nil, Faulty(frame, seq, ErrFormat, "%s: %w", r.Kind, err)
	}
	return fact, nil
}

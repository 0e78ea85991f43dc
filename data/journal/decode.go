package journal

import (
	"bytes"

	"callbox/assign"
)

// Decode reads a frame that Encode wrote. It is strict: what it accepts is
// byte for byte what Encode writes for the result. Its error is a *Fault:
// ErrDamaged if the check does not hold, ErrVersion or ErrKind for what a newer
// program wrote, ErrFormat for anything else. It takes memory in proportion to
// len(b), and keeps nothing of b.
func Decode(b []byte) (assign.Frame, error) {
	if len(b) > MaxFrame {
		return assign.Frame{}, faulty(0, 0, ErrTooLarge, "it has %d", len(b))
	}
	end := len(b) - checkSize
	if end < 1 || !bytes.Equal(b[end:], check(b[:end])) {
		return assign.Frame{}, faulty(0, 0, ErrDamaged, "the checksum of a frame of %d bytes does not hold", len(b))
	}
	if err := known(b[:end]); err != nil {
		return assign.Frame{}, err
	}
	var c contents
	if err := decMode.Unmarshal(b[:end], &c); err != nil {
		return assign.Frame{}, faulty(0, 0, ErrFormat, "%w", err)
	}
	f := assign.Frame{Number: c.Number, At: c.At, Facts: make([]assign.Recorded, len(c.Records))}
	for i, r := range c.Records {
		seq := c.First + uint64(i)
		fact, err := decodeFact(r, c.Number, seq)
		if err != nil {
			return assign.Frame{}, err
		}
		f.Facts[i] = assign.Recorded{Seq: seq, At: c.At, Fact: fact}
	}
	again, err := Encode(f)
	if err != nil {
		return assign.Frame{}, err
	}
	if !bytes.Equal(again, b) {
		return assign.Frame{}, faulty(c.Number, 0, ErrFormat,
			"its fields are out of order, repeated or left out, a number is longer than it must be, or its version is not the lowest that has its kinds")
	}
	return f, nil
}

// known checks the version before anything that depends on it is read. In
// every version a frame begins with an array of fewer than 24 items, the first
// of which is the version number.
func known(b []byte) error {
	if b[0] <= 0x80 || b[0] > 0x97 {
		return faulty(0, 0, ErrFormat, "it begins with byte %#x, which is no array", b[0])
	}
	var version uint64
	if _, err := decMode.UnmarshalFirst(b[1:], &version); err != nil {
		return faulty(0, 0, ErrFormat, "it has no version number: %w", err)
	}
	if version < 1 || version > Version {
		return faulty(0, 0, ErrVersion, "it is of version %d, this program reads versions 1 to %d", version, Version)
	}
	return nil
}

func decodeFact(r record, frame, seq uint64) (assign.Fact, error) {
	fact := assign.NewFact(r.Kind)
	if fact == nil {
		return nil, faulty(frame, seq, ErrKind, "%q", r.Kind)
	}
	if err := decMode.Unmarshal(r.Body, fact); err != nil {
		return nil, faulty(frame, seq, ErrFormat, "%s: %w", r.Kind, err)
	}
	return fact, nil
}

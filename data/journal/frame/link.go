package frame

import (
	"crypto/sha256"
	"encoding/hex"

	"callbox/assign"
)

// Hash is the SHA-256 of all bytes of a frame. That of no frame is zero.
type Hash [sha256.Size]byte

// Sum is the hash of a frame's bytes.
func Sum(b []byte) Hash { return sha256.Sum256(b) }

// String gives the hash in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Link ties a frame to the log that it is in.
type Link struct {
	Shard    string // the log's name among those of a city
	Epoch    uint64 // which writer, from 1: it rises with each that opens the log and writes
	Previous Hash   // of the frame before
}

// Entry is a frame as it stands in a log.
type Entry struct {
	assign.Frame
	Link           // zero before version 4
	Version uint64 // of the format
	Bytes   []byte // of all of it
	Hash    Hash   // of those
}

// Chain follows a log, frame by frame. The zero Chain begins with any frame.
type Chain struct {
	last Entry // without its facts and bytes; Number 0: none yet
	fact uint64
}

// Last is the number of the newest frame that was followed, 0 if there is none,
// and its hash.
func (c *Chain) Last() (uint64, Hash) { return c.last.Number, c.last.Hash }

// Fact is the number of that frame's last fact.
func (c *Chain) Fact() uint64 { return c.fact }

// Follow checks that a frame follows the one before. Its error is a *Fault of
// ErrDamaged that names the frame; then the chain stays where it was.
func (c *Chain) Follow(e Entry) error {
	n, first := e.Number, e.Facts[0].Seq
	last := &c.last
	begin := last.Number == 0 && n == 1
	switch {
	case last.Number != 0 && n != last.Number+1:
		return Faulty(last.Number+1, 0, ErrDamaged, "frame %d stands in its place", n)
	case c.fact != 0 && first != c.fact+1:
		return Faulty(n, first, ErrDamaged, "it stands where fact %d belongs", c.fact+1)
	case begin && first != 1:
		return Faulty(n, first, ErrDamaged, "it stands where fact 1 belongs")
	case last.Version >= linkedSince && e.Version < linkedSince:
		return Faulty(n, 0, ErrDamaged, "it is of version %d and names no frame before it, as all have done since one of version %d", e.Version, last.Version)
	case last.Version >= linkedSince && e.Shard != last.Shard:
		return Faulty(n, 0, ErrDamaged, "it is of shard %q, the one before of %q", e.Shard, last.Shard)
	case last.Version >= linkedSince && e.Epoch < last.Epoch:
		return Faulty(n, 0, ErrDamaged, "it is of epoch %d, the one before of %d", e.Epoch, last.Epoch)
	case (begin || last.Number != 0) && e.Version >= linkedSince && e.Previous != last.Hash:
		return Faulty(n, 0, ErrDamaged, "it was written after another frame %d, of hash %v; the one before it has %v", n-1, e.Previous, last.Hash)
	}
	c.fact = e.Facts[len(e.Facts)-1].Seq
	c.last = e
	c.last.Facts, c.last.Bytes = nil, nil
	return nil
}

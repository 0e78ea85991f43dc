package journal

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"callbox/data/journal/frame"
)

const fast = 1 << 30 // bytes per second

func TestScrub(t *testing.T) {
	dir, frames := t.TempDir(), history(t, 40)
	d := openDisk(t, dir, Options{})
	if n, err := d.Scrub(ctx, fast); n != 0 || err != nil {
		t.Errorf("an empty log: %d frames, %v", n, err)
	}
	appendAll(t, d, frames[:39])
	if n, err := d.Scrub(ctx, fast); n != 39 || err != nil {
		t.Errorf("a good log: %d frames, %v", n, err)
	}
	b := stored(t, d, 17)
	damage(t, dir, "*.blk", func(block []byte) []byte {
		block[bytes.Index(block, b)+len(b)/2] ^= 4
		return block
	})
	_, err := d.Scrub(ctx, fast)
	expectFault(t, err, frame.ErrDamaged, 17)
	expectFault(t, d.Append(ctx, 39, frames[39]), frame.ErrDamaged, 17)
}

// TestScrubKnowsTheNewest: nothing follows the newest frame, but its writer
// knows what it was.
func TestScrubKnowsTheNewest(t *testing.T) {
	d := openDisk(t, t.TempDir(), Options{})
	appendAll(t, d, history(t, 3))
	d.link.Previous[0]++ // as if another frame had been acknowledged
	_, err := d.Scrub(ctx, fast)
	expectFault(t, err, frame.ErrDamaged, 3)
}

func TestScrubIsNoFasterThanItMay(t *testing.T) {
	d := openDisk(t, t.TempDir(), Options{})
	appendAll(t, d, history(t, 10))
	size := 0
	for _, e := range entries(t, d) {
		size += len(e.Bytes)
	}
	ending, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	// A limiter begins with as much as one frame may have.
	if n, err := d.Scrub(ending, 1); err != nil || n != 10 || size > frame.MaxSize {
		t.Errorf("%d frames of %d bytes: %v", n, size, err)
	}
	big := statuses(10, 1)
	for len(big.Facts) < 12_000 {
		big.Facts = append(big.Facts, big.Facts[0])
	}
	for i := range big.Facts {
		big.Facts[i].Seq = d.next + uint64(i)
	}
	for number := uint64(11); number < 13; number++ {
		big.Number = number
		if err := d.Append(ctx, number-1, big); err != nil {
			t.Fatal(err)
		}
		for i := range big.Facts {
			big.Facts[i].Seq += uint64(len(big.Facts))
		}
	}
	if n, err := d.Scrub(ending, 1); err == nil || errors.Is(err, frame.ErrDamaged) || n > 11 {
		t.Errorf("at a byte a second, %d frames were read: %v", n, err)
	}
	if d.stuck != nil {
		t.Errorf("a scrub that was ended stopped the journal: %v", d.stuck)
	}
}

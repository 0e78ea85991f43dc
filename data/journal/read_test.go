package journal

import (
	"sync"
	"testing"
	"time"
)

// TestReadWhoseConsumersFail: where a consumer brings too little or nothing,
// frames are looked up one by one. Damage is still told from delay, see
// TestFlippedBit.
func TestReadWhoseConsumersFail(t *testing.T) {
	d := openDisk(t, t.TempDir(), Options{})
	frames := history(t, 30)
	appendAll(t, d, frames)
	d.helpingTime = 0 // no consumer can be asked
	expectFrames(t, d, 1, frames)
	d.helpingTime = time.Nanosecond // it is asked, and brings nothing in time
	expectFrames(t, d, 27, frames[26:])
}

// TestManyReaders reads more at once than the machine does quickly.
func TestManyReaders(t *testing.T) {
	d := openDisk(t, t.TempDir(), Options{})
	const n = 300
	for i := range n {
		if err := d.Append(ctx, uint64(i), statuses(i, 20)); err != nil {
			t.Fatal(err)
		}
	}
	d.helpingTime = 5 * time.Millisecond
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			next := uint64(1)
			for f, err := range d.Read(ctx, 1) {
				if err != nil || f.Number != next {
					t.Errorf("frame %d: %d, %v", next, f.Number, err)
					return
				}
				next++
			}
			if next != n+1 {
				t.Errorf("a read ended before frame %d", next)
			}
		})
	}
	wg.Wait()
}

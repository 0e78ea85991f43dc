package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"callbox/assign"
	"callbox/data/journal/frame"
)

// statuses is a frame of n small facts that follows the first after frames,
// each of n too.
func statuses(after, n int) assign.Frame {
	f := assign.Frame{Number: uint64(after + 1), At: 1_700_000_000_000}
	for i := range n {
		f.Facts = append(f.Facts, assign.Recorded{
			Seq: uint64(after*n + i + 1), At: f.At,
			Fact: &assign.UnitEnRoute{Unit: fmt.Sprintf("75A%d", i), Call: fmt.Sprintf("call-%d", after), At: f.At},
		})
	}
	return f
}

func perSecond(b *testing.B, facts int) {
	b.ReportMetric(float64(b.N*facts)/b.Elapsed().Seconds(), "facts/s")
}

// BenchmarkAppend compares appends with what the disk allows: the same bytes
// written to a file that is synced by each write.
func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{1, 256} {
		b.Run(fmt.Sprintf("journal/%d", n), func(b *testing.B) {
			d := openDisk(b, b.TempDir(), Options{})
			for i := 0; b.Loop(); i++ {
				if err := d.Append(ctx, uint64(i), statuses(i, n)); err != nil {
					b.Fatal(err)
				}
			}
			perSecond(b, n)
		})
		b.Run(fmt.Sprintf("file/%d", n), func(b *testing.B) {
			file, err := os.OpenFile(filepath.Join(b.TempDir(), "log"), os.O_CREATE|os.O_WRONLY|syscall.O_DSYNC, 0o600)
			if err != nil {
				b.Fatal(err)
			}
			defer file.Close()
			for i := 0; b.Loop(); i++ {
				bytes, err := frame.Encode(statuses(i, n), frame.Link{Shard: shard, Epoch: 1})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := file.Write(bytes); err != nil {
					b.Fatal(err)
				}
			}
			perSecond(b, n)
		})
	}
}

// BenchmarkRead reads one and the same number of facts, from few large frames
// and from many small ones.
func BenchmarkRead(b *testing.B) {
	const facts = 1 << 14
	for _, n := range []int{1, 256} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d := openDisk(b, b.TempDir(), Options{})
			for i := range facts / n {
				if err := d.Append(ctx, uint64(i), statuses(i, n)); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				got := 0
				for f, err := range d.Read(ctx, 1) {
					if err != nil {
						b.Fatal(err)
					}
					got += len(f.Facts)
				}
				if got != facts {
					b.Fatalf("%d facts of %d", got, facts)
				}
			}
			perSecond(b, facts)
		})
	}
}

// BenchmarkReadOne reads a frame from the middle, as a decision is looked up.
func BenchmarkReadOne(b *testing.B) {
	d := openDisk(b, b.TempDir(), Options{})
	for i := range 1000 {
		if err := d.Append(ctx, uint64(i), statuses(i, 4)); err != nil {
			b.Fatal(err)
		}
	}
	for i := 0; b.Loop(); i++ {
		for f, err := range d.Read(ctx, uint64(i%1000+1)) {
			if err != nil || f.Number != uint64(i%1000+1) {
				b.Fatal(f.Number, err)
			}
			break
		}
	}
}

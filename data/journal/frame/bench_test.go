package frame

import (
	"fmt"
	"testing"

	"callbox/assign"
)

// BenchmarkCodec writes and reads a frame of 256 small facts.
func BenchmarkCodec(b *testing.B) {
	const facts = 256
	f := assign.Frame{Number: 1, At: 1_700_000_000_000}
	for i := range facts {
		f.Facts = append(f.Facts, assign.Recorded{
			Seq: uint64(i + 1), At: f.At, Fact: &assign.UnitEnRoute{Unit: fmt.Sprintf("75A%d", i), Call: "call-0", At: f.At},
		})
	}
	bytes, err := Encode(f, link)
	if err != nil {
		b.Fatal(err)
	}
	run := func(name string, work func() error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := work(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*facts)/b.Elapsed().Seconds(), "facts/s")
		})
	}
	run("encode", func() error { _, err := Encode(f, link); return err })
	run("decode", func() error { _, err := Decode(bytes); return err })
}

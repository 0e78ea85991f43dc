package kernel

import (
	"encoding/binary"
	"slices"
	"testing"
)

// FuzzKernels compares all implementations with the twin: the numbers are any,
// cut in two at a place of any alignment.
func FuzzKernels(f *testing.F) {
	f.Add([]byte{}, uint16(0), uint16(1), uint32(0))
	f.Add(make([]byte, 4*16), uint16(8), uint16(4), uint32(Inf))
	f.Add(slices.Repeat([]byte{0, 0, 0, 0x40}, 70), uint16(33), uint16(5), uint32(Inf))
	f.Add(slices.Repeat([]byte{255, 255, 255, 255, 1, 0, 0, 0}, 50), uint16(29), uint16(9), uint32(1))
	f.Fuzz(func(t *testing.T, numbers []byte, cut, stride uint16, w uint32) {
		s := make([]uint32, len(numbers)/4)
		for i := range s {
			s[i] = binary.LittleEndian.Uint32(numbers[4*i:])
		}
		a, b := s[:min(int(cut), len(s))], s[min(int(cut), len(s)):]
		check(t, a, b, w)

		width := max(1, int(stride))
		if width > len(b) {
			return
		}
		want, at := make([]uint32, len(a)), make([]uint32, len(a))
		for i := range at {
			at[i] = a[i] % uint32(len(b)/width)
		}
		twin.minSums(want, a, b, width, at, w)
		for _, im := range implementations {
			got := make([]uint32, len(at))
			if im.minSums(got, a, b, width, at, w); !slices.Equal(got, want) {
				t.Fatalf("%s: MinSums(%v, %v, %d, %v, %d): %v, not %v", im.name, a, b, width, at, w, got, want)
			}
		}
	})
}

//go:build linux || darwin

package kernel

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// guarded is memory between two pages that must not be touched: reading or
// writing a byte before or after it ends the process.
func guarded(t *testing.T) []uint32 {
	page := syscall.Getpagesize()
	memory, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(memory); err != nil {
			t.Error(err)
		}
	})
	for _, guard := range [][]byte{memory[:page], memory[2*page:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return unsafe.Slice((*uint32)(unsafe.Pointer(&memory[page])), page/4)
}

// TestGuardPages puts the slices right behind one guard and right before the
// other, in all four ways.
func TestGuardPages(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	x := fill(r, values["random"], guarded(t))
	y := fill(r, values["random"], guarded(t))
	ends := func(s []uint32, n int) [][]uint32 { return [][]uint32{s[:n:n], s[len(s)-n:]} }
	for n := range longest + 1 {
		for _, a := range ends(x, n) {
			for _, b := range ends(y, n) {
				check(t, a, b, r.Uint32N(Inf+1))
			}
		}
	}
}

// TestGuardPagesOfMinSums puts each of the four slices there.
func TestGuardPagesOfMinSums(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	x := fill(r, values["random"], guarded(t))
	y := fill(r, values["random"], guarded(t))
	out, n := guarded(t), guarded(t)
	for stride := 1; stride <= longest; stride++ {
		rows := 1 + r.IntN(len(y)/stride)
		for at := range 2 {
			place := func(s []uint32, k int) []uint32 { return s[at*(len(s)-k):][:k] }
			lengths := place(n, rows)
			for i := range lengths {
				lengths[i] = uint32(r.IntN(stride + 1))
			}
			lengths[0], lengths[rows-1] = uint32(stride), 1<<32-1
			a, slab := place(x, r.IntN(stride+1)), place(y, rows*stride)
			want := make([]uint32, rows)
			twin.minSums(want, a, slab, stride, lengths)
			for _, im := range implementations {
				got := place(out, rows)
				im.minSums(got, a, slab, stride, lengths)
				for i := range want {
					if got[i] != want[i] {
						t.Fatalf("%s: row %d of %d, stride %d: %d, not %d", im.name, i, rows, stride, got[i], want[i])
					}
				}
			}
		}
	}
}

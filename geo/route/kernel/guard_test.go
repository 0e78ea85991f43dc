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
	out, order := guarded(t), guarded(t)
	for stride := 1; stride <= longest; stride++ {
		rows := 1 + r.IntN(len(y)/stride)
		for end := range 2 {
			place := func(s []uint32, k int) []uint32 { return s[end*(len(s)-k):][:k] }
			at := place(order, 1+r.IntN(2*rows))
			for i := range at {
				at[i] = uint32(r.IntN(rows))
			}
			at[0], at[len(at)-1] = 0, uint32(rows-1)
			for _, n := range [...]uint32{0, r.Uint32N(8), r.Uint32N(uint32(stride) + 1), uint32(stride), 1<<32 - 1} {
				a, slab := place(x, r.IntN(stride+1)), place(y, rows*stride)
				want := make([]uint32, len(at))
				twin.minSums(want, a, slab, stride, at, n)
				for _, im := range implementations {
					got := place(out, len(at))
					im.minSums(got, a, slab, stride, at, n)
					for i := range want {
						if got[i] != want[i] {
							t.Fatalf("%s: row %d, stride %d, %d entries: %d, not %d", im.name, at[i], stride, n, got[i], want[i])
						}
					}
				}
			}
		}
	}
}

package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// An implementation is one way to compute the four functions.
type implementation struct {
	name    string
	minSum  func(a, b []uint32, n uint32) uint32
	minSums func(out, a, rows []uint32, stride int, at []uint32, n uint32)
	relax   func(dst, src []uint32, w uint32)
	minInto func(dst, src []uint32)
}

var implementations = []implementation{
	{"chosen", MinSum, MinSums, Relax, MinInto},
	{"plain", minSumPlain, plainSums, relaxPlain, func(dst, src []uint32) { relaxPlain(dst, src, 0) }},
}

func plainSums(out, a, rows []uint32, stride int, at []uint32, n uint32) {
	if !minSumsPlain(out, a, rows, stride, at, n) {
		panic("no such row")
	}
}

// twin is what they all must do.
var twin = implementation{
	minSum: func(a, b []uint32, n uint32) uint32 {
		least := uint32(Inf)
		for i := 0; i < int(n) && i < len(a) && i < len(b); i++ {
			if sum := a[i] + b[i]; sum < least {
				least = sum
			}
		}
		return least
	},
	minSums: func(out, a, rows []uint32, stride int, at []uint32, n uint32) {
		for i := range out {
			out[i] = Inf
			for j := 0; j < int(n) && j < len(a) && j < stride; j++ {
				if sum := a[j] + rows[int(at[i])*stride+j]; sum < out[i] {
					out[i] = sum
				}
			}
		}
	},
	relax: func(dst, src []uint32, w uint32) {
		for i := range src {
			if sum := src[i] + w; sum < dst[i] {
				dst[i] = sum
			}
		}
	},
	minInto: func(dst, src []uint32) {
		for i := range src {
			if src[i] < dst[i] {
				dst[i] = src[i]
			}
		}
	},
}

const longest = 300

// values are ways to make up one number.
var values = map[string]func(r *rand.Rand) uint32{
	"random": func(r *rand.Rand) uint32 { return r.Uint32N(Inf + 1) },
	"ties":   func(r *rand.Rand) uint32 { return r.Uint32N(3) },
	"edges":  func(r *rand.Rand) uint32 { return []uint32{0, 1, Inf / 2, Inf - 1, Inf}[r.IntN(5)] },
	"far":    func(r *rand.Rand) uint32 { return Inf - r.Uint32N(2) },
	"beyond": func(r *rand.Rand) uint32 { return r.Uint32() }, // no times: added modulo 2^32
}

// fill makes up numbers in the memory given.
func fill(r *rand.Rand, value func(*rand.Rand) uint32, s []uint32) []uint32 {
	for i := range s {
		s[i] = value(r)
	}
	return s
}

// TestAgainstTwin takes every length at every offset from a boundary of 32
// bytes, in slices that are a window of longer ones.
func TestAgainstTwin(t *testing.T) {
	for name, value := range values {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 1))
			memory := fill(r, value, make([]uint32, 4*longest))
			for n := range longest + 1 {
				for offset := range 8 {
					a := memory[offset:][:n]
					b := memory[longest+10+r.IntN(8):][:n]
					check(t, a, b, value(r))
					memory[r.IntN(len(memory))] = value(r)
				}
			}
		})
	}
}

// check compares all implementations with the twin. All memory is used as it
// lies, and as it was in the end.
func check(t *testing.T, a, b []uint32, w uint32) {
	t.Helper()
	for _, n := range [...]uint32{uint32(len(a)), w % uint32(len(a)+2), w % 9, w} {
		want := twin.minSum(a, b, n)
		for _, im := range implementations {
			if got := im.minSum(a, b, n); got != want {
				t.Fatalf("%s: MinSum(%v, %v, %d) = %d, not %d", im.name, a, b, n, got, want)
			}
		}
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	before, relaxed, lowered := slices.Clone(a), slices.Clone(a), slices.Clone(a)
	twin.relax(relaxed, b, w)
	twin.minInto(lowered, b)
	defer copy(a, before)
	for _, im := range implementations {
		copy(a, before)
		if im.relax(a, b, w); !slices.Equal(a, relaxed) {
			t.Fatalf("%s: Relax(%v, %v, %d): %v, not %v", im.name, before, b, w, a, relaxed)
		}
		copy(a, before)
		if im.minInto(a, b); !slices.Equal(a, lowered) {
			t.Fatalf("%s: MinInto(%v, %v): %v, not %v", im.name, before, b, a, lowered)
		}
	}
}

// TestLeastInEveryPlace puts the one least sum into each lane in turn.
func TestLeastInEveryPlace(t *testing.T) {
	for n := range longest + 1 {
		a, b := make([]uint32, n), make([]uint32, n)
		for i := range n {
			a[i], b[i] = Inf/4+uint32(i), Inf/4
		}
		for i := range n {
			a[i] = 2
			for _, im := range implementations {
				if got := im.minSum(a, b, Inf); got != Inf/4+2 {
					t.Fatalf("%s: least at %d of %d: %d", im.name, i, n, got)
				}
			}
			a[i] = Inf/4 + uint32(i)
		}
	}
}

func TestUnequalLengths(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		a := fill(r, values["random"], make([]uint32, r.IntN(longest)))
		b := fill(r, values["random"], make([]uint32, r.IntN(longest)))
		check(t, a, b, r.Uint32N(Inf+1))
	}
}

// TestOnlyWhatIsAsked fails if anything beside dst[:len(src)] is written.
func TestOnlyWhatIsAsked(t *testing.T) {
	const mark = 1<<32 - 1 // more than any sum, so that any writing lowers it
	for n := range longest + 1 {
		for _, im := range implementations {
			memory := slices.Repeat([]uint32{mark}, n+32)
			src := make([]uint32, n)
			im.relax(memory[16:], src, 1)
			for i, v := range memory {
				if inside := i >= 16 && i < 16+n; inside != (v == 1) {
					t.Fatalf("%s: Relax with %d entries made entry %d %d", im.name, n, i-16, v)
				}
			}
			im.minInto(memory[16:], src)
			for i, v := range memory {
				if inside := i >= 16 && i < 16+n; inside != (v == 0) {
					t.Fatalf("%s: MinInto with %d entries made entry %d %d", im.name, n, i-16, v)
				}
			}
		}
	}
}

// TestInPlace: the least of a number and itself and more is the number.
func TestInPlace(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for n := range longest + 1 {
		s := fill(r, values["edges"], make([]uint32, n))
		before := slices.Clone(s)
		for _, im := range implementations {
			im.relax(s, s, r.Uint32N(Inf+1))
			im.minInto(s, s)
			if !slices.Equal(s, before) {
				t.Fatalf("%s: %v became %v", im.name, before, s)
			}
		}
	}
}

func TestMinSumsAgainstTwin(t *testing.T) {
	for name, value := range values {
		r := rand.New(rand.NewPCG(1, 4))
		for range 2000 {
			rows, stride := r.IntN(12), 1+r.IntN(longest)
			a := fill(r, value, make([]uint32, r.IntN(longest)))
			slab := fill(r, value, make([]uint32, stride+r.IntN(9*stride)))
			at := make([]uint32, rows+r.IntN(3))
			for i := range at {
				at[i] = r.Uint32N(uint32(len(slab) / stride))
			}
			n := r.Uint32N(uint32(stride) + 1)
			if r.IntN(10) == 0 {
				n = r.Uint32() // further than the row and the label
			}
			want := make([]uint32, rows)
			twin.minSums(want, a, slab, stride, at, n)
			for _, im := range implementations {
				out := make([]uint32, rows)
				if im.minSums(out, a, slab, stride, at, n); !slices.Equal(out, want) {
					t.Fatalf("%s, %s, rows %v of %d: %v, not %v", im.name, name, at, stride, out, want)
				}
			}
		}
	}
}

// TestNothingIsAllocated also holds that the slices do not escape.
func TestNothingIsAllocated(t *testing.T) {
	allocs := testing.AllocsPerRun(100, func() {
		var a, b [40]uint32
		out, at := [5]uint32{}, [5]uint32{1, 0, 1, 1, 0}
		MinSums(out[:], a[:], b[:], 20, at[:], 20)
		Relax(a[:], b[:], MinSum(a[:], b[:], 40))
		MinInto(a[:], b[:])
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func TestRefused(t *testing.T) {
	s := make([]uint32, 100)
	for name, f := range map[string]func(){
		"Relax with a short dst":              func() { Relax(s[:9], s[50:60], 1) },
		"MinInto with a short dst":            func() { MinInto(nil, s[:1]) },
		"MinSums of a row beyond":             func() { MinSums(s[:3], s[:9], s[:29], 10, []uint32{0, 2, 1}, 9) },
		"MinSums of a row beyond among four":  func() { MinSums(s[:4], s[:9], s[:29], 10, []uint32{0, 1, 1, 2}, 9) },
		"MinSums of a row beyond among many":  func() { MinSums(s[:6], s[:9], s[:29], 10, []uint32{0, 0, 1, 1, 2, 1}, 9) },
		"MinSums of the last number":          func() { MinSums(s[:4], s[:9], s[:29], 10, []uint32{0, 0, 0, 1<<32 - 1}, 9) },
		"MinSums of a row by its last number": func() { MinSums(s[:1], s[:9], s[:29], 10, []uint32{1<<32 - 1}, 9) },
		"MinSums with too few numbers":        func() { MinSums(s[:3], s[:9], s[:30], 10, s[:2], 9) },
		"MinSums without a stride":            func() { MinSums(s[:3], s[:9], s[:30], 0, s[:3], 9) },
		"MinSums with a negative stride":      func() { MinSums(s[:3], s[:9], s[:30], -10, s[:3], 9) },
		"MinSums with an endless stride":      func() { MinSums(s[:3], s[:9], s[:30], 1<<62, s[:3], 9) },
		"MinSums of less than a row":          func() { MinSums(s[:3], s[:9], s[:9], 10, s[:3], 9) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if said, ok := recover().(string); !ok || said == "" {
					t.Error("nothing was said")
				}
			}()
			f()
		})
	}
	MinSums(nil, s, nil, 0, nil, 0) // no rows need no stride
}

func ExampleMinSum() {
	unit := []uint32{90_000, 30_000, Inf, 0} // to its four ancestors
	call := []uint32{80_000, 45_000, 20_000} // from its three
	fmt.Println(MinSum(unit, call, 3), "ms") // by the second
	fmt.Println(MinSum(unit, call, 0) < Inf) // no ancestor in common, no way
	// Output:
	// 75000 ms
	// false
}

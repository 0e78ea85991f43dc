package kernel

// Inf is the time of a way that does not exist, in milliseconds: twelve days.
const Inf = 1 << 30

// MinSum is the least a[i]+b[i] of the first n entries, as far as both go, and
// Inf if that is less or if there is none. It is fastest if both slices go on to
// eight entries at least, whatever n is.
func MinSum(a, b []uint32, n uint32) uint32 { return minSum(a, b, n) }

// MinSums sets each out[i] to the MinSum of a and row at[i], of the first n
// entries. Row r is rows[r*stride:(r+1)*stride]. It panics unless there are a
// number of a row for each of out, and such a row. Out must not overlap the rest.
//
// It takes a fraction of the time of as many calls of MinSum: four rows go side
// by side.
func MinSums(out, a, rows []uint32, stride int, at []uint32, n uint32) {
	if len(out) == 0 {
		return
	}
	if stride <= 0 || stride > 1<<30 || len(rows) < stride || len(at) < len(out) {
		panic("kernel: MinSums needs rows of 1 to 2^30 entries and the number of one for each of out")
	}
	n = min(n, uint32(stride))
	if uint64(n) > uint64(len(a)) {
		n = uint32(len(a))
	}
	if !minSums(out, a, rows, stride, at, n) {
		panic("kernel: MinSums is asked for a row beyond the last")
	}
}

// Relax lowers each dst[i] to src[i]+w where that is less. It panics if dst is
// shorter than src; what dst has beyond src stays. The two may be the same
// memory, but must not overlap otherwise.
func Relax(dst, src []uint32, w uint32) {
	if len(dst) < len(src) {
		panic("kernel: dst is shorter than src")
	}
	relax(dst, src, w)
}

// MinInto lowers each dst[i] to src[i] where that is less: Relax by nothing.
func MinInto(dst, src []uint32) { Relax(dst, src, 0) }

package kernel

// Inf is the time of a way that does not exist, in milliseconds: twelve days.
const Inf = 1 << 30

// MinSum is the least a[i]+b[i], and Inf if that is less or if there is none.
// The longer of the two counts as far as the shorter goes.
func MinSum(a, b []uint32) uint32 { return minSum(a, b) }

// MinSums sets each out[i] to the MinSum of the first n[i] entries of a and of
// row i, which is rows[i*stride:(i+1)*stride]; of fewer where a or the row ends
// before. It panics unless there are a row and a length for each of out. The
// memory of out may be that of n, but must not overlap otherwise.
//
// It takes less than half the time of as many calls of MinSum, since a row need
// not wait for the one before.
func MinSums(out, a, rows []uint32, stride int, n []uint32) {
	if len(out) == 0 {
		return
	}
	if stride <= 0 || len(rows)/stride < len(out) || len(n) < len(out) {
		panic("kernel: MinSums needs a row of stride > 0 entries and a length for each of out")
	}
	minSums(out, a, rows, stride, n)
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

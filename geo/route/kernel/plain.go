package kernel

// The loops in Go. The builtin min makes a conditional move: which of two times
// is less cannot be foretold.

// minSumPlain keeps two minima, so that one need not wait for the other.
func minSumPlain(a, b []uint32) uint32 {
	n := min(len(a), len(b))
	a, b = a[:n], b[:n]
	even, odd := uint32(Inf), uint32(Inf)
	i := 0
	for ; i < len(a)-1; i += 2 {
		even = min(even, a[i]+b[i])
		odd = min(odd, a[i+1]+b[i+1])
	}
	if i < len(a) {
		even = min(even, a[i]+b[i])
	}
	return min(even, odd)
}

func minSumsPlain(out, a, rows []uint32, stride int, n []uint32) {
	most := min(len(a), stride)
	for i := range out {
		k := int(min(uint64(n[i]), uint64(most)))
		out[i] = minSumPlain(a[:k], rows[i*stride:][:k])
	}
}

func relaxPlain(dst, src []uint32, w uint32) {
	dst = dst[:len(src)]
	for i, s := range src {
		dst[i] = min(dst[i], s+w)
	}
}

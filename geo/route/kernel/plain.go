package kernel

// The loops in Go. The builtin min makes a conditional move: which of two times
// is less cannot be foretold.

// minSumPlain keeps two minima, so that one need not wait for the other.
func minSumPlain(a, b []uint32, most uint32) uint32 {
	n := min(len(a), len(b))
	if uint64(most) < uint64(n) {
		n = int(most)
	}
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

// minSumsPlain reports false if there is no such row.
func minSumsPlain(out, a, rows []uint32, stride int, at []uint32, n uint32) (ok bool) {
	for i := range out {
		row, ok := rowAt(rows, stride, at[i])
		if !ok {
			return false
		}
		out[i] = minSumPlain(a, row, n)
	}
	return true
}

func rowAt(rows []uint32, stride int, at uint32) (row []uint32, ok bool) {
	begin := uint64(at) * uint64(stride)
	if begin > uint64(len(rows)-stride) {
		return nil, false
	}
	return rows[begin:][:stride], true
}

func relaxPlain(dst, src []uint32, w uint32) {
	dst = dst[:len(src)]
	for i, s := range src {
		dst[i] = min(dst[i], s+w)
	}
}

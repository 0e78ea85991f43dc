package match

// far is a binary heap of arcs that a row knows and that no search has come
// upon yet, the cheapest first. Which of equal ones is first does not matter:
// they come near together. It is flat: the cost of arc k is
// cost[k*levels : (k+1)*levels].
type far struct {
	arcs []farArc
	cost []int64
	full int // at this length it is purged
}

// farArc remembers when it was told. What is told later of its column makes it
// void, without anybody looking for it.
type farArc struct {
	column int32
	since  uint64
}

func (f *far) at(k, levels int) Cost { return f.cost[k*levels:][:levels] }

func (f *far) before(a, b, levels int) bool {
	return Compare(f.at(a, levels), f.at(b, levels)) < 0
}

func (f *far) swap(a, b, levels int) {
	f.arcs[a], f.arcs[b] = f.arcs[b], f.arcs[a]
	x, y := f.at(a, levels), f.at(b, levels)
	for l := range x {
		x[l], y[l] = y[l], x[l]
	}
}

func (f *far) push(a farArc, cost []int64) {
	f.arcs = append(f.arcs, a)
	f.cost = append(f.cost, cost...)
	f.up(len(f.arcs)-1, len(cost))
}

func (f *far) up(k, levels int) {
	for k > 0 && f.before(k, (k-1)/2, levels) {
		f.swap(k, (k-1)/2, levels)
		k = (k - 1) / 2
	}
}

func (f *far) down(k, levels int) {
	for {
		child := 2*k + 1
		if child >= len(f.arcs) {
			return
		}
		if child+1 < len(f.arcs) && f.before(child+1, child, levels) {
			child++
		}
		if !f.before(child, k, levels) {
			return
		}
		f.swap(k, child, levels)
		k = child
	}
}

// drop removes arc k; the cheapest is arc 0.
func (f *far) drop(k, levels int) {
	last := len(f.arcs) - 1
	if k != last {
		f.swap(k, last, levels)
	}
	f.arcs = f.arcs[:last]
	f.cost = f.cost[:last*levels]
	if k != last {
		f.down(k, levels)
		f.up(k, levels)
	}
}

// purge drops what is void, once that may be half of all, so that an arc costs
// O(1) of it and a row never keeps more than twice what is valid.
func (f *far) purge(told []uint64, levels int) {
	if len(f.arcs) < max(f.full, 32) {
		return
	}
	kept := 0
	for k, a := range f.arcs {
		if told[a.column] <= a.since {
			f.arcs[kept] = a
			copy(f.at(kept, levels), f.at(k, levels))
			kept++
		}
	}
	f.arcs, f.cost = f.arcs[:kept], f.cost[:kept*levels]
	for k := kept/2 - 1; k >= 0; k-- {
		f.down(k, levels)
	}
	f.full = 2 * kept
}

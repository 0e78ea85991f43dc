package match

// far holds the arcs that a row knows and that no search has come upon yet, as a
// binary heap by cost. Which of equal ones is first does not matter: they come
// near together. What is put in stays behind the heap until the cheapest is asked
// for, as most rows are not asked between one change and the next.
//
// It is one flat list, so that to put an arc in touches one place of memory: the
// column, when it was told, and the cost. What is told later of the column makes
// an arc void, without anybody looking for it.
type far struct {
	list  []int64
	width int // of an arc in the list
	heap  int // arcs in the heap
	full  int // arcs at which it is purged
}

func (f *far) len() int             { return len(f.list) / f.width }
func (f *far) arc(k int) []int64    { return f.list[k*f.width:][:f.width] }
func (f *far) column(k int) int32   { return int32(f.list[k*f.width]) }
func (f *far) cost(k int) Cost      { return f.arc(k)[2:] }
func (f *far) before(a, b int) bool { return Compare(f.cost(a), f.cost(b)) < 0 }
func (f *far) void(k int, told []uint64) bool {
	a := f.arc(k)
	return told[a[0]] > uint64(a[1])
}

func (f *far) put(column int32, now uint64, cost []int64) {
	f.list = append(f.list, int64(column), int64(now))
	f.list = append(f.list, cost...)
}

// order brings what was put in into the heap.
func (f *far) order() {
	for n := f.len(); f.heap < n; f.heap++ {
		f.up(f.heap)
	}
}

func (f *far) swap(a, b int) {
	x, y := f.arc(a), f.arc(b)
	for l := range x {
		x[l], y[l] = y[l], x[l]
	}
}

func (f *far) up(k int) {
	for k > 0 && f.before(k, (k-1)/2) {
		f.swap(k, (k-1)/2)
		k = (k - 1) / 2
	}
}

func (f *far) down(k int) {
	for {
		child := 2*k + 1
		if child >= f.heap {
			return
		}
		if child+1 < f.heap && f.before(child+1, child) {
			child++
		}
		if !f.before(child, k) {
			return
		}
		f.swap(k, child)
		k = child
	}
}

// drop removes arc k, the cheapest if k is 0, where all are in the heap.
func (f *far) drop(k int) {
	f.heap--
	f.swap(k, f.heap)
	f.list = f.list[:f.heap*f.width]
	if k < f.heap {
		f.down(k)
		f.up(k)
	}
}

// purge drops what is void, once that may be half of all, so that an arc costs
// O(1) of it and a row never keeps more than twice what is valid.
func (f *far) purge(told []uint64) {
	if f.len() < max(f.full, 32) {
		return
	}
	kept := 0
	for k := range f.len() {
		if !f.void(k, told) {
			copy(f.arc(kept), f.arc(k))
			kept++
		}
	}
	f.list = f.list[:kept*f.width]
	f.heap = kept
	for k := kept/2 - 1; k >= 0; k-- {
		f.down(k)
	}
	f.full = 2 * kept
}

// clear empties it and keeps its memory.
func (f *far) clear() { f.list, f.heap, f.full = f.list[:0], 0, 0 }

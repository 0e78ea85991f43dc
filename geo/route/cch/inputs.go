package cch

import "callbox/geo/route/kernel"

// Weights are the weights of the arcs that a topology was made for: those of a
// shared list, but for some that are set otherwise. None is above kernel.Inf,
// which closes an arc.
type Weights struct {
	Shared []uint32
	Set    map[uint32]uint32
}

// At is the weight of an arc.
func (w Weights) At(arc uint32) uint32 {
	if len(w.Set) > 0 {
		if set, ok := w.Set[arc]; ok {
			return min(set, kernel.Inf)
		}
	}
	return min(w.Shared[arc], kernel.Inf)
}

// inputs says which arcs of the caller's go along an arc of the topology. Side
// 2a is up along arc a, side 2a+1 down.
type inputs struct {
	side  []uint32 // of each arc of the caller's; none for a loop
	first []uint32 // arcs[first[s]:first[s+1]] go along side s
	arcs  []uint32
}

func (t *Topology) mapInputs(arcs [][2]uint32) inputs {
	in := inputs{side: make([]uint32, len(arcs)), first: make([]uint32, 2*len(t.head)+2)}
	for i, pair := range arcs {
		u, v := t.rank[pair[0]], t.rank[pair[1]]
		if u == v {
			in.side[i] = none
			continue
		}
		a, _ := t.arc(min(u, v), max(u, v))
		in.side[i] = 2 * a
		if u > v {
			in.side[i]++
		}
		in.first[in.side[i]+2]++
	}
	for s := 2; s < len(in.first); s++ {
		in.first[s] += in.first[s-1]
	}
	in.arcs = make([]uint32, in.first[len(in.first)-1])
	for i, s := range in.side {
		if s != none {
			in.arcs[in.first[s+1]] = uint32(i)
			in.first[s+1]++
		}
	}
	in.first = in.first[:len(in.first)-1]
	return in
}

// along are the caller's arcs along a side.
func (in *inputs) along(side uint32) []uint32 { return in.arcs[in.first[side]:in.first[side+1]] }

// least is the least weight along a side.
func (in *inputs) least(side uint32, w Weights) uint32 {
	least := uint32(kernel.Inf)
	for _, i := range in.along(side) {
		least = min(least, w.At(i))
	}
	return least
}

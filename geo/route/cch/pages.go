package cch

// pages are numbers, one for each arc, kept in pages of so many nodes: a change
// copies the pages that it touches, and readers of what was there before see
// none of it.
type pages [][]uint32

const (
	pageBits = 6
	pageSize = 1 << pageBits
)

// paged cuts a list of one number an arc into pages.
func (t *Topology) paged(all []uint32) pages {
	var p pages
	for x := 0; x < len(t.rank); x += pageSize {
		end := min(x+pageSize, len(t.rank))
		p = append(p, all[t.first[x]:t.first[end]:t.first[end]])
	}
	return p
}

// at is the number of an arc up from x.
func (p pages) at(t *Topology, x, arc uint32) uint32 {
	page := x >> pageBits
	return p[page][arc-t.pageFirst[page]]
}

// of holds the numbers of the arcs up from x.
func (p pages) of(t *Topology, x uint32) []uint32 {
	begin := t.pageFirst[x>>pageBits]
	return p[x>>pageBits][t.first[x]-begin : t.first[x+1]-begin]
}

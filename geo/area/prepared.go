package area

import "callbox/geo"

// prepared is a polygon made ready for many questions: its edges, each with
// its southern end first, sorted into slabs of equal height. A question about
// a point looks at the edges of one slab, for New York's precincts about ten
// in place of thousands.
type prepared struct {
	area   int // index of its area in the set
	bound  geo.Bound
	edges  []line
	height int64   // of a slab, in E7
	first  []int32 // where the edges of each slab begin in refs; one more than slabs
	refs   []int32 // indexes of edges, slab by slab
}

// maxRefs is how many times the edges may be listed in slabs, on average. Tall
// edges are in many slabs; fewer and higher slabs keep the memory in bounds.
const maxRefs = 8

// prepare sorts the edges of g into as many slabs as there are edges, or as
// many fewer as keep the lists in bounds. O(n log n).
func prepare(g polygon, area int) *prepared {
	x := &prepared{area: area, bound: geo.BoundOf()}
	for _, e := range g.edges() {
		if e.a.Compare(e.b) > 0 {
			e.a, e.b = e.b, e.a
		}
		x.edges = append(x.edges, e.line)
		x.bound = x.bound.With(e.a).With(e.b)
	}
	slabs := len(x.edges)
	for {
		x.height = (int64(x.bound.Max.Lat)-int64(x.bound.Min.Lat))/int64(slabs) + 1
		refs := 0
		for _, e := range x.edges {
			refs += x.slab(e.b.Lat) - x.slab(e.a.Lat) + 1
		}
		if refs <= maxRefs*len(x.edges) || slabs == 1 {
			x.refs = make([]int32, refs)
			break
		}
		slabs /= 2
	}
	x.first = make([]int32, slabs+1)
	for _, e := range x.edges {
		for s := x.slab(e.a.Lat); s <= x.slab(e.b.Lat); s++ {
			x.first[s+1]++
		}
	}
	for s := range slabs {
		x.first[s+1] += x.first[s]
	}
	next := append([]int32(nil), x.first...)
	for i, e := range x.edges {
		for s := x.slab(e.a.Lat); s <= x.slab(e.b.Lat); s++ {
			x.refs[next[s]] = int32(i)
			next[s]++
		}
	}
	return x
}

// slab is the index of the slab at a latitude within the bound.
func (x *prepared) slab(lat int32) int { return int((int64(lat) - int64(x.bound.Min.Lat)) / x.height) }

func (x *prepared) in(slab int) []int32 { return x.refs[x.first[slab]:x.first[slab+1]] }

// holds reports whether p is inside or on the rim, of a hole too. A ray to the
// east crosses the edges of the polygon an odd number of times from inside
// (Jordan); an edge counts with its southern end, without its northern one.
func (x *prepared) holds(p geo.Point) bool {
	if !x.bound.Contains(p) {
		return false
	}
	inside := false
	for _, i := range x.in(x.slab(p.Lat)) {
		e := &x.edges[i]
		if p.Lat < e.a.Lat || p.Lat > e.b.Lat {
			continue
		}
		switch geo.Turn(e.a, e.b, p) {
		case 0: // on the edge; of a level one only between its ends
			if e.a.Lat != e.b.Lat || e.a.Lon <= p.Lon && p.Lon <= e.b.Lon {
				return true
			}
		case 1: // west of the edge
			if p.Lat < e.b.Lat {
				inside = !inside
			}
		}
	}
	return inside
}

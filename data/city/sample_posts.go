package city

import (
	"cmp"
	"fmt"
	"slices"

	"callbox/geo/area"
	"callbox/geo/road"
)

// postsPerSector is how many patrol posts there are, on average, in eighths.
const postsPerSector = 13

// sampleSector is a sector and the posts in it.
type sampleSector struct {
	id    string
	nodes []road.Node
	calls int
	posts int         // how many it gets
	used  int         // how many it got
	spots []road.Node // of the posts, in order of use
}

// samplePosts places patrol posts on crossings, in order of use: one in each
// sector, those with most calls first, and the others where most calls are for
// each post there is (D'Hondt).
func samplePosts(areas *area.Set, g *road.Graph, sectorOf []string, weights []int) []Post {
	sectors := sectorsOf(areas, sectorOf, weights)
	order := slices.Clone(sectors)
	for _, s := range order {
		s.posts = 1
	}
	for len(order) < len(sectors)*postsPerSector/8 {
		s := slices.MinFunc(sectors, func(s, t *sampleSector) int {
			return cmp.Or(cmp.Compare(t.calls*(s.posts+1), s.calls*(t.posts+1)), cmp.Compare(s.id, t.id))
		})
		s.posts++
		order = append(order, s)
	}
	for _, s := range sectors {
		s.place(weights)
	}
	posts := make([]Post, len(order))
	for i, s := range order {
		posts[i] = Post{ID: fmt.Sprintf("%s-%d", s.id, s.used+1), Area: s.id, At: g.Point(s.spots[s.used])}
		s.used++
	}
	return posts
}

// sectorsOf lists the sectors, those with most calls first.
func sectorsOf(areas *area.Set, sectorOf []string, weights []int) []*sampleSector {
	var sectors []*sampleSector
	byID := make(map[string]*sampleSector)
	for _, a := range areas.All() {
		if a.Kind == area.Sector {
			byID[a.ID] = &sampleSector{id: a.ID}
			sectors = append(sectors, byID[a.ID])
		}
	}
	for n, w := range weights {
		s := byID[sectorOf[n]]
		s.nodes, s.calls = append(s.nodes, road.Node(n)), s.calls+w
	}
	slices.SortFunc(sectors, func(s, t *sampleSector) int {
		return cmp.Or(cmp.Compare(t.calls, s.calls), cmp.Compare(s.id, t.id))
	})
	return sectors
}

// place finds the crossings for the posts of a sector: from south to north,
// each in the middle of an equal share of the calls. The middle one is used
// first.
func (s *sampleSector) place(weights []int) {
	type stand struct {
		node road.Node
		off  int // from the middle one
	}
	var stands []stand
	seen := 0
	for _, n := range s.nodes {
		seen += weights[n]
		if i := 2*len(stands) + 1; seen*2*s.posts >= s.calls*i && i < 2*s.posts {
			stands = append(stands, stand{n, max(i-s.posts, s.posts-i)})
		}
	}
	slices.SortStableFunc(stands, func(a, b stand) int { return cmp.Compare(a.off, b.off) })
	for _, at := range stands {
		s.spots = append(s.spots, at.node)
	}
}

package road

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"time"

	"callbox/geo"
)

// Node numbers a node of a Graph, from 0.
type Node uint32

// Arc numbers an arc of a Graph, from 0: one direction of a street.
type Arc uint32

// NoArc is the number of no arc.
const NoArc = Arc(math.MaxUint32)

// MaxWeight is the greatest length of one arc in millimetres (1,074 km) and
// its greatest travel time in milliseconds (12 days).
const MaxWeight = 1 << 30

// Closed is the travel time of an arc in a profile that may not drive it, as
// Graph.Millis gives it: more than any other. No search may add to it.
const Closed = uint32(1) << 31

// Never is the same as a duration, for Builder and Graph.Time.
const Never = time.Duration(Closed) * time.Millisecond

// MaxSize is the greatest number of nodes and of arcs of one graph.
const MaxSize = 1 << 28

// Graph is a road graph. It is immutable and safe for concurrent use. Methods
// that take a Node or an Arc need one of this graph, and take constant time.
type Graph struct {
	points     []geo.Point
	first      []uint32 // arcs first[n] to first[n+1]-1 leave node n
	tail, head []Node
	length     []uint32               // millimetres
	millis     [geo.Profiles][]uint32 // milliseconds

	firstIn []uint32 // in[firstIn[n]:firstIn[n+1]] end at node n
	in      []Arc
	twin    []Arc // the arc itself for a turn
	bound   geo.Bound
	sum     [sha256.Size]byte
}

// Nodes is the number of nodes, at least 1.
func (g *Graph) Nodes() int { return len(g.points) }

// Arcs is the number of arcs, at least 1.
func (g *Graph) Arcs() int { return len(g.head) }

// Point is the place of node n.
func (g *Graph) Point(n Node) geo.Point { return g.points[n] }

// Tail is the node where arc a begins.
func (g *Graph) Tail(a Arc) Node { return g.tail[a] }

// Head is the node where arc a ends.
func (g *Graph) Head(a Arc) Node { return g.head[a] }

// Length is the length of arc a.
func (g *Graph) Length(a Arc) geo.Distance { return geo.Distance(g.length[a]) }

// Millis is the travel time of arc a in milliseconds, or Closed.
func (g *Graph) Millis(a Arc, p geo.Profile) uint32 { return g.millis[p][a] }

// AllMillis are the travel times of all arcs, as Millis gives them. The slice
// belongs to the graph and must not be changed.
func (g *Graph) AllMillis(p geo.Profile) []uint32 { return g.millis[p] }

// Time is the travel time of arc a in whole milliseconds, or Never.
func (g *Graph) Time(a Arc, p geo.Profile) time.Duration {
	return time.Duration(g.millis[p][a]) * time.Millisecond
}

// Out gives the arcs that leave n: all from first up to, not including, end,
// in order of their heads.
func (g *Graph) Out(n Node) (first, end Arc) { return Arc(g.first[n]), Arc(g.first[n+1]) }

// In gives the arcs that end at n in ascending order. The slice belongs to the
// graph and must not be changed.
func (g *Graph) In(n Node) []Arc { return g.in[g.firstIn[n]:g.firstIn[n+1]] }

// Twin is the arc back along the street of arc a, or NoArc on a one-way
// street. Twins have the same length, and Twin(Twin(a)) is a. Arcs are twins if
// Builder.AddStreet said so. Of those that were added one by one, two between
// the same nodes and of the same length are: of several such streets side by
// side the first arc there goes with the first arc back, the second with the
// second.
func (g *Graph) Twin(a Arc) Arc {
	if twin := g.twin[a]; twin != a {
		return twin
	}
	return NoArc
}

// IsTurn reports whether arc a joins two nodes of one junction and is part of
// no street.
func (g *Graph) IsTurn(a Arc) bool { return g.twin[a] == a }

// Bound is the smallest box around all nodes.
func (g *Graph) Bound() geo.Bound { return g.bound }

// Version names the content of the graph: the first 12 hexadecimal digits of
// the SHA-256 of its binary form. Equal graphs have equal versions.
func (g *Graph) Version() string { return hex.EncodeToString(g.sum[:6]) }

// index fills in all that follows from points, first and head, in time
// O(nodes + arcs).
func (g *Graph) index() {
	g.bound = geo.BoundOf(g.points...)
	g.tail = make([]Node, len(g.head))
	g.firstIn = make([]uint32, len(g.points)+1)
	for n := range g.points {
		for a := g.first[n]; a < g.first[n+1]; a++ {
			g.tail[a] = Node(n)
			g.firstIn[g.head[a]+1]++
		}
	}
	for n := range g.points {
		g.firstIn[n+1] += g.firstIn[n]
	}
	g.in = make([]Arc, len(g.head))
	next := append([]uint32(nil), g.firstIn...)
	for a, h := range g.head {
		g.in[next[h]] = Arc(a)
		next[h]++
	}
}

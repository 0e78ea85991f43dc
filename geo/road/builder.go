package road

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"callbox/geo"
)

// Errors of Builder.Build, matched with errors.Is. The error that wraps one
// says which node or arc it is about, counted from 0 in order of input.
var (
	ErrNoNodes     = errors.New("the road graph has no nodes")
	ErrNoArcs      = errors.New("the road graph has no arcs")
	ErrOffEarth    = errors.New("node is not on the earth")
	ErrUnknownNode = errors.New("arc names a node that was not added before it")
	ErrNegative    = errors.New("length or travel time of an arc is negative")
	ErrOverflow    = errors.New("length or travel time of an arc is above 2^30 mm or ms")
	ErrTooLarge    = errors.New("more than 2^28 nodes or arcs")
)

// Builder collects nodes and arcs for a Graph. Its zero value is ready for
// use. It keeps the first error and reports it in Build.
type Builder struct {
	points []geo.Point
	arcs   []builderArc
	err    error
}

type builderArc struct {
	tail, head Node
	length     uint32
	millis     [geo.Profiles]uint32
	twin       uint32 // the place of its twin in the input, its own for a turn, or alone
}

const alone = math.MaxUint32

// Way is one direction of a street, for AddStreet.
type Way struct {
	Tail, Head Node
	Times      [geo.Profiles]time.Duration // or Never
}

// AddNode adds a node. Nodes are numbered from 0 in the order they are added;
// several may lie at one point.
func (b *Builder) AddNode(p geo.Point) Node {
	n := Node(len(b.points))
	switch {
	case !p.Valid():
		b.fail("node %d at %v: %w", n, p, ErrOffEarth)
	case len(b.points) == MaxSize:
		b.fail("node %d: %w", n, ErrTooLarge)
	default:
		b.points = append(b.points, p)
	}
	return n
}

// AddArc adds an arc from tail to head with its length and its travel time in
// each profile; times are rounded up to the millisecond, and Never closes the
// arc to a profile. Zero lengths, zero times, loops and parallel arcs are
// legal. Build makes two such arcs there and back of one length the two
// directions of one street (see Graph.Twin).
func (b *Builder) AddArc(tail, head Node, length geo.Distance, times [geo.Profiles]time.Duration) {
	b.add(Way{tail, head, times}, length, alone)
}

// AddStreet adds the two arcs of a street of the given length, each the twin of
// the other. They need not have the same end nodes: where turns are forbidden a
// junction is several nodes at one point, and a street is left by one of them
// and entered by another.
func (b *Builder) AddStreet(length geo.Distance, there, back Way) {
	first := uint32(len(b.arcs))
	b.add(there, length, first+1)
	b.add(back, length, first)
}

// AddTurn adds an arc without length that joins two nodes of one junction. It
// is part of no street: no place is ever on it. Its time is zero, Never, or
// what the turn takes.
func (b *Builder) AddTurn(tail, head Node, times [geo.Profiles]time.Duration) {
	b.add(Way{tail, head, times}, 0, uint32(len(b.arcs)))
}

func (b *Builder) add(w Way, length geo.Distance, twin uint32) {
	a := builderArc{tail: w.Tail, head: w.Head, length: uint32(length), twin: twin}
	nodes := Node(len(b.points))
	least, longest := int64(length), int64(length)
	for p, d := range w.Times {
		if d == Never {
			a.millis[p] = Closed
			continue
		}
		ms := int64(d / time.Millisecond)
		if d%time.Millisecond > 0 {
			ms++
		}
		least, longest = min(least, int64(d)), max(longest, ms)
		a.millis[p] = uint32(ms)
	}
	switch {
	case w.Tail >= nodes || w.Head >= nodes:
		b.fail("arc %d from node %d to node %d of %d nodes: %w", len(b.arcs), w.Tail, w.Head, nodes, ErrUnknownNode)
	case least < 0:
		b.fail("arc %d, %d mm, %v: %w", len(b.arcs), length, w.Times, ErrNegative)
	case longest > MaxWeight:
		b.fail("arc %d, %d mm, %v: %w", len(b.arcs), length, w.Times, ErrOverflow)
	case len(b.arcs) == MaxSize:
		b.fail("arc %d: %w", len(b.arcs), ErrTooLarge)
	default:
		b.arcs = append(b.arcs, a)
	}
}

func (b *Builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

// Build makes the graph of all that was added. It returns the first error of
// what was added, or ErrNoNodes, or ErrNoArcs. The builder can be used
// further; the graph does not change with it. Time O(nodes + arcs), and
// O(d log d) for a node with d arcs.
func (b *Builder) Build() (*Graph, error) {
	switch {
	case b.err != nil:
		return nil, b.err
	case len(b.points) == 0:
		return nil, ErrNoNodes
	case len(b.arcs) == 0:
		return nil, ErrNoArcs
	}
	g := &Graph{
		points: slices.Clone(b.points),
		first:  make([]uint32, len(b.points)+1),
		head:   make([]Node, len(b.arcs)),
		length: make([]uint32, len(b.arcs)),
		twin:   make([]Arc, len(b.arcs)),
	}
	for p := range g.millis {
		g.millis[p] = make([]uint32, len(b.arcs))
	}
	order := b.order(g.first)
	number := make([]Arc, len(b.arcs)) // of each arc by its place in the input
	for a, i := range order {
		number[i] = Arc(a)
	}
	for a, i := range order {
		arc := &b.arcs[i]
		g.head[a], g.length[a], g.twin[a] = arc.head, arc.length, NoArc
		if arc.twin != alone {
			g.twin[a] = number[arc.twin]
		}
		for p, ms := range arc.millis {
			g.millis[p][a] = ms
		}
	}
	g.pairTwins()
	g.seal()
	return g, nil
}

// order gives the places of the arcs in the input, sorted by (tail, head,
// place), and fills first, the row starts by tail.
func (b *Builder) order(first []uint32) []uint32 {
	for i := range b.arcs {
		first[b.arcs[i].tail+1]++
	}
	for n := range b.points {
		first[n+1] += first[n]
	}
	order, next := make([]uint32, len(b.arcs)), slices.Clone(first)
	for i := range b.arcs {
		t := b.arcs[i].tail
		order[next[t]] = uint32(i)
		next[t]++
	}
	for n := range b.points {
		slices.SortStableFunc(order[first[n]:first[n+1]], func(i, j uint32) int {
			return cmp.Compare(b.arcs[i].head, b.arcs[j].head)
		})
	}
	return order
}

// seal completes a graph whose points, rows, heads, weights and twins are in
// place.
func (g *Graph) seal() {
	g.index()
	h := sha256.New()
	_ = g.encode(h) // a hash takes every byte
	h.Sum(g.sum[:0])
}

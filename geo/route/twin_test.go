package route_test

import (
	"cmp"
	"container/heap"
	"math/rand/v2"
	"slices"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route"
)

// The slow twin of this package: every position becomes a node of its own that
// cuts the street it lies on, and shortest ways are found by Bellman and Ford's
// method, or by a plain Dijkstra where that would take too long.

type twinCost struct{ time, length int64 }

func (c twinCost) less(d twinCost) bool {
	return c.time < d.time || c.time == d.time && c.length < d.length
}

const far = int64(1) << 60

type twinEdge struct {
	from, to int
	cost     twinCost
}

// twin is a graph cut at positions: node n of the road graph is n, position i
// is nodes+i.
type twin struct {
	nodes, size int
	edges       []twinEdge
}

func newTwin(g *road.Graph, cuts []road.Position, p geo.Profile) *twin {
	t := &twin{nodes: g.Nodes(), size: g.Nodes() + len(cuts)}
	on := map[road.Arc][]int{}
	for i, c := range cuts {
		on[c.Arc] = append(on[c.Arc], i)
	}
	for a := range road.Arc(g.Arcs()) {
		length, all := int64(g.Length(a)), g.Time(a, p).Milliseconds()
		type stop struct {
			id       int
			at, time int64
			here     bool // a position that counts from the tail of this arc
		}
		timeAt := func(at int64) int64 {
			if length == 0 {
				return 0
			}
			return all * at / length
		}
		stops := []stop{{int(g.Tail(a)), 0, 0, false}}
		for _, i := range on[a] {
			at := int64(cuts[i].Along)
			stops = append(stops, stop{t.nodes + i, at, timeAt(at), true})
		}
		if back := g.Twin(a); back != road.NoArc {
			for _, i := range on[back] {
				at := length - int64(cuts[i].Along)
				s := stop{t.nodes + i, at, timeAt(at), false}
				if length == 0 {
					s.time = all // the tail of the twin is the head of a
				}
				stops = append(stops, s)
			}
		}
		stops = append(stops, stop{int(g.Head(a)), length, all, false})
		slices.SortStableFunc(stops, func(a, b stop) int {
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.time, b.time))
		})
		for k, s := range stops[1:] {
			before := stops[k]
			t.edges = append(t.edges, twinEdge{before.id, s.id, twinCost{s.time - before.time, s.at - before.at}})
			// At one place on the street, or at its end, there is no order. A
			// street without length has one place, its tail.
			if s.at == before.at && (length > 0 || s.here) {
				t.edges = append(t.edges, twinEdge{s.id, before.id, twinCost{}})
			}
		}
	}
	return t
}

// bellmanFord gives the cost from every node of the twin to one of them.
func (t *twin) bellmanFord(to int) []twinCost {
	costs := t.nothing(to)
	for changed := true; changed; {
		changed = false
		for _, e := range t.edges {
			if c := (twinCost{costs[e.to].time + e.cost.time, costs[e.to].length + e.cost.length}); c.time < far && c.less(costs[e.from]) {
				costs[e.from], changed = c, true
			}
		}
	}
	return costs
}

func (t *twin) nothing(to int) []twinCost {
	costs := make([]twinCost, t.size)
	for i := range costs {
		costs[i].time = far
	}
	costs[to] = twinCost{}
	return costs
}

// dijkstra does the same. The result of into is shared by all calls.
func (t *twin) dijkstra(into [][]twinEdge, to int) []twinCost {
	costs := t.nothing(to)
	queue := &twinQueue{{to, twinCost{}}}
	for queue.Len() > 0 {
		top := heap.Pop(queue).(twinItem)
		if costs[top.at] != top.cost {
			continue
		}
		for _, e := range into[top.at] {
			c := twinCost{top.cost.time + e.cost.time, top.cost.length + e.cost.length}
			if c.less(costs[e.from]) {
				costs[e.from] = c
				heap.Push(queue, twinItem{e.from, c})
			}
		}
	}
	return costs
}

// into lists the edges by the node where they end.
func (t *twin) into() [][]twinEdge {
	into := make([][]twinEdge, t.size)
	for _, e := range t.edges {
		into[e.to] = append(into[e.to], e)
	}
	return into
}

type twinItem struct {
	at   int
	cost twinCost
}

type twinQueue []twinItem

func (q twinQueue) Len() int           { return len(q) }
func (q twinQueue) Less(i, j int) bool { return q[i].cost.less(q[j].cost) }
func (q twinQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *twinQueue) Push(x any)        { *q = append(*q, x.(twinItem)) }
func (q *twinQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// legs are the answers that Nearest must give, all of them.
func legs(costs []twinCost, first int, ids []string, limit time.Duration) []geo.Leg {
	var all []geo.Leg
	for i, id := range ids {
		c := costs[first+i]
		leg := geo.Leg{ID: id, Time: time.Duration(c.time) * time.Millisecond, Distance: geo.Distance(c.length)}
		if c.time < far && (limit == 0 || leg.Time <= limit) {
			all = append(all, leg)
		}
	}
	slices.SortFunc(all, func(a, b geo.Leg) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// somewhere is a random place at or near a street.
func somewhere(r *rand.Rand, g *road.Graph) geo.Point {
	a := road.Arc(r.IntN(g.Arcs()))
	switch r.IntN(3) {
	case 0:
		return g.Point(g.Tail(a))
	case 1:
		return g.PointAt(road.Position{Arc: a, Along: uint32(r.Int64N(int64(g.Length(a)) + 1))})
	}
	p := g.Point(g.Head(a))
	return geo.Point{Lat: p.Lat + r.Int32N(20_000) - 10_000, Lon: p.Lon + r.Int32N(20_000) - 10_000}
}

func snap(n *route.Network, p geo.Point) road.Position {
	at, ok := n.Snap(p)
	if !ok {
		panic("no street within reach")
	}
	return at
}

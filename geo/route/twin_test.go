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

// The slow twin of this package: every street is cut where a position lies on
// it, each direction by itself, and shortest ways are found by Bellman and
// Ford's method, or by a plain Dijkstra where that would take too long.

type twinCost struct{ time, length int64 }

func (c twinCost) less(d twinCost) bool {
	return c.time < d.time || c.time == d.time && c.length < d.length
}

const far = int64(1) << 60

type twinEdge struct {
	from, to int
	cost     twinCost
}

// twin is a graph cut at positions. Node n of the road graph is n, position i
// as the begin of a way is nodes+i, and as the end of one arrival(i). So nobody
// turns round where somebody else happens to be.
type twin struct {
	nodes, cuts, size int
	edges             []twinEdge
}

func (t *twin) arrival(cut int) int { return t.nodes + t.cuts + cut }

func newTwin(g *road.Graph, cuts []road.Position, p geo.Profile) *twin {
	t := &twin{nodes: g.Nodes(), cuts: len(cuts), size: g.Nodes() + 2*len(cuts)}
	on := map[road.Arc][]int{}
	for i, c := range cuts {
		on[c.Arc] = append(on[c.Arc], i)
	}
	for a := range road.Arc(g.Arcs()) {
		if g.Time(a, p) != road.Never {
			t.cut(g, a, p, cuts, on)
		}
	}
	for _, same := range on {
		for _, i := range same {
			t.turn(g, cuts[i], i)
			for _, j := range same {
				if cuts[i] == cuts[j] {
					t.join(t.nodes+i, t.arrival(j))
				}
			}
		}
	}
	return t
}

// join lets from be to.
func (t *twin) join(from, to int) { t.edges = append(t.edges, twinEdge{from, to, twinCost{}}) }

// cut adds an arc, cut by those positions that count from its tail and those
// that count from the tail of its twin.
func (t *twin) cut(g *road.Graph, a road.Arc, p geo.Profile, cuts []road.Position, on map[road.Arc][]int) {
	length, all := int64(g.Length(a)), g.Time(a, p).Milliseconds()
	type stop struct{ id, at, time int64 }
	stops := []stop{{int64(g.Tail(a)), 0, 0}}
	add := func(i int, at int64, end bool) {
		s := stop{int64(t.size), at, 0}
		if length > 0 {
			s.time = all * at / length
		} else if end {
			s.time = all
		}
		t.join(t.nodes+i, t.size)
		t.join(t.size, t.arrival(i))
		t.size++
		stops = append(stops, s)
	}
	for _, i := range on[a] {
		add(i, int64(cuts[i].Along), false)
	}
	if back := g.Twin(a); back != road.NoArc {
		for _, i := range on[back] {
			// A street without length has one place, the tail of the arc that
			// the position names: where its twin ends.
			add(i, length-int64(cuts[i].Along), true)
		}
	}
	stops = append(stops, stop{int64(g.Head(a)), length, all})
	slices.SortStableFunc(stops, func(a, b stop) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.time, b.time))
	})
	for k, s := range stops[1:] {
		before := stops[k]
		t.edges = append(t.edges, twinEdge{int(before.id), int(s.id), twinCost{s.time - before.time, s.at - before.at}})
	}
}

// turn adds the ways between a position at the very end of a street and the
// crossing: out where those arrive who come by the street, in where those begin
// who go by it.
func (t *twin) turn(g *road.Graph, c road.Position, i int) {
	joins := func(in, out road.Node) {
		t.join(int(in), t.arrival(i))
		t.join(t.nodes+i, int(out))
	}
	twin := g.Twin(c.Arc)
	switch {
	case c.Along == 0 && twin == road.NoArc:
		joins(g.Tail(c.Arc), g.Tail(c.Arc))
	case c.Along == 0:
		joins(g.Tail(c.Arc), g.Head(twin))
	case c.Along == uint32(g.Length(c.Arc)) && twin == road.NoArc:
		joins(g.Head(c.Arc), g.Head(c.Arc))
	case c.Along == uint32(g.Length(c.Arc)):
		joins(g.Tail(twin), g.Head(c.Arc))
	}
}

// bellmanFord gives the cost from every node of the twin to a position.
func (t *twin) bellmanFord(cut int) []twinCost {
	costs := t.nothing(t.arrival(cut))
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
func (t *twin) dijkstra(into [][]twinEdge, cut int) []twinCost {
	costs := t.nothing(t.arrival(cut))
	queue := &twinQueue{{t.arrival(cut), twinCost{}}}
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

package route

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"callbox/data/city"
	"callbox/data/dimacs/dimacstest"
	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route/cch"
	"callbox/geo/route/kernel"
)

// The table of the travel times' speed. Everything is measured in D, the time of
// one plain Dijkstra search from everywhere to one place in the same run: the
// column "D" is how much of D a thing takes, the column "per-D" how many of them
// D would do.

const (
	tableUnits = 5000
	tableCalls = 1000
)

// dijkstra is the yardstick: one search over arrays, with a binary heap of
// whole numbers and nothing else.
type dijkstra struct {
	g    *road.Graph
	dist []uint32
	heap []uint64
}

func newDijkstra(g *road.Graph) *dijkstra {
	return &dijkstra{g: g, dist: make([]uint32, g.Nodes())}
}

func (d *dijkstra) to(n road.Node, p geo.Profile) {
	for i := range d.dist {
		d.dist[i] = kernel.Inf
	}
	millis := d.g.AllMillis(p)
	d.dist[n] = 0
	d.heap = append(d.heap[:0], uint64(n))
	for len(d.heap) > 0 {
		top := d.pop()
		at, node := uint32(top>>32), road.Node(uint32(top))
		if d.dist[node] != at {
			continue
		}
		for _, a := range d.g.In(node) {
			tail := d.g.Tail(a)
			if c := at + millis[a]; c < d.dist[tail] {
				d.dist[tail] = c
				d.push(uint64(c)<<32 | uint64(tail))
			}
		}
	}
}

func (d *dijkstra) push(x uint64) {
	d.heap = append(d.heap, x)
	i := len(d.heap) - 1
	for i > 0 && d.heap[(i-1)/2] > x {
		d.heap[i] = d.heap[(i-1)/2]
		i = (i - 1) / 2
	}
	d.heap[i] = x
}

func (d *dijkstra) pop() uint64 {
	top, last := d.heap[0], d.heap[len(d.heap)-1]
	d.heap = d.heap[:len(d.heap)-1]
	n, i := len(d.heap), 0
	for n > 0 {
		child := 2*i + 1
		if child >= n {
			break
		}
		if child+1 < n && d.heap[child+1] < d.heap[child] {
			child++
		}
		if d.heap[child] >= last {
			break
		}
		d.heap[i] = d.heap[child]
		i = child
	}
	if n > 0 {
		d.heap[i] = last
	}
	return top
}

// table is a network with units and calls, and its D.
type table struct {
	n      *Network
	u      *Units
	random *rand.Rand
	calls  []geo.Point
	d      time.Duration
	ids    []string
}

var tables = struct {
	sync.Mutex
	of map[string]*table
}{of: make(map[string]*table)}

func tableOf(b *testing.B, name string, graph func() *road.Graph) *table {
	b.Helper()
	tables.Lock()
	defer tables.Unlock()
	if t := tables.of[name]; t != nil {
		return t
	}
	g := graph()
	n, err := Prepare(g, Order(g, nil))
	if err != nil {
		b.Fatal(err)
	}
	t := &table{n: n, u: n.Units(), random: rand.New(rand.NewPCG(1, 9))}
	for i := range tableUnits {
		t.ids = append(t.ids, fmt.Sprintf("%05d", i))
		t.u.Put(t.ids[i], t.anywhere())
	}
	for range tableCalls {
		t.calls = append(t.calls, t.anywhere())
	}
	t.d = t.yardstick()
	tables.of[name] = t
	return t
}

func (t *table) anywhere() geo.Point {
	return t.n.graph.Point(road.Node(t.random.IntN(t.n.graph.Nodes())))
}

func (t *table) yardstick() time.Duration {
	d := newDijkstra(t.n.graph)
	var took []time.Duration
	for range 7 {
		start := time.Now()
		d.to(road.Node(t.random.IntN(t.n.graph.Nodes())), geo.Emergency)
		took = append(took, time.Since(start))
	}
	return median(took)
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

// in reports what one of so many things took, in D as it is right after.
func (t *table) in(b *testing.B, things int) {
	b.Helper()
	b.StopTimer()
	t.d = t.yardstick()
	one := float64(b.Elapsed()) / float64(b.N) / float64(things)
	b.ReportMetric(one/float64(t.d), "D")
	b.ReportMetric(float64(t.d)/one, "per-D")
	b.ReportMetric(one, "ns/one")
}

func (t *table) targets() []cch.Target {
	l := &t.u.lanes[geo.Emergency]
	targets := make([]cch.Target, len(t.calls))
	for i, c := range t.calls {
		at, _ := t.n.Snap(c)
		l.index.Target(&targets[i], l.to, l.entering(at))
	}
	return targets
}

// BenchmarkTable measures New York, where its files are, and a generated city
// with one-way streets.
func BenchmarkTable(b *testing.B) {
	b.Run("newyork", func(b *testing.B) { benchmarkTable(b, "newyork", func() *road.Graph { return dimacstest.NewYork(b) }) })
	b.Run("generated", func(b *testing.B) {
		benchmarkTable(b, "generated", func() *road.Graph { return generated(b) })
	})
}

func generated(b *testing.B) *road.Graph {
	sample, err := city.Sample(city.SampleOptions{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	return sample.Roads
}

func benchmarkTable(b *testing.B, name string, graph func() *road.Graph) {
	t := tableOf(b, name, graph)
	topology := t.n.hierarchy.topology
	l := &t.u.lanes[geo.Emergency]
	targets := t.targets()
	const k = 10
	nearest := func(to *cch.Target) {
		l.search.Start(l.index, to, 0, kernel.Inf)
		for range k {
			l.search.Next()
		}
	}
	b.Run("D", func(b *testing.B) {
		d := newDijkstra(t.n.graph)
		for b.Loop() {
			d.to(road.Node(t.random.IntN(t.n.graph.Nodes())), geo.Emergency)
		}
		t.in(b, 1)
	})
	b.Run("1-ten-nearest-new-call", func(b *testing.B) {
		places := make([]cch.Place, len(t.calls))
		for i, c := range t.calls {
			at, _ := t.n.Snap(c)
			places[i] = l.entering(at)
		}
		var target cch.Target
		for i := 0; b.Loop(); i++ {
			l.index.Target(&target, l.to, places[i%len(places)])
			nearest(&target)
		}
		t.in(b, 1)
	})
	b.Run("1b-ten-nearest-with-distances", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			clear(t.u.goals)
			legs, _ := t.u.Nearest(t.calls[i%len(t.calls)], geo.Emergency, 0, 0)
			left := k
			for range legs {
				if left--; left == 0 {
					break
				}
			}
		}
		t.in(b, 1)
	})
	b.Run("2-ten-nearest-kept-call", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			nearest(&targets[i%len(targets)])
		}
		t.in(b, 1)
	})
	b.Run("3-distance-kept", func(b *testing.B) {
		pairs := make([][2]int, 1<<16)
		for i := range pairs {
			pairs[i] = [2]int{t.random.IntN(tableUnits), t.random.IntN(tableCalls)}
		}
		for i := 0; b.Loop(); i++ {
			pair := pairs[i&(1<<16-1)]
			l.index.Distance(pair[0], &targets[pair[1]])
		}
		t.in(b, 1)
	})
	out := make([]uint32, tableUnits)
	b.Run("4-one-call-to-all-units", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			l.index.Matrix(out, &targets[i%len(targets)])
		}
		t.in(b, 1)
	})
	b.Run("5-matrix-1000-by-5000", func(b *testing.B) {
		matrix := make([]uint32, tableUnits*tableCalls)
		all := make([]*cch.Target, len(targets))
		for i := range targets {
			all[i] = &targets[i]
		}
		for b.Loop() {
			l.index.Matrix(matrix, all...)
		}
		t.in(b, 1)
	})
	b.Run("6-unit-moves", func(b *testing.B) {
		places := make([]cch.Place, 1<<14)
		for i := range places {
			at, _ := t.n.Snap(t.anywhere())
			places[i] = l.leaving(at)
		}
		for i := 0; b.Loop(); i++ {
			l.index.Put(i%tableUnits, places[i%len(places)], 0)
		}
		t.in(b, 1)
		for slot := range t.u.units {
			t.u.place(slot)
		}
	})
	b.Run("7-customization", func(b *testing.B) {
		w := t.n.epoch.Load().weights[geo.Emergency]
		for b.Loop() {
			topology.Customize(w)
		}
		t.in(b, 1)
	})
	b.Run("8-hundred-arcs-change", func(b *testing.B) {
		m := l.metric
		for b.Loop() {
			b.StopTimer()
			w := m.Weights()
			w.Set = make(map[uint32]uint32)
			var arcs []uint32
			for range 100 {
				a := t.random.Uint32N(uint32(t.n.graph.Arcs()))
				arcs = append(arcs, a)
				w.Set[a] = 3 * w.Shared[a]
			}
			b.StartTimer()
			m.Update(w, arcs)
		}
		t.in(b, 1)
	})
	b.Run("9-closure-6000-labels", func(b *testing.B) { t.closures(b, false) })
	b.Run("9b-closure-both-profiles", func(b *testing.B) { t.closures(b, true) })
	b.Run("10-all-weights-new", func(b *testing.B) {
		for b.Loop() {
			times := &Times{Name: "t"}
			for p := range geo.Profiles {
				times.Millis[p] = t.n.graph.AllMillis(p)
			}
			if _, err := t.n.Adopt(Conditions{Times: times}); err != nil {
				b.Fatal(err)
			}
			t.u.Version()
		}
		t.in(b, int(geo.Profiles))
	})
	b.Run("memory", func(b *testing.B) { // of tables and labels in both profiles, and 1,000 targets
		bytes := tableCalls * 4 * topology.Deep()
		for p := range t.u.lanes {
			l := &t.u.lanes[p]
			bytes += l.from.Bytes() + l.to.Bytes() + l.index.Bytes()
		}
		b.ReportMetric(float64(bytes)/1e6, "MB")
	})
	b.Run("11-order", func(b *testing.B) {
		for b.Loop() {
			Order(t.n.graph, nil)
		}
		t.in(b, 1)
	})
}

// closures closes and opens ten arcs side by side, over and over, and gives how
// long it takes until every label is exact again: of units and calls in one
// profile, as the goal counts them, or of units in both, as a server has them.
func (t *table) closures(b *testing.B, both bool) {
	var took []time.Duration
	l := &t.u.lanes[geo.Emergency]
	topology := t.n.hierarchy.topology
	targets, places := t.targets(), make([]cch.Place, tableCalls)
	for i, c := range t.calls {
		at, _ := t.n.Snap(c)
		places[i] = l.entering(at)
	}
	one := func(c Conditions) {
		old := t.n.epoch.Load()
		next, err := old.after(t.n.graph, c)
		if err != nil {
			b.Fatal(err)
		}
		arcs, _ := old.differing(next)
		metric, changed := l.metric.Update(next.weights[geo.Emergency], arcs)
		l.metric = metric
		l.from.Follow(metric, changed)
		l.to.Follow(metric, changed)
		l.index.Follow(changed)
		cch.Subtrees(topology, changed, func(low, high uint32) {
			for i := range targets {
				if x := places[i].Low.Node; low <= x && x <= high {
					l.index.Target(&targets[i], l.to, places[i])
				}
			}
		})
		t.n.epoch.Store(next)
	}
	whole := func(c Conditions) {
		if _, err := t.n.Adopt(c); err != nil {
			b.Fatal(err)
		}
		t.u.Version()
	}
	change := one
	if both {
		change = whole
	}
	for b.Loop() {
		closed := Conditions{Closed: t.sideBySide(10)}
		for _, c := range [...]Conditions{closed, {}} {
			start := time.Now()
			change(c)
			took = append(took, time.Since(start))
		}
	}
	b.StopTimer()
	t.d = t.yardstick()
	slices.Sort(took)
	for name, at := range map[string]float64{"p50-D": 0.5, "p99-D": 0.99, "max-D": 1} {
		b.ReportMetric(float64(took[int(at*float64(len(took)-1))])/float64(t.d), name)
	}
	if !both { // nobody else has followed
		whole(Conditions{Times: &Times{Name: "own", Millis: [geo.Profiles][]uint32{t.n.graph.AllMillis(0), t.n.graph.AllMillis(1)}}})
		whole(Conditions{})
	}
}

// sideBySide are arcs around a random node.
func (t *table) sideBySide(n int) []road.Arc {
	g := t.n.graph
	var arcs []road.Arc
	queue := []road.Node{road.Node(t.random.IntN(g.Nodes()))}
	for len(queue) > 0 && len(arcs) < n {
		node := queue[0]
		queue = queue[1:]
		for a, end := g.Out(node); a < end && len(arcs) < n; a++ {
			if !slices.Contains(arcs, a) {
				arcs = append(arcs, a)
				queue = append(queue, g.Head(a))
			}
		}
	}
	return arcs
}

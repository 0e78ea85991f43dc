package cch

import (
	"math/rand/v2"
	"slices"
	"testing"

	"callbox/geo/route/kernel"
)

// graph is a random one with everything that a road graph may have: loops, arcs
// side by side, weights of nothing, closed arcs, parts that do not meet.
type graph struct {
	nodes   int
	arcs    [][2]uint32
	weights []uint32
}

func randomGraph(r *rand.Rand) graph {
	g := graph{nodes: 1 + r.IntN(40)}
	for range r.IntN(4 * g.nodes) {
		u := uint32(r.IntN(g.nodes))
		v := uint32(r.IntN(g.nodes))
		if r.IntN(3) > 0 { // mostly near each other
			v = uint32(min(g.nodes-1, int(u)+r.IntN(4)))
		}
		g.arcs = append(g.arcs, [2]uint32{u, v})
		if r.IntN(3) > 0 {
			g.arcs = append(g.arcs, [2]uint32{v, u})
		}
	}
	for range g.arcs {
		g.weights = append(g.weights, randomWeight(r))
	}
	return g
}

func randomWeight(r *rand.Rand) uint32 {
	switch r.IntN(8) {
	case 0:
		return 0
	case 1:
		return kernel.Inf
	case 2:
		return kernel.Inf - 1
	case 3:
		return ^uint32(0)
	}
	return r.Uint32N(20)
}

func (g graph) order(r *rand.Rand) []uint32 {
	order := make([]uint32, g.nodes)
	for i, n := range r.Perm(g.nodes) {
		order[i] = uint32(n)
	}
	if r.IntN(2) == 0 {
		slices.Sort(order)
	}
	return order
}

// distances is Floyd and Warshall's method.
func (g graph) distances(w Weights) [][]uint32 {
	d := make([][]uint32, g.nodes)
	for u := range d {
		d[u] = make([]uint32, g.nodes)
		clearLabel(d[u])
		d[u][u] = 0
	}
	for i, a := range g.arcs {
		d[a[0]][a[1]] = min(d[a[0]][a[1]], w.At(uint32(i)))
	}
	for k := range d {
		for u := range d {
			for v := range d {
				d[u][v] = min(d[u][v], d[u][k]+d[k][v])
			}
		}
	}
	return d
}

func (g graph) topology(t *testing.T, r *rand.Rand) *Topology {
	t.Helper()
	var joined [][2]uint32
	for range r.IntN(3) {
		joined = append(joined, [2]uint32{r.Uint32N(uint32(g.nodes)), r.Uint32N(uint32(g.nodes))})
	}
	top, err := New(g.order(r), g.arcs, joined)
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range [...][][2]uint32{g.arcs, joined} {
		for _, a := range list {
			u, v := top.Rank(a[0]), top.Rank(a[1])
			if !top.within(min(u, v), max(u, v)) {
				t.Fatalf("nodes %d and %d are joined, and neither is an ancestor of the other", a[0], a[1])
			}
		}
	}
	return top
}

func TestDistances(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		g := randomGraph(r)
		top := g.topology(t, r)
		m := top.Customize(Weights{Shared: g.weights})
		check(t, r, g, m, nil, seed)
		for range 4 {
			set := make(map[uint32]uint32)
			var arcs []uint32
			for i := range g.arcs {
				if r.IntN(4) == 0 {
					arcs = append(arcs, uint32(i))
					if r.IntN(3) > 0 {
						set[uint32(i)] = randomWeight(r)
					}
				} else if old, ok := m.Weights().Set[uint32(i)]; ok {
					set[uint32(i)] = old
				}
			}
			w := Weights{Shared: g.weights, Set: set}
			tables := [2]*Table{m.Table(From, 2), m.Table(To, 3)}
			before := m
			old := top.flat(m)
			var changed []uint32
			m, changed = m.Update(w, arcs)
			if got, want := top.flat(m), top.flat(top.Customize(w)); !slices.Equal(got, want) {
				t.Fatalf("seed %d: an update gives other weights than customizing anew", seed)
			}
			if !slices.Equal(old, top.flat(before)) {
				t.Fatalf("seed %d: an update changes the metric before", seed)
			}
			if !slices.IsSorted(changed) {
				t.Fatalf("seed %d: changed nodes %v are not in order", seed, changed)
			}
			for _, table := range tables {
				table.Follow(m, changed)
			}
			check(t, r, g, m, tables[:], seed)
		}
	}
}

// flat is all weights of a metric.
func (t *Topology) flat(m *Metric) (all []uint32) {
	for x := range uint32(t.Nodes()) {
		all = append(append(all, m.up.of(t, x)...), m.down.of(t, x)...)
	}
	return all
}

// check compares the distances of all pairs, by labels, tables and paths.
func check(t *testing.T, r *rand.Rand, g graph, m *Metric, tables []*Table, seed uint64) {
	t.Helper()
	want := g.distances(m.Weights())
	for u := range g.nodes {
		for v := range g.nodes {
			from, to := End{m.Rank(uint32(u)), 0}, End{m.Rank(uint32(v)), 0}
			if u == v {
				continue
			}
			pf, pt := PlaceOf(from, NoEnd), PlaceOf(NoEnd, to)
			lf, lt := make([]uint32, m.Length(pf)), make([]uint32, m.Length(pt))
			m.Label(From, lf, pf)
			m.Label(To, lt, pt)
			var way Way
			m.Way(&way, to.Node)
			shared := m.Shared(&way, from.Node)
			if slow := m.sharedByWalking(from.Node, to.Node); shared != slow {
				t.Fatalf("seed %d: %d ancestors are shared, by the codes %d", seed, slow, shared)
			}
			got := kernel.MinSum(lf, lt, uint32(shared))
			if got != want[u][v] {
				t.Fatalf("seed %d: from %d to %d it takes %d, want %d", seed, u, v, got, want[u][v])
			}
			if tables != nil {
				if by := slices.Clone(lf); !slices.Equal(lf, fill(tables[0], by, pf)) {
					t.Fatalf("seed %d: the label by the table is %v, want %v", seed, by, lf)
				}
				if by := slices.Clone(lt); !slices.Equal(lt, fill(tables[1], by, pt)) {
					t.Fatalf("seed %d: the label by the table is %v, want %v", seed, by, lt)
				}
			}
			if r.IntN(4) == 0 {
				checkPath(t, g, m, pf, pt, uint32(u), uint32(v), want[u][v])
			}
		}
	}
	if len(g.arcs) > 0 {
		checkTwoEnds(t, r, g, m, want)
	}
}

func fill(table *Table, label []uint32, p Place) []uint32 {
	table.Label(label, p)
	return label
}

// checkTwoEnds tries places that are left by either end of an arc.
func checkTwoEnds(t *testing.T, r *rand.Rand, g graph, m *Metric, want [][]uint32) {
	t.Helper()
	table := m.Table(From, 1+r.Uint32N(4))
	for range 10 {
		a := g.arcs[r.IntN(len(g.arcs))]
		costs := [2]uint32{r.Uint32N(9), r.Uint32N(9)}
		p := PlaceOf(End{m.Rank(a[0]), costs[0]}, End{m.Rank(a[1]), costs[1]})
		v := r.Uint32N(uint32(g.nodes))
		to := PlaceOf(End{m.Rank(v), 0}, NoEnd)
		from, by, back := make([]uint32, m.Length(p)), make([]uint32, m.Length(p)), make([]uint32, m.Length(to))
		m.Label(From, from, p)
		m.Label(To, back, to)
		table.Label(by, p)
		if !slices.Equal(from, by) {
			t.Fatalf("by the table %v, want %v", by, from)
		}
		shared := m.sharedByWalking(p.Low.Node, to.Low.Node)
		best := min(kernel.Inf, costs[0]+want[a[0]][v], costs[1]+want[a[1]][v])
		if got := kernel.MinSum(from, back, uint32(shared)); got != best {
			t.Fatalf("from between %v to %d: got %d, want %d", a, v, got, best)
		}
	}
}

func checkPath(t *testing.T, g graph, m *Metric, from, to Place, u, v, want uint32) {
	t.Helper()
	path, ok := m.Path(from, to)
	if ok != (want < kernel.Inf) {
		t.Fatalf("a path from %d to %d: %v, it takes %d", u, v, ok, want)
	}
	if !ok {
		return
	}
	at, sum := u, uint32(0)
	for _, a := range path.Arcs {
		if g.arcs[a][0] != at {
			t.Fatalf("the path from %d to %d is torn", u, v)
		}
		at, sum = g.arcs[a][1], sum+m.Weights().At(a)
	}
	if at != v || sum != want || path.First != m.Rank(u) || path.Last != m.Rank(v) {
		t.Fatalf("the path from %d to %d ends in %d and takes %d, want %d", u, v, at, sum, want)
	}
}

package order

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"callbox/geo"
	"callbox/geo/road/roadtest"
)

// checkOrder fails unless order holds each node of g once.
func checkOrder(t *testing.T, g Graph, order []uint32) {
	t.Helper()
	seen := make([]bool, g.Nodes())
	for _, v := range order {
		if int(v) >= len(seen) || seen[v] {
			t.Fatalf("node %d is there twice, or is none", v)
		}
		seen[v] = true
	}
	if len(order) != g.Nodes() {
		t.Fatalf("%d of %d nodes", len(order), g.Nodes())
	}
}

// scatter draws a graph that is like no road network: any pairs, and many nodes
// at one point.
func scatter(r *rand.Rand, nodes, edges int) Graph {
	points := make([]geo.Point, nodes)
	for v := range points {
		points[v] = geo.Point{Lat: r.Int32N(4) * 1000, Lon: r.Int32N(1+r.Int32N(1000)) * 1000}
	}
	pairs := make([][2]uint32, edges)
	for i := range pairs {
		pairs[i] = [2]uint32{r.Uint32N(uint32(nodes)), r.Uint32N(uint32(nodes))}
	}
	return FromPairs(points, pairs)
}

// meadow draws a graph like a road network: nodes near each other are joined.
func meadow(r *rand.Rand, width, height int) Graph {
	points := make([]geo.Point, width*height)
	var pairs [][2]uint32
	for v := range points {
		points[v] = geo.Point{Lat: int32(v/width)*10 + r.Int32N(8), Lon: int32(v%width)*10 + r.Int32N(8)}
		for _, u := range []int{v + 1, v + width, v + width + 1} {
			if u < len(points) && r.IntN(4) > 0 {
				pairs = append(pairs, [2]uint32{uint32(v), uint32(u)})
			}
		}
	}
	return FromPairs(points, pairs)
}

func TestEveryNodeHasOnePlace(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	for range 300 {
		nodes := 1 + r.IntN(60)
		g := scatter(r, nodes, r.IntN(4*nodes))
		if r.IntN(3) == 0 {
			g = meadow(r, 1+r.IntN(30), 1+r.IntN(30))
		}
		checkOrder(t, g, Compute(g, Options{Directions: r.IntN(9), Balance: r.IntN(60)}))
	}
}

func TestDegenerateGraphs(t *testing.T) {
	const n = 600
	pairs := map[string]func(u, v int) bool{
		"no edges":   func(u, v int) bool { return false },
		"a path":     func(u, v int) bool { return v == u+1 },
		"a circuit":  func(u, v int) bool { return v == u+1 || u == 0 && v == n-1 },
		"a star":     func(u, v int) bool { return u == 0 },
		"a tree":     func(u, v int) bool { return u == (v-1)/3 },
		"five hubs":  func(u, v int) bool { return u < 5 },
		"all pairs":  func(u, v int) bool { return true },
		"two halves": func(u, v int) bool { return u < n/2 && v >= n/2 },
		"pieces":     func(u, v int) bool { return u/7 == v/7 },
	}
	deepest := map[string]int{
		"no edges": 1, "a path": 20, "a circuit": 20, "a star": 2, "a tree": 10,
		"five hubs": 6, "all pairs": n, "two halves": n/2 + 1, "pieces": 7,
	}
	for name, adjacent := range pairs {
		t.Run(name, func(t *testing.T) {
			points := make([]geo.Point, n) // all at one point
			var list [][2]uint32
			for v := range n {
				for u := range v {
					if adjacent(u, v) {
						list = append(list, [2]uint32{uint32(u), uint32(v)})
					}
				}
			}
			g := FromPairs(points, list)
			order := Compute(g, Options{})
			checkOrder(t, g, order)
			if depth := Quality(g, order).MaxDepth; depth > deepest[name] {
				t.Errorf("depth %d, want at most %d", depth, deepest[name])
			}
		})
	}
	if order := Compute(Graph{First: []uint32{0}}, Options{}); len(order) != 0 {
		t.Errorf("an empty graph has the order %v", order)
	}
}

// TestOrderDependsOnNothingElse: not on the number of processors, nor on who
// is first.
func TestOrderDependsOnNothingElse(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 0))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for range 3 {
		g := meadow(r, 50, 40)
		runtime.GOMAXPROCS(1)
		want := Compute(g, Options{})
		for _, processors := range []int{2, 2, 8} {
			runtime.GOMAXPROCS(processors)
			if !slices.Equal(want, Compute(g, Options{})) {
				t.Fatalf("another order with %d processors", processors)
			}
		}
	}
}

func TestProgress(t *testing.T) {
	g := FromRoads(roadtest.Grid(40, 40))
	last, calls := 0, 0
	Compute(g, Options{Progress: func(done, total int) {
		if done <= last || total != g.Nodes() {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
		calls++
	}})
	if last != g.Nodes() || calls > 100 {
		t.Errorf("%d of %d in %d calls", last, g.Nodes(), calls)
	}
}

// TestGridDepth: straight lines make a depth of n + n/2 + n/2 + n/4 + ..., which
// is 3n, and by a finer count of a mesh with diagonals 31/4 n² log2 n arcs
// (George, "Nested dissection of a regular finite element mesh", SIAM Journal on
// Numerical Analysis 10, 1973).
func TestGridDepth(t *testing.T) {
	for _, n := range []int{2, 5, 10, 20, 40, 80} {
		g := FromRoads(roadtest.Grid(n, n))
		f := Quality(g, Compute(g, Options{}))
		if f.MaxDepth > 3*n+2 {
			t.Errorf("%d x %d: depth %d", n, n, f.MaxDepth)
		}
		log := 0
		for 1<<log < n {
			log++
		}
		if f.Arcs > int64(31*n*n*log/4) {
			t.Errorf("%d x %d: %d arcs", n, n, f.Arcs)
		}
	}
}

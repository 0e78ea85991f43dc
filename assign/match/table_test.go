package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// BenchmarkTable prints one table: how fast the solvers are, beside scipy in the
// same run where it is installed, and how often they were right. Each time is the
// median of five; ours and scipy's take turns.
func BenchmarkTable(b *testing.B) {
	for b.Loop() {
		table(b)
	}
}

func table(b *testing.B) {
	s := startScipy(b)
	if s == nil {
		fmt.Println("\nno scipy here: comparison skipped (apt-get install python3-scipy)")
	} else {
		fmt.Printf("\nscipy %s\n", s.version)
	}
	r := rand.New(rand.NewPCG(4, 20))
	fmt.Printf("%-44s %12s %12s %8s %6s\n", "solve", "callbox", "scipy", "ratio", "goal")
	for _, c := range []struct {
		name          string
		rows, columns int
		goal          float64
	}{
		{"geographic 200x2000", 200, 2000, 0.10},
		{"geographic 1000x10000", 1000, 10000, 0.03},
		{"geographic 1000x1000", 1000, 1000, 0.9},
	} {
		p := drawPlane(r, c.rows, c.columns)
		t := p.table()
		if c.rows < c.columns {
			compare(b, s, c.name+", streams, index built in it", t, c.goal, func() verified { return solved(Solve(newGrid(p).streams(), 1)) })
			g := newGrid(p)
			compare(b, s, c.name+", streams, index there", t, c.goal, func() verified { return solved(Solve(g.streams(), 1)) })
			compare(b, s, c.name+", dense", t, 0.5, func() verified { return solved(Dense(t)) })
			continue
		}
		compare(b, s, c.name+", streams, index built in it", t, 0, func() verified { return solved(Solve(newGrid(p).streams(), 1)) })
		compare(b, s, c.name+", dense", t, c.goal, func() verified { return solved(Dense(t)) })
	}
	u := uniform(r, 1000, 1000)
	compare(b, s, "uniform 1000x1000, dense", u, 0.6, func() verified { return solved(Dense(u)) })
	events(r)
	wrong := 0
	const problems = 100_000
	for range problems {
		p := draw(r)
		if compareWithTwin(p, r) != nil || denseAgainstTwin(p.narrow()) != nil {
			wrong++
		}
	}
	fmt.Printf("%-44s %12d %21d wrong\n", "problems of up to 8x8, against brute force", problems, wrong)
	if s != nil {
		agree(b, s, r)
	}
}

// verified is what all answers can do.
type verified interface {
	Total() Cost
	Verify() error
}

// solved passes an answer on; an error is met when it is asked for its total.
func solved[A verified](a A, err error) verified {
	if err != nil {
		panic(err)
	}
	return a
}

// compare times both, in turns, and prints a line.
func compare(b *testing.B, s *scipy, name string, t Table, goal float64, solve func() verified) {
	if s != nil {
		s.load(b, t)
	}
	var ours, theirs []time.Duration
	var answer verified
	for range 5 {
		start := time.Now()
		answer = solve()
		ours = append(ours, time.Since(start))
		if s != nil {
			took, total := s.solve(b)
			theirs = append(theirs, took)
			if total != answer.Total()[0] {
				b.Fatalf("%s: total %d, scipy's %d", name, answer.Total()[0], total)
			}
		}
	}
	if err := answer.Verify(); err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	fmt.Printf("%-44s %12v", name, median(ours))
	if s != nil {
		fmt.Printf(" %12v %8.3f", median(theirs), float64(median(ours))/float64(median(theirs)))
		if goal > 0 {
			fmt.Printf(" %6.2f", goal)
		}
	}
	fmt.Println()
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2].Round(time.Microsecond / 10)
}

func uniform(r *rand.Rand, rows, columns int) Table {
	t := Table{Rows: rows, Columns: columns, Levels: 1, Costs: make([]int64, rows*columns)}
	for k := range t.Costs {
		t.Costs[k] = r.Int64N(side)
	}
	return t
}

// agree compares the totals of 200 problems.
func agree(b *testing.B, s *scipy, r *rand.Rand) {
	const problems = 200
	wrong := 0
	for k := range problems {
		rows := 20 + r.IntN(981)
		columns := max(rows, 200+r.IntN(801))
		var t Table
		var sparse *Matching
		if k%2 == 0 {
			p := drawPlane(r, rows, columns)
			t = p.table()
			sparse, _ = Solve(newGrid(p).streams(), 1)
		} else {
			t = uniform(r, rows, columns)
			sparse, _ = Solve(rowsOf(t), 1)
		}
		dense, err := Dense(t)
		s.load(b, t)
		_, total := s.solve(b)
		if err != nil || dense.Verify() != nil || sparse.Verify() != nil || dense.Total()[0] != total || sparse.Total()[0] != total {
			wrong++
		}
	}
	fmt.Printf("%-44s %12d %21d wrong\n", "problems of 20x200 to 1000x1000, against scipy", problems, wrong)
}

// events times changes of a city of 200 calls and 2,000 units, each whole: the
// index, the 200 new distances of a unit that moves, and the repair.
func events(r *rand.Rand) {
	const calls, units, pull = 200, 2000, 300_000
	kinds := [...]string{"new call", "closed call", "moved unit", "moved unit that has a call", "mixed"}
	for _, levels := range []int{1, 4} {
		c := newStreets(r, calls, units, levels, pull)
		var took [len(kinds)][]time.Duration
		for k := range 20_000 {
			var kind int
			var d time.Duration
			switch kind = k % 3; {
			case kind == 0:
				d = c.call()
			case kind == 1:
				d = c.closeOne()
			default:
				j := r.IntN(units)
				if k%2 == 0 {
					if j = c.m.Column(c.calls[r.IntN(len(c.calls))]); j < 0 {
						continue
					}
					kind = 3
				}
				d = c.moveUnit(j)
			}
			if k >= 4000 { // until then units have moved and memory has grown
				took[kind] = append(took[kind], d)
				if kind != 3 {
					took[4] = append(took[4], d)
				}
			}
		}
		if err := c.m.Verify(); err != nil {
			panic(err)
		}
		for kind, name := range kinds {
			list := took[kind]
			p50 := median(list)
			fmt.Printf("%-44s %12v %12s p99 %v\n", fmt.Sprintf("event, %s, %d levels", name, levels), p50, "", list[len(list)*99/100])
		}
	}
}

// streets is a city whose matching follows it.
type streets struct {
	*grid
	m       *Matching
	r       *rand.Rand
	none    Cost
	calls   []int      // row numbers
	at      [][2]int64 // of rows
	entries []Entry
	costs   []int64
	levels  int
}

func newStreets(r *rand.Rand, calls, units, levels int, pull int64) *streets {
	c := &streets{grid: newGrid(drawPlane(r, 0, units)), m: New(levels), r: r, none: make(Cost, levels), levels: levels}
	c.none[levels-1] = pull
	for range calls {
		c.call()
	}
	return c
}

func (c *streets) point() [2]int64 { return [2]int64{c.r.Int64N(side), c.r.Int64N(side)} }

func (c *streets) call() time.Duration {
	at := c.point()
	start := time.Now()
	n := new(nearby)
	c.open(n, at, c.none)
	row, err := c.m.Add(last{n, make(Cost, c.levels), make(Cost, c.levels)})
	took := time.Since(start)
	if err != nil {
		panic(err)
	}
	c.calls = append(c.calls, row)
	for row >= len(c.at) {
		c.at = append(c.at, [2]int64{})
	}
	c.at[row] = at
	return took
}

func (c *streets) closeOne() time.Duration {
	k := c.r.IntN(len(c.calls))
	row := c.calls[k]
	c.calls = slices.Delete(c.calls, k, k+1)
	start := time.Now()
	c.m.Remove(row)
	return time.Since(start)
}

// moveUnit moves a unit by some streets.
func (c *streets) moveUnit(j int) time.Duration {
	to := c.columns[j]
	for axis := range to {
		to[axis] = min(side-1, max(0, to[axis]+c.r.Int64N(side/50)-side/100))
	}
	start := time.Now()
	c.move(int32(j), to)
	c.entries, c.costs = c.entries[:0], c.costs[:0]
	c.costs = slices.Grow(c.costs, len(c.calls)*c.levels)
	for _, row := range c.calls {
		from := len(c.costs)
		c.costs = c.costs[:from+c.levels]
		cost := Cost(c.costs[from:])
		clear(cost)
		cost[c.levels-1] = way(c.at[row], to)
		c.entries = append(c.entries, Entry{row, cost})
	}
	if err := c.m.AddColumn(j, c.entries); err != nil {
		panic(err)
	}
	return time.Since(start)
}

// last is a stream whose costs stand in the last of several levels.
type last struct {
	*nearby
	cost, bound Cost
}

func (l last) Next() (int, Cost, bool) {
	j, c, ok := l.nearby.Next()
	if ok {
		l.cost[len(l.cost)-1] = c[0]
	}
	return j, l.cost, ok
}

func (l last) Bound() Cost {
	c := l.nearby.Bound()
	if c == nil {
		return nil
	}
	l.bound[len(l.bound)-1] = c[0]
	return l.bound
}

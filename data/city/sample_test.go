package city

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/area"
	"callbox/geo/cell"
	"callbox/geo/road"
	"callbox/geo/route"
)

func sample(t testing.TB, o SampleOptions) *City {
	t.Helper()
	c, err := Sample(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// eachSample runs a test on cities of several sizes and seeds, the reference
// city among them.
func eachSample(t *testing.T, test func(t *testing.T, o SampleOptions)) {
	options := []SampleOptions{{Seed: 1, Columns: 11, Rows: 7}}
	for seed := range uint64(12) {
		for _, size := range [][2]int{{1, 1}, {1, 4}, {3, 2}} {
			options = append(options, SampleOptions{Seed: seed, Columns: size[0], Rows: size[1]})
		}
	}
	for _, o := range options {
		t.Run(fmt.Sprintf("%dx%d-%d", o.Columns, o.Rows, o.Seed), func(t *testing.T) { test(t, o) })
	}
}

func TestSampleRoads(t *testing.T) {
	eachSample(t, func(t *testing.T, o SampleOptions) {
		c, g := sample(t, o), newGrid(o)
		dry, oneWay := 0, 0
		for _, s := range g.spots {
			if !g.river.wet(s) {
				dry++
			}
		}
		if n := c.Roads.Nodes(); n < dry*999/1000 {
			t.Errorf("%d of %d crossings can be reached from everywhere", n, dry)
		}
		if _, dropped, err := road.LargestComponent(c.Roads); err != nil || dropped > 0 {
			t.Errorf("not strongly connected: %d nodes dropped, %v", dropped, err)
		}
		for a := range road.Arc(c.Roads.Arcs()) {
			p, q := c.Roads.Point(c.Roads.Tail(a)), c.Roads.Point(c.Roads.Head(a))
			if length, straight := c.Roads.Length(a), geo.Between(p, q); length < straight-30 || length > straight*1005/1000 {
				t.Fatalf("arc %d is %d mm long, its ends are %d mm apart", a, length, straight)
			}
			routine, emergency := c.Roads.Time(a, geo.Routine), c.Roads.Time(a, geo.Emergency)
			if rest := emergency - routine*3/4; rest < 0 || rest >= time.Millisecond {
				t.Fatalf("arc %d takes %v, in an emergency %v", a, routine, emergency)
			}
			if c.Roads.Twin(a) == road.NoArc {
				oneWay++
			}
		}
		if share := float64(oneWay) / float64(c.Roads.Arcs()); share < 0.2 || share > 0.5 {
			t.Errorf("%.2f of the arcs are one-way", share)
		}
		for _, k := range []area.Kind{area.Sector, area.Precinct} {
			for _, a := range c.Areas.All() {
				inside := 0
				for n := range road.Node(c.Roads.Nodes()) {
					if a.Kind == k && len(c.Roads.In(n)) > 0 && c.Areas.Contains(a.ID, c.Roads.Point(n)) {
						if inside++; inside == 50 {
							break
						}
					}
				}
				if a.Kind == k && inside < 50 {
					t.Errorf("%s %s has %d crossings", k, a.ID, inside)
				}
			}
		}
	})
}

// TestRiverIsCrossedByBridgesOnly looks at every street along its whole length,
// apart from how it was made.
func TestRiverIsCrossedByBridgesOnly(t *testing.T) {
	eachSample(t, func(t *testing.T, o SampleOptions) {
		c, river := sample(t, o), newGrid(o).river
		west := func(p geo.Point) bool { s := spotOf(p); return s.x < river.at(s.y) }
		bridges := make(map[[2]road.Node]bool)
		for a := range road.Arc(c.Roads.Arcs()) {
			u, v := c.Roads.Tail(a), c.Roads.Head(a)
			changes := 0
			for mm := geo.Distance(0); mm < c.Roads.Length(a); mm += geo.Meters(10) {
				from := c.Roads.PointAt(road.Position{Arc: a, Along: uint32(mm)})
				to := c.Roads.PointAt(road.Position{Arc: a, Along: uint32(min(mm+geo.Meters(10), c.Roads.Length(a)))})
				if west(from) != west(to) {
					changes++
				}
			}
			if changes == 0 {
				continue
			}
			bridges[[2]road.Node{min(u, v), max(u, v)}] = true
			speed := c.Roads.Length(a).Meters() / c.Roads.Time(a, geo.Routine).Seconds() * 3.6
			if changes != 1 || speed < 27 || c.Roads.Twin(a) == road.NoArc {
				t.Errorf("arc %d crosses the river %d times at %.0f km/h", a, changes, speed)
			}
		}
		if len(bridges) != o.Rows {
			t.Errorf("%d streets cross the river, want %d bridges", len(bridges), o.Rows)
		}
	})
}

func TestSampleAreasTile(t *testing.T) {
	o := SampleOptions{Columns: 11, Rows: 7}
	c := sample(t, o)
	if c.Areas.Len() != 77*5 {
		t.Fatalf("%d areas", c.Areas.Len())
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		s := spot{r.Int64N(int64(o.Columns) * precinct), r.Int64N(int64(o.Rows) * precinct)}
		if border := int64(precinct / 2); min(s.x%border, s.y%border) < 20 || max(s.x%border, s.y%border) > border-20 {
			continue // a border belongs to both sides
		}
		column, row := s.x/precinct, int64(o.Rows)-1-s.y/precinct
		id := fmt.Sprint(row*int64(o.Columns) + column + 1)
		letter := "CDAB"[s.x/(precinct/2)%2+2*(s.y/(precinct/2)%2)]
		if got, want := c.Areas.At(s.point()), []string{id + string(letter), id}; !slices.Equal(got, want) {
			t.Fatalf("%v lies in %q, want %q", s.point(), got, want)
		}
		if a, _ := c.Areas.Get(id + string(letter)); a.Parent != id {
			t.Fatalf("the parent of %s is %q", a.ID, a.Parent)
		}
	}
	corner := spot{int64(o.Columns) * precinct, int64(o.Rows) * precinct}
	km2 := geo.Between(sampleCorner, spot{corner.x, 0}.point()).Meters() * geo.Between(sampleCorner, spot{0, corner.y}.point()).Meters() / 1e6
	if km2 < 787 || km2 > 789 {
		t.Errorf("the city has %.1f square kilometres, want 788", km2)
	}
}

func TestSampleDemandAndPosts(t *testing.T) {
	eachSample(t, func(t *testing.T, o SampleOptions) {
		c := sample(t, o)
		held := make(map[cell.ID]bool)
		corners := make(map[geo.Point]bool)
		for n := range road.Node(c.Roads.Nodes()) {
			p := c.Roads.Point(n)
			id, err := cell.At(p, cell.Resolution)
			if err != nil {
				t.Fatal(err)
			}
			held[id], corners[p] = true, true
		}
		if len(c.Demand) != len(held) {
			t.Errorf("demand in %d cells, crossings in %d", len(c.Demand), len(held))
		}
		for i, d := range c.Demand {
			if !held[d.Cell] || d.Weight <= 0 || i > 0 && d.Cell <= c.Demand[i-1].Cell {
				t.Fatalf("demand %d: %+v", i, d)
			}
		}
		sectors := 4 * o.Columns * o.Rows
		if len(c.Posts) != sectors*postsPerSector/8 {
			t.Errorf("%d posts in %d sectors", len(c.Posts), sectors)
		}
		ids, first := make(map[string]bool), make(map[string]bool)
		for i, p := range c.Posts {
			if !corners[p.At] || !c.Areas.Contains(p.Area, p.At) || ids[p.ID] {
				t.Errorf("post %+v is on no crossing, outside its area, or there twice", p)
			}
			ids[p.ID] = true
			if i < sectors {
				first[p.Area] = true
			}
		}
		if len(first) != sectors {
			t.Errorf("the first %d posts are in %d of as many sectors", sectors, len(first))
		}
	})
}

// TestSampleDemandIsDenserInTheCentre looks at many seeds: each city has its own
// busy precincts.
func TestSampleDemandIsDenserInTheCentre(t *testing.T) {
	weight := func(c *City, id string) (sum int) {
		for _, d := range c.Demand {
			if p, err := cell.Center(d.Cell); err == nil && c.Areas.Contains(id, p) {
				sum += d.Weight
			}
		}
		return sum
	}
	middle, rim, unequal := 0, 0, 0
	for seed := range uint64(100) {
		c := sample(t, SampleOptions{Seed: seed, Columns: 3, Rows: 3})
		north, east := weight(c, "1"), weight(c, "3")
		middle, rim = middle+weight(c, "5"), rim+(north+east)/2
		if max(north, east) > min(north, east)*5/4 {
			unequal++
		}
	}
	if ratio := float64(middle) / float64(rim); ratio < 1.4 || ratio > 2.2 {
		t.Errorf("the middle has %.1f times the calls of a corner", ratio)
	}
	if unequal < 50 {
		t.Errorf("two corners had about the same demand in %d of 100 cities", 100-unequal)
	}
}

// TestSampleTravel holds the roads against the travel of the reference city:
// along the axes, at 22 to 35 km/h.
func TestSampleTravel(t *testing.T) {
	c := sample(t, SampleOptions{Seed: 1})
	q := route.New(c.Roads).Query()
	r := rand.New(rand.NewPCG(1, 2))
	for _, reach := range []struct {
		meters    float64
		low, high float64 // km/h
	}{{3_000, 22, 28}, {100_000, 28, 35}} {
		var km, hours float64
		for trips := 0; trips < 150; {
			a := c.Roads.Point(road.Node(r.IntN(c.Roads.Nodes())))
			b := c.Roads.Point(road.Node(r.IntN(c.Roads.Nodes())))
			if d := geo.Between(a, b).Meters(); d > reach.meters || d < 300 {
				continue
			}
			leg, ok := q.Time(a, b, geo.Routine)
			if !ok {
				t.Fatalf("no way from %v to %v", a, b)
			}
			s, e := spotOf(a), spotOf(b)
			km += float64(max(s.x-e.x, e.x-s.x)+max(s.y-e.y, e.y-s.y)) / kilometre
			hours += leg.Time.Hours()
			trips++
		}
		if speed := km / hours; speed < reach.low || speed > reach.high {
			t.Errorf("trips of up to %.0f m: %.1f km/h along the axes, want %.0f to %.0f", reach.meters, speed, reach.low, reach.high)
		}
	}
}

// TestSampleIsTheSameEverywhere pins one city: another version of it would be
// another city under the same seed.
func TestSampleIsTheSameEverywhere(t *testing.T) {
	o := SampleOptions{Seed: 7, Columns: 2, Rows: 2}
	c := sample(t, o)
	var demand bytes.Buffer
	for _, err := range []error{writeDemand(&demand, c.Demand), writePosts(&demand, c.Posts)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got := fmt.Sprintf("areas %s roads %s rest %.12s", c.Version(), c.Roads.Version(), sumOf(demand.Bytes()))
	const want = "areas c0fe2b72109b roads 4976b5cdf2bc rest 5ec1f0250cae"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	other := sample(t, SampleOptions{Seed: 8, Columns: 2, Rows: 2})
	if other.Roads.Version() == c.Roads.Version() || slices.Equal(other.Demand, c.Demand) || slices.Equal(other.Posts, c.Posts) {
		t.Error("two seeds make the same city")
	}
}

func TestSampleSizes(t *testing.T) {
	for _, o := range []SampleOptions{{Columns: -1}, {Rows: -1}, {Columns: MaxSample + 1}, {Rows: 1 << 40}} {
		if _, err := Sample(o); !errors.Is(err, ErrSample) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if testing.Short() {
		return
	}
	sample(t, SampleOptions{Columns: MaxSample, Rows: MaxSample})
}

func TestDistanceRoundsUp(t *testing.T) {
	for _, c := range []struct {
		to   spot
		want geo.Distance
	}{{spot{0, 0}, 0}, {spot{3, 4}, 5}, {spot{1, 1}, 2}, {spot{-30_000, 40_000}, 50_000}, {spot{64_000_000, 64_000_001}, 90_509_669}} {
		if got := (spot{}).distance(c.to); got != c.want {
			t.Errorf("%v: %d mm, want %d", c.to, got, c.want)
		}
	}
}

func BenchmarkSample(b *testing.B) {
	for b.Loop() {
		sample(b, SampleOptions{Seed: 1})
	}
}

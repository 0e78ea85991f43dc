package route_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

func ExampleFleet_Nearest() {
	network := route.New(roadtest.Grid(10, 10))
	fleet := network.Fleet()
	call := network.Graph().Point(0)
	fleet.Put("75A", network.Graph().Point(3))
	fleet.Put("75B", network.Graph().Point(90))
	fleet.Put("75C", network.Graph().Point(12))
	legs, ok := fleet.Nearest(call, geo.Emergency, time.Minute, 0)
	for leg := range legs {
		fmt.Println(leg.ID, leg.Time, leg.Distance.Meters(), "m")
	}
	fmt.Println(ok)
	// Output:
	// 75A 22.5s 300 m
	// 75C 22.5s 300 m
	// true
}

func nearest(t *testing.T, f *route.Fleet, to geo.Point, p geo.Profile, limit time.Duration) []geo.Leg {
	t.Helper()
	seq, ok := f.Nearest(to, p, limit, 0)
	if !ok {
		t.Fatalf("no street within reach of %v", to)
	}
	return slices.Collect(seq)
}

// TestNearestIsExact compares with Bellman and Ford on random graphs, while
// units come, move and go.
func TestNearestIsExact(t *testing.T) {
	cases, equal, lost := 0, 0, 0
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 1))
		nodes := 1 + r.IntN(14)
		g := roadtest.Random(r, nodes, 1+r.IntN(4*nodes))
		n := route.New(g, route.Within(geo.Meters(5000)))
		f := n.Fleet()
		at := map[string]geo.Point{}
		for range 3 {
			for range r.IntN(12) {
				id := fmt.Sprint("u", r.IntN(15))
				if r.IntN(5) == 0 {
					f.Delete(id)
					delete(at, id)
					continue
				}
				at[id] = somewhere(r, g)
				if r.IntN(8) == 0 && len(at) > 1 { // where another is
					at[id] = at[slices.Sorted(keys(at))[0]]
				}
				if !f.Put(id, at[id]) {
					t.Fatal("no street within reach")
				}
			}
			if f.Len() != len(at) {
				t.Fatalf("seed %d: %d units, want %d", seed, f.Len(), len(at))
			}
			ids := slices.Sorted(keys(at))
			call := somewhere(r, g)
			if len(ids) > 0 && r.IntN(4) == 0 {
				call = at[ids[0]]
			}
			cuts := []road.Position{snap(n, call)}
			for _, id := range ids {
				cuts = append(cuts, snap(n, at[id]))
			}
			for p := range geo.Profiles {
				costs := newTwin(g, cuts, p).bellmanFord(0)
				want := legs(costs, nodes+1, ids, 0)
				if got := nearest(t, f, call, p, 0); !slices.Equal(got, want) {
					t.Fatalf("seed %d, %v: got\n%v, want\n%v", seed, p, got, want)
				}
				for i := range want {
					cases++
					if i > 0 && want[i].Time == want[i-1].Time {
						equal++
					}
				}
				lost += len(ids) - len(want)
				if len(want) == 0 {
					continue
				}
				limit := want[r.IntN(len(want))].Time + time.Duration(r.IntN(3)-1)*time.Millisecond
				if limit > 0 {
					if got, want := nearest(t, f, call, p, limit), legs(costs, nodes+1, ids, limit); !slices.Equal(got, want) {
						t.Fatalf("seed %d, %v, limit %v: got\n%v, want\n%v", seed, p, limit, got, want)
					}
				}
				var got []geo.Leg // leave early, and start anew
				k := 1 + r.IntN(len(want))
				seq, _ := f.Nearest(call, p, 0, 0)
				for leg := range seq {
					if got = append(got, leg); len(got) == k {
						break
					}
				}
				if !slices.Equal(got, want[:k]) || !slices.Equal(slices.Collect(seq), want) {
					t.Fatalf("seed %d, %v: the first %d are\n%v, want\n%v", seed, p, k, got, want)
				}
			}
		}
	}
	t.Logf("%d legs compared, %d as fast as the one before, %d units that cannot come", cases, equal, lost)
	if cases < 10_000 || equal < 1000 || lost < 1000 {
		t.Error("the cases are too tame")
	}
}

func keys(m map[string]geo.Point) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// TestNearestForgetsTheOrderOfPuts: neither the order in which units came nor
// those that went may be seen in an answer.
func TestNearestForgetsTheOrderOfPuts(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 2))
		g := roadtest.Random(r, 10, 30)
		n := route.New(g, route.Within(geo.Meters(5000)))
		call := somewhere(r, g)
		at := map[string]geo.Point{}
		for i := range 20 {
			at[fmt.Sprint(i)] = somewhere(r, g)
		}
		var first []geo.Leg
		for round := range 5 {
			f := n.Fleet()
			ids := slices.Sorted(keys(at))
			r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
			for i, id := range ids {
				f.Put(fmt.Sprint("ghost", i), somewhere(r, g))
				f.Put(id, somewhere(r, g))
				f.Delete(fmt.Sprint("ghost", r.IntN(i+1)))
				f.Put(id, at[id])
			}
			for i := range ids {
				f.Delete(fmt.Sprint("ghost", i))
			}
			got := nearest(t, f, call, geo.Routine, 0)
			if round == 0 {
				first = got
			} else if !slices.Equal(got, first) {
				t.Fatalf("seed %d: got\n%v, before\n%v", seed, got, first)
			}
		}
	}
}

func TestFleetOffTheNetwork(t *testing.T) {
	town := roadtest.Draw(t, "a-b")
	n := route.New(town.Graph)
	f := n.Fleet()
	away := geo.Point{Lat: town.At("a").Lat + 100_000, Lon: town.At("a").Lon} // 1.1 km
	if f.Put("1", away) || f.Len() != 0 {
		t.Error("a unit without a street was put on the network")
	}
	if !f.Put("1", town.At("a")) || !f.Put("2", town.At("b")) || f.Len() != 2 {
		t.Error("units on a street were not put on the network")
	}
	if f.Put("1", away) || f.Len() != 1 {
		t.Error("a unit that left the streets is still on the network")
	}
	f.Delete("1")
	f.Delete("1")
	if got := nearest(t, f, town.At("a"), geo.Routine, 0); len(got) != 1 || got[0].ID != "2" {
		t.Errorf("got %v", got)
	}
	if _, ok := f.Nearest(away, geo.Routine, 0, 0); ok {
		t.Error("a call without a street got an answer")
	}
	if got := nearest(t, f, town.At("b"), geo.Routine, -1); len(got) != 0 {
		t.Errorf("in less than no time: %v", got)
	}
	if got := nearest(t, f, town.At("b"), geo.Routine, time.Nanosecond); len(got) != 1 {
		t.Errorf("a unit on the spot needs no time, got %v", got)
	}
}

// TestNearestPanicsOnMisuse: a stale stream must not go on with half-truths.
func TestNearestPanicsOnMisuse(t *testing.T) {
	town := roadtest.Draw(t, "a-b-c")
	for name, misuse := range map[string]func(f *route.Fleet){
		"put":    func(f *route.Fleet) { f.Put("3", town.At("b")) },
		"delete": func(f *route.Fleet) { f.Delete("2") },
		"nested": func(f *route.Fleet) {
			legs, _ := f.Nearest(town.At("c"), geo.Routine, 0, 0)
			for range legs {
				break
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := route.New(town.Graph).Fleet()
			f.Put("1", town.At("a"))
			f.Put("2", town.At("b"))
			defer func() {
				if recover() == nil {
					t.Error("nobody complained")
				}
			}()
			legs, _ := f.Nearest(town.At("a"), geo.Routine, 0, 0)
			for range legs {
				misuse(f)
			}
		})
	}
}

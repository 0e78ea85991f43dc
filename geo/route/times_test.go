package route_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

// hours are some sets of times of a graph.
func hours(r *rand.Rand, g *road.Graph, n int) []*route.Times {
	list := make([]*route.Times, n)
	for i := range list {
		list[i] = &route.Times{Name: fmt.Sprint("h", i)}
		for p := range geo.Profiles {
			for range g.Arcs() {
				list[i].Millis[p] = append(list[i].Millis[p], 1+r.Uint32N(100_000))
			}
		}
	}
	return list
}

// TestAdoptTimesKeepsClosures: it is the same as adopting times and closed arcs
// together, and nil brings back the times of the graph.
func TestAdoptTimesKeepsClosures(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 12))
	g := roadtest.Grid(8, 8)
	n, twin := prepare(t, r, g), prepare(t, r, g)
	closed := []road.Arc{7, 3, 40}
	changes := append(hours(r, g, 3), nil)
	changes = append(changes, changes[1])
	adopt := func(n *route.Network, c route.Conditions) {
		t.Helper()
		if _, err := n.Adopt(c); err != nil {
			t.Fatal(err)
		}
	}
	adopt(n, route.Conditions{Closed: closed})
	for i, times := range changes {
		if i == 3 {
			closed = nil
			adopt(n, route.Conditions{})
		}
		adopt(twin, route.Conditions{Closed: closed, Times: times})
		version, err := n.AdoptTimes(times)
		if err != nil || version != n.Version() || version != twin.Version() {
			t.Fatalf("change %d: %s, %v; want %s", i, version, err, twin.Version())
		}
		for range 200 {
			from, to, p := somewhere(r, g), somewhere(r, g), geo.Profile(r.IntN(int(geo.Profiles)))
			got, ok := n.Ways().Time(from, to, p)
			if want, ok2 := twin.Query().Time(from, to, p); got.Time != want.Time || ok != ok2 {
				t.Fatalf("change %d: %v, %v; want %v, %v", i, got, ok, want, ok2)
			}
		}
	}
	before := n.Version()
	if _, err := n.AdoptTimes(&route.Times{Name: "short"}); err == nil || n.Version() != before {
		t.Errorf("times of no arcs: %v, and %s is in force", err, n.Version())
	}
}

// TestSwapWhileAsking: one goroutine swaps times while others ask. Each answer
// is wholly that of one hour, and one of those in force while it was asked.
func TestSwapWhileAsking(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 12))
	g := roadtest.Grid(12, 12)
	n := prepare(t, r, g)
	list := hours(r, g, 5)
	type trip struct {
		from, to geo.Point
		want     [5]geo.Leg
	}
	trips := make([]trip, 40)
	for i := range trips {
		trips[i].from, trips[i].to = somewhere(r, g), somewhere(r, g)
	}
	for h, times := range list {
		if _, err := n.AdoptTimes(times); err != nil {
			t.Fatal(err)
		}
		for i := range trips {
			trips[i].want[h], _ = n.Query().Time(trips[i].from, trips[i].to, geo.Routine)
		}
	}
	var begun, done atomic.Int64 // swaps; list[i%5] is the i-th
	begun.Store(4)
	done.Store(4)
	var asking sync.WaitGroup
	stop := make(chan struct{})
	for worker := range 2 {
		asking.Go(func() {
			ways, units := n.Ways(), n.Units()
			units.Put("u", trips[worker].from)
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if worker == 1 {
					i = worker
				}
				trip := trips[i%len(trips)]
				first := done.Load()
				var leg geo.Leg
				if worker == 0 {
					leg, _ = ways.Time(trip.from, trip.to, geo.Routine)
				} else {
					units.Version()
					legs, _ := units.Nearest(trip.to, geo.Routine, 0, 0)
					leg = slices.Collect(legs)[0]
				}
				fits := false
				for h := first; h <= begun.Load(); h++ {
					fits = fits || trip.want[h%5].Time == leg.Time
				}
				if !fits {
					t.Errorf("trip %d takes %v, between swaps %d and %d", i%len(trips), leg.Time, first, begun.Load())
					return
				}
			}
		})
	}
	for range 150 {
		if _, err := n.AdoptTimes(list[begun.Add(1)%5]); err != nil {
			t.Error(err)
		}
		done.Add(1)
	}
	close(stop)
	asking.Wait()
}

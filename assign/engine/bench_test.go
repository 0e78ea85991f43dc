package engine

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/policy"
	"callbox/data/city"
	"callbox/data/dimacs/dimacstest"
	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route"
)

// BenchmarkTable measures one decision about everything: 60 units available, 45
// on their way, 100 on scenes that they may be taken from, 30 calls that wait,
// all within reach of each other; travel times, the solver and the explanation
// included. Each time it is another situation.
func BenchmarkTable(b *testing.B) {
	b.Run("newyork", func(b *testing.B) { benchmarkEpoch(b, dimacstest.NewYork(b)) })
	b.Run("generated", func(b *testing.B) {
		sample, err := city.Sample(city.SampleOptions{Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		benchmarkEpoch(b, sample.Roads)
	})
}

func benchmarkEpoch(b *testing.B, g *road.Graph) {
	network, err := route.Prepare(g, route.Order(g, nil))
	if err != nil {
		b.Fatal(err)
	}
	p, _, err := policy.Named(policy.Default)
	if err != nil {
		b.Fatal(err)
	}
	roads := network.Units() // whose tables fill as they are used
	b.Run("epoch", func(b *testing.B) {
		var took []time.Duration
		chosen := 0
		for seed := 0; b.Loop(); seed++ {
			w := epoch(b, g, roads, p, uint64(seed))
			runtime.GC() // what making the situation left behind
			start := time.Now()
			decisions := w.advisor.Advise(w.Situation(w.now, w.hurry, w.newly()))
			took = append(took, time.Since(start))
			for _, d := range decisions {
				chosen += len(d.Chosen)
			}
		}
		slices.Sort(took)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "p50-us")
		b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1000, "p99-us")
		b.ReportMetric(float64(chosen)/float64(len(took)), "chosen/op")
	})
}

// epoch is a writer before such a decision: calls came and got their units, then
// the last of them come all at once.
func epoch(b *testing.B, g *road.Graph, roads Travel, p *assign.Policy, seed uint64) *writer {
	const idle, going, there, waiting = 60, 45, 100, 30
	r := rand.New(rand.NewPCG(seed, 1))
	w := newWriter(roads, policy.Advisor{}, func(err error) { b.Fatal(err) }, func(*writer) error { return nil })
	w.now = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	do := func(c assign.Command) {
		if err := w.decide(c); err != nil {
			b.Fatal(err)
		}
	}
	do(&assign.AdoptPolicy{Policy: p})
	for unit := range idle + going + there {
		roads.Delete(fmt.Sprintf("u%03d", unit))
	}
	if err := w.ready(); err != nil {
		b.Fatal(err)
	}
	center := g.Point(road.Node(r.IntN(g.Nodes())))
	place := func() geo.Point {
		for {
			if at := g.Point(road.Node(r.IntN(g.Nodes()))); geo.Between(at, center) < geo.Meters(6000) {
				return at
			}
		}
	}
	units := 0
	signOn := func(at geo.Point) string {
		id := fmt.Sprintf("u%03d", units)
		units++
		do(&assign.SignOn{Unit: id, Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: at, Since: w.now}})
		return id
	}
	classes := []string{"critical", "serious", "non-critical", "other-911", "311"}
	calls := 0
	call := func(class string, at geo.Point, age int) string {
		id := fmt.Sprint("c", calls)
		calls++
		do(&assign.ReportCall{ID: id, Class: class, Location: &at, ReceivedAt: w.now.Add(-time.Duration(r.IntN(age)) * time.Second)})
		return id
	}
	for range there {
		at := place()
		unit := signOn(at)
		leg := geo.Leg{ID: unit}
		do(&assign.Dispatch{Decision: assign.Decision{Call: call("311", at, 1200), Chosen: []assign.Candidate{{Unit: unit, Leg: &leg}}}})
		do(&assign.SetStatus{Unit: unit, Status: assign.OnScene})
	}
	for range idle + going {
		signOn(place())
	}
	for i := range going {
		call(classes[i%len(classes)], place(), 300)
		if err := w.advise(); err != nil {
			b.Fatal(err)
		}
	}
	for i := range waiting {
		call(classes[i%len(classes)], place(), 60)
	}
	w.fresh = newNews(true)
	return w
}

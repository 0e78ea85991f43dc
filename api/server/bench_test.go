package server

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/data/dimacs/dimacstest"
	"callbox/geo"
	"callbox/geo/road"
	travel "callbox/geo/route"

	"github.com/valyala/fasthttp"
)

// BenchmarkTable measures the whole way of a call on the roads of New York: the
// request is decoded, decided with everything around it, written to a journal in
// memory and answered. 5,000 units are on duty; 1,000 calls are open, half of
// them with units on their way and half with units on scene. Each call that is
// asked about is closed again before the next, which is not measured.
func BenchmarkTable(b *testing.B) {
	s, place := newYork(b, 5000, 1000)
	for range 10_000 { // labels of crossings are made when they are first needed
		if status, answer := s.post("/v1/assign", strings.Replace(callBody("warm", "10-30", place()), "{", `{"dry_run": true, `, 1)); status != 200 {
			b.Fatal(string(answer))
		}
	}
	var took []time.Duration
	b.Run("assign-newyork", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			id := fmt.Sprintf("bench-%d-%d", len(took), i)
			body := callBody(id, []string{"10-30", "10-34", "10-39", "10-52"}[i%4], place())
			start := time.Now()
			status, answer := s.post("/v1/assign", body)
			took = append(took, time.Since(start))
			if status != 200 && status != 201 {
				b.Fatal(string(answer))
			}
			if status, answer := s.post("/v1/calls/"+id+"/close", `{"disposition": "done"}`); status != 200 {
				b.Fatal(string(answer))
			}
		}
		slices.Sort(took)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "p50-us")
		b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1000, "p99-us")
	})
}

func callBody(id, callType string, at geo.Point) string {
	lat, lon := at.Degrees()
	return fmt.Sprintf(`{"call": {"id": %q, "type": %q, "location": {"lat": %.7f, "lon": %.7f}}}`, id, callType, lat, lon)
}

// post hands a request to the server as fasthttp does.
func (s *Server) post(path, body string) (int, []byte) {
	var r fasthttp.Request
	r.Header.SetMethod("POST")
	r.SetRequestURI(path)
	r.Header.SetContentType("application/json")
	r.SetBodyString(body)
	var ctx fasthttp.RequestCtx
	ctx.Init(&r, nil, nil)
	s.serve(&ctx)
	return ctx.Response.StatusCode(), ctx.Response.Body()
}

// newYork is a server on the roads of New York with units and calls all over it.
func newYork(b *testing.B, units, calls int) (*Server, func() geo.Point) {
	g := dimacstest.NewYork(b)
	network, err := travel.Prepare(g, travel.Order(g, nil))
	if err != nil {
		b.Fatal(err)
	}
	p, source, err := policy.Named(policy.Default)
	if err != nil {
		b.Fatal(err)
	}
	e, err := engine.Open(context.Background(), engine.Config{
		Journal: &engine.Memory{}, Clock: engine.Wall{}, Advisor: policy.Advisor{}, Travel: network.Units(),
		Start:  assign.Started{Engine: "bench", City: "newyork", Areas: "none", Roads: network.Version()},
		Policy: assign.AdoptPolicy{Policy: p, Source: source},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { e.Close() })
	bound := g.Bound()
	west, east := float64(bound.Min.Lon)/1e7, float64(bound.Max.Lon)/1e7
	south, north := float64(bound.Min.Lat)/1e7, float64(bound.Max.Lat)/1e7
	s, err := New(Config{Engine: e, Areas: newSet(b, collection(feature("newyork", "precinct", west, south, east, north))), Roads: bound})
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	place := func() geo.Point { return g.Point(road.Node(r.IntN(g.Nodes()))) }
	do := func(c assign.Command) engine.Outcome {
		out, err := e.Do(engine.Request{Command: c})
		if err != nil {
			b.Fatal(err)
		}
		return out
	}
	now := assign.InstantOf(time.Now())
	for i := range units {
		do(&assign.SignOn{Unit: fmt.Sprintf("u%04d", i), Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: place(), Since: now}})
	}
	classes := []string{"critical", "serious", "non-critical", "other-911", "311"}
	for i := range calls {
		at := place()
		out := do(&assign.ReportCall{ID: fmt.Sprint("open-", i), Class: classes[i%len(classes)], Location: &at})
		for _, unit := range out.Call.ActiveUnits() {
			do(&assign.SetStatus{Unit: unit, Status: []assign.UnitStatus{assign.EnRoute, assign.OnScene}[i/len(classes)%2]})
		}
	}
	return s, place
}

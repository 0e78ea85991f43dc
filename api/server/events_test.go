package server

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/assign"
)

// aDay makes something of everything happen.
func (b *bench) aDay() {
	b.t.Helper()
	b.adopt(func(p *assign.Policy) {
		p.Class("other-911").Promote = &assign.Promotion{After: 5 * time.Minute, To: "non-critical"}
	})
	b.signOn("u1", corner(2, 0))
	b.signOn("u2", corner(9, 0))
	b.do("PUT", "/v1/units/u1", `{"area":"75A"}`, nil)
	b.report("c1", "10-54", corner(1, 0))
	b.report("c2", "10-13", corner(5, 0))
	b.status("u1", "en_route")
	b.order("c2", "u1") // diverted
	b.dispatch(assign.Decision{Call: "c2", Recalled: []string{"u2"}})
	b.status("u1", "on_scene")
	b.report("c3", "10-30", corner(0, 0))
	b.order("c3", "u1") // preempted
	b.status("u2", "en_route")
	b.status("u2", "off_duty") // gives back
	b.clock.Set(noon.Add(8 * time.Minute))
	b.status("u1", "on_scene")
	b.status("u1", "available")
	b.status("u2", "available")
	b.do("POST", "/v1/calls/c1/cancel", `{"reason":"x"}`, nil)
	b.do("POST", "/v1/calls/c2/close", `{"disposition":"x"}`, nil)
	b.do("POST", "/v1/calls/c3/close", `{"disposition":"x"}`, nil)
	b.status("u1", "off_duty")
	b.do("PUT", "/v1/policy", `{"name":"311-first","by":"B","reason":"R"}`, nil, `Idempotency-Key: "k"`)
	b.do("PUT", "/v1/areas", boxes, nil)
	b.do("PUT", "/v1/closures/x", across(8, 0), nil)
	b.do("DELETE", "/v1/closures/x", nil, nil)
}

// seq is the number of the newest fact.
func (b *bench) seq() uint64 {
	b.t.Helper()
	var d wire.Digest
	b.do("GET", "/v1/digest", nil, &d)
	return d.Seq
}

func TestEventsTellEverythingOnceInOrder(t *testing.T) {
	b := newBench(t)
	live := b.follow("?after=0")
	b.aDay()
	last := uint64(0)
	kinds := make(map[string]int)
	var all []wire.Event
	for _, e := range live.upTo(b.seq()) {
		if e.Seq <= last {
			t.Errorf("event %d after %d", e.Seq, last)
		}
		last = e.Seq
		kinds[e.Kind]++
		all = append(all, e)
	}
	for kind := range eventFields() {
		if kinds[kind] == 0 {
			t.Errorf("nothing of kind %s", kind)
		}
	}
	// Facts are numbered without a gap: what is missing is nobody's news.
	unsaid := 2 - 1 // a part of areas, a kept answer, and how each round begins but that of the test itself
	for _, e := range all {
		if e.Kind == "decision_made" && e.Round == e.Seq && e.By == "" {
			unsaid++
		}
	}
	if missing := int(last) - len(all); missing != unsaid {
		t.Errorf("%d events of %d facts", len(all), last)
	}
	b.restart()
	for i, e := range b.follow("?after=0").upTo(last) {
		if string(wire.Encode(e)) != string(wire.Encode(all[i])) {
			t.Errorf("after a restart:\n%s\nbefore:\n%s", wire.Encode(e), wire.Encode(all[i]))
		}
	}
}

func TestEventsGoOnWhereTheyWereLeft(t *testing.T) {
	b := newBench(t, quick)
	b.aDay()
	newest := b.seq()
	whole := b.follow("?after=0").upTo(newest)
	for i := 0; i < len(whole)-1; i += 3 {
		cut := whole[i].Seq
		for name, s := range map[string]*stream{
			"Last-Event-ID":               b.follow("", "Last-Event-ID: "+decimal(cut)),
			"after":                       b.follow("?after=" + decimal(cut)),
			"Last-Event-ID against after": b.follow("?after=0", "Last-Event-ID: "+decimal(cut)),
		} {
			if next := s.next(); next.Seq != whole[i+1].Seq {
				t.Errorf("%s %d: goes on with %d, want %d", name, cut, next.Seq, whole[i+1].Seq)
			}
			s.cancel()
		}
	}
	now := b.follow("") // from now on
	b.signOn("u9", corner(0, 0))
	if e := now.next(); e.Seq <= newest || e.Unit != "u9" {
		t.Errorf("a stream from now on begins with %s", wire.Encode(e))
	}
	for _, bad := range []string{"x", "-1", "1.5", decimal(b.seq() + 1)} {
		b.no("GET", "/v1/events", nil, 400, "bad_parameter", "Last-Event-ID", "Last-Event-ID: "+bad)
		b.no("GET", "/v1/events?after="+bad, nil, 400, "bad_parameter", "Last-Event-ID")
	}
	b.no("GET", "/v1/events?from=1", nil, 400, "unknown_parameter", "from")
}

// A follower that is cut off again and again misses nothing and hears nothing
// twice, while calls come in.
func TestEventsWithoutGapOrRepetition(t *testing.T) {
	b := newBench(t, quick)
	var writer sync.WaitGroup
	const calls = 60
	writer.Go(func() {
		for i := range calls {
			b.report(fmt.Sprintf("c%d", i), "10-54", corner(i%12, 0))
		}
	})
	heard := make(map[string]int)
	last := uint64(0)
	for len(heard) < calls {
		s := b.follow("", "Last-Event-ID: "+decimal(last))
		for range 7 {
			e := s.next()
			if e.Seq <= last {
				t.Fatalf("event %d after %d", e.Seq, last)
			}
			if last = e.Seq; e.Kind == "call_received" {
				heard[e.Call]++
			}
			if len(heard) == calls {
				break
			}
		}
		s.cancel()
	}
	writer.Wait()
	for call, n := range heard {
		if n != 1 {
			t.Errorf("%s was heard of %d times", call, n)
		}
	}
}

func TestManyFollowers(t *testing.T) {
	b := newBench(t)
	var streams []*stream
	for range 40 {
		streams = append(streams, b.follow("?after=0"))
	}
	b.aDay()
	newest := b.seq()
	want := len(streams[0].upTo(newest))
	for _, s := range streams[1:] {
		if got := len(s.upTo(newest)); got != want {
			t.Errorf("a follower hears %d events, another %d", got, want)
		}
	}
	if n := b.server.streams.open(); n != 40 {
		t.Errorf("%d streams are counted", n)
	}
	for _, s := range streams {
		s.cancel()
		<-s.ended
	}
}

// A comment tells that the connection lives, and finds out that it does not: a
// stream whose client is gone ends at the next one.
func TestHeartbeat(t *testing.T) {
	if heartbeat != 10*time.Second {
		t.Errorf("openapi.yaml says 10 s, it is %v", heartbeat)
	}
	b := newBench(t, quick)
	s := b.follow("")
	for range 3 {
		select {
		case <-s.beats:
		case <-time.After(5 * time.Second):
			t.Fatal("no heartbeat")
		}
	}
	s.cancel()
	<-s.ended
	eventually(t, "the stream ends with its client", func() bool { return b.server.streams.open() == 0 })
}

func TestStreamsEndOnShutdown(t *testing.T) {
	b := newBench(t)
	first, second := b.follow(""), b.follow("?after=0")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := b.server.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*stream{first, second} {
		select {
		case <-s.ended:
		case <-time.After(5 * time.Second):
			t.Fatal("a stream outlives the server")
		}
	}
}

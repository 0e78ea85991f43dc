package server

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
)

// clockNames gives the clocks of a page as "call clock".
func (b *bench) clockNames(query string) (names []string, after *string) {
	b.t.Helper()
	var list wire.ClockList
	b.do("GET", "/v1/clocks?"+query, nil, &list)
	for _, k := range list.Clocks {
		names = append(names, k.Call+" "+k.Clock)
	}
	return names, list.After
}

func TestClocksInOrderOfDue(t *testing.T) {
	b := newBench(t)
	b.report("low", "10-54", corner(0, 0))  // answer 1 h, close 4 h
	b.report("high", "10-30", corner(0, 0)) // answer 7 min, close 2 h
	b.clock.Set(noon.Add(time.Minute))
	b.report("later", "10-30", corner(0, 0))
	want := []string{"high answer", "later answer", "low answer", "high close", "later close", "low close"}
	if got, after := b.clockNames(""); !slices.Equal(got, want) || after != nil {
		t.Errorf("got %v", got)
	}
	var paged []string
	for cursor, n := "", 0; n <= len(want); n++ {
		page, after := b.clockNames("limit=1" + cursor)
		paged = append(paged, page...)
		if after == nil {
			break
		}
		cursor = "&after=" + url.QueryEscape(*after)
	}
	if !slices.Equal(paged, want) {
		t.Errorf("page by page: %v", paged)
	}
	b.signOn("u1", corner(0, 0)) // goes to high
	b.status("u1", "on_scene")
	if got, _ := b.clockNames(""); !slices.Equal(got, want[1:]) {
		t.Errorf("with the first stopped: %v", got)
	}
	b.do("POST", "/v1/calls/later/cancel", `{"reason":"x"}`, nil)
	if got, _ := b.clockNames(""); !slices.Equal(got, []string{"low answer", "high close", "low close"}) {
		t.Errorf("with a call cancelled: %v", got)
	}
}

func TestClocksThatTie(t *testing.T) {
	b := newBench(t)
	for _, id := range []string{"b", "c", "a"} {
		b.report(id, "10-30", corner(0, 0))
	}
	first, after := b.clockNames("limit=2")
	rest, _ := b.clockNames("after=" + url.QueryEscape(*after))
	if got := strings.Join(append(first, rest...), ", "); got != "a answer, b answer, c answer, a close, b close, c close" {
		t.Errorf("got %s", got)
	}
}

func TestClocksAtRisk(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(0, 0))
	b.report("soon", "10-30", corner(0, 0))
	b.report("waits", "10-30", corner(0, 0))
	at := func(d time.Duration) { b.clock.Set(noon.Add(d)) }
	for _, c := range []struct {
		after  time.Duration
		atRisk []string
	}{
		{5*time.Minute + 35*time.Second, nil},
		{5*time.Minute + 36*time.Second, []string{"soon answer", "waits answer"}}, // 80 % of 7 min
		{8 * time.Minute, []string{"soon answer", "waits answer"}},
	} {
		at(c.after)
		if got, _ := b.clockNames("at_risk=true"); !slices.Equal(got, c.atRisk) {
			t.Errorf("after %v: %v", c.after, got)
		}
		if got, _ := b.clockNames("at_risk=false"); len(got) != 4-len(c.atRisk) {
			t.Errorf("after %v, not at risk: %v", c.after, got)
		}
	}
	c := b.call("waits")
	if k := c.Clocks.Answer; !k.Breached || k.ShareUsed != 1.142 || k.Forecast != "" {
		t.Errorf("got %s", wire.Encode(k))
	}
	b.no("GET", "/v1/clocks?at_risk=yes", nil, 400, "bad_parameter", "at_risk")
	b.no("GET", "/v1/clocks?limit=0", nil, 400, "bad_parameter", "limit")
}

// A clock's warnings are events at the very instants, one each, however late
// they are noticed.
func TestClockEvents(t *testing.T) {
	b := newBench(t)
	b.report("c1", "10-30", corner(0, 0))
	stream := b.follow("?after=0")
	b.clock.Set(noon.Add(3 * time.Hour))
	var got []string
	for len(got) < 6 {
		if e := stream.next(); e.Kind == "clock_warned" || e.Kind == "clock_breached" {
			got = append(got, fmt.Sprintf("%s %s %s %v %s", e.Kind, e.Call, e.Clock, e.Share, string(e.At)[11:16]))
		}
	}
	want := []string{
		"clock_warned c1 answer 0.5 12:03", "clock_warned c1 answer 0.8 12:05", "clock_breached c1 answer 1 12:07",
		"clock_warned c1 close 0.5 13:00", "clock_warned c1 close 0.8 13:36", "clock_breached c1 close 1 14:00",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

package server

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
)

func TestPositionsAreCounted(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(0, 0))
	b.signOn("u2", corner(0, 0))
	b.clock.Set(noon.Add(time.Minute))
	before := b.digest()
	list := []string{
		`{"unit":"u1","lat":40.699,"lon":-73.999,"at":"2026-11-23T12:00:30Z"}`, // accepted
		`{"unit":"u1","lat":40.698,"lon":-73.999,"at":"2026-11-23T12:00:30Z"}`, // as old as the one before
		`{"unit":"u1","lat":40.697,"lon":-73.999,"at":"2026-11-23T12:00:29Z"}`, // older
		`{"unit":"u9","lat":40.696,"lon":-73.999}`,                             // unknown
		`{"unit":"u2","lat":40.695,"lon":-73.999}`,                             // accepted, of now
		`{"unit":"u2","lat":40.694,"lon":-73.999,"at":"2026-11-23T12:02:01Z"}`, // a minute and a second ahead
		`{"unit":"u2","lat":40.693,"lon":-73.999,"at":"2026-11-23T12:02:00Z"}`, // a minute ahead
		`{"unit":"u2","lat":40.692,"lon":-73.999,"at":"9999-12-31T23:59:59Z"}`,
		`{"unit":"u2","lat":-73.999,"lon":40.691}`, // latitude and longitude exchanged
		`{"unit":"u2","lat":0,"lon":0}`,
		`{"unit":"u9","lat":40.691,"lon":-75.999,"at":"2026-11-23T12:00:29Z"}`,
	}
	want := wire.PositionsAnswer{Accepted: 3, Stale: 2, Unknown: 1, Future: 2, Outside: 3}
	var got wire.PositionsAnswer
	b.do("POST", "/v1/positions", "["+strings.Join(list, ",")+"]", &got)
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if u := b.unit("u1"); *u.Location.Lat != 40.699 || *u.PositionAt != "2026-11-23T12:00:30.000Z" {
		t.Errorf("got %s", wire.Encode(u))
	}
	for _, contentType := range []string{"application/x-ndjson", "application/ndjson", "application/jsonl", "application/json", ""} {
		r := b.send(context.WithValue(context.Background(), loosely{}, true), "POST", "/v1/positions", strings.Join(list, "\n")+"\n", "Content-Type: "+contentType)
		if string(r.body) != `{"accepted":0,"stale":5,"unknown":1,"future":2,"outside":3}` {
			t.Errorf("%s: got %d %s", contentType, r.status, r.body)
		}
	}
	if b.digest() != before {
		t.Error("positions are in the log")
	}
}

// TestAPositionWithoutATimeIsTheNewest: a unit that signs on and moves within a
// millisecond is where it moved to.
func TestAPositionWithoutATimeIsTheNewest(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(0, 0))
	for i := range 3 {
		at := wire.LocationOf(corner(i, 1))
		var got wire.PositionsAnswer
		b.do("POST", "/v1/positions", []wire.Position{{Unit: "u1", Lat: at.Lat, Lon: at.Lon}}, &got)
		if u := b.unit("u1"); got.Accepted != 1 || *u.Location.Lat != *at.Lat || *u.Location.Lon != *at.Lon {
			t.Errorf("%d: got %+v, and %s", i, got, wire.Encode(u))
		}
	}
}

func TestPositionsMoveDecisions(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(0, 0))
	b.signOn("u2", corner(11, 7))
	b.clock.Set(noon.Add(time.Second))
	p, q := wire.LocationOf(corner(11, 7)), wire.LocationOf(corner(0, 1))
	b.do("POST", "/v1/positions", []wire.Position{{Unit: "u1", Lat: p.Lat, Lon: p.Lon}, {Unit: "u2", Lat: q.Lat, Lon: q.Lon}}, nil)
	if r := b.report("c1", "10-54", corner(0, 0)); units(r.Assignments)[0] != "u2" || *r.Assignments[0].ETASeconds != 10 {
		t.Errorf("got %s", wire.Encode(r))
	}
	b.restart() // the position that the decision used is in the log
	if u := b.unit("u2"); *u.Location.Lat != *q.Lat {
		t.Errorf("after a restart %s", wire.Encode(u))
	}
}

// A call that waits for a unit in reach is looked at again soon after one has
// come near.
func TestPositionsStirWaitingCalls(t *testing.T) {
	b := newBench(t)
	b.do("PUT", "/v1/units/u1", `{"capabilities":["patrol"]}`, nil)
	if r := b.report("c1", "10-54", corner(0, 0)); r.WaitingReason.Code != "position_unknown" {
		t.Fatalf("got %s", wire.Encode(r))
	}
	b.do("POST", "/v1/positions", `[{"unit":"u1","lat":40.7,"lon":-74}]`, nil)
	b.clock.Set(noon.Add(3 * time.Second))
	eventually(t, "the call is served", func() bool { return b.call("c1").Status == "assigned" })
}

// A malformed position refuses the whole request, wherever it stands.
func TestBadPositionRefusesAll(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(0, 0))
	b.clock.Set(noon.Add(time.Minute))
	good := `{"unit":"u1","lat":40.69,"lon":-73.99,"at":"2026-11-23T12:00:30Z"}`
	for _, c := range []struct {
		bad         string
		status      int
		code, field string
	}{
		{`{"unit":"u1","lat":40.69}`, 400, "field_missing", "%d.lon"},
		{`{"lat":40.69,"lon":-73.99}`, 400, "field_missing", "%d.unit"},
		{`{"unit":"u1","lat":40.69,"lon":-73.99,"speed":3}`, 400, "unknown_field", "%d.speed"},
		{`{"unit":"u1","lat":40.69,"lon":-73.99,"lon":-73.99}`, 400, "duplicate_field", "%d.lon"},
		{`{"unit":"u1","lat":"40.69","lon":-73.99}`, 400, "wrong_type", "%d.lat"},
		{`{"unit":"u1","lat":1e999,"lon":-73.99}`, 400, "wrong_type", "%d.lat"},
		{`null`, 400, "wrong_type", "%d"},
		{"{\"unit\":\"\xff\"}", 400, "not_utf8", "%d.unit"},
		{`{"unit":"a b","lat":40.69,"lon":-73.99}`, 422, "bad_id", "%d.unit"},
		{`{"unit":"u1","lat":90.0001,"lon":-73.99}`, 422, "off_earth", "%d"},
		{`{"unit":"u1","lat":40.69,"lon":-73.99,"at":"12:00"}`, 422, "bad_instant", "%d.at"},
		{`{"unit":"u1","lat":40.69,"lon":-73.99,"at":"1950-01-01T00:00:00Z"}`, 422, "instant_too_old", "%d.at"},
	} {
		for at := range 3 {
			list := []string{good, good, good}
			list[at] = c.bad
			field := fmt.Sprintf(c.field, at)
			b.no("POST", "/v1/positions", "["+strings.Join(list, ",")+"]", c.status, c.code, field)
			b.no("POST", "/v1/positions", strings.Join(list, "\n"), c.status, c.code, field, "Content-Type: application/x-ndjson")
		}
	}
	b.no("POST", "/v1/positions?x=1", "[]", 400, "unknown_parameter", "x")
	b.no("POST", "/v1/positions", "[]", 415, "unsupported_media_type", "Content-Type", "Content-Type: text/csv")
	b.no("POST", "/v1/positions", "["+strings.TrimSuffix(strings.Repeat(`{"unit":"u","lat":1,"lon":2},`, wire.MaxPositions+1), ",")+"]",
		413, "too_many_positions", "")
	if u := b.unit("u1"); *u.Location.Lat != 40.7 {
		t.Errorf("something was taken in: %s", wire.Encode(u))
	}
}

func TestPositionsInBulk(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(0, 0))
	var lines strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&lines, `{"unit":"u1","lat":%v,"lon":-74,"at":%q}`+"\n", 40.69+float64(i)*1e-7, wire.InstantOf(noon.Add(time.Duration(i+1)*time.Millisecond)))
	}
	var got wire.PositionsAnswer
	b.do("POST", "/v1/positions", lines.String(), &got, "Content-Type: application/x-ndjson")
	if got.Accepted != 20_000 {
		t.Errorf("got %+v", got)
	}
	if u := b.unit("u1"); *u.Location.Lat != 40.6919999 {
		t.Errorf("got %s", wire.Encode(u))
	}
}

package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/geo"
)

func TestSignOnKeepsWhatIsNotSaid(t *testing.T) {
	b := newBench(t)
	var u wire.UnitAnswer
	b.do("PUT", "/v1/units/u1", `{}`, &u)
	if u.Status != "available" || u.Capabilities != nil || u.Area != nil || u.Location != nil || u.Cell != nil || u.PositionAt != nil || u.Call != nil {
		t.Errorf("of a unit that nothing is known of: %s", wire.Encode(u))
	}
	b.do("PUT", "/v1/units/u1", `{"capabilities":["k9","patrol","k9"],"area":"75A","location":{"lat":40.7,"lon":-74},"position_at":"2026-11-23T11:59:00Z"}`, &u)
	if !slices.Equal(*u.Capabilities, []string{"k9", "patrol"}) || *u.Area != "75A" || *u.Location.Lat != 40.7 || *u.PositionAt != "2026-11-23T11:59:00.000Z" || len(*u.Cell) != 15 {
		t.Errorf("got %s", wire.Encode(u))
	}
	b.do("PUT", "/v1/units/u1", `{"status":"out_of_service"}`, &u)
	if u.Status != "out_of_service" || len(*u.Capabilities) != 2 || *u.Area != "75A" || u.Location == nil {
		t.Errorf("an update: %s", wire.Encode(u))
	}
	b.do("PUT", "/v1/units/u1", `{"capabilities":[],"location":{"lat":40.6,"lon":-74},"position_at":"2026-11-23T11:58:59Z"}`, &u)
	if len(*u.Capabilities) != 0 || *u.Location.Lat != 40.7 {
		t.Errorf("an older position than the one known: %s", wire.Encode(u))
	}
	if got := b.unit("u1"); string(wire.Encode(got)) != string(wire.Encode(u)) {
		t.Errorf("asked for: %s", wire.Encode(got))
	}
	before := b.digest()
	b.do("PUT", "/v1/units/u1", `{"capabilities":[]}`, nil)
	if b.digest() != before {
		t.Error("to say what is known changes the state")
	}
}

func TestStatusesOfACall(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(4, 0))
	b.report("c1", "10-30", corner(0, 0))
	minute := func(n int) { b.clock.Set(noon.Add(time.Duration(n) * time.Minute)) }
	minute(1)
	b.no("POST", "/v1/units/u1/status", `{"status":"on_scene","call":"c2"}`, 409, "unit_not_on_call", "call")
	if u := b.status("u1", "en_route"); u.Status != "en_route" || u.StatusSince != wire.InstantOf(noon.Add(time.Minute)) {
		t.Errorf("got %s", wire.Encode(u))
	}
	minute(3)
	b.do("POST", "/v1/units/u1/status", `{"status":"on_scene","call":"c1","at":"2026-11-23T12:02:00Z"}`, nil)
	b.no("POST", "/v1/units/u1/status", `{"status":"en_route"}`, 409, "status_order", "status")
	before := b.digest()
	b.status("u1", "on_scene")
	if b.digest() != before {
		t.Error("to say what is known changes the state")
	}
	b.no("PUT", "/v1/units/u1", `{"status":"off_duty"}`, 409, "unit_on_call", "status")
	minute(10)
	if u := b.status("u1", "available"); u.Call != nil || u.Status != "available" {
		t.Errorf("got %s", wire.Encode(u))
	}
	c := b.call("c1")
	a := c.Assignments[0]
	if a.EnRouteAt != "2026-11-23T12:01:00.000Z" || a.ArrivedAt != "2026-11-23T12:02:00.000Z" || a.EndedAt != "2026-11-23T12:10:00.000Z" || a.Ended != "cleared" {
		t.Errorf("got %s", wire.Encode(a))
	}
	if k := c.Clocks.Answer; k.StoppedAt != "2026-11-23T12:02:00.000Z" || k.Breached || c.Clocks.Close.StoppedAt != "" {
		t.Errorf("clocks %s", wire.Encode(c.Clocks))
	}
	b.do("POST", "/v1/calls/c1/close", `{"disposition":"10-93","at":"2026-11-23T12:09:00Z"}`, &c)
	if c.Status != "closed" || *c.Closed != (wire.Closed{At: "2026-11-23T12:10:00.000Z", Disposition: "10-93"}) {
		t.Errorf("closed: %s", wire.Encode(c))
	}
}

func TestUnitGivesACallBack(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(1, 0))
	b.signOn("u2", corner(9, 0))
	b.report("c1", "10-30", corner(0, 0))
	if u := b.status("u1", "out_of_service"); u.Status != "out_of_service" || u.Call != nil {
		t.Errorf("got %s", wire.Encode(u))
	}
	c := b.call("c1")
	if c.Status != "assigned" || c.Assignments[0].Ended != "gave_back" || c.Assignments[1].Unit != "u2" {
		t.Errorf("got %s", wire.Encode(c))
	}
	b.no("POST", "/v1/units/u1/status", `{"status":"on_scene"}`, 409, "unit_not_on_call", "status")
	b.no("PUT", "/v1/units/u1", `{"status":"en_route"}`, 409, "unit_not_on_call", "status")
}

func TestCloseAndCancelFreeTheUnits(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(1, 0))
	b.report("c1", "10-30", corner(0, 0))
	var c wire.CallAnswer
	b.do("POST", "/v1/calls/c1/close", `{"disposition":"10-90Z"}`, &c)
	if !c.Closed.Unverified || c.Closed.Cancelled || c.Assignments[0].Ended != "with_call" {
		t.Errorf("closed though nobody came: %s", wire.Encode(c))
	}
	b.report("c2", "10-30", corner(0, 0))
	b.do("POST", "/v1/calls/c2/cancel", `{"reason":"called off"}`, &c)
	if c.Closed.Unverified || !c.Closed.Cancelled || c.Closed.Reason != "called off" || c.WaitingReason != nil {
		t.Errorf("cancelled: %s", wire.Encode(c))
	}
	if u := b.unit("u1"); u.Status != "available" || u.Call != nil {
		t.Errorf("the unit: %s", wire.Encode(u))
	}
	for _, path := range []string{"/v1/calls/c1/close", "/v1/calls/c2/close"} {
		b.no("POST", path, `{"disposition":"x"}`, 409, "call_closed", "call")
	}
	b.no("POST", "/v1/calls/c1/cancel", `{"reason":"x"}`, 409, "call_closed", "call")
	b.no("POST", "/v1/calls/c9/cancel", `{"reason":"x"}`, 404, "unknown_call", "call")
	b.no("POST", "/v1/calls/c9/close", `{"disposition":"x"}`, 404, "unknown_call", "call")
}

// A unit may come from a neighbouring city, not from another continent.
func TestUnitsAreInOrNearTheCity(t *testing.T) {
	roads := geo.BoundOf(corner(0, 0), geo.Point{Lat: 408000000, Lon: -74 * geo.E7}) // to 40.8; the areas to 40.704
	b := newBench(t, func(b *bench) { b.roads = roads })
	place := func(lat, lon float64) string { return fmt.Sprintf(`{"location":{"lat":%v,"lon":%v}}`, lat, lon) }
	b.do("PUT", "/v1/units/u1", place(40.7, -74), nil)
	for _, good := range []string{place(41.24, -74), place(40.25, -74), place(40.7, -74.58), place(40.7, -73.4)} { // 49 km off
		b.do("PUT", "/v1/units/u1", good, nil)
	}
	for _, bad := range []string{place(41.26, -74), place(40.23, -74), place(40.7, -74.62), place(40.7, -73.37), place(0, 0), place(90, 0)} {
		if p := b.no("PUT", "/v1/units/u1", bad, 422, "outside_city", "location"); !strings.Contains(p.Detail, "50 km") || strings.Contains(p.Detail, "exchanged") {
			t.Errorf("got %q", p.Detail)
		}
	}
	if p := b.no("PUT", "/v1/units/u1", place(-74, 40.7), 422, "outside_city", "location"); !strings.Contains(p.Detail, "with lat and lon exchanged it would not") {
		t.Errorf("got %q", p.Detail)
	}
	// Other areas far away do not put units out of reach that were in it.
	b.do("PUT", "/v1/areas", collection(feature("99", "precinct", -75.5, 41.2, -75.4, 41.3)), nil)
	b.do("PUT", "/v1/units/u1", place(40.7, -74), nil)
	b.do("PUT", "/v1/units/u1", place(41.25, -75.45), nil)
}

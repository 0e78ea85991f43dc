package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/geo"
)

// across is a line across the street that goes east from a corner of the town.
func across(east, south int) string {
	p, q := corner(east, south), corner(east+1, south)
	middle := p.Lon/2 + q.Lon/2
	north, lon := geo.Point{Lat: p.Lat + 3000, Lon: middle}.Degrees()
	bottom, _ := geo.Point{Lat: p.Lat - 3000}.Degrees()
	return fmt.Sprintf(`{"type":"LineString","coordinates":[[%v,%v],[%v,%v]]}`, lon, north, lon, bottom)
}

// around is a ring around a corner of the town, across all streets there.
func around(east, south int) string {
	lat, lon := corner(east, south).Degrees()
	var ring []string
	for _, d := range [...][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}} {
		ring = append(ring, fmt.Sprintf("[%.7f,%.7f]", lon+d[0]*0.0004, lat+d[1]*0.0004))
	}
	return `{"type":"Polygon","coordinates":[[` + strings.Join(ring, ",") + `]]}`
}

func (b *bench) closures(query string) (list wire.ClosureList) {
	b.t.Helper()
	b.do("GET", "/v1/closures"+query, nil, &list)
	return list
}

// TestAClosureFromEndToEnd: a unit on the near side of a street, another on the
// far side. While the street is closed the other one goes, also after a restart.
func TestAClosureFromEndToEnd(t *testing.T) {
	b := newBench(t)
	b.signOn("near", corner(1, 0))
	b.signOn("far", corner(4, 1))
	sent := func(id string) (wire.Receipt, wire.Assignment) {
		t.Helper()
		r := b.report(id, "10-30", corner(2, 0))
		if len(r.Assignments) != 1 {
			t.Fatalf("%s: %+v", id, r)
		}
		b.do("POST", "/v1/calls/"+id+"/cancel", `{"reason":"test"}`, nil)
		return r, r.Assignments[0]
	}
	open, first := sent("open")
	if first.Unit != "near" || *first.ETASeconds != 7.5 || open.Roads != town.Version() {
		t.Fatalf("%+v by roads %s", first, open.Roads)
	}
	events := b.follow("?after=" + decimal(b.seq()))

	var closed wire.ClosureAnswer
	b.do("PUT", "/v1/closures/fire", `{"type":"Feature","properties":{"by":"B","reason":"R"},"geometry":`+across(1, 0)+`}`, &closed, "Content-Type: application/geo+json")
	if closed.ID != "fire" || string(closed.Geometry) != across(1, 0) || closed.By != "B" || closed.Reason != "R" || closed.Arcs != 2 ||
		closed.LengthMeters != 100 || closed.ClosedAt != wire.InstantOf(noon) || !strings.HasPrefix(closed.Roads, open.Roads+"-") {
		t.Errorf("got %+v", closed)
	}
	if e := events.next(); e.Kind != "road_closed" || e.Closure != "fire" || e.By != "B" || e.Why != "R" {
		t.Errorf("the event is %+v", e)
	}
	// Around the block it would be three streets, as it is for the other one.
	r, detour := sent("closed")
	if detour.Unit != "far" || *detour.ETASeconds != 22.5 || r.Roads != closed.Roads {
		t.Errorf("while it is closed: %+v by roads %s", detour, r.Roads)
	}
	b.do("PUT", "/v1/units/far", `{"status":"off_duty"}`, nil)
	if _, detour = sent("around"); detour.Unit != "near" || *detour.ETASeconds != 22.5 {
		t.Errorf("while it is closed: %+v", detour)
	}

	digest, list := b.digest(), b.closures("")
	if len(list.Closures) != 1 || list.After != nil || list.Roads != closed.Roads || string(wire.Encode(list.Closures[0])) != string(wire.Encode(closed.Closure)) {
		t.Errorf("listed are %+v", list)
	}
	b.restart()
	if b.digest() != digest || string(wire.Encode(b.closures(""))) != string(wire.Encode(list)) {
		t.Errorf("after a restart the digest is %s, was %s, and listed are %+v", b.digest(), digest, b.closures(""))
	}
	if _, detour = sent("restarted"); *detour.ETASeconds != 22.5 {
		t.Errorf("after a restart: %+v", detour)
	}

	var opened wire.OpenedAnswer
	b.do("DELETE", "/v1/closures/fire", nil, &opened)
	if opened.ID != "fire" || opened.Roads != open.Roads {
		t.Errorf("opened: %+v", opened)
	}
	if r, first = sent("again"); *first.ETASeconds != 7.5 || r.Roads != open.Roads {
		t.Errorf("after it was opened: %+v by roads %s", first, r.Roads)
	}
	b.no("DELETE", "/v1/closures/fire", nil, 404, "unknown_closure", "id")
}

// TestACallInAClosedPlace: a class that keeps to its limit waits until a road is
// open, and one that has none gets the nearest unit along the straight line.
func TestACallInAClosedPlace(t *testing.T) {
	b := newBench(t)
	b.do("PUT", "/v1/closures/flood", around(5, 3), nil)
	b.signOn("u1", corner(4, 3))
	if r := b.report("c1", "10-54", corner(5, 3)); r.Status != "waiting" {
		t.Fatalf("%+v", r)
	}
	b.do("PUT", "/v1/closures/flood", across(9, 3), nil) // somewhere else now
	if c := b.call("c1"); !slices.Equal(units(c.Assignments), []string{"u1"}) {
		t.Errorf("%+v", c)
	}
	b.do("PUT", "/v1/closures/flood", around(5, 3), nil)
	b.signOn("u2", corner(4, 3))
	if r := b.report("c2", "10-30", corner(5, 3)); r.Travel != wire.TravelStraight || !slices.Equal(units(r.Assignments), []string{"u2"}) {
		t.Errorf("%+v", r)
	}
}

func TestClosuresThatAreRefused(t *testing.T) {
	b := newBench(t)
	b.do("PUT", "/v1/closures/x", across(1, 0), nil)
	long := strings.Repeat("x", 5000)
	said := func(properties string) string {
		return `{"type":"Feature","properties":` + properties + `,"geometry":` + across(1, 0) + `}`
	}
	var many []string
	for i := range 5000 {
		many = append(many, fmt.Sprintf("[-73.99%05d,40.70]", i))
	}
	for _, c := range []struct {
		body        string
		status      int
		code, field string
	}{
		{"", 400, "empty_body", ""},
		{"null", 400, "wrong_type", ""},
		{"[]", 400, "wrong_type", ""},
		{"{", 400, "bad_json", ""},
		{`{"type":"Point","type":"Point"}`, 400, "duplicate_field", "type"},
		{"{\"type\":\"\xff\"}", 400, "not_utf8", "type"},
		{said(`{"by":7}`), 400, "wrong_type", "properties.by"},
		{said(`{"reason":["x"]}`), 400, "wrong_type", "properties.reason"},
		{said(`{"by":"` + long + `"}`), 422, "too_long", "properties.by"},
		{said(`{"reason":"` + long + `"}`), 422, "too_long", "properties.reason"},
		{`{}`, 422, "bad_geometry", "geometry"},
		{collection(), 422, "bad_geometry", "geometry"},
		{`{"type":"Point","coordinates":["-74",40.7]}`, 422, "bad_geometry", "geometry"},
		{`{"type":"LineString","coordinates":[[-74,40.7]]}`, 422, "bad_geometry", "geometry"},
		{`{"type":"Polygon","coordinates":[[[-74,40.7],[-73.9,40.7],[-73.9,40.8],[-74,40.8]]]}`, 422, "bad_geometry", "geometry"},
		{`{"type":"Point","coordinates":[40.7,-74]}`, 422, "outside_city", "geometry"},
		{`{"type":"LineString","coordinates":[[-74,40.7],[-70,40.7]]}`, 422, "outside_city", "geometry"},
		{`{"type":"Point","coordinates":[-73.99941,40.69955]}`, 422, "no_road_crossed", "geometry"}, // within a block
		{`{"type":"MultiPoint","coordinates":[` + strings.Join(many, ",") + `]}`, 413, "geometry_too_large", "geometry"},
		{`{"type":"Point","coordinates":[-74,40.7]` + strings.Repeat(" ", smallBody) + `}`, 413, "body_too_large", ""},
	} {
		b.no("PUT", "/v1/closures/x", c.body, c.status, c.code, c.field)
	}
	if p := b.no("PUT", "/v1/closures/x", `{"type":"Point","coordinates":[40.7,-74]}`, 422, "outside_city", "geometry"); !strings.Contains(p.Detail, "exchanged") {
		t.Errorf("no hint in %q", p.Detail)
	}
	if p := b.no("PUT", "/v1/closures/x", `{"type":"Point","coordinates":[40.7,-97]}`, 422, "bad_geometry", "geometry"); !strings.Contains(p.Detail, "[lon, lat], not [lat, lon]") {
		t.Errorf("no hint in %q", p.Detail)
	}
	b.no("PUT", "/v1/closures/x", across(1, 0), 415, "unsupported_media_type", "Content-Type", "Content-Type: text/plain")
	b.no("PUT", "/v1/closures/x?by=B", across(1, 0), 400, "unknown_parameter", "by")
	b.no("DELETE", "/v1/closures/x?by=B", nil, 400, "unknown_parameter", "by")
	b.no("DELETE", "/v1/closures/y", nil, 404, "unknown_closure", "id")
	b.no("DELETE", "/v1/closures/x", nil, 400, "bad_idempotency_key", "Idempotency-Key", "Idempotency-Key: unquoted")
	if list := b.closures(""); len(list.Closures) != 1 {
		t.Errorf("left are %+v", list)
	}
}

func TestClosuresOfManyAreBounded(t *testing.T) {
	b := newBench(t)
	for i := range assign.MaxClosures {
		c := &assign.CloseRoad{RoadClosed: assign.RoadClosed{ID: fmt.Sprintf("c%04d", i), Geometry: across(i%11, i%8), Arcs: []uint32{uint32(i % town.Arcs())}}}
		if _, err := b.engine.Do(engine.Request{Command: c}); err != nil {
			t.Fatal(err)
		}
	}
	b.no("PUT", "/v1/closures/x", across(1, 0), 409, "too_many_closures", "")
	b.do("PUT", "/v1/closures/c0000", across(1, 0), nil)
	seen, after := 0, ""
	for {
		page := b.closures("?limit=300&after=" + after)
		for _, c := range page.Closures {
			if want := fmt.Sprintf("c%04d", seen); c.ID != want {
				t.Fatalf("%s is listed where %s belongs", c.ID, want)
			}
			seen++
		}
		if page.After == nil {
			break
		}
		after = *page.After
	}
	if seen != assign.MaxClosures {
		t.Errorf("%d are listed", seen)
	}
}

func TestClosingTwiceAndKeys(t *testing.T) {
	b := newBench(t)
	first := b.do("PUT", "/v1/closures/x", across(1, 0), nil, key)
	digest := b.digest()
	b.replayed(first, "PUT", "/v1/closures/x", across(1, 0), key)
	if again := b.do("PUT", "/v1/closures/x", across(1, 0), nil); string(again.body) != string(first.body) {
		t.Errorf("closed again it is %s, was %s", again.body, first.body)
	}
	if b.digest() != digest {
		t.Error("closing the same again has changed the state")
	}
	b.no("PUT", "/v1/closures/x", across(2, 0), 422, "idempotency_key_reused", "Idempotency-Key", key)
	const other = `Idempotency-Key: "other"`
	opened := b.do("DELETE", "/v1/closures/x", nil, nil, other)
	b.replayed(opened, "DELETE", "/v1/closures/x", nil, other)
}

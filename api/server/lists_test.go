package server

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"

	"callbox/api/wire"
	"callbox/geo"
	"callbox/geo/cell"
)

// populate signs units on and reports calls at random places, and lets a part
// of both go through all statuses.
func (b *bench) populate(r *rand.Rand, n int) {
	place := func() geo.Point {
		p := corner(0, 0)
		return geo.Point{Lat: p.Lat + 60_000 - r.Int32N(160_000), Lon: p.Lon - 60_000 + r.Int32N(250_000)}
	}
	for i := range n {
		unit, call := fmt.Sprintf("u%02d", i), fmt.Sprintf("c%02d", n-i)
		if i%9 == 0 {
			b.do("PUT", "/v1/units/"+unit, `{}`, nil)
		} else {
			b.signOn(unit, place())
		}
		b.report(call, []string{"10-54", "10-13"}[i%2], place())
		switch r.IntN(6) {
		case 0:
			b.do("POST", "/v1/calls/"+call+"/close", `{"disposition":"x"}`, nil)
		case 1:
			b.status(unit, "out_of_service")
		case 2:
			if b.unit(unit).Call != nil {
				b.status(unit, "on_scene")
			}
		}
	}
}

// filter is a set of parameters of a list, and its slow, honest twin.
type filter struct {
	query url.Values
	holds func(p *geo.Point, status string) bool
}

// randomFilter draws a filter; statuses says which calls or units each status
// stands for.
func (b *bench) randomFilter(r *rand.Rand, statuses map[string][]string) filter {
	f := filter{url.Values{}, func(*geo.Point, string) bool { return true }}
	and := func(name, value string, holds func(p geo.Point) bool) {
		rest := f.holds
		f.query.Set(name, value)
		f.holds = func(p *geo.Point, status string) bool { return p != nil && holds(*p) && rest(p, status) }
	}
	point := func() geo.Point {
		return geo.Point{Lat: 406_900_000 + r.Int32N(140_000), Lon: -740_050_000 + r.Int32N(230_000)}
	}
	if r.IntN(2) == 0 {
		p, q := point(), point()
		box := geo.BoundOf(p, q)
		text := fmt.Sprintf("%v,%v,%v,%v", degrees(box.Min.Lon), degrees(box.Min.Lat), degrees(box.Max.Lon), degrees(box.Max.Lat))
		and("bbox", text, box.Contains)
	}
	if r.IntN(2) == 0 {
		center, radius := point(), r.IntN(1500)
		f.query.Set("radius_meters", fmt.Sprint(radius))
		and("near", center.String(), func(p geo.Point) bool { return geo.Between(center, p) <= geo.Meters(float64(radius)) })
	}
	if r.IntN(2) == 0 {
		c, err := cell.At(point(), 5+r.IntN(7))
		if err != nil {
			b.t.Fatal(err)
		}
		and("cell", c.String(), func(p geo.Point) bool { at, err := cell.At(p, c.Resolution()); return err == nil && at == c })
	}
	if r.IntN(2) == 0 {
		id := []string{"75", "75A", "75B", "77"}[r.IntN(4)]
		set := b.server.areas.Load().set
		and("area", id, func(p geo.Point) bool {
			place, ok := set.Locate(p, tolerance)
			return ok && slices.Contains(place.Areas, id)
		})
	}
	if r.IntN(2) == 0 {
		names := []string{}
		for name := range statuses {
			names = append(names, name)
		}
		slices.Sort(names)
		name := names[r.IntN(len(names))]
		rest := f.holds
		f.query.Set("status", name)
		f.holds = func(p *geo.Point, status string) bool {
			return slices.Contains(statuses[name], status) && rest(p, status)
		}
	}
	return f
}

func degrees(e7 int32) float64 { return float64(e7) / geo.E7 }

func pointOf(t testing.TB, l *wire.Location) *geo.Point {
	if l == nil {
		return nil
	}
	p, err := l.Point("")
	if err != nil {
		t.Fatal(err)
	}
	return &p
}

func TestListsAgainstTheirTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	b := newBench(t)
	b.populate(r, 50)
	var calls wire.CallList
	var signedOn wire.UnitList
	b.do("GET", "/v1/calls?limit=1000", nil, &calls)
	b.do("GET", "/v1/units?limit=1000", nil, &signedOn)
	if len(calls.Calls) != 50 || len(signedOn.Units) != 50 {
		t.Fatalf("%d calls, %d units", len(calls.Calls), len(signedOn.Units))
	}
	callStatuses := map[string][]string{
		"waiting": {"waiting", "partly_assigned"}, "assigned": {"assigned", "partly_assigned"}, "closed": {"closed"},
	}
	unitStatuses := make(map[string][]string)
	for _, s := range []string{"available", "dispatched", "en_route", "on_scene", "out_of_service", "off_duty"} {
		unitStatuses[s] = []string{s}
	}
	found := 0
	for range 150 {
		f := b.randomFilter(r, callStatuses)
		var got wire.CallList
		b.do("GET", "/v1/calls?"+f.query.Encode(), nil, &got)
		var want, have []string
		for _, c := range calls.Calls {
			if f.holds(pointOf(t, c.Location), c.Status) {
				want = append(want, c.ID)
			}
		}
		for _, c := range got.Calls {
			have = append(have, c.ID)
		}
		if !slices.Equal(have, want) || got.After != nil {
			t.Errorf("calls?%s:\ngot  %v\nwant %v", f.query.Encode(), have, want)
		}
		found += len(have)
	}
	for range 150 {
		f := b.randomFilter(r, unitStatuses)
		var got wire.UnitList
		b.do("GET", "/v1/units?"+f.query.Encode(), nil, &got)
		var want, have []string
		for _, u := range signedOn.Units {
			if f.holds(pointOf(t, u.Location), u.Status) {
				want = append(want, u.ID)
			}
		}
		for _, u := range got.Units {
			have = append(have, u.ID)
		}
		if !slices.Equal(have, want) || got.After != nil {
			t.Errorf("units?%s:\ngot  %v\nwant %v", f.query.Encode(), have, want)
		}
		found += len(have)
	}
	if found < 500 {
		t.Errorf("the filters found %d in all: they try nothing", found)
	}
}

// pages counts how often each item of a list is on a page, while happens lets
// others come, go and change. read gives the IDs of a page and its cursor.
func pages(b *bench, read func(cursor string) ([]string, *string), happens func(page int)) map[string]int {
	b.t.Helper()
	seen := make(map[string]int)
	cursor := ""
	for page := range 100 {
		ids, after := read(cursor)
		for _, id := range ids {
			seen[id]++
		}
		if after == nil {
			return seen
		}
		cursor = "&after=" + url.QueryEscape(*after)
		happens(page)
	}
	b.t.Fatal("the pages never end")
	return nil
}

// once makes sure that the items are on one page each, and no other item is on
// two.
func once(t *testing.T, seen map[string]int, ids []string) {
	t.Helper()
	for _, id := range ids {
		if seen[id] != 1 {
			t.Errorf("%s is on %d pages", id, seen[id])
		}
	}
	for id, n := range seen {
		if n > 1 {
			t.Errorf("%s is on %d pages", id, n)
		}
	}
}

// Every item that is there all the time is on exactly one page.
func TestPagesHoldEveryItemOnce(t *testing.T) {
	for _, where := range []string{"", "&bbox=-74.1,40.6,-73.9,40.8"} {
		b := newBench(t)
		b.populate(rand.New(rand.NewPCG(2, 2)), 30)
		calls := func(cursor string) (ids []string, after *string) {
			var list wire.CallList
			b.do("GET", "/v1/calls?limit=7"+where+cursor, nil, &list)
			for _, c := range list.Calls {
				ids = append(ids, c.ID)
			}
			return ids, list.After
		}
		present := slices.Collect(maps.Keys(pages(b, calls, func(int) {})))
		once(t, pages(b, calls, func(page int) {
			if page > 4 {
				return // or it would go on for ever
			}
			call := fmt.Sprintf("a%d", page)
			b.report(call, "10-54", corner(page, 0))
			b.do("POST", "/v1/calls/"+call+"/close", `{"disposition":"x"}`, nil)
		}), present)
		if len(present) != 30 {
			t.Errorf("%d calls", len(present))
		}
		units := func(cursor string) (ids []string, after *string) {
			var list wire.UnitList
			b.do("GET", "/v1/units?limit=4"+where+cursor, nil, &list)
			for _, u := range list.Units {
				ids = append(ids, u.ID)
			}
			return ids, list.After
		}
		present = slices.Collect(maps.Keys(pages(b, units, func(int) {})))
		once(t, pages(b, units, func(page int) { b.signOn(fmt.Sprintf("u%02dx", 7*page%30), corner(page%12, 0)) }), present)
		if len(present) < 26 {
			t.Errorf("%d units", len(present))
		}
	}
}

func TestListParameters(t *testing.T) {
	b := newBench(t)
	for _, list := range []string{"/v1/calls", "/v1/units"} {
		for _, c := range []struct{ query, code, field string }{
			{"limit=0", "bad_parameter", "limit"},
			{"limit=1001", "bad_parameter", "limit"},
			{"limit=ten", "bad_parameter", "limit"},
			{"limit=1e2", "bad_parameter", "limit"},
			{"limit=", "bad_parameter", "limit"},
			{"limit=99999999999999999999", "bad_parameter", "limit"},
			{"limit=1&limit=2", "bad_parameter", "limit"},
			{"status=busy", "bad_parameter", "status"},
			{"near=40.7,-74", "bad_parameter", "radius_meters"},
			{"near=40.7&radius_meters=1", "bad_parameter", "near"},
			{"near=40.7,-74,3&radius_meters=1", "bad_parameter", "near"},
			{"near=x,y&radius_meters=1", "bad_parameter", "near"},
			{"near=NaN,0&radius_meters=1", "bad_parameter", "near"},
			{"near=91,0&radius_meters=1", "bad_parameter", "near"},
			{"near=1e999,0&radius_meters=1", "bad_parameter", "near"},
			{"near=40.7,-74&radius_meters=-1", "bad_parameter", "radius_meters"},
			{"near=40.7,-74&radius_meters=NaN", "bad_parameter", "radius_meters"},
			{"near=40.7,-74&radius_meters=1000001", "bad_parameter", "radius_meters"},
			{"radius_meters=5", "bad_parameter", "near"},
			{"bbox=1,2,3", "bad_parameter", "bbox"},
			{"bbox=1,2,3,4,5", "bad_parameter", "bbox"},
			{"bbox=3,2,1,4", "bad_parameter", "bbox"},
			{"bbox=1,4,3,2", "bad_parameter", "bbox"},
			{"bbox=-200,2,3,4", "bad_parameter", "bbox"},
			{"cell=", "bad_parameter", "cell"},
			{"cell=zzz", "bad_parameter", "cell"},
			{"cell=0", "bad_parameter", "cell"},
			{"cell=892a1072d6ffffff", "bad_parameter", "cell"},
			{"area=99", "unknown_area", "area"},
			{"area=", "unknown_area", "area"},
			{"area=%ff", "not_utf8", "area"},
			{"%ff=1", "not_utf8", "\ufffd"},
			{"nearby=1", "unknown_parameter", "nearby"},
		} {
			b.no("GET", list+"?"+c.query, nil, 400, c.code, c.field)
		}
	}
	b.no("GET", "/v1/calls?after=x", nil, 400, "bad_parameter", "after")
	b.no("GET", "/v1/calls?after=-1", nil, 400, "bad_parameter", "after")
	var none wire.CallList
	b.do("GET", "/v1/calls?after=18446744073709551615", nil, &none)
	if len(none.Calls) != 0 || none.After != nil {
		t.Errorf("got %+v", none)
	}
}

// Lists are read while units change: an answer shares no memory with the state.
// The race detector is the judge of it.
func TestListsWhileUnitsChange(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(0, 0))
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			call := fmt.Sprintf("c%d", i)
			b.report(call, "10-54", corner(1, 0))
			b.do("POST", "/v1/calls/"+call+"/close", `{"disposition":"x"}`, nil)
		}
	}()
	for range 100 {
		var list wire.UnitList
		b.do("GET", "/v1/units", nil, &list)
		if u := list.Units[0]; (u.Status == "dispatched") != (u.Call != nil) || u.Call != nil && *u.Call == "" {
			t.Fatalf("half an answer: %s", wire.Encode(u))
		}
		b.do("GET", "/v1/calls?limit=5", nil, nil)
	}
	close(stop)
	<-done
}

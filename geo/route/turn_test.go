package route_test

import (
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route"
)

// crossing is three streets of 1 km and 100 s from west, east and north that
// meet at c. Routine traffic must not turn north when it comes from the west:
// it turns round in the east and comes back.
//
//	    n
//	    |
//	w---c---e
func crossing(t *testing.T) *road.Graph {
	t.Helper()
	const step = 100_000 // about 1.1 km
	var b road.Builder
	at := func(lat, lon int32) road.Node { return b.AddNode(geo.Point{Lat: lat * step, Lon: lon * step}) }
	w, e, n := at(0, -1), at(0, 1), at(1, 0)
	// Who comes from the west arrives at fromWest, the others at c; streets
	// begin at a node of their own.
	c, fromWest, west, east, north := at(0, 0), at(0, 0), at(0, 0), at(0, 0), at(0, 0)
	drive := [geo.Profiles]time.Duration{geo.Routine: 100 * time.Second, geo.Emergency: 50 * time.Second}
	street := func(there, back [2]road.Node) {
		b.AddStreet(geo.Meters(1000), road.Way{Tail: there[0], Head: there[1], Times: drive}, road.Way{Tail: back[0], Head: back[1], Times: drive})
	}
	street([2]road.Node{w, fromWest}, [2]road.Node{west, w})
	street([2]road.Node{e, c}, [2]road.Node{east, e})
	street([2]road.Node{n, c}, [2]road.Node{north, n})
	for _, in := range []road.Node{c, fromWest} {
		for _, out := range []road.Node{west, east, north} {
			var turn [geo.Profiles]time.Duration
			if in == fromWest && out == north {
				turn[geo.Routine] = road.Never
			}
			b.AddTurn(in, out, turn)
		}
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestForbiddenTurn(t *testing.T) {
	n := route.New(crossing(t))
	q := n.Query()
	at := func(lat, lon int32) geo.Point { return geo.Point{Lat: lat * 1000, Lon: lon * 1000} }
	for _, c := range []struct {
		name               string
		from, to           geo.Point
		routine, emergency time.Duration // seconds
	}{
		{"straight on", at(0, -50), at(0, 50), 100, 50},
		{"the forbidden turn", at(0, -50), at(50, 0), 300, 50},
		{"from the east it is open", at(0, 50), at(50, 0), 100, 50},
		{"back into the west", at(50, 0), at(0, -50), 100, 50},
		{"about, without leaving the street", at(0, -50), at(0, -80), 30, 15},
		{"from the end of the road in the west", at(0, -100), at(50, 0), 350, 75},
	} {
		for p, want := range map[geo.Profile]time.Duration{geo.Routine: c.routine, geo.Emergency: c.emergency} {
			leg, ok := q.Time(c.from, c.to, p)
			if !ok || leg.Time != want*time.Second {
				t.Errorf("%s, %v: %v, want %d s", c.name, p, leg.Time, want)
			}
			f := n.Fleet()
			f.Put("75A", c.from)
			if got := nearest(t, f, c.to, p, 0); len(got) != 1 || got[0].Time != leg.Time {
				t.Errorf("%s, %v: a unit takes %v", c.name, p, got)
			}
			path, ok := q.Path(c.from, c.to, p)
			if !ok || path.Time() != leg.Time {
				t.Errorf("%s, %v: the path takes %v", c.name, p, path.Time())
			}
		}
	}
}

// TestEndOfAStreet: at the very end of a street one is where those are who come
// by it, and where those begin who go by it.
func TestEndOfAStreet(t *testing.T) {
	g := crossing(t)
	var fromWest, toWest road.Arc
	for a := range road.Arc(g.Arcs()) {
		if p := g.Point(g.Tail(a)); p.Lon < 0 && !g.IsTurn(a) {
			fromWest, toWest = a, g.Twin(a)
		}
	}
	end, ok := route.New(g).Snap(geo.Point{}) // on the first of three streets
	if at := uint32(g.Length(fromWest)); !ok || end != (road.Position{Arc: fromWest, Along: at}) && end != (road.Position{Arc: toWest}) {
		t.Fatalf("not at the end of the street from the west: %+v", end)
	}
	q := route.New(g).Query()
	leg, ok := q.Time(geo.Point{}, geo.Point{Lat: 50_000}, geo.Routine)
	if !ok || leg.Time != 250*time.Second {
		t.Errorf("out of the end of the street from the west it takes %v", leg.Time)
	}
	if leg, ok = q.Time(geo.Point{Lat: 50_000}, geo.Point{}, geo.Routine); !ok || leg.Time != 50*time.Second {
		t.Errorf("into the end of it %v", leg.Time)
	}
}

// TestClosedStreet: nobody drives or stands on a street that is closed to a
// profile in both directions; in one direction it is a one-way street to it.
func TestClosedStreet(t *testing.T) {
	var b road.Builder
	u := b.AddNode(geo.Point{})
	v := b.AddNode(geo.Point{Lon: 100_000})
	w := b.AddNode(geo.Point{Lon: 50_000, Lat: 50_000})
	open := [geo.Profiles]time.Duration{100 * time.Second, 100 * time.Second}
	closed := open
	closed[geo.Routine] = road.Never
	both := func(tail, head road.Node, there, back [geo.Profiles]time.Duration) {
		b.AddStreet(geo.Meters(1000), road.Way{Tail: tail, Head: head, Times: there}, road.Way{Tail: head, Head: tail, Times: back})
	}
	both(u, v, closed, closed)
	both(u, w, open, closed)
	both(w, v, open, open)
	both(u, v, [geo.Profiles]time.Duration{time.Hour, time.Hour}, [geo.Profiles]time.Duration{time.Hour, time.Hour})
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	q := route.New(g).Query()
	middle := geo.Point{Lat: 25_000, Lon: 25_000} // of u to w
	for _, c := range []struct {
		name               string
		from, to           geo.Point
		routine, emergency time.Duration // seconds
	}{
		{"by the closed street", g.Point(u), g.Point(v), 200, 100},
		{"on in the open direction", middle, g.Point(w), 50, 50},
		{"not back", middle, g.Point(u), 3600 + 100 + 50, 50},
		{"and not in from there", g.Point(w), middle, 3600 + 100 + 50, 50},
		{"behind on the same street", middle, geo.Point{Lat: 20_000, Lon: 20_000}, 3600 + 100 + 50 + 40, 10},
	} {
		for p, want := range map[geo.Profile]time.Duration{geo.Routine: c.routine, geo.Emergency: c.emergency} {
			if leg, ok := q.Time(c.from, c.to, p); !ok || leg.Time.Round(100*time.Millisecond) != want*time.Second {
				t.Errorf("%s, %v: %v, want %d s", c.name, p, leg.Time, want)
			}
		}
	}
	if at, ok := route.New(g).Snap(geo.Point{Lon: 50_000}); !ok || g.Time(at.Arc, geo.Routine) != time.Hour {
		t.Errorf("a place is on a closed street: %+v", at)
	}
}

package client_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"callbox/api/client"
	"callbox/api/server"
	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/data/geojson"
	"callbox/geo"
	"callbox/geo/area"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

var (
	noon  = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	place = geo.Point{Lat: 40.7 * geo.E7, Lon: -74 * geo.E7}
)

const town = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"precinct":"75"},"geometry":
	{"type":"Polygon","coordinates":[[[-74.1,40.6],[-73.9,40.6],[-73.9,40.8],[-74.1,40.8],[-74.1,40.6]]]}}]}`

// newServer starts a server on an address of its own, and gives a client of it.
func newServer(t *testing.T) (*client.Client, *server.Server) {
	t.Helper()
	list, err := geojson.Read(strings.NewReader(town), geojson.Options{})
	if err != nil {
		t.Fatal(err)
	}
	areas, err := area.NewSet(list)
	if err != nil {
		t.Fatal(err)
	}
	rules, text, err := policy.Named(policy.Default)
	if err != nil {
		t.Fatal(err)
	}
	roads := route.New(roadtest.Grid(2, 2))
	e, err := engine.Open(context.Background(), engine.Config{
		Travel: roads.Fleet(), Streets: func(geometry string) ([]uint32, geo.Distance, error) {
			shape, _, err := geojson.ReadShape([]byte(geometry))
			if err != nil {
				return nil, 0, err
			}
			return roads.Crossed(shape)
		},
		Journal: &engine.Memory{}, Clock: engine.NewManual(noon), Advisor: policy.Advisor{},
		Start:  assign.Started{Engine: "test", City: "town", Roads: "none"},
		Policy: assign.AdoptPolicy{Policy: rules, Source: text},
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Engine: e, Areas: areas})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(listener) //nolint:errcheck // ends with Shutdown
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := errors.Join(s.Shutdown(ctx), e.Close()); err != nil {
			t.Error(err)
		}
	})
	return newClient(t, "http://"+listener.Addr().String()+"/"), s
}

func newClient(t *testing.T, base string) *client.Client {
	t.Helper()
	c, err := client.New(base, client.Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func report(id string) wire.AssignRequest {
	return wire.AssignRequest{Call: &wire.Call{ID: id, Type: "10-54", Location: wire.LocationOf(place)}}
}

func TestTheWayOfACall(t *testing.T) {
	c, _ := newServer(t)
	u, err := c.SignOn("u1", wire.UnitRequest{Capabilities: &[]string{"patrol"}, Location: wire.LocationOf(place)})
	if err != nil || u.Status != "available" {
		t.Fatalf("got %+v, %v", u, err)
	}
	r, err := c.Assign(report("c1"))
	if err != nil || r.Status != "assigned" || r.Assignments[0].Unit != "u1" {
		t.Fatalf("got %+v, %v", r, err)
	}
	if u, err = c.SetStatus("u1", wire.StatusRequest{Status: "on_scene", Call: "c1"}); err != nil || *u.Call != "c1" {
		t.Errorf("got %+v, %v", u, err)
	}
	lat, lon := place.Degrees()
	if p, err := c.Positions([]wire.Position{{Unit: "u1", Lat: &lat, Lon: &lon}, {Unit: "u2", Lat: &lat, Lon: &lon}}); err != nil || p.Accepted != 1 || p.Unknown != 1 {
		t.Errorf("got %+v, %v", p, err)
	}
	if a, err := c.Close("c1", wire.CloseRequest{Disposition: "10-91"}); err != nil || a.Status != "closed" {
		t.Errorf("got %+v, %v", a, err)
	}
	if a, err := c.Call("c1"); err != nil || a.Closed == nil {
		t.Errorf("got %+v, %v", a, err)
	}
	if list, err := c.Calls("status=closed"); err != nil || len(list.Calls) != 1 {
		t.Errorf("got %+v, %v", list, err)
	}
	if list, err := c.Units("limit=5"); err != nil || len(list.Units) != 1 {
		t.Errorf("got %+v, %v", list, err)
	}
	if ready, err := c.Ready(); err != nil || ready.Units != 1 {
		t.Errorf("got %+v, %v", ready, err)
	}
	if text, err := c.Areas(); err != nil || !strings.Contains(string(text), `"75"`) {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestRoadsAreClosedAndOpened(t *testing.T) {
	c, _ := newServer(t)
	closed, err := c.CloseRoad("x", []byte(`{"type":"Point","coordinates":[-73.9995,40.7]}`))
	if err != nil || closed.Arcs != 2 {
		t.Errorf("got %+v, %v", closed, err)
	}
	if list, err := c.Closures("limit=5"); err != nil || len(list.Closures) != 1 || list.Roads != closed.Roads {
		t.Errorf("got %+v, %v", list, err)
	}
	if opened, err := c.OpenRoad("x"); err != nil || opened.ID != "x" || opened.Roads == closed.Roads {
		t.Errorf("got %+v, %v", opened, err)
	}
	var p *wire.Problem
	if _, err := c.OpenRoad("x"); !errors.As(err, &p) || p.Code != "unknown_closure" {
		t.Errorf("got %v", err)
	}
	if _, err := c.CloseRoad("x", []byte(`{"type":"Point","coordinates":[-73.9,40.7]}`)); !errors.As(err, &p) || p.Code != "no_road_crossed" {
		t.Errorf("got %v", err)
	}
}

func TestProblemsAreErrors(t *testing.T) {
	c, _ := newServer(t)
	var p *wire.Problem
	if _, err := c.Call("no-such"); !errors.As(err, &p) || p.Status != 404 || p.Code != "unknown_call" || p.Field != "id" {
		t.Errorf("got %v", err)
	}
	if _, err := c.Assign(wire.AssignRequest{}); !errors.As(err, &p) || p.Status != 400 || p.Code != "field_missing" {
		t.Errorf("got %v", err)
	}
	err := c.Do("POST", "/v1/assign", []byte("{}"), "text/plain", "", nil)
	if !errors.As(err, &p) || p.Code != "unsupported_media_type" {
		t.Errorf("got %v", err)
	}
	other := httptest.NewServer(http.NotFoundHandler()) // that is no callbox
	defer other.Close()
	if _, err := newClient(t, other.URL).Ready(); !errors.As(err, &p) || p.Status != 404 || p.Code != "no_problem" {
		t.Errorf("got %v", err)
	}
	other.Close()
	if _, err := newClient(t, other.URL).Ready(); err == nil || errors.As(err, &p) {
		t.Errorf("of a server that is not there: %v", err)
	}
}

func TestKeyReplaysTheAnswer(t *testing.T) {
	c, _ := newServer(t)
	var first, again []byte
	for _, out := range []*[]byte{&first, &again} {
		if err := c.Do("POST", "/v1/assign", wire.Encode(report("")), "application/json", `a "key" \`, out); err != nil {
			t.Fatal(err)
		}
	}
	if string(first) != string(again) {
		t.Errorf("first %s, again %s", first, again)
	}
}

func TestAddresses(t *testing.T) {
	for _, base := range []string{"", "127.0.0.1:8911", "ftp://x", "http://", "::", "/v1"} {
		if _, err := client.New(base, client.Options{}); err == nil {
			t.Errorf("%q is taken", base)
		}
	}
}

// A client that goes on from the last event misses nothing and hears nothing
// twice.
func TestEventsGoOn(t *testing.T) {
	c, _ := newServer(t)
	ids := []string{"c1", "c2", "c3", "c4"}
	for _, id := range ids {
		if _, err := c.Assign(report(id)); err != nil {
			t.Fatal(err)
		}
	}
	var heard []string
	for after, err := uint64(0), error(nil); len(heard) < len(ids); {
		events := 0
		after, err = c.Events(t.Context(), after, func(e wire.Event) bool {
			if e.Kind == "call_received" {
				heard = append(heard, e.Call)
			}
			events++
			return events < 2 // then the stream breaks
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(heard, " "); got != "c1 c2 c3 c4" {
		t.Errorf("heard %s", got)
	}
	var p *wire.Problem
	if after, err := c.Events(t.Context(), 1000, nil); !errors.As(err, &p) || p.Code != "bad_parameter" || after != 1000 {
		t.Errorf("got %d, %v", after, err)
	}
}

func TestEventsEnd(t *testing.T) {
	c, s := newServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	begun := make(chan bool, 8)
	ended := make(chan error, 1)
	follow := func(ctx context.Context) {
		_, err := c.Events(ctx, 0, func(wire.Event) bool { begun <- true; return true })
		ended <- err
	}
	go follow(ctx)
	<-begun
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	go follow(ctx)
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before it began: %v", err)
	}
	for len(begun) > 0 {
		<-begun
	}
	go follow(t.Context())
	<-begun
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the server shut down: %v", err)
	}
}

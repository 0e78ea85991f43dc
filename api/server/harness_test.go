package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/data/geojson"
	"callbox/geo"
	"callbox/geo/area"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
	travel "callbox/geo/route"

	"github.com/go-json-experiment/json"
)

// noon is when the tests' clocks begin.
var noon = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))

// town is the roads of the tests: streets 100 m apart, of which one takes 10 s
// by routine driving and 7.5 s in an emergency.
var town = roadtest.Grid(12, 8)

// corner is where two of its streets meet, so many steps east and south of its
// north-western end.
func corner(east, south int) geo.Point { return town.Point(road.Node(south*12 + east)) }

// boxes are areas around the town: 75 in the west with its sectors A and B, 77
// in the east. openapi.yaml has the same for an example.
var boxes = collection(
	feature("75", "precinct", -74.004, 40.69, -73.9935, 40.704),
	feature("75A", "sector", -74.004, 40.697, -73.9935, 40.704),
	feature("75B", "sector", -74.004, 40.69, -73.9935, 40.697),
	feature("77", "precinct", -73.9935, 40.69, -73.983, 40.704),
)

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func feature(id, kind string, west, south, east, north float64) string {
	return fmt.Sprintf(`{"type":"Feature","id":%q,"properties":{"id":%[1]q,"kind":%[2]q},"geometry":{"type":"Polygon",
		"coordinates":[[[%[3]v,%[4]v],[%[5]v,%[4]v],[%[5]v,%[6]v],[%[3]v,%[6]v],[%[3]v,%[4]v]]]}}`, id, kind, west, south, east, north)
}

func newSet(t testing.TB, text string) *area.Set {
	t.Helper()
	list, err := geojson.Read(strings.NewReader(text), geojson.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := area.NewSet(list)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// rules is the policy that the tests begin with.
const rules = `name: town
description: For tests.
classes:
  - {name: critical, answer: 7m, close: 2h, reach: city, travel: emergency}
  - {name: serious, answer: 12m, close: 2h, pull_limit: 20m, reach: city, travel: emergency}
  - {name: non-critical, answer: 30m, close: 3h, pull_limit: 15m, reach: city}
  - {name: other-911, answer: 1h, close: 4h, pull_limit: 15m, reach: city}
  - {name: "311", answer: 8h, close: 24h, pull_limit: 15m, reach: city}
run_cards:
  10-30: {class: critical, needs: [{capabilities: [patrol], count: 1}]}
  10-13: {class: critical, needs: [{capabilities: [patrol], count: 2}]}
defaults:
  "911": {class: other-911, needs: [{capabilities: [patrol], count: 1}]}
  "311": {class: "311", needs: [{capabilities: [patrol], count: 1}]}
area_order: {sector: 0s, precinct: 0s, city: 0s}
positions: {stale_after: 30m}
straight_line: {speed_kmh: 25, detour_percent: 40}
`

// bench is a server on a listener of its own, with everything around it in the
// test's hands. Whatever goes through its client is checked against
// openapi.yaml.
type bench struct {
	t        testing.TB
	clock    *engine.Manual
	journal  engine.Journal
	advisor  engine.Advisor
	roads    geo.Bound
	demand   []assign.Demand
	keys     Keys
	adjust   func(*Server) // before it serves
	listener func(net.Listener) net.Listener
	secret   string // sent as the API key

	engine *engine.Engine
	server *Server
	addr   string
	client *http.Client
}

func newBench(t testing.TB, with ...func(*bench)) *bench {
	t.Helper()
	b := &bench{
		t: t, clock: engine.NewManual(noon), journal: &engine.Memory{}, advisor: policy.Advisor{},
		adjust: func(*Server) {}, listener: func(l net.Listener) net.Listener { return l },
	}
	for _, f := range with {
		f(b)
	}
	b.client = &http.Client{Transport: &checker{t: t, Transport: &http.Transport{MaxIdleConnsPerHost: 8}}, Timeout: 20 * time.Second}
	b.open()
	t.Cleanup(b.close)
	return b
}

func (b *bench) open() {
	b.t.Helper()
	p, err := policy.Parse([]byte(rules))
	if err != nil {
		b.t.Fatal(err)
	}
	network := travel.New(town, travel.Within(geo.Meters(100)))
	if b.engine, err = engine.Open(context.Background(), engine.Config{
		Journal: b.journal, Clock: b.clock, Advisor: b.advisor, Travel: network.Fleet(), Streets: streets(network), Demand: b.demand,
		Start:  assign.Started{Engine: "test", City: "town", Areas: "none", Roads: network.Version()},
		Policy: assign.AdoptPolicy{Policy: p, Source: rules, Reason: "test"},
	}); err != nil {
		b.t.Fatal(err)
	}
	b.server, err = New(Config{Engine: b.engine, Areas: newSet(b.t, boxes), Roads: b.roads, Keys: b.keys})
	if err != nil {
		b.t.Fatal(err)
	}
	b.adjust(b.server)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.t.Fatal(err)
	}
	b.addr = listener.Addr().String()
	go b.server.Serve(b.listener(listener)) //nolint:errcheck // ends with Shutdown
}

func streets(network *travel.Network) engine.Streets {
	return func(geometry string) ([]uint32, geo.Distance, error) {
		shape, _, err := geojson.ReadShape([]byte(geometry))
		if err != nil {
			return nil, 0, err
		}
		return network.Crossed(shape)
	}
}

func (b *bench) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	b.client.CloseIdleConnections()
	// fasthttp looks ten times a second whether its connections have ended.
	for end := time.Now().Add(50 * time.Millisecond); b.server.http.GetOpenConnectionsCount() > 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if err := b.server.Shutdown(ctx); err != nil {
		b.t.Error("shutdown:", err)
	}
	if err := b.engine.Close(); err != nil {
		b.t.Error("close:", err)
	}
}

// restart ends everything but the journal, and begins again.
func (b *bench) restart() {
	b.t.Helper()
	b.close()
	b.open()
}

// reply is what came of a request.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// send sends a request. A body that is no string is sent as JSON. Headers are
// "Name: value"; a body's content type is JSON where they do not say.
func (b *bench) send(ctx context.Context, method, path string, body any, headers ...string) reply {
	b.t.Helper()
	resp := b.begin(ctx, method, path, body, headers...)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return reply{resp.StatusCode, resp.Header, text}
}

// begin sends a request and leaves the answer's body to be read.
func (b *bench) begin(ctx context.Context, method, path string, body any, headers ...string) *http.Response {
	b.t.Helper()
	var reader io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(body)
	default:
		reader = bytes.NewReader(wire.Encode(body))
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+b.addr+path, reader)
	if err != nil {
		b.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", typeJSON)
	}
	if b.secret != "" {
		req.Header.Set("Authorization", "Bearer "+b.secret)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return resp
}

// do sends a request that must be good, and reads the answer into out unless
// that is nil.
func (b *bench) do(method, path string, body, out any, headers ...string) reply {
	b.t.Helper()
	r := b.send(context.Background(), method, path, body, headers...)
	if r.status != http.StatusOK {
		b.t.Fatalf("%s %s: %d %s", method, path, r.status, r.body)
	}
	if out != nil {
		if err := json.Unmarshal(r.body, out); err != nil {
			b.t.Fatalf("%s %s: %v in %s", method, path, err, r.body)
		}
	}
	return r
}

// no sends a request that must be refused with that status, code and field, and
// must leave no trace in the state.
func (b *bench) no(method, path string, body any, status int, code, field string, headers ...string) wire.Problem {
	b.t.Helper()
	before := b.digest()
	r := b.send(context.WithValue(context.Background(), loosely{}, true), method, path, body, headers...)
	var p wire.Problem
	if err := json.Unmarshal(r.body, &p); err != nil {
		b.t.Errorf("%s %s: %d %.200s is no problem: %v", method, path, r.status, r.body, err)
		return p
	}
	if r.status != status || p.Code != code || p.Field != field {
		b.t.Errorf("%s %.200s: got %d %s at %q (%s), want %d %s at %q", method, path, r.status, p.Code, p.Field, p.Detail, status, code, field)
	}
	if after := b.digest(); after != before {
		b.t.Errorf("%s %.200s: refused with %s, and still the state is another", method, path, p.Code)
	}
	return p
}

// digest asks the server for the digest of its state.
func (b *bench) digest() string {
	b.t.Helper()
	var d wire.Digest
	b.do("GET", "/v1/digest", nil, &d)
	return d.Digest
}

// signOn signs on a patrol unit at a place.
func (b *bench) signOn(unit string, at geo.Point) wire.UnitAnswer {
	b.t.Helper()
	var a wire.UnitAnswer
	b.do("PUT", "/v1/units/"+unit, wire.UnitRequest{Capabilities: &[]string{"patrol"}, Location: wire.LocationOf(at)}, &a)
	return a
}

// report reports a call.
func (b *bench) report(id, callType string, at geo.Point) wire.Receipt {
	b.t.Helper()
	var r wire.Receipt
	b.do("POST", "/v1/assign", wire.AssignRequest{Call: &wire.Call{ID: id, Type: callType, Location: wire.LocationOf(at)}}, &r)
	return r
}

// status reports what a unit does.
func (b *bench) status(unit, status string) wire.UnitAnswer {
	b.t.Helper()
	var a wire.UnitAnswer
	b.do("POST", "/v1/units/"+unit+"/status", wire.StatusRequest{Status: status}, &a)
	return a
}

func (b *bench) call(id string) (a wire.CallAnswer) {
	b.t.Helper()
	b.do("GET", "/v1/calls/"+id, nil, &a)
	return a
}

func (b *bench) unit(id string) (a wire.UnitAnswer) {
	b.t.Helper()
	b.do("GET", "/v1/units/"+id, nil, &a)
	return a
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// units names those of the assignments.
func units(list []wire.Assignment) (names []string) {
	for _, a := range list {
		names = append(names, a.Unit)
	}
	return names
}

// eventually waits until something holds, a few seconds at most.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never happened: " + what)
		}
	}
}

package server

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// bodies are the requests that take JSON: where, and a good body whose every
// field is there.
var bodies = []struct{ method, path, good string }{
	{"POST", "/v1/assign", `{"call":{"id":"c9","type":"10-30","class":"serious","source":"911","location":{"lat":40.7,"lon":-74},` +
		`"received_at":"2026-11-23T12:00:00Z","needs":[{"capabilities":["patrol"],"count":1}],"note":"n"},"dry_run":true}`},
	{"POST", "/v1/calls/c1/close", `{"disposition":"x","at":"2026-11-23T12:00:00Z"}`},
	{"POST", "/v1/calls/c1/cancel", `{"reason":"x","at":"2026-11-23T12:00:00Z"}`},
	{"PUT", "/v1/units/u1", `{"capabilities":["patrol"],"area":"75A","status":"available","location":{"lat":40.7,"lon":-74},"position_at":"2026-11-23T12:00:00Z"}`},
	{"POST", "/v1/units/u1/status", `{"status":"en_route","call":"c1","at":"2026-11-23T12:00:00Z"}`},
	{"POST", "/v1/override", `{"call":"c1","unit":"u1","by":"B","reason":"R"}`},
	{"PUT", "/v1/policy", `{"name":"911-first","by":"B","reason":"R"}`},
}

// newScene is a bench with a unit on a call, so that a refused request could do
// harm.
func newScene(t *testing.T) *bench {
	b := newBench(t)
	b.signOn("u1", corner(3, 0))
	b.signOn("u2", corner(9, 0))
	b.report("c1", "10-30", corner(1, 0))
	return b
}

func TestBadBodies(t *testing.T) {
	b := newScene(t)
	for _, r := range bodies {
		for _, c := range []struct{ body, code, field string }{
			{"", "empty_body", ""},
			{" \r\n", "empty_body", ""},
			{"null", "wrong_type", ""},
			{"[]", "wrong_type", ""},
			{`"x"`, "wrong_type", ""},
			{"{", "bad_json", ""},
			{r.good + "x", "bad_json", ""},
			{r.good + r.good, "bad_json", ""},
			{"\ufeff" + r.good, "bad_json", ""},
			{strings.Replace(r.good, "{", `{"no_such":1,`, 1), "unknown_field", "no_such"},
			{strings.Replace(r.good, "{", `{"no_such":`+strings.Repeat("[", 50_000)+strings.Repeat("]", 50_000)+",", 1), "unknown_field", "no_such"},
			{strings.Replace(r.good, "{", "{\"\xff\":1,", 1), "not_utf8", ""},
		} {
			b.no(r.method, r.path, c.body, 400, c.code, c.field)
		}
		b.no(r.method, r.path, r.good, 415, "unsupported_media_type", "Content-Type", "Content-Type: text/plain")
		b.no(r.method, r.path, r.good, 415, "unsupported_media_type", "Content-Type", "Content-Type: application/x-www-form-urlencoded")
		b.no(r.method, r.path+"?no_such=1", r.good, 400, "unknown_parameter", "no_such")
		b.no(r.method, r.path+"?by=1&by=2", r.good, 400, "bad_parameter", "by")
		b.no(r.method, r.path, r.good, 400, "bad_idempotency_key", "Idempotency-Key", "Idempotency-Key: unquoted")
		b.no(r.method, r.path, strings.Replace(r.good, "{", "{"+strings.Repeat(" ", smallBody), 1), 413, "body_too_large", "")
	}
}

// Every field, at every level: of a wrong type, there twice, with an unknown
// neighbour, and not UTF-8.
func TestBadFields(t *testing.T) {
	b := newScene(t)
	tried := 0
	for _, r := range bodies {
		for _, f := range fieldsIn(r.good) {
			tried++
			wrong := `7`
			if f.number {
				wrong = `"7"`
			}
			b.no(r.method, r.path, r.good[:f.value]+wrong+r.good[f.end:], 400, "wrong_type", f.path)
			b.no(r.method, r.path, r.good[:f.end]+","+r.good[f.name:f.end]+r.good[f.end:], 400, "duplicate_field", f.path)
			unknown := f.path[:strings.LastIndex(f.path, ".")+1] + "zz"
			b.no(r.method, r.path, r.good[:f.name]+`"zz":1,`+r.good[f.name:], 400, "unknown_field", unknown)
			b.no(r.method, r.path, r.good[:f.value]+"\"\xff\""+r.good[f.end:], 400, "not_utf8", f.path)
			if f.number {
				b.no(r.method, r.path, r.good[:f.value]+"1e999"+r.good[f.end:], 400, "wrong_type", f.path)
				b.no(r.method, r.path, r.good[:f.value]+"NaN"+r.good[f.end:], 400, "bad_json", f.path)
			}
		}
	}
	if tried != 35 {
		t.Errorf("tried %d fields", tried)
	}
}

// field is where a field stands in a body.
type field struct {
	path             string
	name, value, end int
	number           bool
}

// fieldsIn finds the fields of a body without blanks.
func fieldsIn(body string) (all []field) {
	for d := jsontext.NewDecoder(strings.NewReader(body)); ; {
		if _, err := d.ReadToken(); err != nil {
			return all
		}
		kind, n := d.StackIndex(d.StackDepth())
		if kind != jsontext.KindBeginObject || n%2 == 0 {
			continue // no name
		}
		path := strings.ReplaceAll(string(d.StackPointer()[1:]), "/", ".")
		value := int(d.InputOffset()) + len(":")
		text, err := jsontext.NewDecoder(strings.NewReader(body[value:])).ReadValue()
		if err != nil {
			panic(err)
		}
		last := path[strings.LastIndex(path, ".")+1:]
		all = append(all, field{
			path: path, name: value - len(`"":`) - len(last), value: value, end: value + len(text), number: text.Kind() == jsontext.KindNumber,
		})
	}
}

func TestBadValues(t *testing.T) {
	b := newScene(t)
	long := strings.Repeat("x", 5000)
	at := func(lat, lon string) string {
		return `{"call":{"type":"10-30","location":{"lat":` + lat + `,"lon":` + lon + `}}}`
	}
	received := func(instant string) string {
		return `{"call":{"location":{"lat":40.7,"lon":-74},"received_at":"` + instant + `"}}`
	}
	const assign, status, unit = "POST /v1/assign", "POST /v1/units/u1/status", "PUT /v1/units/u1"
	for _, c := range []struct {
		to, body    string
		status      int
		code, field string
	}{
		{assign, at("91", "-74"), 422, "off_earth", "call.location"},
		{assign, at("40.7", "180.0000001"), 422, "off_earth", "call.location"},
		{assign, at("-74", "40.7"), 422, "outside_city", "call.location"}, // swapped
		{assign, at("40.72", "-74"), 422, "outside_city", "call.location"},
		{assign, at("0", "0"), 422, "outside_city", "call.location"},
		{assign, at("null", "-74"), 400, "field_missing", "call.location.lat"},
		{assign, `{"call":{}}`, 422, "location_missing", "call.location"},
		{assign, `{"call":null}`, 400, "field_missing", "call"},
		{assign, `{"call":{"id":"c2"}}`, 422, "location_missing", "call.location"},
		{assign, received("2126-11-23T12:00:00Z"), 422, "instant_in_future", "call.received_at"},
		{assign, received("2026-11-23T12:01:00.001Z"), 422, "instant_in_future", "call.received_at"},
		{assign, received("2026-10-24T11:59:59Z"), 422, "instant_too_old", "call.received_at"},
		{assign, received("1901-01-01T00:00:00Z"), 422, "instant_too_old", "call.received_at"},
		{assign, received("2026-11-23T12:00:00"), 422, "bad_instant", "call.received_at"},
		{assign, received("23 Nov 2026"), 422, "bad_instant", "call.received_at"},
		{assign, `{"call":{"location":{"lat":40.7,"lon":-74},"class":"no-such"}}`, 422, "unknown_class", "call.class"},
		{assign, `{"call":{"location":{"lat":40.7,"lon":-74},"source":"999"}}`, 422, "unknown_source", "call.source"},
		{assign, `{"call":{"id":"c/2","location":{"lat":40.7,"lon":-74}}}`, 422, "bad_id", "call.id"},
		{assign, `{"call":{"location":{"lat":40.7,"lon":-74},"needs":[{"count":33}]}}`, 422, "bad_needs", "call.needs"},
		{assign, `{"call":{"location":{"lat":40.7,"lon":-74},"note":"` + long + `"}}`, 422, "too_long", "call.note"},
		{unit, `{"area":"99"}`, 422, "unknown_area", "area"},
		{unit, `{"area":""}`, 422, "unknown_area", "area"},
		{unit, `{"status":"dispatched"}`, 422, "unknown_status", "status"},
		{unit, `{"capabilities":["a b"]}`, 422, "bad_capabilities", "capabilities"},
		{unit, `{"location":{"lat":40.7,"lon":-74},"position_at":"2026-11-23T12:02:00Z"}`, 422, "instant_in_future", "position_at"},
		{status, `{"status":"on_scene","at":"2026-11-23T12:02:00Z"}`, 422, "instant_in_future", "at"},
		{status, `{"status":"on_scene","at":"2026-11-23T11:58:00Z"}`, 422, "instant_out_of_order", "at"},
		{status, `{"status":"on_scene","at":"2020-01-01T00:00:00Z"}`, 422, "instant_too_old", "at"},
		{status, `{"status":"dispatched"}`, 422, "unknown_status", "status"},
		{status, `{"status":"on_scene","call":"c9"}`, 409, "unit_not_on_call", "call"},
		{"POST /v1/calls/c1/close", `{"disposition":"x","at":"2026-11-23T11:58:00Z"}`, 422, "instant_out_of_order", "at"},
		{"POST /v1/calls/c1/close", `{"disposition":"x","at":"2026-11-23T12:58:00Z"}`, 422, "instant_in_future", "at"},
		{"POST /v1/calls/c1/close", `{"disposition":""}`, 400, "field_missing", "disposition"},
		{"POST /v1/calls/c1/cancel", `{"reason":"` + long + `"}`, 422, "too_long", "reason"},
		{"POST /v1/override", `{"call":"c1","unit":"u2","by":"","reason":"R"}`, 400, "field_missing", "by"},
		{"POST /v1/override", `{"call":"c1","unit":"u2","by":"` + long + `","reason":"R"}`, 422, "too_long", "by"},
	} {
		method, path, _ := strings.Cut(c.to, " ")
		b.no(method, path, c.body, c.status, c.code, c.field)
	}
}

func TestBadPaths(t *testing.T) {
	b := newScene(t)
	for _, id := range []string{"a%20b", "%C3%A9", strings.Repeat("x", 129), "a%00b", "a%25b", "a@b"} {
		b.no("GET", "/v1/calls/"+id, nil, 400, "bad_id", "id")
		b.no("GET", "/v1/units/"+id, nil, 400, "bad_id", "id")
		b.no("PUT", "/v1/units/"+id, `{}`, 400, "bad_id", "id")
		b.no("POST", "/v1/units/"+id+"/status", `{"status":"available"}`, 400, "bad_id", "id")
		b.no("POST", "/v1/calls/"+id+"/close", `{"disposition":"x"}`, 400, "bad_id", "id")
		b.no("PUT", "/v1/closures/"+id, `{}`, 400, "bad_id", "id")
		b.no("DELETE", "/v1/closures/"+id, nil, 400, "bad_id", "id")
	}
	for _, path := range []string{"/", "/v1", "/v1/", "/v2/calls", "/v1/call", "/v1/calls/c1/reopen", "/v1/calls/a%2Fb", "/v1/calls/", "/v1/calls//close/x", "/V1/calls", "/v1/calls/..%2f..%2fhealth", "/metrics/x", "/debug/pprof"} {
		b.no("GET", path, nil, 404, "no_such_path", "")
	}
	b.no("GET", "/v1/calls/no-such", nil, 404, "unknown_call", "id")
	b.no("GET", "/v1/units/no-such", nil, 404, "unknown_unit", "id")
	b.no("POST", "/v1/units/no-such/status", `{"status":"available"}`, 404, "unknown_unit", "unit")
	b.no("POST", "/v1/calls/no-such/close", `{"disposition":"x"}`, 404, "unknown_call", "call")
}

func TestMethods(t *testing.T) {
	b := newScene(t)
	paths := make(map[string][]string)
	for _, r := range routes {
		path := strings.Replace(r.path, "{id}", "x", 1)
		if paths[path] = append(paths[path], r.method); r.method == "GET" {
			paths[path] = append(paths[path], "HEAD")
		}
	}
	for path, allowed := range paths {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"} {
			if slices.Contains(allowed, method) {
				continue
			}
			b.no(method, path, nil, 405, "method_not_allowed", "")
			r := b.send(t.Context(), method, path, nil)
			if got := r.header.Get("Allow"); got != strings.Join(allowed, ", ") {
				t.Errorf("%s %s: Allow: %s, want %v", method, path, got, allowed)
			}
		}
	}
	if r := b.send(t.Context(), "HEAD", "/v1/assign", nil); r.status != http.StatusMethodNotAllowed || len(r.body) != 0 {
		t.Errorf("HEAD: %d %s", r.status, r.body)
	}
}

// HEAD is answered wherever GET is, as GET is but for the body.
func TestHead(t *testing.T) {
	b := newScene(t)
	for _, path := range []string{
		"/healthz", "/readyz", "/openapi.yaml", "/v1/calls", "/v1/calls?limit=1", "/v1/calls/c1", "/v1/units", "/v1/units/u1", "/v1/clocks", "/v1/areas",
		"/v1/policy", "/v1/closures", "/v1/digest", "/v1/decisions/1", "/v1/calls/none", "/v1/calls?x=1", "/none",
	} {
		get, head := b.send(t.Context(), "GET", path, nil), b.send(t.Context(), "HEAD", path, nil)
		get.header.Del("Date")
		head.header.Del("Date")
		if head.status != get.status || !maps.EqualFunc(head.header, get.header, slices.Equal) || len(head.body) != 0 {
			t.Errorf("%s: GET %d %v, HEAD %d %v and %d bytes", path, get.status, get.header, head.status, head.header, len(head.body))
		}
	}
	// Of a stream the headers come at once, and it takes nobody's place.
	if r := b.send(t.Context(), "HEAD", "/v1/events", nil); r.status != 200 || r.header.Get("Content-Type") != "text/event-stream" || r.header.Get("Content-Length") != "" {
		t.Errorf("HEAD of a stream: %d %v", r.status, r.header)
	}
	eventually(t, "the stream is none", func() bool { return b.server.streams.open() == 0 })
	if r := b.send(t.Context(), "HEAD", "/metrics", nil); r.status != 200 || len(r.body) != 0 {
		t.Errorf("HEAD of metrics: %d", r.status)
	}
	// The connection goes on behind it.
	c := b.dial(t)
	for _, request := range []string{"HEAD /v1/events", "HEAD /healthz", "GET /healthz"} {
		if _, err := c.Write([]byte(request + " HTTP/1.1\r\nHost: x\r\n" + map[bool]string{true: "Connection: close\r\n"}[request[0] == 'G'] + "\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(c)
	if err != nil || strings.Count(string(text), "HTTP/1.1 200 OK\r\n") != 3 || strings.Count(string(text), `{"status":"alive"}`) != 1 {
		t.Errorf("on one connection: %v, %s", err, text)
	}
}

func TestBodiesWhereNoneIsTaken(t *testing.T) {
	b := newScene(t)
	for _, r := range routes {
		if r.limit == 0 {
			b.no(r.method, strings.Replace(r.path, "{id}", "c1", 1), `{}`, 400, "body_not_allowed", "")
		}
	}
	for _, path := range []string{"/v1/calls/c1", "/v1/units/u1", "/v1/decisions/1", "/v1/areas", "/v1/policy", "/v1/digest", "/v1/closures"} {
		b.no("GET", path+"?x=1", nil, 400, "unknown_parameter", "x")
	}
	b.no("POST", "/v1/assign?candidates=0", someCall, 400, "bad_parameter", "candidates")
	b.no("POST", "/v1/assign?candidates=101", someCall, 400, "bad_parameter", "candidates")
	b.no("POST", "/v1/assign?candidates=%ff", someCall, 400, "not_utf8", "candidates")
}

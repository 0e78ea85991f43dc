package server

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/assign"
)

const (
	someCall = `{"call":{"type":"10-30","location":{"lat":40.7,"lon":-74}}}`
	key      = `Idempotency-Key: "k-1"`
)

// replayed sends a request whose answer must be that of the first time, to the
// byte.
func (b *bench) replayed(first reply, method, path string, body any, headers ...string) {
	b.t.Helper()
	before := b.digest()
	r := b.do(method, path, body, nil, headers...)
	if !bytes.Equal(r.body, first.body) || r.header.Get("Idempotency-Replayed") != "true" {
		b.t.Errorf("%s %s: replayed %q: first %s, then %s", method, path, r.header.Get("Idempotency-Replayed"), first.body, r.body)
	}
	if b.digest() != before {
		b.t.Errorf("%s %s: replayed, and changes the state", method, path)
	}
}

func TestKeyReplaysTheAnswer(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(3, 0))
	first := b.do("POST", "/v1/assign", someCall, nil, key)
	if first.header.Get("Idempotency-Replayed") != "" {
		t.Error("the first answer says that it is replayed")
	}
	b.status("u1", "on_scene") // the call has another receipt now
	b.replayed(first, "POST", "/v1/assign", someCall, key)
	b.no("POST", "/v1/assign", someCall+" ", 422, "idempotency_key_reused", "Idempotency-Key", key)
	b.no("POST", "/v1/assign?candidates=3", someCall, 422, "idempotency_key_reused", "Idempotency-Key", key)
	b.no("POST", "/v1/units/u1/status", `{"status":"available"}`, 422, "idempotency_key_reused", "Idempotency-Key", key)
	b.restart()
	b.replayed(first, "POST", "/v1/assign", someCall, key)
	other := b.do("POST", "/v1/assign", someCall, nil, `Idempotency-Key: "k-2"`)
	if bytes.Equal(other.body, first.body) {
		t.Error("another key gets the first one's answer")
	}
}

// Every write keeps its answer, and takes the key in its quoted form only.
func TestKeyOnEveryWrite(t *testing.T) {
	b := newBench(t)
	b.signOn("u1", corner(3, 0))
	b.signOn("u2", corner(4, 0))
	b.report("c1", "10-30", corner(1, 0))
	b.report("c2", "10-30", corner(1, 0))
	for _, w := range []struct{ method, path, body string }{
		{"PUT", "/v1/units/u3", `{"capabilities":["patrol"]}`},
		{"POST", "/v1/units/u1/status", `{"status":"en_route"}`},
		{"POST", "/v1/override", `{"call":"c1","unit":"u2","by":"B","reason":"R"}`},
		{"POST", "/v1/calls/c1/close", `{"disposition":"10-91"}`},
		{"POST", "/v1/calls/c2/cancel", `{"reason":"R"}`},
		{"PUT", "/v1/policy", `{"name":"311-first","reason":"R"}`},
		{"PUT", "/v1/areas", boxes},
	} {
		named := `Idempotency-Key: "` + w.path + `"`
		b.no(w.method, w.path, w.body, 400, "bad_idempotency_key", "Idempotency-Key", "Idempotency-Key: bare")
		first := b.do(w.method, w.path, w.body, nil, named, "Content-Type: application/json")
		b.replayed(first, w.method, w.path, w.body, named)
	}
}

// A retry gets the stored answer though the request would be refused now: the
// areas it was checked against are others.
func TestKeyReplaysThoughTheAreasAreOthers(t *testing.T) {
	b := newBench(t)
	const unitKey, areasKey = `Idempotency-Key: "k-2"`, `Idempotency-Key: "k-3"`
	unit := `{"area":"75A"}`
	call := `{"call":{"id":"c1","type":"10-30","location":{"lat":40.7,"lon":-74}}}`
	first := b.do("POST", "/v1/assign", call, nil, key)
	second := b.do("PUT", "/v1/units/u1", unit, nil, unitKey)
	third := b.do("PUT", "/v1/areas", boxes, nil, areasKey)
	elsewhere := collection(feature("99", "precinct", -75.5, 41.2, -75.4, 41.3))
	b.do("PUT", "/v1/areas", elsewhere, nil)
	b.replayed(first, "POST", "/v1/assign", call, key)
	b.replayed(second, "PUT", "/v1/units/u1", unit, unitKey)
	b.replayed(third, "PUT", "/v1/areas", boxes, areasKey)
	b.no("POST", "/v1/assign", someCall, 422, "outside_city", "call.location")
	b.no("PUT", "/v1/units/u1", unit, 422, "unknown_area", "area")
	// The id of a call that is open does what a key does.
	var r wire.Receipt
	if b.do("POST", "/v1/assign", call, &r); r.CallID != "c1" {
		t.Errorf("asked again: %s", wire.Encode(r))
	}
	if c := b.call("c1"); c.Cell == "" || len(c.Areas) != 2 {
		t.Errorf("got %s", wire.Encode(c))
	}
}

// A refused request leaves nothing, so its key is still free.
func TestRefusalUsesNoKey(t *testing.T) {
	b := newBench(t)
	b.no("POST", "/v1/units/u1/status", `{"status":"off_duty"}`, 404, "unknown_unit", "unit", key)
	b.signOn("u1", corner(3, 0))
	if r := b.do("POST", "/v1/units/u1/status", `{"status":"off_duty"}`, nil, key); r.header.Get("Idempotency-Replayed") != "" {
		t.Error("replayed")
	}
}

func TestKeyInFlight(t *testing.T) {
	journal := &slowJournal{}
	b := newBench(t, func(b *bench) { b.journal = journal })
	release := journal.hold(t)
	answered := make(chan reply, 1)
	go func() { answered <- b.send(context.Background(), "POST", "/v1/assign", someCall, key) }()
	eventually(t, "the frame reaches the journal", func() bool { return journal.waiting.Load() == 1 })
	b.no("POST", "/v1/assign", someCall, 409, "request_in_flight", "Idempotency-Key", key)
	release()
	first := <-answered
	if first.status != http.StatusOK {
		t.Fatalf("got %d %s", first.status, first.body)
	}
	b.replayed(first, "POST", "/v1/assign", someCall, key)
}

func TestKeysExpire(t *testing.T) {
	b := newBench(t)
	first := b.do("POST", "/v1/assign", someCall, nil, key)
	b.clock.Set(noon.Add(assign.KeyLife))
	b.do("POST", "/v1/assign", someCall, nil, `Idempotency-Key: "k-2"`)
	b.replayed(first, "POST", "/v1/assign", someCall, key)
	b.clock.Set(noon.Add(assign.KeyLife + time.Millisecond))
	b.do("POST", "/v1/assign", someCall, nil, `Idempotency-Key: "k-3"`)
	if r := b.do("POST", "/v1/assign", someCall, nil, key); bytes.Equal(r.body, first.body) {
		t.Error("the key is still known after a day")
	}
}

func TestFormOfKeys(t *testing.T) {
	for header, want := range map[string]string{
		`"k"`: "k", `"a b!~"`: "a b!~", `"\"\\"`: `"\`, `"` + strings.Repeat("x", 128) + `"`: strings.Repeat("x", 128),
	} {
		if got, err := unquote(header); err != nil || got != want {
			t.Errorf("%s: got %q, %v", header, got, err)
		}
	}
	for _, header := range []string{``, `k`, `""`, `"`, `"k`, `k"`, `'k'`, `"a"b"`, `"a\b"`, `"é"`, "\"a\tb\"", `"a\"`, `"k";x=1`, `"` + strings.Repeat("x", 129) + `"`} {
		if got, err := unquote(header); err == nil {
			t.Errorf("%s: taken as %q", header, got)
		}
	}
}

// Of several keys nobody knows which one counts, and an empty one guards
// nothing.
func TestOneKeyOrNone(t *testing.T) {
	b := newBench(t)
	before := b.state()
	for _, keys := range []string{
		"Idempotency-Key: \"a\"\r\nIdempotency-Key: \"b\"\r\n",
		"Idempotency-Key: \"a\"\r\nidempotency-key: \"a\"\r\n",
		"Idempotency-Key:\r\nIdempotency-Key: \"a\"\r\n",
		"Idempotency-Key: \"a\", \"b\"\r\n",
		"Idempotency-Key:\r\n",
	} {
		c := b.dial(t)
		fmt.Fprintf(c, "POST /v1/assign HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s", keys, len(someCall), someCall)
		list := answers(t, c)
		if len(list) != 1 {
			t.Fatalf("%q: got %d answers", keys, len(list))
		}
		if list[0].status != 400 || !bytes.Contains(list[0].body, []byte(`"code":"bad_idempotency_key"`)) {
			t.Errorf("%q: got %d %s", keys, list[0].status, list[0].body)
		}
	}
	if b.state() != before {
		t.Error("a call was taken in")
	}
}

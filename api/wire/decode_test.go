package wire_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"callbox/api/wire"
)

// refused makes sure that err is a problem of that status, code and field.
func refused(t *testing.T, err error, status int, code, field string) {
	t.Helper()
	var p *wire.Problem
	if !errors.As(err, &p) {
		t.Errorf("got %v, want a problem", err)
		return
	}
	if p.Status != status || p.Code != code || p.Field != field {
		t.Errorf("got %d %s at %q (%s), want %d %s at %q", p.Status, p.Code, p.Field, p.Detail, status, code, field)
	}
	if p.Detail == "" || p.Title == "" || p.Type != "about:blank" {
		t.Errorf("the problem says too little: %+v", p)
	}
}

func TestDecodeIsStrict(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	for _, c := range []struct{ name, body, code, field string }{
		{"empty", "", "empty_body", ""},
		{"blank", " \n", "empty_body", ""},
		{"cut off", `{"call":`, "bad_json", "call"},
		{"garbage behind", `{"call":{}}x`, "bad_json", ""},
		{"two values", `{"call":{}} {}`, "bad_json", ""},
		{"byte order mark", "\ufeff{}", "bad_json", ""},
		{"trailing comma", `{"call":{},}`, "bad_json", ""},
		{"single quotes", `{'call':{}}`, "bad_json", ""},
		{"comment", `{/**/"call":{}}`, "bad_json", ""},
		{"NaN", `{"call":{"location":{"lat":NaN}}}`, "bad_json", "call.location.lat"},
		{"control character", "{\"call\":{\"note\":\"\x01\"}}", "bad_json", "call.note"},
		{"half a surrogate pair", `{"call":{"note":"\ud800"}}`, "bad_json", "call.note"},
		{"not UTF-8, value", "{\"call\":{\"id\":\"\xff\"}}", "not_utf8", "call.id"},
		{"not UTF-8, name", "{\"\xff\":1}", "not_utf8", ""},
		{"same field twice", `{"call":{"id":"a","id":"a"}}`, "duplicate_field", "call.id"},
		{"unknown field", `{"cal":{}}`, "unknown_field", "cal"},
		{"unknown field, deeper", `{"call":{"location":{"lat":1,"lng":2}}}`, "unknown_field", "call.location.lng"},
		{"unknown field, in a list", `{"call":{"needs":[{"counts":1}]}}`, "unknown_field", "call.needs.0.counts"},
		{"another case", `{"Call":{}}`, "unknown_field", "Call"},
		{"null", "null", "wrong_type", ""},
		{"array", "[]", "wrong_type", ""},
		{"number for string", `{"call":{"id":1}}`, "wrong_type", "call.id"},
		{"string for number", `{"call":{"location":{"lat":"1"}}}`, "wrong_type", "call.location.lat"},
		{"huge number", `{"call":{"location":{"lat":1e999}}}`, "wrong_type", "call.location.lat"},
		{"fraction for whole number", `{"call":{"needs":[{"count":1.5}]}}`, "wrong_type", "call.needs.0.count"},
		{"number beyond 64 bits", `{"call":{"needs":[{"count":99999999999999999999}]}}`, "wrong_type", "call.needs.0.count"},
		{"string for boolean", `{"dry_run":"yes"}`, "wrong_type", "dry_run"},
		{"object for list", `{"call":{"needs":{}}}`, "wrong_type", "call.needs"},
		{"null in a list", `{"call":{"needs":[null]}}`, "wrong_type", "call.needs.0"},
		{"deep, unknown", `{"a":` + deep, "unknown_field", "a"},
		{"deep, known", `{"call":` + deep, "wrong_type", "call"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r wire.AssignRequest
			refused(t, wire.Decode([]byte(c.body), &r), 400, c.code, c.field)
		})
	}
}

func TestNullIsAbsent(t *testing.T) {
	var r wire.AssignRequest
	body := `{"call":{"id":null,"type":null,"needs":null,"location":null,"received_at":null},"dry_run":null}`
	if err := wire.Decode([]byte(body), &r); err != nil {
		t.Fatal(err)
	}
	if got := string(wire.Encode(r)); got != `{"call":{}}` {
		t.Errorf("got %s", got)
	}
}

// A problem is itself an answer: whatever a request is called names its fields
// by, it must be possible to say so.
func TestProblemsAreUTF8(t *testing.T) {
	var r wire.AssignRequest
	err := wire.Decode([]byte(`{"`+strings.Repeat("x", 199)+`é":1}`), &r)
	var p *wire.Problem
	if !errors.As(err, &p) || p.Code != "unknown_field" || len(p.Field) > 200 || !utf8.ValidString(p.Field) {
		t.Fatalf("got %v", err)
	}
	if b := wire.Encode(p); !utf8.Valid(b) {
		t.Errorf("%q is not UTF-8", b)
	}
	if got := string(wire.Encode("a\xffb")); got != "\"a\ufffdb\"" {
		t.Errorf("got %s", got)
	}
}

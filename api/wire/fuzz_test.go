package wire_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"callbox/api/wire"
	"callbox/assign"
)

// problem makes sure that an error can be answered with: a *wire.Problem that
// says what it must, and that JSON can write.
func problem(t *testing.T, err error) {
	t.Helper()
	var p *wire.Problem
	if !errors.As(err, &p) || p.Status < 400 || p.Status > 499 || p.Code == "" || p.Detail == "" || p.Title == "" {
		t.Fatalf("no problem to answer with: %#v", err)
	}
	if len(p.Detail) > 1000 || len(p.Field) > 220 {
		t.Fatalf("a problem of %d bytes, field of %d", len(p.Detail), len(p.Field))
	}
	if b := wire.Encode(p); !json.Valid(b) {
		t.Fatalf("not JSON: %q", b)
	}
}

// decoded reads a body. If it is taken, its encoding must be read as the same
// value.
func decoded[T any](t *testing.T, body []byte) (v T, ok bool) {
	t.Helper()
	if err := wire.Decode(body, &v); err != nil {
		problem(t, err)
		return v, false
	}
	var again T
	if err := wire.Decode(wire.Encode(v), &again); err != nil {
		t.Fatalf("%s was taken, and is refused as %s: %v", body, wire.Encode(v), err)
	}
	if !reflect.DeepEqual(v, again) {
		t.Fatalf("%s was read as %s, and then as %s", body, wire.Encode(v), wire.Encode(again))
	}
	return v, true
}

// sound makes sure of what the core relies on in a command.
func sound(t *testing.T, cmd assign.Command, err error) {
	t.Helper()
	if err != nil {
		problem(t, err)
		return
	}
	ids, instants := []string{}, []assign.Instant{}
	switch c := cmd.(type) {
	case *assign.ReportCall:
		ids, instants = append(ids, c.ID, c.Type, c.Class), append(instants, c.ReceivedAt)
		if c.Location != nil && !c.Location.Valid() || len(c.Note) > wire.MaxNote {
			t.Fatalf("%+v", c)
		}
		for _, n := range c.Needs {
			if n.Count < 1 || n.Count > assign.MaxSlots || n.Capabilities == nil {
				t.Fatalf("needs %+v", c.Needs)
			}
		}
	case *assign.SignOn:
		ids = append(ids, c.Capabilities...)
		if c.Fix != nil {
			instants = append(instants, c.Fix.Since)
			if !c.Fix.At.Valid() || c.Fix.Since > noon.Add(assign.MaxSkew) {
				t.Fatalf("fix %+v", c.Fix)
			}
		}
	case *assign.SetStatus:
		ids, instants = append(ids, c.Call), append(instants, c.At)
		if c.Status == "" {
			t.Fatalf("%+v", c)
		}
	}
	for _, id := range ids {
		if id != "" && !assign.ValidID(id) {
			t.Fatalf("%q is no ID", id)
		}
	}
	for _, at := range instants {
		if at < 0 {
			t.Fatalf("%d is before 1970", at)
		}
	}
}

// seeds gives a fuzz target bodies that are good, and some that are not.
func seeds(f *testing.F, bodies ...string) {
	for _, body := range bodies {
		f.Add([]byte(body))
		f.Add([]byte(strings.Replace(body, ":", ":[", 1)))
		f.Add([]byte(body[:len(body)/2]))
	}
	for _, body := range []string{"", "null", "{}", "[]", "\xff", `{"é":1}`, `{"call":{"id":"a","id":"b"}}`, `{"lat":1e999}`} {
		f.Add([]byte(body))
	}
}

func FuzzDecodeAssign(f *testing.F) {
	seeds(f, `{"call":{"id":"c-1","type":"10-30","class":"serious","source":"911","note":"n",
		"location":{"lat":40.6782,"lon":-73.9442},"received_at":"2026-11-23T08:00:00-05:00",
		"needs":[{"capabilities":["patrol"],"count":2},{}]},"dry_run":true}`,
		`{"call":{"needs":[null]}}`, `{"call":{"location":{}}}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, ok := decoded[wire.AssignRequest](t, body); ok {
			cmd, err := r.Command()
			sound(t, cmd, err)
		}
	})
}

func FuzzDecodeUnit(f *testing.F) {
	seeds(f, `{"capabilities":["patrol","k9"],"area":"75A","status":"available",
		"location":{"lat":40.6782,"lon":-73.9442},"position_at":"2026-11-23T11:59:00Z"}`, `{"capabilities":[]}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, ok := decoded[wire.UnitRequest](t, body); ok {
			cmd, err := r.Command("u1", noon)
			sound(t, cmd, err)
		}
	})
}

func FuzzDecodeStatus(f *testing.F) {
	seeds(f, `{"status":"en_route","call":"c1","at":"2026-11-23T12:00:00.25Z"}`, `{"status":"off_duty"}`)
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, ok := decoded[wire.StatusRequest](t, body); ok {
			cmd, err := r.Command("u1")
			sound(t, cmd, err)
		}
	})
}

func FuzzDecodePositions(f *testing.F) {
	const one = `{"unit":"u1","lat":40.7,"lon":-74,"at":"2026-11-23T12:00:00Z"}`
	seeds(f, one, "["+one+"]", one+"\n"+one, "["+one+","+one+"]", one+"\r\n\r\n{}\n", "["+one+"]x", "[null]")
	f.Fuzz(func(t *testing.T, body []byte) {
		list, err := wire.DecodePositions(body)
		if err != nil {
			problem(t, err)
			return
		}
		lines := []byte{}
		for i := range list {
			lines = append(append(lines, wire.Encode(list[i])...), '\n')
			if fix, err := list[i].Fix("0"); err != nil {
				problem(t, err)
			} else if !fix.At.Valid() || fix.Since < 0 || !assign.ValidID(list[i].Unit) {
				t.Fatalf("position %d: %+v", i, list[i])
			}
		}
		if len(list) == 0 {
			return
		}
		for _, form := range [][]byte{wire.Encode(list), lines} {
			if again, err := wire.DecodePositions(form); err != nil || !reflect.DeepEqual(again, list) {
				t.Fatalf("%s was read as %s: %v, %v", body, form, again, err)
			}
		}
	})
}

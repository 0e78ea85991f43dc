package wire_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/geo"
)

var noon = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))

// Each request, as its handler reads it: decoded, then made a command.
func assignCommand(body string) (assign.Command, error) {
	var r wire.AssignRequest
	if err := wire.Decode([]byte(body), &r); err != nil {
		return nil, err
	}
	return r.Command()
}

func unitCommand(body string) (assign.Command, error) {
	var r wire.UnitRequest
	if err := wire.Decode([]byte(body), &r); err != nil {
		return nil, err
	}
	return r.Command("u1", noon)
}

func statusCommand(body string) (assign.Command, error) {
	var r wire.StatusRequest
	if err := wire.Decode([]byte(body), &r); err != nil {
		return nil, err
	}
	return r.Command("u1")
}

func closeCommand(body string) (assign.Command, error) {
	var r wire.CloseRequest
	if err := wire.Decode([]byte(body), &r); err != nil {
		return nil, err
	}
	return r.Command("c1")
}

func cancelCommand(body string) (assign.Command, error) {
	var r wire.CancelRequest
	if err := wire.Decode([]byte(body), &r); err != nil {
		return nil, err
	}
	return r.Command("c1")
}

func overrideCommand(body string) (assign.Command, error) {
	var r wire.OverrideRequest
	if err := wire.Decode([]byte(body), &r); err != nil {
		return nil, err
	}
	return r.Command()
}

func policyCheck(body string) (assign.Command, error) {
	var r wire.PolicyRequest
	if err := wire.Decode([]byte(body), &r); err != nil {
		return nil, err
	}
	return nil, r.Check()
}

func TestBadValuesNameTheirField(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, c := range []struct {
		read        func(string) (assign.Command, error)
		body        string
		status      int
		code, field string
	}{
		{assignCommand, `{}`, 400, "field_missing", "call"},
		{assignCommand, `{"call":null}`, 400, "field_missing", "call"},
		{assignCommand, `{"call":{"id":"a b"}}`, 422, "bad_id", "call.id"},
		{assignCommand, `{"call":{"id":"` + long[:129] + `"}}`, 422, "bad_id", "call.id"},
		{assignCommand, `{"call":{"id":".."}}`, 422, "bad_id", "call.id"},
		{assignCommand, `{"call":{"type":"10 30"}}`, 422, "bad_id", "call.type"},
		{assignCommand, `{"call":{"class":"é"}}`, 422, "bad_id", "call.class"},
		{assignCommand, `{"call":{"source":"912"}}`, 422, "unknown_source", "call.source"},
		{assignCommand, `{"call":{"note":"` + long + `"}}`, 422, "too_long", "call.note"},
		{assignCommand, `{"call":{"received_at":"2026-11-23T12:00:00"}}`, 422, "bad_instant", "call.received_at"},
		{assignCommand, `{"call":{"received_at":"2026-11-23 12:00:00Z"}}`, 422, "bad_instant", "call.received_at"},
		{assignCommand, `{"call":{"received_at":"2026-02-30T12:00:00Z"}}`, 422, "bad_instant", "call.received_at"},
		{assignCommand, `{"call":{"received_at":"10000-01-01T00:00:00Z"}}`, 422, "bad_instant", "call.received_at"},
		{assignCommand, `{"call":{"received_at":"0001-01-01T00:00:00Z"}}`, 422, "instant_too_old", "call.received_at"},
		{assignCommand, `{"call":{"received_at":"1970-01-01T00:00:00Z"}}`, 422, "instant_too_old", "call.received_at"},
		{assignCommand, `{"call":{"needs":[]}}`, 422, "bad_needs", "call.needs"},
		{assignCommand, `{"call":{"needs":[{"count":0}]}}`, 422, "bad_needs", "call.needs"},
		{assignCommand, `{"call":{"needs":[{"count":-1}]}}`, 422, "bad_needs", "call.needs"},
		{assignCommand, `{"call":{"needs":[{"count":20},{"count":20}]}}`, 422, "bad_needs", "call.needs"},
		{assignCommand, `{"call":{"needs":[{"capabilities":["a b"]}]}}`, 422, "bad_needs", "call.needs"},
		{assignCommand, `{"call":{"needs":[{"capabilities":[null]}]}}`, 422, "bad_needs", "call.needs"},
		{assignCommand, `{"call":{"location":{}}}`, 400, "field_missing", "call.location.lat"},
		{assignCommand, `{"call":{"location":{"lat":1}}}`, 400, "field_missing", "call.location.lon"},
		{assignCommand, `{"call":{"location":{"lat":null,"lon":2}}}`, 400, "field_missing", "call.location.lat"},
		{assignCommand, `{"call":{"location":{"lat":-90.1,"lon":2}}}`, 422, "off_earth", "call.location"},
		{assignCommand, `{"call":{"location":{"lat":1,"lon":1e300}}}`, 422, "off_earth", "call.location"},
		{unitCommand, `{"capabilities":["a b"]}`, 422, "bad_capabilities", "capabilities"},
		{unitCommand, `{"status":"dispatched"}`, 422, "unknown_status", "status"},
		{unitCommand, `{"location":{"lat":1,"lon":181}}`, 422, "off_earth", "location"},
		{unitCommand, `{"position_at":"2026-11-23T12:00:00Z"}`, 400, "field_missing", "location"},
		{unitCommand, `{"location":{"lat":1,"lon":2},"position_at":"x"}`, 422, "bad_instant", "position_at"},
		{unitCommand, `{"location":{"lat":1,"lon":2},"position_at":"2026-11-23T12:01:01Z"}`, 422, "instant_in_future", "position_at"},
		{statusCommand, `{}`, 400, "field_missing", "status"},
		{statusCommand, `{"status":null}`, 400, "field_missing", "status"},
		{statusCommand, `{"status":"asleep"}`, 422, "unknown_status", "status"},
		{statusCommand, `{"status":"en_route","call":"a b"}`, 422, "bad_id", "call"},
		{statusCommand, `{"status":"en_route","at":"now"}`, 422, "bad_instant", "at"},
		{closeCommand, `{}`, 400, "field_missing", "disposition"},
		{closeCommand, `{"disposition":"` + long + `"}`, 422, "too_long", "disposition"},
		{closeCommand, `{"disposition":"10-91","at":"x"}`, 422, "bad_instant", "at"},
		{cancelCommand, `{}`, 400, "field_missing", "reason"},
		{cancelCommand, `{"reason":"` + long + `"}`, 422, "too_long", "reason"},
		{cancelCommand, `{"reason":"x","at":"x"}`, 422, "bad_instant", "at"},
		{overrideCommand, `{"unit":"u","by":"b","reason":"r"}`, 400, "field_missing", "call"},
		{overrideCommand, `{"call":"c","by":"b","reason":"r"}`, 400, "field_missing", "unit"},
		{overrideCommand, `{"call":"c","unit":"u","reason":"r"}`, 400, "field_missing", "by"},
		{overrideCommand, `{"call":"c","unit":"u","by":"b"}`, 400, "field_missing", "reason"},
		{overrideCommand, `{"call":"c d","unit":"u","by":"b","reason":"r"}`, 422, "bad_id", "call"},
		{overrideCommand, `{"call":"c","unit":"u","by":"` + long + `","reason":"r"}`, 422, "too_long", "by"},
		{policyCheck, `{"reason":"r"}`, 400, "field_missing", "name"},
		{policyCheck, `{"name":"n","yaml":"y","reason":"r"}`, 400, "field_missing", "name"},
		{policyCheck, `{"name":"n"}`, 400, "field_missing", "reason"},
		{policyCheck, `{"name":"n","reason":"r","by":"` + long + `"}`, 422, "too_long", "by"},
	} {
		t.Run(c.body[:min(len(c.body), 60)], func(t *testing.T) {
			_, err := c.read(c.body)
			refused(t, err, c.status, c.code, c.field)
		})
	}
}

func TestAssignRequestAsCommand(t *testing.T) {
	cmd, err := assignCommand(`{"call":{"id":"c-1:2.3_4","type":"10-30","class":"serious","source":"311","note":"é\u0000",
		"location":{"lat":40.6782,"lon":-73.9442},"received_at":"2026-11-23T07:00:00.5-05:00",
		"needs":[{"capabilities":["k9","patrol","k9"]},{"count":2}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	got := cmd.(*assign.ReportCall)
	if got.ID != "c-1:2.3_4" || got.Type != "10-30" || got.Class != "serious" || got.Source != assign.Source311 || got.Note != "é\x00" {
		t.Errorf("got %+v", got)
	}
	if want := (geo.Point{Lat: 406782000, Lon: -739442000}); *got.Location != want {
		t.Errorf("location %v, want %v", *got.Location, want)
	}
	if want := noon.Add(500 * time.Millisecond); got.ReceivedAt != want {
		t.Errorf("received %v, want %v", got.ReceivedAt, want)
	}
	want := []assign.Need{{Capabilities: []string{"k9", "patrol"}, Count: 1}, {Capabilities: []string{}, Count: 2}}
	if !slices.EqualFunc(got.Needs, want, func(a, b assign.Need) bool {
		return a.Count == b.Count && slices.Equal(a.Capabilities, b.Capabilities)
	}) {
		t.Errorf("needs %v, want %v", got.Needs, want)
	}
}

// What a sign-on leaves out is not said, which is not the same as nothing.
func TestUnitRequestTellsAbsentFromNone(t *testing.T) {
	for body, capabilities := range map[string][]string{`{}`: nil, `{"capabilities":null}`: nil, `{"capabilities":[]}`: {}} {
		cmd, err := unitCommand(body)
		if err != nil {
			t.Fatal(err)
		}
		got := cmd.(*assign.SignOn)
		if (got.Capabilities == nil) != (capabilities == nil) || got.Fix != nil || got.Status != "" {
			t.Errorf("%s: got %+v", body, got)
		}
	}
	cmd, err := unitCommand(`{"location":{"lat":1,"lon":2}}`)
	if err != nil || cmd.(*assign.SignOn).Fix.Since != noon {
		t.Errorf("a location without an instant is of now: %v, %v", cmd, err)
	}
}

func TestRefusalsBecomeProblems(t *testing.T) {
	for fault, status := range map[assign.Fault]int{assign.Invalid: 422, assign.NotFound: 404, assign.Conflict: 409} {
		p := wire.ProblemOf(&assign.Refusal{Fault: fault, Code: "a_code", Field: "f", Detail: "100 % wrong"})
		if p.Status != status || p.Code != "a_code" || p.Field != "f" || p.Detail != "100 % wrong" {
			t.Errorf("fault %d: got %+v", fault, p)
		}
	}
	if p := wire.ProblemOf(errors.New("a bug")); p != nil {
		t.Errorf("got %v for an error that is no refusal", p)
	}
}

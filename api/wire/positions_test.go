package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"callbox/api/wire"
	"callbox/assign"
)

func TestPositionsInBothForms(t *testing.T) {
	const a, b = `{"unit":"u1","lat":40.7,"lon":-74,"at":"2026-11-23T12:00:00Z"}`, `{"unit":"u2","lat":40.8,"lon":-74.1}`
	for name, body := range map[string]string{
		"array":                  "[" + a + "," + b + "]",
		"array, blanks":          "\n [\n" + a + " ,\n" + b + "\n]\n",
		"lines":                  a + "\n" + b + "\n",
		"lines, no last newline": a + "\r\n" + b,
		"lines, empty lines":     "\n" + a + "\n\n\n" + b + "\n\n",
	} {
		list, err := wire.DecodePositions([]byte(body))
		if err != nil || len(list) != 2 || list[0].Unit != "u1" || list[1].Unit != "u2" {
			t.Errorf("%s: got %v, %v", name, list, err)
			continue
		}
		first, err1 := list[0].Fix("0")
		second, err2 := list[1].Fix("1")
		if err1 != nil || err2 != nil || first.Since.String() != "2026-11-23T12:00:00.000Z" || second.Since != 0 {
			t.Errorf("%s: fixes %v %v, %v %v", name, first, second, err1, err2)
		}
	}
	if list, err := wire.DecodePositions([]byte("[]")); err != nil || len(list) != 0 {
		t.Errorf("an empty array: got %v, %v", list, err)
	}
}

func TestBadPositionsSayWhich(t *testing.T) {
	const good = `{"unit":"u1","lat":1,"lon":2}`
	for _, c := range []struct{ name, body, code, field string }{
		{"empty", " \n", "empty_body", ""},
		{"not JSON", "unit,lat,lon", "bad_json", "0"},
		{"cut off", good + "\n{\"unit\":", "bad_json", "1.unit"},
		{"array cut off", "[" + good, "bad_json", ""},
		{"array with a comma too many", "[" + good + ",]", "bad_json", ""},
		{"behind the array", "[" + good + "] " + good, "bad_json", ""},
		{"garbage behind the array", "[" + good + "]x", "bad_json", ""},
		{"two arrays", "[" + good + "]\n[" + good + "]", "bad_json", ""},
		{"array among lines", good + "\n[" + good + "]", "wrong_type", "1"},
		{"number", "7", "wrong_type", "0"},
		{"null", "null", "wrong_type", "0"},
		{"null in the array", "[" + good + ",null]", "wrong_type", "1"},
		{"unknown field", good + "\n" + `{"unit":"u2","lat":1,"lon":2,"speed":3}`, "unknown_field", "1.speed"},
		{"unknown field in the array", "[" + good + `,{"unit":"u2","lng":1}]`, "unknown_field", "1.lng"},
		{"twice", `[{"unit":"u1","unit":"u1"}]`, "duplicate_field", "0.unit"},
		{"string for number", `{"unit":"u1","lat":"1"}`, "wrong_type", "0.lat"},
		{"not UTF-8", good + "\n{\"unit\":\"\xff\"}", "not_utf8", "1.unit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := wire.DecodePositions([]byte(c.body))
			refused(t, err, 400, c.code, c.field)
		})
	}
}

func TestPositionValues(t *testing.T) {
	for _, c := range []struct {
		body        string
		status      int
		code, field string
	}{
		{`{"lat":1,"lon":2}`, 400, "field_missing", "0.unit"},
		{`{"unit":"u1","lon":2}`, 400, "field_missing", "0.lat"},
		{`{"unit":"u1","lat":1,"lon":null}`, 400, "field_missing", "0.lon"},
		{`{"unit":"a b","lat":1,"lon":2}`, 422, "bad_id", "0.unit"},
		{`{"unit":"u1","lat":91,"lon":2}`, 422, "off_earth", "0"},
		{`{"unit":"u1","lat":1,"lon":2,"at":"noon"}`, 422, "bad_instant", "0.at"},
		{`{"unit":"u1","lat":1,"lon":2,"at":"1969-12-31T23:59:59Z"}`, 422, "instant_too_old", "0.at"},
	} {
		list, err := wire.DecodePositions([]byte(c.body))
		if err != nil {
			t.Fatal(err)
		}
		fix, err := list[0].Fix("0")
		refused(t, err, c.status, c.code, c.field)
		if fix != (assign.Fix{}) {
			t.Errorf("%s: a fix beside an error: %v", c.body, fix)
		}
	}
}

func TestTooManyPositions(t *testing.T) {
	one := `{"unit":"u"}`
	for _, form := range []string{"[%s]", "%s"} {
		full := fmt.Appendf(nil, form, one+strings.Repeat(","+one, wire.MaxPositions-1))
		over := fmt.Appendf(nil, form, one+strings.Repeat(","+one, wire.MaxPositions))
		if form == "%s" {
			full, over = []byte(strings.Repeat(one+"\n", wire.MaxPositions)), []byte(strings.Repeat(one+"\n", wire.MaxPositions+1))
		}
		if list, err := wire.DecodePositions(full); err != nil || len(list) != wire.MaxPositions {
			t.Errorf("%s: %d, %v", form, len(list), err)
		}
		_, err := wire.DecodePositions(over)
		refused(t, err, 413, "too_many_positions", "")
	}
}

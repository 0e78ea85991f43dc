package wire

import (
	"net/http"
	"time"

	"callbox/assign"
	"callbox/geo"
)

// Location is a place.
type Location struct {
	Lat *float64 `json:"lat"`
	Lon *float64 `json:"lon"`
}

// LocationOf writes a point.
func LocationOf(p geo.Point) *Location {
	lat, lon := p.Degrees()
	return &Location{Lat: &lat, Lon: &lon}
}

// Point reads a place.
func (l *Location) Point(field string) (geo.Point, error) {
	for _, part := range []struct {
		name  string
		value *float64
	}{{"lat", l.Lat}, {"lon", l.Lon}} {
		if part.value == nil {
			return geo.Point{}, bad("field_missing", field+"."+part.name, "%s.%s is missing", field, part.name)
		}
	}
	p, err := geo.FromDegrees(*l.Lat, *l.Lon)
	if err != nil {
		return geo.Point{}, invalid("off_earth", field, "%s: %v; lat and lon are degrees of WGS 84", field, err)
	}
	return p, nil
}

// invalid is a problem with a value that is well-formed.
func invalid(code, field, format string, args ...any) *Problem {
	return Wrong(http.StatusUnprocessableEntity, code, field, format, args...)
}

// Instant is RFC 3339 with a zone, "" for an instant that is not set.
type Instant string

// InstantOf writes an instant in UTC, to the millisecond.
func InstantOf(i assign.Instant) Instant {
	if i == 0 {
		return ""
	}
	return Instant(i.String())
}

// instant reads an instant; 0 if it is not set. Years beyond 9999 do not parse,
// years before 1970 are refused here.
func (i Instant) instant(field string) (assign.Instant, error) {
	if i == "" {
		return 0, nil
	}
	t, err := time.Parse(time.RFC3339, string(i))
	if err != nil {
		return 0, invalid("bad_instant", field, "%s is not RFC 3339 with a zone, such as 2026-11-23T08:00:00-05:00", field)
	}
	if t.UnixMilli() <= 0 {
		return 0, invalid("instant_too_old", field, "%s lies before 1970", field)
	}
	return assign.InstantOf(t), nil
}

// Seconds is a duration.
type Seconds float64

// SecondsOf writes a duration.
func SecondsOf(d time.Duration) Seconds { return Seconds(float64(d.Milliseconds()) / 1000) }

// ID checks an ID that a caller chose. "." and ".." are none: in a path they
// mean something else, so that nothing of that name could be asked for.
func ID(id, field string) error {
	if !assign.ValidID(id) || id == "." || id == ".." {
		return invalid("bad_id", field, "%s must be 1 to %d of A-Z a-z 0-9 . _ : -", field, assign.MaxID)
	}
	return nil
}

// text checks free text.
func text(s, field string, limit int, required bool) error {
	if required && s == "" {
		return bad("field_missing", field, "%s is missing", field)
	}
	if len(s) > limit {
		return invalid("too_long", field, "%s has %d bytes; it may have %d", field, len(s), limit)
	}
	return nil
}

package geojson_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"callbox/data/geojson"
	"callbox/geo/area"
)

// endless is a prefix and then a gigabyte of one pattern. It counts what is
// read of it.
type endless struct {
	prefix, pattern string
	given           int64
}

const gigabyte = 1 << 30

func (e *endless) Read(b []byte) (int, error) {
	if e.given >= gigabyte {
		return 0, io.EOF
	}
	for i := range b {
		if at := e.given - int64(len(e.prefix)); at < 0 {
			b[i] = e.prefix[e.given]
		} else {
			b[i] = e.pattern[at%int64(len(e.pattern))]
		}
		e.given++
	}
	return len(b), nil
}

// names gives the members of an object, all of different names.
type names struct {
	rest []byte
	n    int
}

func (r *names) Read(b []byte) (int, error) {
	if r.n == 0 {
		r.rest = []byte(`{`)
	}
	for len(r.rest) < len(b) {
		r.rest = fmt.Appendf(r.rest, `"name %d":0,`, r.n)
		r.n++
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// TestHugeFilesFailFast reads files that go on for a gigabyte. Each must be
// refused by its rule before much of it is read or kept.
func TestHugeFilesFailFast(t *testing.T) {
	open := `{"type":"FeatureCollection","features":[`
	rings := open + `{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[`
	for name, c := range map[string]struct {
		from io.Reader
		rule area.Rule
	}{
		"brackets":                {&endless{"", "[", 0}, geojson.TooDeep},
		"braces":                  {&endless{"", `{"a":`, 0}, geojson.TooDeep},
		"empty arrays":            {&endless{"", "[],", 0}, geojson.NotCollection},
		"blanks":                  {&endless{"", " \n", 0}, geojson.TooLarge},
		"a string":                {&endless{`"`, "x", 0}, geojson.NotCollection},
		"a string in a member":    {&endless{`{"x":"`, "x", 0}, geojson.TooLarge},
		"backslashes":             {&endless{`{"type":"`, `\\`, 0}, geojson.TooLarge},
		"quotes in a string":      {&endless{`{"features":"`, `\"`, 0}, geojson.TooLarge},
		"a string in a crs":       {&endless{`{"crs":{"properties":{"name":"`, `x`, 0}, geojson.TooLarge},
		"a number":                {&endless{"", "1", 0}, geojson.NotCollection},
		"a number in a member":    {&endless{`{"x":`, "1", 0}, geojson.TooLarge},
		"zero bytes":              {&endless{"", "\x00", 0}, geojson.BadJSON},
		"brackets in features":    {&endless{open, "[", 0}, geojson.TooDeep},
		"arrays for features":     {&endless{open, "[],[],", 0}, geojson.TooLarge},
		"empty features":          {&endless{open, "{},", 0}, geojson.TooLarge},
		"sound features":          {&endless{open, `{"type":"Feature","id":"1","geometry":{"type":"Polygon","coordinates":[]}},`, 0}, geojson.TooLarge},
		"blanks between":          {&endless{open, " ", 0}, geojson.TooLarge},
		"a name":                  {&endless{`{"`, "x", 0}, geojson.TooLarge},
		"many names":              {&names{}, geojson.TooLarge},
		"brackets in coordinates": {&endless{rings, "[", 0}, geojson.TooDeep},
		"empty rings":             {&endless{rings + "[", "[],[],", 0}, geojson.TooLarge},
		"positions":               {&endless{rings + "[[", "[1,2],", 0}, geojson.TooLarge},
		"numbers in a position":   {&endless{rings + "[[[", "1,", 0}, geojson.TooLarge},
		"a long number":           {&endless{rings + "[[[0.", "0", 0}, geojson.TooLarge},
		"a skipped array":         {&endless{`{"x":[`, "0,", 0}, geojson.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			limits := geojson.Limits{Bytes: 16 << 20, Positions: 200_000, Features: 20_000}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			areas, err := geojson.Read(c.from, geojson.Options{Limits: limits})
			runtime.ReadMemStats(&after)
			if !errors.Is(err, c.rule) || areas != nil {
				t.Errorf("got %v, want %s", err, c.rule)
			}
			if e, ok := c.from.(*endless); ok && e.given > limits.Bytes+1<<16 {
				t.Errorf("%d bytes were read", e.given)
			}
			if made := after.TotalAlloc - before.TotalAlloc; made > 64<<20 {
				t.Errorf("%d bytes were allocated in all", made)
			}
		})
	}
}

// TestAPackedGigabyte reads a gigabyte of blanks and of positions in gzip.
func TestAPackedGigabyte(t *testing.T) {
	for name, e := range map[string]*endless{
		"blanks":    {"", " ", 0},
		"positions": {`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"coordinates":[[`, "[1,2],", 0},
	} {
		from, to := io.Pipe()
		go func() {
			z, _ := gzip.NewWriterLevel(to, gzip.BestSpeed)
			_, err := io.Copy(z, e)
			to.CloseWithError(err)
		}()
		_, err := geojson.Read(from, geojson.Options{Limits: geojson.Limits{Positions: 100_000}})
		from.Close()
		if !errors.Is(err, geojson.TooLarge) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestLimits(t *testing.T) {
	two := collection(polygon(`{"pct":"1"}`), polygon(`{"pct":"2"}`))
	for _, c := range []struct {
		limits geojson.Limits
		want   string
	}{
		{geojson.Limits{}, "<nil>"},
		{geojson.Limits{Bytes: int64(len(two)), Positions: 12, Features: 2, Depth: 7}, "<nil>"},
		{geojson.Limits{Bytes: int64(len(two)) - 1}, fmt.Sprintf("too_large: the file is longer than %d bytes unpacked; split or simplify it", len(two)-1)},
		{geojson.Limits{Positions: 11}, "too_large: the file has more than 11 positions; split or simplify it"},
		{geojson.Limits{Features: 1}, "too_large: the file has more than 1 features; split or simplify it"},
		{geojson.Limits{Depth: 6}, "too_deep: arrays and objects lie in each other more than 6 deep; no GeoJSON of areas needs that"},
	} {
		if _, err := geojson.Read(strings.NewReader(two), geojson.Options{Limits: c.limits}); fmt.Sprint(err) != c.want {
			t.Errorf("%+v: got %v, want %s", c.limits, err, c.want)
		}
	}
}

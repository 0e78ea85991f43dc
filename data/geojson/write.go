package geojson

import (
	"bufio"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"

	"callbox/geo/area"
)

// Write writes areas as a FeatureCollection in their order, a feature a line,
// coordinates with seven decimals: the same bytes for the same areas. The areas
// are mended first (area.Mend), so that Read gives back what was written; the
// error is area.Faults if they cannot be, or that of w.
func Write(w io.Writer, areas []area.Area) error {
	var report area.Report
	areas = area.Mend(areas, nil, &report)
	if err := report.Err(); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	line := []byte(`{"type":"FeatureCollection","features":[`)
	for i, a := range areas {
		if i > 0 {
			line = append(line, ',')
		}
		var err error
		if line, err = appendFeature(append(line, '\n'), a); err != nil {
			return err
		}
		if _, err := out.Write(line); err != nil {
			return err
		}
		line = line[:0]
	}
	if _, err := out.Write(append(line, "\n]}\n"...)); err != nil {
		return err
	}
	return out.Flush()
}

func appendFeature(b []byte, a area.Area) ([]byte, error) {
	b = append(b, `{"type":"Feature","id":`...)
	for i, member := range []struct{ before, value string }{
		{"", a.ID},
		{`,"properties":{"id":`, a.ID},
		{`,"kind":`, string(a.Kind)},
		{`,"name":`, a.Name},
		{`,"parent":`, a.Parent},
	} {
		if i > 2 && member.value == "" {
			continue
		}
		var err error
		if b, err = jsontext.AppendQuote(append(b, member.before...), member.value); err != nil {
			return nil, err
		}
	}
	b = append(b, `},"geometry":{"type":"MultiPolygon","coordinates":`...)
	b = appendArray(b, a.Shape, func(b []byte, polygon orb.Polygon) []byte {
		return appendArray(b, polygon, func(b []byte, ring orb.Ring) []byte {
			return appendArray(b, ring, func(b []byte, p orb.Point) []byte {
				return appendArray(b, p[:], func(b []byte, v float64) []byte {
					return strconv.AppendFloat(b, v, 'f', 7, 64)
				})
			})
		})
	})
	return append(b, "}}"...), nil
}

func appendArray[T any](b []byte, values []T, one func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, v)
	}
	return append(b, ']')
}

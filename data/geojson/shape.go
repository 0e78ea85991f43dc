package geojson

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"

	"callbox/geo"
)

// object is a geometry or a Feature. Its other members are left alone.
type object struct {
	Type        string         `json:"type"`
	Coordinates any            `json:"coordinates"`
	Geometries  []object       `json:"geometries"`
	Geometry    *object        `json:"geometry"`
	Properties  map[string]any `json:"properties"`
}

// ReadShape reads one geometry of GeoJSON, of any type, or a Feature with one,
// whose properties it gives too. A GeometryCollection may not hold another.
// Altitudes are dropped, and rings may cross themselves. The error says what is
// wrong, and where in the geometry. Memory is taken in proportion to the text.
func ReadShape(text []byte) (s geo.Shape, properties map[string]any, err error) {
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		var meaning *json.SemanticError
		if errors.As(err, &meaning) && meaning.JSONPointer != "" {
			return s, nil, fmt.Errorf("%.100s cannot be %.20s in GeoJSON", meaning.JSONPointer, meaning.JSONKind)
		}
		return s, nil, fmt.Errorf("it is not an object of GeoJSON: %w", err)
	}
	geometry, where := &o, ""
	if o.Type == "Feature" {
		if geometry, where = o.Geometry, "geometry."; geometry == nil {
			return s, nil, errors.New("the Feature has no geometry")
		}
	}
	if err := geometry.addTo(&s, where, false); err != nil {
		return geo.Shape{}, nil, err
	}
	if s.Vertices() == 0 {
		return geo.Shape{}, nil, errors.New("the geometry is empty")
	}
	return s, o.Properties, nil
}

// addTo adds a geometry to a shape. where is what stands before the names of its
// members; inner says that it is part of a collection.
func (o *object) addTo(s *geo.Shape, where string, inner bool) (err error) {
	here := where + "coordinates"
	switch o.Type {
	case "Point":
		s.Points, err = alone(s.Points, o.Coordinates, here, point)
	case "MultiPoint":
		s.Points, err = list(s.Points, o.Coordinates, here, point)
	case "LineString":
		s.Lines, err = alone(s.Lines, o.Coordinates, here, line)
	case "MultiLineString":
		s.Lines, err = list(s.Lines, o.Coordinates, here, line)
	case "Polygon":
		s.Polygons, err = alone(s.Polygons, o.Coordinates, here, polygon)
	case "MultiPolygon":
		s.Polygons, err = list(s.Polygons, o.Coordinates, here, polygon)
	case "GeometryCollection":
		if inner {
			return fmt.Errorf("%stype is GeometryCollection within another; put all geometries into one", where)
		}
		for i := range o.Geometries {
			if err := o.Geometries[i].addTo(s, fmt.Sprintf("%sgeometries[%d].", where, i), true); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("%stype is %.40q; it must be Point, LineString, Polygon, one of these after Multi, or GeometryCollection", where, o.Type)
	}
	return err
}

// reading makes something of a value whose place it knows.
type reading[T any] func(v any, where string) (T, error)

func alone[T any](to []T, v any, where string, read reading[T]) ([]T, error) {
	one, err := read(v, where)
	return append(to, one), err
}

func list[T any](to []T, v any, where string, read reading[T]) ([]T, error) {
	items, ok := v.([]any)
	if !ok {
		return to, fmt.Errorf("%s must be an array", where)
	}
	for i, item := range items {
		one, err := read(item, fmt.Sprintf("%s[%d]", where, i))
		if err != nil {
			return to, err
		}
		to = append(to, one)
	}
	return to, nil
}

func number(v any, where string) (float64, error) {
	n, ok := v.(float64)
	if !ok {
		return 0, fmt.Errorf("%s must be a number", where)
	}
	return n, nil
}

func point(v any, where string) (geo.Point, error) {
	p, err := list(nil, v, where, number)
	if err != nil {
		return geo.Point{}, err
	}
	if len(p) < 2 || len(p) > 4 {
		return geo.Point{}, fmt.Errorf("%s has %d numbers; a position is [lon, lat]", where, len(p))
	}
	at, err := geo.FromDegrees(p[1], p[0])
	if err != nil {
		return at, fmt.Errorf("%s: %w; a position is [lon, lat], not [lat, lon]", where, err)
	}
	return at, nil
}

func line(v any, where string) ([]geo.Point, error) {
	points, err := list(nil, v, where, point)
	if err == nil && len(points) < 2 {
		err = fmt.Errorf("%s has %d positions; a line has two or more", where, len(points))
	}
	return points, err
}

func ring(v any, where string) ([]geo.Point, error) {
	points, err := list(nil, v, where, point)
	if err != nil {
		return nil, err
	}
	if len(points) < 4 {
		return nil, fmt.Errorf("%s has %d positions; a ring has four or more, the last like the first", where, len(points))
	}
	if points[0] != points[len(points)-1] {
		return nil, fmt.Errorf("%s is open; repeat its first position at the end", where)
	}
	return points, nil
}

func polygon(v any, where string) ([][]geo.Point, error) {
	rings, err := list(nil, v, where, ring)
	if err == nil && len(rings) == 0 {
		err = fmt.Errorf("%s has no ring", where)
	}
	return rings, err
}

// AppendShape appends a shape as a geometry, in the one way that there is for
// it: ReadShape of it is the shape again, its rings closed. It takes the
// simplest type that holds all; the shape must not be empty.
func AppendShape(b []byte, s geo.Shape) []byte {
	var parts [][]byte
	parts = appendKind(parts, "Point", s.Points, appendPoint)
	parts = appendKind(parts, "LineString", s.Lines, appendLine)
	parts = appendKind(parts, "Polygon", s.Polygons, func(b []byte, rings [][]geo.Point) []byte {
		return appendArray(b, rings, func(b []byte, ring []geo.Point) []byte {
			if last := len(ring) - 1; ring[0] != ring[last] {
				ring = append(ring[:last+1:last+1], ring[0])
			}
			return appendLine(b, ring)
		})
	})
	if len(parts) == 1 {
		return append(b, parts[0]...)
	}
	b = append(b, `{"type":"GeometryCollection","geometries":`...)
	b = appendArray(b, parts, func(b, part []byte) []byte { return append(b, part...) })
	return append(b, '}')
}

// appendKind appends the geometry of all items of one kind, if there are any.
func appendKind[T any](parts [][]byte, kind string, items []T, one func([]byte, T) []byte) [][]byte {
	if len(items) == 0 {
		return parts
	}
	var b []byte
	if len(items) == 1 {
		b = one(fmt.Appendf(b, `{"type":%q,"coordinates":`, kind), items[0])
	} else {
		b = appendArray(fmt.Appendf(b, `{"type":"Multi%s","coordinates":`, kind), items, one)
	}
	return append(parts, append(b, '}'))
}

func appendLine(b []byte, line []geo.Point) []byte { return appendArray(b, line, appendPoint) }

func appendPoint(b []byte, p geo.Point) []byte {
	lat, lon := p.Degrees()
	b = strconv.AppendFloat(append(b, '['), lon, 'f', -1, 64)
	b = strconv.AppendFloat(append(b, ','), lat, 'f', -1, 64)
	return append(b, ']')
}

package server

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/geojson"
	"callbox/geo"
	"callbox/geo/area"
)

// closures lists the closures in force by ID.
func (s *Server) closures(r *request) (*answer, error) {
	if err := r.only("limit", "after"); err != nil {
		return nil, err
	}
	limit, err := r.number("limit", 1, 1000, 100)
	if err != nil {
		return nil, err
	}
	list := wire.ClosureList{Closures: []wire.Closure{}}
	s.engine.View(func(v *engine.View) {
		list.Roads = v.Roads()
		all := v.State().Closures()
		at, found := slices.BinarySearchFunc(all, r.query["after"], func(c *assign.Closure, id string) int { return strings.Compare(c.ID, id) })
		if found {
			at++
		}
		for _, c := range all[at:min(at+limit, len(all))] {
			list.Closures = append(list.Closures, wire.ClosureOf(c))
		}
		if at+limit < len(all) {
			list.After = next(all[at+limit-1].ID)
		}
	})
	return ok(list), nil
}

// closeRoad closes the streets that a geometry meets.
func (s *Server) closeRoad(r *request) (*answer, error) {
	if err := errors.Join(r.plain(), r.expect(typeGeoJSON, typeJSON)); err != nil {
		return nil, err
	}
	return s.write(r, func() (assign.Command, error) { return s.closing(r.id, r.body) }, func(out *engine.Outcome) any {
		return wire.ClosureAnswer{Closure: wire.ClosureOf(out.Closure), Roads: out.Roads}
	})
}

// openRoad ends a closure.
func (s *Server) openRoad(r *request) (*answer, error) {
	if err := r.plain(); err != nil {
		return nil, err
	}
	return s.write(r, func() (assign.Command, error) { return &assign.OpenRoad{ID: r.id}, nil }, func(out *engine.Outcome) any {
		return wire.OpenedAnswer{ID: r.id, Roads: out.Roads}
	})
}

// closing is the command to close what a document says.
func (s *Server) closing(id string, document []byte) (*assign.CloseRoad, error) {
	if err := errors.Join(wire.ID(id, "id"), wire.CheckObject(document)); err != nil {
		return nil, err
	}
	shape, properties, err := geojson.ReadShape(document)
	if err != nil {
		return nil, wire.Wrong(http.StatusUnprocessableEntity, "bad_geometry", "geometry", "%v", err)
	}
	if err := s.inSurroundings(shape); err != nil {
		return nil, err
	}
	c := &assign.CloseRoad{RoadClosed: assign.RoadClosed{ID: id, Geometry: string(geojson.AppendShape(nil, shape))}}
	if n := len(c.Geometry); n > assign.MaxClosureText {
		return nil, wire.Wrong(http.StatusRequestEntityTooLarge, "geometry_too_large", "geometry",
			"the geometry has %d bytes without blanks and needless digits; it may have %d: simplify it, or put it under several ids", n, assign.MaxClosureText)
	}
	if c.By, c.Reason, err = wire.ClosureWords(properties); err != nil {
		return nil, err
	}
	if c.Arcs, c.Length, err = s.engine.Streets(c.Geometry); err != nil {
		return nil, err
	}
	if len(c.Arcs) == 0 {
		return nil, wire.Wrong(http.StatusUnprocessableEntity, "no_road_crossed", "geometry",
			"the geometry meets no street of the city's roads; draw a line across the street, a polygon around it, or a point within 25 m of it")
	}
	return c, nil
}

// inSurroundings refuses a geometry that is not, as a whole, where units may be.
func (s *Server) inSurroundings(shape geo.Shape) error {
	bound, around := shape.Bound(), s.surroundings()
	if around.Contains(bound.Min) && around.Contains(bound.Max) {
		return nil
	}
	hint := ""
	if area.LooksSwapped(bound, around) {
		hint = "; with lat and lon exchanged it would not, and GeoJSON positions are [lon, lat]"
	}
	return wire.Wrong(http.StatusUnprocessableEntity, "outside_city", "geometry",
		"a part of the geometry lies more than %.0f km outside the city%s", farOut.Meters()/1000, hint)
}

package main

import (
	"callbox/assign/engine"
	"callbox/data/city"
	"callbox/data/geojson"
	"callbox/geo"
	"callbox/geo/route"
)

// The ways in which travel times are found: both give the same ones.
const (
	byHierarchy = "hierarchy"
	byDijkstra  = "dijkstra" // the plain search
)

// roads are a city's streets, ready for questions.
type roads struct {
	*route.Network
	plain bool
}

// prepare makes a city's roads ready; nil if it has none. A city that was made
// without an order of its crossings gets one here, which takes seconds for a
// large one.
func prepare(c *city.City, travel string) (*roads, error) {
	switch {
	case c.Roads == nil:
		return nil, nil
	case travel == byDijkstra:
		return &roads{route.New(c.Roads), true}, nil
	}
	order := c.Order
	if order == nil {
		order = route.Order(c.Roads, nil)
	}
	network, err := route.Prepare(c.Roads, order)
	return &roads{Network: network}, err
}

// travel is what the engine asks.
func (r *roads) travel() engine.Travel {
	if r.plain {
		return r.Fleet()
	}
	return r.Units()
}

// ways finds the way from place to place.
type ways interface {
	Path(from, to geo.Point, p geo.Profile) (route.Path, bool)
}

func (r *roads) ways() ways {
	if r.plain {
		return r.Query()
	}
	return r.Ways()
}

// crossed finds the arcs that a GeoJSON geometry crosses, and how long they are.
func (r *roads) crossed(geometry string) ([]uint32, geo.Distance, error) {
	shape, _, err := geojson.ReadShape([]byte(geometry))
	if err != nil {
		return nil, 0, err
	}
	return r.Crossed(shape)
}

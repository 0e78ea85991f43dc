package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/geojson"
	"callbox/geo"
	"callbox/geo/area"
	"callbox/geo/cell"
)

// tolerance is how far outside every area a call may lie and still be the
// city's: borders are drawn simpler than the shore is, and people call from
// piers.
var tolerance = geo.Meters(500)

// farOut is how far outside the box around the city's areas and roads a unit may
// be: it comes from home, from an airport, or from helping a neighbour. A
// position beyond that is a mistake, and no way from there means anything.
var farOut = geo.Meters(50_000)

// areas are the areas in force, and their document.
type areas struct {
	set  *area.Set
	hash string // of document
	// document is canonical GeoJSON, compressed by gzip.
	document []byte
}

// newAreas makes a set's document. The same areas always make the same bytes.
func newAreas(set *area.Set) (*areas, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := geojson.Write(z, set.All()); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return &areas{set: set, hash: hashOf(b.Bytes()), document: b.Bytes()}, nil
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// json is the document, decompressed.
func (a *areas) json() ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(a.document))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// restore gives the areas that the journal says are in force, or the city's
// own: areas that were adopted over the city's own stay in force only as long
// as the city keeps those.
func restore(own *areas, adopted assign.Areas) (*areas, error) {
	if adopted.Hash == "" || adopted.Base != own.hash {
		return own, nil
	}
	a := &areas{hash: adopted.Hash, document: adopted.Document}
	text, err := a.json()
	if err != nil {
		return nil, fmt.Errorf("the areas in the journal: %w", err)
	}
	list, err := geojson.Read(bytes.NewReader(text), geojson.Options{})
	if err != nil {
		return nil, fmt.Errorf("the areas in the journal: %w", err)
	}
	if a.set, err = area.NewSet(list); err != nil {
		return nil, fmt.Errorf("the areas in the journal: %w", err)
	}
	return a, nil
}

// locate finds the cell and the areas of a place in the city.
func (s *Server) locate(p geo.Point, field string) (cellID string, inAreas []string, err error) {
	place, ok := s.areas.Load().set.Locate(p, tolerance)
	if !ok {
		return "", nil, wire.Wrong(422, "outside_city", field,
			"%s %v lies more than %.0f m outside every area of the city; lat and lon may be swapped", field, p, tolerance.Meters())
	}
	c, err := cell.At(p, cell.Resolution)
	return c.String(), place.Areas, err
}

// surroundings is the box that units may be in. That of the city's own areas
// counts though others are in force: no city moves.
func (s *Server) surroundings() geo.Bound {
	city := s.areas.Load().set.Bound().Union(s.own.set.Bound()).Union(s.roads)
	return wider(city, farOut)
}

// wider is a box and all within d of it.
func wider(b geo.Bound, d geo.Distance) geo.Bound {
	return geo.Around(b.Min, d).Union(geo.Around(b.Max, d))
}

// nearCity refuses a place of a unit that is not in the surroundings.
func (s *Server) nearCity(p geo.Point, field string) error {
	around := s.surroundings()
	if around.Contains(p) {
		return nil
	}
	hint := ""
	if area.LooksSwapped(geo.BoundOf(p), around) {
		hint = "; with lat and lon exchanged it would not"
	}
	return wire.Wrong(422, "outside_city", field, "%s %v lies more than %.0f km outside the city%s", field, p, farOut.Meters()/1000, hint)
}

// chain is an area and those that enclose it, finest first. An area of another
// agency stands alone.
func (s *Server) chain(id string) ([]string, error) {
	set := s.areas.Load().set
	a, ok := set.Get(id)
	if !ok && s.helps(id) {
		return []string{id}, nil
	}
	if !ok {
		return nil, wire.Wrong(422, "unknown_area", "area",
			"the city has no area %.140q, and the policy no mutual aid from it; GET /v1/areas and GET /v1/policy list them", id)
	}
	chain := []string{id}
	for a.Parent != "" && !slices.Contains(chain, a.Parent) {
		chain = append(chain, a.Parent)
		a, _ = set.Get(a.Parent)
	}
	return chain, nil
}

// helps reports whether an area is one of those of mutual aid by the policy in
// force.
func (s *Server) helps(area string) (found bool) {
	s.engine.View(func(v *engine.View) {
		if aid := v.State().Policy().MutualAid; aid != nil {
			_, found = slices.BinarySearch(aid.Areas, area)
		}
	})
	return found
}

// where reads what narrows a list by place from the query.
func (s *Server) where(r *request) (w engine.Where, err error) {
	if _, there := r.query["bbox"]; there {
		v, err := r.floats("bbox", 4)
		if err != nil {
			return w, err
		}
		low, err1 := geo.FromDegrees(v[1], v[0])
		high, err2 := geo.FromDegrees(v[3], v[2])
		if err1 != nil || err2 != nil || low.Lat > high.Lat || low.Lon > high.Lon {
			return w, badQuery("bad_parameter", "bbox", "bbox must be west,south,east,north in degrees, and not cross the antimeridian")
		}
		w.Box = &geo.Bound{Min: low, Max: high}
	}
	if _, there := r.query["near"]; there {
		v, err := r.floats("near", 2)
		if err != nil {
			return w, err
		}
		center, err := geo.FromDegrees(v[0], v[1])
		if err != nil {
			return w, badQuery("bad_parameter", "near", "near must be lat,lon in degrees: %v", err)
		}
		radius, err := r.floats("radius_meters", 1)
		if err != nil || !(radius[0] >= 0 && radius[0] <= 1e6) {
			return w, badQuery("bad_parameter", "radius_meters", "near needs radius_meters, from 0 to 1000000")
		}
		w.Near = &engine.Circle{Center: center, Radius: geo.Meters(radius[0])}
	} else if _, there := r.query["radius_meters"]; there {
		return w, badQuery("bad_parameter", "near", "radius_meters needs near=lat,lon")
	}
	if text, there := r.query["cell"]; there {
		if w.Cell, err = cell.Parse(text); err != nil {
			return w, badQuery("bad_parameter", "cell", "cell must be an H3 cell of 15 hex digits: %v", err)
		}
	}
	if id, there := r.query["area"]; there {
		if w.Area, err = s.region(id); err != nil {
			return w, err
		}
	}
	return w, nil
}

// region is where a place belongs to an area, as calls are told theirs.
func (s *Server) region(id string) (*engine.Region, error) {
	set := s.areas.Load().set
	a, ok := set.Get(id)
	if !ok {
		return nil, badQuery("unknown_area", "area", "the city has no area %.100q; GET /v1/areas lists them", id)
	}
	box := a.Shape.Bound()
	low, err1 := geo.FromDegrees(box.Min.Lat(), box.Min.Lon())
	high, err2 := geo.FromDegrees(box.Max.Lat(), box.Max.Lon())
	if err1 != nil || err2 != nil {
		return nil, fmt.Errorf("area %s: %w %w", id, err1, err2)
	}
	bound := wider(geo.Bound{Min: low, Max: high}, tolerance)
	return &engine.Region{Bound: bound, Contains: func(p geo.Point) bool {
		place, ok := set.Locate(p, tolerance)
		return ok && slices.Contains(place.Areas, id)
	}}, nil
}

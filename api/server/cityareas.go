package server

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/geojson"
	"callbox/geo/area"
)

// partSize is how much of a document of areas one command carries: well below
// what a frame of the journal holds.
const partSize = 256 << 10

// getAreas answers with a GeoJSON FeatureCollection, which is also a list: the
// areas without their shapes stand in a member of their own, all of them on one
// page.
func (s *Server) getAreas(r *request) (*answer, error) {
	if err := r.only(); err != nil {
		return nil, err
	}
	inForce := s.areas.Load()
	text, err := inForce.json()
	if err != nil {
		return nil, err
	}
	list := []wire.Area{}
	for _, a := range inForce.set.All() {
		list = append(list, wire.AreaOf(a.ID, string(a.Kind), a.Name, a.Parent))
	}
	body := fmt.Appendf(bytes.TrimRight(text, "}\n"), ",\n\"areas\":%s,\"after\":null}\n", wire.Encode(list))
	return &answer{status: http.StatusOK, contentType: typeGeoJSON, body: body}, nil
}

// putAreas replaces all areas. A collection with a fault in it is refused
// whole, and the areas in force stay.
func (s *Server) putAreas(r *request) (*answer, error) {
	if err := errors.Join(r.only(), r.expect(typeGeoJSON, typeJSON)); err != nil {
		return nil, err
	}
	s.adopting.Lock()
	defer s.adopting.Unlock()
	var next *areas
	adopted := false // and not the answer of an earlier time repeated
	a, err := s.write(r, func() (_ assign.Command, err error) {
		if next, err = s.readAreas(r.body); err != nil {
			return nil, err
		}
		for _, part := range next.staging() {
			if _, err := s.engine.Do(engine.Request{Command: part}); err != nil {
				return nil, err
			}
		}
		return &assign.AdoptAreas{AreasAdopted: assign.AreasAdopted{Hash: next.hash, Base: s.own.hash}}, nil
	}, func(*engine.Outcome) any {
		adopted = true
		return areasAnswer(next)
	})
	if err == nil && adopted {
		s.areas.Store(next)
	}
	return a, err
}

// readAreas reads a document that is to follow the areas in force.
func (s *Server) readAreas(document []byte) (*areas, error) {
	list, err := geojson.Read(bytes.NewReader(document), geojson.Options{})
	if err != nil {
		return nil, faulty(err)
	}
	set, err := area.NewSet(list)
	if err != nil {
		return nil, faulty(err)
	}
	if old := s.areas.Load().set.Bound(); area.LooksSwapped(set.Bound(), old) {
		return nil, wire.Wrong(http.StatusUnprocessableEntity, "bad_areas", "",
			"the areas miss the city, and would meet it if lat and lon were exchanged; GeoJSON positions are [lon, lat]")
	}
	return newAreas(set)
}

// staging puts the document into the log, in parts.
func (a *areas) staging() []assign.Command {
	parts := slices.Collect(slices.Chunk(a.document, partSize))
	commands := make([]assign.Command, len(parts))
	for i, part := range parts {
		commands[i] = &assign.StageAreas{AreasStaged: assign.AreasStaged{Hash: a.hash, Part: i, Parts: len(parts), Bytes: part}}
	}
	return commands
}

func areasAnswer(a *areas) wire.AreasAnswer {
	answer := wire.AreasAnswer{Hash: a.hash, Areas: a.set.Len(), Kinds: make(map[string]int)}
	for _, x := range a.set.All() {
		answer.Kinds[string(x.Kind)]++
	}
	return answer
}

// faulty turns the faults of a document into a problem.
func faulty(err error) error {
	p := wire.Wrong(http.StatusUnprocessableEntity, "bad_areas", "", "%v", err)
	var faults area.Faults
	var one area.Fault
	switch {
	case errors.As(err, &faults):
	case errors.As(err, &one):
		faults = area.Faults{one}
	}
	if len(faults) > 1 {
		p.Detail = fmt.Sprintf("%d faults; the first: %v", len(faults), faults[0])
	}
	for _, f := range faults {
		p.Faults = append(p.Faults, wire.Fault{
			Feature: f.Feature, ID: f.ID, Polygon: f.Polygon, Ring: f.Ring, Rule: string(f.Rule), Detail: f.Error(),
		})
	}
	return p
}

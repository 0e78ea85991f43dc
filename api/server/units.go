package server

import (
	"errors"
	"fmt"
	"net/http"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/geo/cell"
)

func (s *Server) signOn(r *request) (*answer, error) {
	return act(s, r, func(q *wire.UnitRequest) (assign.Command, error) {
		cmd, err := q.Command(r.id, s.engine.Now())
		if err == nil && cmd.Fix != nil {
			err = s.nearCity(cmd.Fix.At, "location")
		}
		if err == nil && q.Area != nil {
			cmd.Areas, err = s.chain(*q.Area)
		}
		return cmd, err
	}, unitAnswer)
}

func (s *Server) setStatus(r *request) (*answer, error) {
	return act(s, r, func(q *wire.StatusRequest) (assign.Command, error) { return q.Command(r.id) }, unitAnswer)
}

func unitAnswer(out *engine.Outcome) any { return unitOf(out.Unit, out.Unit.Fix) }

func unitOf(u *assign.Unit, fix *assign.Fix) wire.UnitAnswer {
	var at string
	if fix != nil {
		if c, err := cell.At(fix.At, cell.Resolution); err == nil {
			at = c.String()
		}
	}
	return wire.UnitOf(u, fix, at)
}

func (s *Server) unit(r *request) (*answer, error) {
	if err := r.plain(); err != nil {
		return nil, err
	}
	var a *answer
	s.engine.View(func(v *engine.View) {
		if u := v.State().Unit(r.id); u != nil {
			a = ok(s.unitAt(v, u))
		}
	})
	if a == nil {
		return nil, wire.Wrong(http.StatusNotFound, "unknown_unit", "id", "there is no unit %q; PUT signs it on", r.id)
	}
	return a, nil
}

// unitAt tells of a unit where the view sees it.
func (s *Server) unitAt(v *engine.View, u *assign.Unit) wire.UnitAnswer {
	if fix, known := v.Fix(u.ID); known {
		return unitOf(u, &fix)
	}
	return unitOf(u, nil)
}

func (s *Server) units(r *request) (*answer, error) {
	if err := r.only("status", "area", "near", "radius_meters", "bbox", "cell", "limit", "after"); err != nil {
		return nil, err
	}
	limit, err := r.number("limit", 1, 1000, 100)
	if err != nil {
		return nil, err
	}
	status := assign.UnitStatus(r.query["status"])
	switch status {
	case "", assign.Available, assign.Dispatched, assign.EnRoute, assign.OnScene, assign.OutOfService, assign.OffDuty:
	default:
		return nil, badQuery("bad_parameter", "status", "status must be available, dispatched, en_route, on_scene, out_of_service or off_duty")
	}
	where, err := s.where(r)
	if err != nil {
		return nil, err
	}
	list := wire.UnitList{Units: []wire.UnitAnswer{}}
	s.engine.View(func(v *engine.View) {
		found := v.Units(where, r.query["after"], limit+1, func(u *assign.Unit) bool { return status == "" || u.Status == status })
		for _, u := range found[:min(limit, len(found))] {
			list.Units = append(list.Units, s.unitAt(v, u))
		}
		if len(found) > limit {
			list.After = next(found[limit-1].ID)
		}
	})
	return ok(list), nil
}

// positions takes in positions in bulk. A malformed one refuses the whole
// request, and nothing of it is taken in; one that is merely old, of an unknown
// unit, or from far outside the city, is counted.
func (s *Server) positions(r *request) (*answer, error) {
	if err := errors.Join(r.only(), r.expect(typeJSON, typeNDJSON, "application/jsonl", "application/ndjson")); err != nil {
		return nil, err
	}
	list, err := wire.DecodePositions(r.body)
	if err != nil {
		return nil, err
	}
	around, outside := s.surroundings(), 0
	moves := make([]engine.Position, 0, len(list))
	for i := range list {
		fix, err := list[i].Fix(fmt.Sprint(i))
		if err != nil {
			return nil, err
		}
		if !around.Contains(fix.At) {
			outside++
			continue
		}
		moves = append(moves, engine.Position{Unit: list[i].Unit, Fix: fix})
	}
	m, err := s.engine.Move(moves)
	if err != nil {
		return nil, err
	}
	return ok(wire.PositionsAnswer{Accepted: m.Accepted, Stale: m.Stale, Unknown: m.Unknown, Future: m.Future, Outside: outside}), nil
}

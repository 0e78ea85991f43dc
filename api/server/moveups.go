package server

import (
	"callbox/api/wire"
	"callbox/assign/engine"
)

// moveUps tells which parts of the city no available unit covers, and proposes
// units to post there.
func (s *Server) moveUps(r *request) (*answer, error) {
	if err := r.only("limit"); err != nil {
		return nil, err
	}
	limit, err := r.number("limit", 1, 100, 5)
	if err != nil {
		return nil, err
	}
	m, err := s.engine.MoveUps(limit)
	if err != nil {
		return nil, err
	}
	a := wire.MoveUps{
		At: wire.InstantOf(m.At), WithinSeconds: wire.SecondsOf(m.Policy.CoversWithin()),
		Uncovered: []wire.Uncovered{}, Moves: []wire.MoveUp{}, Reason: noMoves(&m),
	}
	if m.Known {
		busy, covered, expected := float64(m.Busy)/10, m.Covered.Percent(), m.Expected.Percent()
		a.AvailableUnits, a.BusyPercent, a.CoveredPercent, a.ExpectedPercent, a.UncoveredCells = &m.Units, &busy, &covered, &expected, &m.Gaps
	}
	for _, g := range m.Uncovered {
		a.Uncovered = append(a.Uncovered, wire.UncoveredOf(g.Demand, g.Share.Percent(), g.Nearest))
	}
	for _, move := range m.Moves {
		a.Moves = append(a.Moves, wire.MoveUpOf(move.Unit, move.To, move.Leg, move.Gain.Percent()))
	}
	return ok(a), nil
}

// noMoves is why there are no moves; nil if there are any.
func noMoves(m *engine.MoveUps) *wire.Reason {
	switch {
	case len(m.Moves) > 0:
		return nil
	case !m.Known:
		return &wire.Reason{Code: "demand_unknown", Sentence: "The city's folder does not say where its calls come from."}
	case m.Gaps == 0:
		return &wire.Reason{Code: "all_covered", Sentence: "An available unit is within reach of every cell that calls come from."}
	case m.Units == 0:
		return &wire.Reason{Code: "no_unit_available", Sentence: "No unit is available whose place is known."}
	}
	return &wire.Reason{Code: "no_gain", Sentence: "No unit that may be moved would cover a thousandth of the demand more elsewhere."}
}

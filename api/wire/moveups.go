package wire

import (
	"callbox/assign"
	"callbox/geo"
)

// MoveUps is the answer of GET /v1/move-ups: how the available units cover the
// city's demand, and where some of them would cover more of it.
type MoveUps struct {
	At              Instant     `json:"at"`
	WithinSeconds   Seconds     `json:"within_seconds"`   // a unit covers what it comes to so soon
	AvailableUnits  *int        `json:"available_units"`  // null where the demand is not known, as those that follow
	BusyPercent     *float64    `json:"busy_percent"`     // of the units on duty
	CoveredPercent  *float64    `json:"covered_percent"`  // of the demand
	ExpectedPercent *float64    `json:"expected_percent"` // of the demand, as often as units are busy
	UncoveredCells  *int        `json:"uncovered_cells"`  // all of them
	Uncovered       []Uncovered `json:"uncovered"`        // the first of them
	Moves           []MoveUp    `json:"moves"`
	Reason          *Reason     `json:"reason,omitempty"` // why there are no moves
}

// Uncovered is a cell that no available unit covers.
type Uncovered struct {
	Cell          string       `json:"cell"`
	Location      *Location    `json:"location"` // its centre
	Weight        int          `json:"weight"`
	DemandPercent float64      `json:"demand_percent"`
	Nearest       *NearestUnit `json:"nearest"` // null if none can come
}

// NearestUnit is the available unit that would be there first.
type NearestUnit struct {
	Unit       string   `json:"unit"`
	ETASeconds *Seconds `json:"eta_seconds"`
	Travel     string   `json:"travel"`
}

// MoveUp is a unit that would cover more elsewhere.
type MoveUp struct {
	Unit           string    `json:"unit"`
	To             *Location `json:"to"`
	Cell           string    `json:"cell"`
	ETASeconds     *Seconds  `json:"eta_seconds"` // null if there is no telling, as the length
	DistanceMeters *float64  `json:"distance_meters"`
	Travel         string    `json:"travel,omitzero"`
	GainPercent    float64   `json:"gain_percent"`
}

// UncoveredOf tells of a cell with so much of the demand, and of the way there of
// the nearest unit, nil if there is none.
func UncoveredOf(d assign.Demand, percent float64, nearest *geo.Leg) Uncovered {
	u := Uncovered{Cell: d.Cell, Location: LocationOf(d.At), Weight: d.Weight, DemandPercent: percent}
	if nearest != nil {
		eta, _, travel := legOf(nearest)
		u.Nearest = &NearestUnit{nearest.ID, eta, travel}
	}
	return u
}

// MoveUpOf tells of a unit that would go to a cell and gain so much there.
func MoveUpOf(unit string, to assign.Demand, leg *geo.Leg, percent float64) MoveUp {
	m := MoveUp{Unit: unit, To: LocationOf(to.At), Cell: to.Cell, GainPercent: percent}
	m.ETASeconds, m.DistanceMeters, m.Travel = legOf(leg)
	return m
}

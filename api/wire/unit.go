package wire

import (
	"slices"

	"callbox/assign"
)

// UnitRequest is the body of PUT /v1/units/{id}. What is absent stays as it
// was; for a new unit it is not known, and the status is available.
type UnitRequest struct {
	Capabilities *[]string `json:"capabilities,omitzero"` // absent: not said; []: none
	Area         *string   `json:"area,omitzero"`
	Status       string    `json:"status,omitzero"`
	Location     *Location `json:"location,omitzero"`
	PositionAt   Instant   `json:"position_at,omitzero"` // of location; now if absent
}

// Command turns the request into a command, but for the areas that enclose the
// unit's, which the server looks up. now dates a location without an instant.
func (r *UnitRequest) Command(unit string, now assign.Instant) (*assign.SignOn, error) {
	cmd := &assign.SignOn{Unit: unit}
	if r.Capabilities != nil {
		capabilities, err := assign.NormalCapabilities(*r.Capabilities)
		if err != nil {
			return nil, invalid("bad_capabilities", "capabilities", "capabilities: %v", err)
		}
		cmd.Capabilities = capabilities
	}
	var err error
	if cmd.Status, err = unitStatus(r.Status); err != nil {
		return nil, err
	}
	if r.Location != nil {
		fix := &assign.Fix{Since: now}
		if fix.At, err = r.Location.Point("location"); err != nil {
			return nil, err
		}
		at, err := r.PositionAt.instant("position_at")
		if err != nil {
			return nil, err
		}
		if at > now.Add(assign.MaxSkew) {
			return nil, invalid("instant_in_future", "position_at", "position_at lies more than %v ahead", assign.MaxSkew)
		}
		if at != 0 {
			fix.Since = at
		}
		cmd.Fix = fix
	} else if r.PositionAt != "" {
		return nil, bad("field_missing", "location", "position_at is there, but no location")
	}
	return cmd, nil
}

var statuses = []assign.UnitStatus{
	assign.Available, assign.EnRoute, assign.OnScene, assign.OutOfService, assign.OffDuty,
}

// unitStatus reads a status that a unit may report; "" stays "".
func unitStatus(s string) (assign.UnitStatus, error) {
	if s != "" && !slices.Contains(statuses, assign.UnitStatus(s)) {
		return "", invalid("unknown_status", "status", "status must be one of available, en_route, on_scene, out_of_service, off_duty")
	}
	return assign.UnitStatus(s), nil
}

// StatusRequest is the body of POST /v1/units/{id}/status.
type StatusRequest struct {
	Status string  `json:"status,omitzero"`
	Call   string  `json:"call,omitzero"` // if there, the unit must be on it
	At     Instant `json:"at,omitzero"`
}

// Command turns the request into a command.
func (r *StatusRequest) Command(unit string) (*assign.SetStatus, error) {
	if r.Status == "" {
		return nil, bad("field_missing", "status", "status is missing")
	}
	status, err := unitStatus(r.Status)
	if err != nil {
		return nil, err
	}
	if r.Call != "" {
		if err := ID(r.Call, "call"); err != nil {
			return nil, err
		}
	}
	at, err := r.At.instant("at")
	if err != nil {
		return nil, err
	}
	return &assign.SetStatus{Unit: unit, Status: status, Call: r.Call, At: at}, nil
}

// UnitAnswer is a unit as the server tells of it.
type UnitAnswer struct {
	ID           string    `json:"id"`
	Status       string    `json:"status"`
	StatusSince  Instant   `json:"status_since"`
	Capabilities *[]string `json:"capabilities"` // null if nobody has said
	Area         *string   `json:"area"`         // the one it belongs to; null if nobody has said
	Cell         *string   `json:"cell"`         // H3 cell of its location
	Location     *Location `json:"location"`     // null if nobody knows
	PositionAt   *Instant  `json:"position_at"`
	Call         *string   `json:"call"`
}

// UnitOf tells of a unit that stands at fix, in that cell; fix is nil if
// nobody knows. Nothing of the unit is shared: it may change later.
func UnitOf(u *assign.Unit, fix *assign.Fix, cell string) UnitAnswer {
	a := UnitAnswer{ID: u.ID, Status: string(u.Status), StatusSince: InstantOf(u.Since)}
	if capabilities := u.Capabilities; capabilities != nil {
		a.Capabilities = &capabilities
	}
	if area := u.Area(); area != "" {
		a.Area = &area
	}
	if call := u.Call; call != "" {
		a.Call = &call
	}
	if fix != nil {
		at := InstantOf(fix.Since)
		a.Location, a.PositionAt, a.Cell = LocationOf(fix.At), &at, &cell
	}
	return a
}

package wire

import "callbox/assign"

// CloseRequest is the body of POST /v1/calls/{id}/close.
type CloseRequest struct {
	Disposition string  `json:"disposition,omitzero"`
	At          Instant `json:"at,omitzero"`
}

// Command turns the request into a command.
func (r *CloseRequest) Command(call string) (*assign.CloseCall, error) {
	if err := text(r.Disposition, "disposition", MaxReason, true); err != nil {
		return nil, err
	}
	at, err := r.At.instant("at")
	return &assign.CloseCall{Call: call, Disposition: r.Disposition, At: at}, err
}

// CancelRequest is the body of POST /v1/calls/{id}/cancel.
type CancelRequest struct {
	Reason string  `json:"reason,omitzero"`
	At     Instant `json:"at,omitzero"`
}

// Command turns the request into a command.
func (r *CancelRequest) Command(call string) (*assign.CancelCall, error) {
	if err := text(r.Reason, "reason", MaxReason, true); err != nil {
		return nil, err
	}
	at, err := r.At.instant("at")
	return &assign.CancelCall{Call: call, Reason: r.Reason, At: at}, err
}

// OverrideRequest is the body of POST /v1/override: a dispatcher's order.
type OverrideRequest struct {
	Call   string `json:"call,omitzero"`
	Unit   string `json:"unit,omitzero"`
	By     string `json:"by,omitzero"`
	Reason string `json:"reason,omitzero"`
}

// Command turns the request into a command.
func (r *OverrideRequest) Command() (*assign.Override, error) {
	for _, part := range [...]struct{ field, value string }{{"call", r.Call}, {"unit", r.Unit}} {
		if part.value == "" {
			return nil, bad("field_missing", part.field, "%s is missing", part.field)
		}
		if err := ID(part.value, part.field); err != nil {
			return nil, err
		}
	}
	if err := text(r.By, "by", MaxName, true); err != nil {
		return nil, err
	}
	if err := text(r.Reason, "reason", MaxReason, true); err != nil {
		return nil, err
	}
	return &assign.Override{Call: r.Call, Unit: r.Unit, Order: assign.Order{By: r.By, Reason: r.Reason}}, nil
}

// PolicyRequest is the body of PUT /v1/policy: a policy that is built in, by
// its name, or the text of a file.
type PolicyRequest struct {
	Name   string `json:"name,omitzero"`
	YAML   string `json:"yaml,omitzero"`
	By     string `json:"by,omitzero"`
	Reason string `json:"reason,omitzero"`
}

// Check checks what the request says of the adoption.
func (r *PolicyRequest) Check() error {
	if (r.Name == "") == (r.YAML == "") {
		return bad("field_missing", "name", "either name or yaml must be there, not both")
	}
	if err := text(r.By, "by", MaxName, false); err != nil {
		return err
	}
	return text(r.Reason, "reason", MaxReason, true)
}

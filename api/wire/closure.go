package wire

import (
	"callbox/assign"

	"github.com/go-json-experiment/json/jsontext"
)

// Closure is a stretch of road that is closed.
type Closure struct {
	ID           string         `json:"id"`
	Geometry     jsontext.Value `json:"geometry"` // of GeoJSON
	By           string         `json:"by,omitempty"`
	Reason       string         `json:"reason,omitempty"`
	ClosedAt     Instant        `json:"closed_at"`
	Arcs         int            `json:"arcs"`
	LengthMeters float64        `json:"length_meters"`
}

// ClosureOf tells of a closure.
func ClosureOf(c *assign.Closure) Closure {
	return Closure{
		ID: c.ID, Geometry: jsontext.Value(c.Geometry), By: c.By, Reason: c.Reason,
		ClosedAt: InstantOf(c.Since), Arcs: len(c.Arcs), LengthMeters: c.Length.Meters(),
	}
}

// ClosureAnswer is the answer of PUT /v1/closures/{id}.
type ClosureAnswer struct {
	Closure
	Roads string `json:"roads"` // version of the roads from then on
}

// OpenedAnswer is the answer of DELETE /v1/closures/{id}.
type OpenedAnswer struct {
	ID    string `json:"id"`
	Roads string `json:"roads"` // version of the roads from then on
}

// ClosureList is the answer of GET /v1/closures.
type ClosureList struct {
	Closures []Closure `json:"closures"`
	Roads    string    `json:"roads"` // version of the roads at the newest write
	After    *string   `json:"after"`
}

// CheckObject checks that a body is one JSON object, whatever its members are.
// The error is a *Problem of status 400, as those of Decode are.
func CheckObject(body []byte) error {
	var value jsontext.Value
	if err := Decode(body, &value); err != nil {
		return err
	}
	if value.Kind() != jsontext.KindBeginObject {
		return bad("wrong_type", "", "the body must be an object")
	}
	return nil
}

// ClosureWords reads who closes a road and why from the properties of a Feature.
func ClosureWords(properties map[string]any) (by, reason string, err error) {
	word := func(name string, limit int) (string, error) {
		v := properties[name]
		s, ok := v.(string)
		if v != nil && !ok {
			return "", bad("wrong_type", "properties."+name, "properties.%s must be a string", name)
		}
		return s, text(s, "properties."+name, limit, false)
	}
	if by, err = word("by", MaxName); err != nil {
		return "", "", err
	}
	reason, err = word("reason", MaxReason)
	return by, reason, err
}

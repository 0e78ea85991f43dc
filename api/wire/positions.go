package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"callbox/assign"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxPositions is how many positions one request may carry.
const MaxPositions = 50_000

// Position is one report of where a unit is.
type Position struct {
	Unit string   `json:"unit,omitzero"`
	Lat  *float64 `json:"lat"`
	Lon  *float64 `json:"lon"`
	At   Instant  `json:"at,omitzero"` // now if absent
}

// PositionsAnswer counts what became of the reports.
type PositionsAnswer struct {
	Accepted int `json:"accepted"`
	Stale    int `json:"stale"`   // not newer than the position known
	Unknown  int `json:"unknown"` // of a unit that is not signed on
	Future   int `json:"future"`  // dated too far ahead
	Outside  int `json:"outside"` // from far outside the city
}

// Fix reads the report's position; its Since is 0 if the report has no instant.
func (p *Position) Fix(field string) (assign.Fix, error) {
	if p.Unit == "" {
		return assign.Fix{}, bad("field_missing", field+".unit", "%s.unit is missing", field)
	}
	if err := ID(p.Unit, field+".unit"); err != nil {
		return assign.Fix{}, err
	}
	at, err := (&Location{Lat: p.Lat, Lon: p.Lon}).Point(field)
	if err != nil {
		return assign.Fix{}, err
	}
	since, err := p.At.instant(field + ".at")
	if err != nil {
		return assign.Fix{}, err
	}
	return assign.Fix{At: at, Since: since}, nil
}

// DecodePositions reads an array of positions, or NDJSON: one position a line.
// Which it is shows from the first byte. The error is a *Problem; its field
// begins with the position's index.
func DecodePositions(body []byte) ([]Position, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(body))
	array := d.PeekKind() == jsontext.KindBeginArray
	if array {
		if _, err := d.ReadToken(); err != nil {
			return nil, problem(err, body)
		}
	}
	var list []Position
	for !array || d.PeekKind() != jsontext.KindEndArray {
		var p Position
		err := json.UnmarshalDecode(d, &p, strict)
		switch {
		case errors.Is(err, io.EOF) && len(list) == 0:
			return nil, emptyBody()
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			problem := problem(err, body)
			if !array {
				problem.Field = strings.TrimSuffix(fmt.Sprintf("%d.%s", len(list), problem.Field), ".")
				problem.Detail = fmt.Sprintf("position %d: %s", len(list), problem.Detail)
			}
			return nil, problem
		case len(list) == MaxPositions:
			return nil, tooMany()
		}
		list = append(list, p)
	}
	return list, end(d, body)
}

// end reads the bracket that closes an array, and makes sure that nothing
// follows.
func end(d *jsontext.Decoder, body []byte) error {
	if _, err := d.ReadToken(); err != nil {
		return problem(err, body)
	}
	switch _, err := d.ReadToken(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return problem(err, body)
	}
	return bad("bad_json", "", "something follows the array")
}

func tooMany() *Problem {
	return Wrong(http.StatusRequestEntityTooLarge, "too_many_positions", "",
		"a request may carry %d positions; send the rest in another", MaxPositions)
}

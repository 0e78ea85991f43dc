package wire

// Lists are read in pages: After is what to send as ?after= for the next one,
// null on the last.

// CallList is the answer of GET /v1/calls.
type CallList struct {
	Calls []CallAnswer `json:"calls"`
	After *string      `json:"after"`
}

// UnitList is the answer of GET /v1/units.
type UnitList struct {
	Units []UnitAnswer `json:"units"`
	After *string      `json:"after"`
}

// ClockList is the answer of GET /v1/clocks.
type ClockList struct {
	Clocks []ClockState `json:"clocks"`
	After  *string      `json:"after"`
}

// Area is an area without its shape. GET /v1/areas lists these beside the
// features of its GeoJSON.
type Area struct {
	ID     string  `json:"id"`
	Kind   string  `json:"kind"`
	Name   string  `json:"name,omitempty"`
	Parent *string `json:"parent"` // the area of a coarser kind around it
}

// AreaOf tells of an area; parent is "" if it has none.
func AreaOf(id, kind, name, parent string) Area {
	a := Area{ID: id, Kind: kind, Name: name}
	if parent != "" {
		a.Parent = &parent
	}
	return a
}

// AreasAnswer is the answer of PUT /v1/areas.
type AreasAnswer struct {
	Hash  string         `json:"hash"` // of the canonical document
	Areas int            `json:"areas"`
	Kinds map[string]int `json:"kinds"` // how many of each kind
}

// Digest is the answer of GET /v1/digest: the state after so many facts.
type Digest struct {
	Seq    uint64 `json:"seq"`
	Digest string `json:"digest"`
}

// Ready is the answer of GET /readyz while writes are taken.
type Ready struct {
	Status    string `json:"status"`
	Seq       uint64 `json:"seq"` // of the newest fact
	Policy    string `json:"policy"`
	Roads     string `json:"roads"`
	Areas     int    `json:"areas"`
	Units     int    `json:"units"`
	OpenCalls int    `json:"open_calls"`
}

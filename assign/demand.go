package assign

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"callbox/geo"
)

// Demand is how many calls come from a cell of the city, relative to the others.
type Demand struct {
	Cell   string    // H3 index
	At     geo.Point // its centre
	Weight int       // above 0
}

// DemandVersion is the content hash of a city's demand, "" of none.
func DemandVersion(demand []Demand) string {
	if len(demand) == 0 {
		return ""
	}
	h := sha256.New()
	for _, d := range demand {
		fmt.Fprintln(h, d.Cell, d.At.Lat, d.At.Lon, d.Weight)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

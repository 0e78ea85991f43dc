package city

import (
	"crypto/sha256"
	"encoding/hex"

	"callbox/data/geojson"
	"callbox/geo"
	"callbox/geo/area"
	"callbox/geo/cell"
	"callbox/geo/road"
)

// City is what callbox knows of a place. It is not changed once it is made.
type City struct {
	Name  string
	Areas *area.Set
	Roads *road.Graph // nil: none
	Order []uint32    // of the nodes of Roads, for route.Prepare; nil: not made
	// Posts are in order of use: the first n are where n units do most good.
	// The order of a file counts as such.
	Posts  []Post
	Demand []Demand // in order of cells; empty: not known
	Origin Origin
}

// Post is a place where units stand by. Its area is one of the city's, or "" if
// it lies in none.
type Post = geojson.Post

// Demand is how many calls come from an H3 cell, relative to the others. All
// cells of a city have the same resolution.
type Demand struct {
	Cell   cell.ID
	Weight int // above 0
}

// Origin is what a city was made from: files, or the options of Sample.
type Origin struct {
	Sources  []Source       `json:"sources,omitempty"`            // in order of their use, names and sums
	TopSpeed geo.Speed      `json:"top_speed_mm_per_s,omitempty"` // as in Sources
	Sample   *SampleOptions `json:"sample,omitempty"`
}

// Source is a file that a city was built from.
type Source struct {
	Use    string `json:"use"`  // areas, roads or posts
	Name   string `json:"name"` // without folders
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // of the file as it is, packed or not; hexadecimal
}

// tolerance is how far outside every area a place may lie and still be the
// city's: borders are drawn simpler than the shore is.
var tolerance = geo.Meters(500)

// Version names the content of the city's areas: the first 12 hexadecimal
// digits of the SHA-256 of their file. That of the roads is road.Graph.Version.
func (c *City) Version() string {
	h := sha256.New()
	_ = c.writeAreas(h) // areas of a set can be written, and a hash takes every byte
	return hex.EncodeToString(h.Sum(nil)[:6])
}

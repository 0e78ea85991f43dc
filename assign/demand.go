package assign

import "callbox/geo"

// Demand is how many calls come from a cell of the city, relative to the others.
type Demand struct {
	Cell   string    // H3 index
	At     geo.Point // its centre
	Weight int       // above 0
}

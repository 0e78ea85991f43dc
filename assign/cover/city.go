package cover

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sort"
	"time"

	"callbox/assign"
	"callbox/geo"
)

// Share is a share of a city's demand, in billionths.
type Share int64

// Whole is all of a city's demand.
const Whole Share = 1_000_000_000

// Percent is the share in percent.
func (s Share) Percent() float64 { return float64(s) / float64(Whole/100) }

// City is where a city's calls come from. It is not changed once it is made, and
// may be shared.
type City struct {
	cells []assign.Demand // from south to north
	share []Share         // of each cell; they add up to Whole
	spots []spot
}

// NewCity takes in the demand of all cells, in any order. Its error names a cell
// that is there twice or off the earth, a weight that is not above 0, or weights
// that add up to 2^64 or more. O(n log n).
func NewCity(demand []assign.Demand) (*City, error) {
	c := &City{cells: slices.Clone(demand)}
	slices.SortFunc(c.cells, func(a, b assign.Demand) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Cell, b.Cell)) })
	var total, carry uint64
	seen := make(map[string]bool, len(c.cells))
	for _, d := range c.cells {
		switch {
		case seen[d.Cell]:
			return nil, fmt.Errorf("demand of cell %s: it is there twice", d.Cell)
		case !d.At.Valid():
			return nil, fmt.Errorf("demand of cell %s: %v is not on the earth", d.Cell, d.At)
		case d.Weight <= 0:
			return nil, fmt.Errorf("demand of cell %s: its weight is %d; it must be above 0", d.Cell, d.Weight)
		}
		seen[d.Cell] = true
		if total, carry = bits.Add64(total, uint64(d.Weight), 0); carry != 0 {
			return nil, fmt.Errorf("demand of cell %s: the weights add up to 2^64 or more; make them smaller", d.Cell)
		}
	}
	var sum uint64
	var before Share
	for _, d := range c.cells {
		sum += uint64(d.Weight)
		high, low := bits.Mul64(sum, uint64(Whole))
		upTo, _ := bits.Div64(high, low, total)
		c.share = append(c.share, Share(upTo)-before)
		before = Share(upTo)
		c.spots = append(c.spots, spotOf(d.At))
	}
	return c, nil
}

// reach is a length along the straight line.
type reach struct {
	radius geo.Distance // along the ground, at most farthest
	chord  int64        // through the ground, in millimetres
}

// farthest is beyond any city.
const farthest = geo.Distance(1_000_000_000) // 1,000 km

// reachOf is how far a unit comes within a time.
func reachOf(by assign.StraightBy, within time.Duration) reach {
	radius := sort.Search(int(farthest), func(d int) bool { return by.Time(geo.Distance(d+1)) > within })
	const diameter = 2 * geo.EarthRadius * 1000
	return reach{geo.Distance(radius), int64(math.Round(diameter * math.Sin(float64(radius)/diameter)))}
}

// within lists the cells whose centres are within reach of a place, from south to
// north. It looks at those of about its latitude.
func (c *City) within(at geo.Point, r reach) []int32 {
	band := geo.Around(at, r.radius)
	from := sort.Search(len(c.cells), func(i int) bool { return c.cells[i].At.Lat >= band.Min.Lat })
	here := spotOf(at)
	var near []int32
	for i := from; i < len(c.cells) && c.cells[i].At.Lat <= band.Max.Lat; i++ {
		if here.within(c.spots[i], r.chord) {
			near = append(near, int32(i))
		}
	}
	return near
}

// spot is a place in space, in millimetres from the middle of the earth. Two of
// them are compared some hundred times as fast as two points by geo.Between, with
// the same answer but for some millimetres.
type spot struct{ x, y, z int64 }

func spotOf(p geo.Point) spot {
	const radians, radius = math.Pi / 180 / geo.E7, geo.EarthRadius * 1000
	lat, lon := float64(p.Lat)*radians, float64(p.Lon)*radians
	return spot{
		int64(math.Round(radius * math.Cos(lat) * math.Cos(lon))),
		int64(math.Round(radius * math.Cos(lat) * math.Sin(lon))),
		int64(math.Round(radius * math.Sin(lat))),
	}
}

// within reports whether the straight line through the ground is at most so long.
// A chord of 1,000 km squares to 10^18, so nothing overflows.
func (s spot) within(t spot, chord int64) bool {
	x, y, z := s.x-t.x, s.y-t.y, s.z-t.z
	return -chord <= x && x <= chord && -chord <= y && y <= chord && -chord <= z && z <= chord &&
		x*x+y*y+z*z <= chord*chord
}

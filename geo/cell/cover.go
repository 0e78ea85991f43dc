package cell

import (
	"errors"
	"fmt"
	"math"

	"github.com/uber/h3-go/v4"

	"callbox/geo"
)

// MaxCover is about the greatest number of cells that Cover works with, by the
// area of the polygon's box.
const MaxCover = 1 << 20

// Errors of Cover. They are matched with errors.Is.
var (
	ErrPolygon = errors.New("not a polygon")
	ErrCover   = errors.New("polygon is too large to cover at this resolution")
)

// Cover lists the cells of a resolution that share any point with a polygon,
// in order of their IDs. The first ring is the polygon's rim, the others are
// its holes; each needs three corners or more, and the first may be repeated
// at the end. The polygon must be less than 180 degrees wide. A cell at the
// very rim may be listed though it falls short of it by the rounding of
// floats, so an exact test of the polygon itself has the last word.
//
// It returns ErrResolution, ErrPolygon or ErrCover.
func Cover(rings [][]geo.Point, res int) ([]ID, error) {
	if err := checkResolution(res); err != nil {
		return nil, err
	}
	if len(rings) == 0 {
		return nil, fmt.Errorf("%w: it has no ring", ErrPolygon)
	}
	loops := make([]h3.GeoLoop, len(rings))
	for i, ring := range rings {
		if n := len(ring); n > 1 && ring[0] == ring[n-1] {
			ring = ring[:n-1]
		}
		if len(ring) < 3 {
			return nil, fmt.Errorf("%w: ring %d has fewer than three corners", ErrPolygon, i)
		}
		for _, p := range ring {
			if !p.Valid() {
				return nil, fmt.Errorf("%w: ring %d: %w: %v", ErrPolygon, i, ErrPoint, p)
			}
			loops[i] = append(loops[i], h3.NewLatLng(p.Degrees()))
		}
	}
	if err := checkSize(geo.BoundOf(rings[0]...), res); err != nil {
		return nil, err
	}
	cells, err := h3.PolygonToCellsExperimental(h3.GeoPolygon{GeoLoop: loops[0], Holes: loops[1:]}, res, h3.ContainmentOverlapping)
	if err != nil {
		return nil, fmt.Errorf("h3: no cover: %w", err)
	}
	return sorted(cells), nil
}

// checkSize refuses a polygon whose box holds too many cells, before H3
// reserves the memory for them.
func checkSize(b geo.Bound, res int) error {
	width := int64(b.Max.Lon) - int64(b.Min.Lon)
	if width >= 180*geo.E7 {
		return fmt.Errorf("%w: it is 180 degrees wide or more", ErrPolygon)
	}
	area, err := h3.HexagonAreaAvgKm2(res)
	if err != nil {
		return fmt.Errorf("h3: no area of cells: %w", err)
	}
	const rad = math.Pi / 180 / geo.E7
	// The box's area on the sphere: its width times the height of its zone.
	zone := math.Sin(float64(b.Max.Lat)*rad) - math.Sin(float64(b.Min.Lat)*rad)
	boxKm2 := float64(width) * rad * zone * geo.EarthRadius * geo.EarthRadius / 1e6
	if cells := boxKm2 / area; cells > MaxCover {
		return fmt.Errorf("%w: its box holds about %.0f cells of resolution %d, %d are allowed; take a coarser one", ErrCover, cells, res, MaxCover)
	}
	return nil
}

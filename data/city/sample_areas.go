package city

import (
	"fmt"

	"github.com/paulmach/orb"

	"callbox/geo/area"
)

// sampleAreas are the precincts "1", "2" and so on, row by row from the
// north-west, each with the sectors A and B in the north, C and D in the south.
func sampleAreas(o SampleOptions) []area.Area {
	var areas []area.Area
	for row := range o.Rows {
		for column := range o.Columns {
			id := fmt.Sprint(row*o.Columns + column + 1)
			corner := spot{int64(column) * precinct, int64(o.Rows-1-row) * precinct}
			areas = append(areas, area.Area{
				ID: id, Kind: area.Precinct, Name: "Precinct " + id,
				Shape: sampleSquare(corner, precinct),
			})
			for i, letter := range "ABCD" {
				const half = precinct / 2
				at := spot{corner.x + int64(i%2)*half, corner.y + int64(1-i/2)*half}
				areas = append(areas, area.Area{
					ID: id + string(letter), Kind: area.Sector, Name: "Sector " + id + string(letter), Parent: id,
					Shape: sampleSquare(at, half),
				})
			}
		}
	}
	return areas
}

// sampleSquare is the square of a side from its south-west corner.
func sampleSquare(at spot, side int64) orb.MultiPolygon {
	var ring orb.Ring
	for _, s := range []spot{at, {at.x + side, at.y}, {at.x + side, at.y + side}, {at.x, at.y + side}, at} {
		lat, lon := s.point().Degrees()
		ring = append(ring, orb.Point{lon, lat})
	}
	return orb.MultiPolygon{{ring}}
}

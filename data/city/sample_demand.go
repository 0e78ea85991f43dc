package city

import (
	"maps"
	"math"
	"slices"

	"callbox/geo/area"
	"callbox/geo/cell"
	"callbox/geo/road"
)

// demandSpread is the standard deviation of the logarithm of demand over the
// precincts.
const demandSpread = 0.5

// sampleSectors gives the sector of each crossing.
func sampleSectors(areas *area.Set, g *road.Graph) []string {
	sectors := make([]string, g.Nodes())
	for n := range sectors {
		sectors[n] = areas.At(g.Point(road.Node(n)))[0] // sectors come before precincts
	}
	return sectors
}

// sampleWeights gives each crossing a share of the calls: that of its precinct,
// which is log-normal, and more towards the centre, up to four times.
func sampleWeights(o SampleOptions, g *road.Graph, sectors []string) []int {
	r := o.rand(demandStream)
	precincts := make(map[string]int64) // by sector
	var share int64
	for _, a := range sampleAreas(o) {
		if a.Kind == area.Precinct {
			share = int64(math.Round(100 * math.Exp(demandSpread*r.NormFloat64())))
		}
		precincts[a.ID] = share
	}
	centre := spot{int64(o.Columns) * precinct / 2, int64(o.Rows) * precinct / 2}
	radius := spot{}.square(centre) / kilometre
	weights := make([]int, g.Nodes())
	for n := range weights {
		off := spotOf(g.Point(road.Node(n))).square(centre) / kilometre
		central := 100 + 300*radius/(radius+4*off)
		weights[n] = int(precincts[sectors[n]] * central / 100)
	}
	return weights
}

// sampleDemand sums the weights of the crossings by cell, in order of cells.
func sampleDemand(g *road.Graph, weights []int) ([]Demand, error) {
	cells := make(map[cell.ID]int)
	for n, w := range weights {
		c, err := cell.At(g.Point(road.Node(n)), cell.Resolution)
		if err != nil {
			return nil, err
		}
		cells[c] += w
	}
	var demand []Demand
	for _, c := range slices.Sorted(maps.Keys(cells)) {
		if cells[c] > 0 {
			demand = append(demand, Demand{Cell: c, Weight: cells[c]})
		}
	}
	return demand, nil
}

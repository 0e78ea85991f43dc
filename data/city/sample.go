package city

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"callbox/geo/area"
)

// ErrSample means that there is no sample city of the size asked for.
var ErrSample = errors.New("no such sample city")

// SampleOptions say which sample city. The zero value is the reference city
// with seed 0.
type SampleOptions struct {
	Seed    uint64 `json:"seed"`
	Columns int    `json:"columns"` // of precincts, from west to east; 1 to MaxSample, 0 stands for 11
	Rows    int    `json:"rows"`    // from south to north; 1 to MaxSample, 0 stands for 7
}

// MaxSample is the greatest number of columns and of rows.
const MaxSample = 20

// Sample makes up a city; the same options make the same city on every machine.
//
// It lies in the Atlantic, its south-west corner at 40 N 70 W, where it cannot
// be taken for a real one. The reference city has 11 times 7 precincts of 3.2
// km, "1" to "77" row by row from the north-west, each with the sectors A, B,
// C and D in its quarters. Streets lie 160 m apart and a little off the grid:
// most local ones are one-way (18 km/h with all stops), every fifth is an
// arterial (28 km/h), and two are highways (45 km/h) that meet arterials only;
// sirens save a quarter of the time. A trip of a few kilometres is driven at 24
// km/h, one across the city at 33, both along the axes, as in the reference
// city. A river runs from north to south, with one bridge for each row of
// precincts. Every crossing can be reached from every other. Demand is
// log-normal over the precincts and up to four times as high in the centre;
// patrol posts, 500 in the reference city, lie on crossings where the calls are.
//
// The error is ErrSample for a size out of range. The reference city takes
// about 0.2 s.
func Sample(o SampleOptions) (*City, error) {
	if o.Columns == 0 {
		o.Columns = 11
	}
	if o.Rows == 0 {
		o.Rows = 7
	}
	if min(o.Columns, o.Rows) < 1 || max(o.Columns, o.Rows) > MaxSample {
		return nil, fmt.Errorf("%w: %d times %d precincts; columns and rows must be 1 to %d", ErrSample, o.Columns, o.Rows, MaxSample)
	}
	areas, err := area.NewSet(sampleAreas(o))
	if err != nil {
		return nil, err
	}
	roads, err := newGrid(o).graph()
	if err != nil {
		return nil, err
	}
	sectors := sampleSectors(areas, roads)
	weights := sampleWeights(o, roads, sectors)
	demand, err := sampleDemand(roads, weights)
	if err != nil {
		return nil, err
	}
	return &City{
		Name:   "sample",
		Areas:  areas,
		Roads:  roads,
		Posts:  samplePosts(areas, roads, sectors, weights),
		Demand: demand,
		Origin: Origin{Sample: &o},
	}, nil
}

// The streams of chance, one for each purpose, so that a change to one part of
// the city leaves the others as they were.
const (
	streetStream = iota
	riverStream
	demandStream
)

func (o SampleOptions) rand(stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(o.Seed, stream))
}

package index_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"callbox/geo"
	"callbox/geo/index"
)

// city is 10,000 units in a box of the size of New York.
func city(r *rand.Rand) *index.Points {
	var x index.Points
	for i := range 10_000 {
		x.Put(fmt.Sprint(i), in(r, regions["city"]))
	}
	return &x
}

func BenchmarkPut(b *testing.B) {
	r := rand.New(rand.NewPCG(31, 1))
	x := city(r)
	for i := 0; b.Loop(); i++ {
		id := fmt.Sprint(i % 10_000)
		p, _ := x.At(id)
		x.Put(id, geo.Point{Lat: p.Lat + r.Int32N(2000) - 1000, Lon: p.Lon + r.Int32N(2000) - 1000})
	}
}

func BenchmarkNearest10(b *testing.B) {
	r := rand.New(rand.NewPCG(31, 2))
	x := city(r)
	for b.Loop() {
		n := 0
		for range x.Nearest(in(r, regions["city"])) {
			if n++; n == 10 {
				break
			}
		}
	}
}

package route

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"callbox/data/dimacs/dimacstest"
	"callbox/geo"
	"callbox/geo/road"
)

func node(r *rand.Rand, g *road.Graph) geo.Point { return g.Point(road.Node(r.IntN(g.Nodes()))) }

// nearStreet is 5 to 50 m from a random place on a street.
func nearStreet(r *rand.Rand, g *road.Graph) geo.Point {
	a := road.Arc(r.IntN(g.Arcs()))
	p := g.PointAt(road.Position{Arc: a, Along: uint32(r.Int64N(int64(g.Length(a)) + 1))})
	return geo.Point{Lat: p.Lat + r.Int32N(6000) - 3000, Lon: p.Lon + r.Int32N(6000) - 3000}
}

// BenchmarkNewYorkOneToAll is D, the yardstick of the other figures: the time
// from everywhere to one place.
func BenchmarkNewYorkOneToAll(b *testing.B) {
	g := dimacstest.NewYork(b)
	s := newSearch(New(g), 0)
	r := rand.New(rand.NewPCG(2, 6))
	for b.Loop() {
		s.start(road.Position{Arc: road.Arc(r.IntN(g.Arcs()))}, geo.Routine, 0)
		n := 0
		for _, _, ok := s.settle(); ok; _, _, ok = s.settle() {
			n++
		}
		if n != g.Nodes() {
			b.Fatalf("%d nodes", n)
		}
	}
}

func BenchmarkNewYorkNearest(b *testing.B) {
	g := dimacstest.NewYork(b)
	f := New(g).Fleet()
	r := rand.New(rand.NewPCG(3, 6))
	for i := range 5000 {
		f.Put(fmt.Sprint(i), node(r, g))
	}
	for _, k := range []int{1, 10} {
		b.Run(fmt.Sprint(k, "of5000"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				legs, _ := f.Nearest(node(r, g), geo.Routine, 0, 0)
				left := k
				for range legs {
					if left--; left == 0 {
						break
					}
				}
			}
		})
	}
}

func BenchmarkNewYorkPut(b *testing.B) {
	g := dimacstest.NewYork(b)
	f := New(g).Fleet()
	r := rand.New(rand.NewPCG(4, 6))
	var ids []string
	for i := range 5000 {
		ids = append(ids, fmt.Sprint(i))
		f.Put(ids[i], nearStreet(r, g))
	}
	places := make([]geo.Point, 1<<12)
	for i := range places {
		places[i] = nearStreet(r, g)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.Put(ids[i%len(ids)], places[i%len(places)])
	}
}

func BenchmarkNewYorkNew(b *testing.B) {
	g := dimacstest.NewYork(b)
	for b.Loop() {
		New(g)
	}
}

package road_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"callbox/data/dimacs/dimacstest"
	"callbox/geo"
	"callbox/geo/road"
)

// BenchmarkNewYork has the steps from a file of roads to a snapped point.
func BenchmarkNewYork(b *testing.B) {
	g := dimacstest.NewYork(b)
	file := encode(b, g)
	l := road.NewLocator(g)
	r := rand.New(rand.NewPCG(1, 7))
	places := make([]geo.Point, 1<<14)
	for i := range places {
		p := g.Point(road.Node(r.IntN(g.Nodes())))
		places[i] = geo.Point{Lat: p.Lat + r.Int32N(10_000) - 5000, Lon: p.Lon + r.Int32N(10_000) - 5000}
	}
	b.Run("Read", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		for b.Loop() {
			if _, err := road.Read(bytes.NewReader(file)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("LargestComponent", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := road.LargestComponent(g); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("NewLocator", func(b *testing.B) {
		for b.Loop() {
			road.NewLocator(g)
		}
	})
	b.Run("Snap", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			l.Snap(places[i%len(places)], geo.Meters(500))
		}
	})
	square := func(p geo.Point, side int32) geo.Shape {
		return geo.Shape{Polygons: [][][]geo.Point{{{
			p, {Lat: p.Lat, Lon: p.Lon + side}, {Lat: p.Lat + side, Lon: p.Lon + side}, {Lat: p.Lat + side, Lon: p.Lon},
		}}}}
	}
	for name, shape := range map[string]func(p geo.Point) geo.Shape{
		"Line": func(p geo.Point) geo.Shape {
			return geo.Shape{Lines: [][]geo.Point{{p, {Lat: p.Lat + 2000, Lon: p.Lon}}}}
		},
		"Point":  func(p geo.Point) geo.Shape { return geo.Shape{Points: []geo.Point{p}} },
		"Blocks": func(p geo.Point) geo.Shape { return square(p, 50_000) },  // 500 m
		"Part":   func(p geo.Point) geo.Shape { return square(p, 500_000) }, // 5 km
	} {
		b.Run("Crossed/"+name, func(b *testing.B) {
			arcs := 0
			for i := 0; b.Loop(); i++ {
				met, err := l.Crossed(shape(places[i%len(places)]))
				if err != nil {
					b.Fatal(err)
				}
				arcs += len(met)
			}
			b.ReportMetric(float64(arcs)/float64(b.N), "arcs/op")
		})
	}
}

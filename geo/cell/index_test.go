package cell_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"callbox/geo"
	"callbox/geo/cell"
)

// TestIndexAgainstTwin compares the index with a walk over all points, for
// cells of every resolution: those of points that are there and of their
// neighborhood, in a city, over the whole earth and about a pentagon.
func TestIndexAgainstTwin(t *testing.T) {
	pentagon := must[geo.Point](t)(cell.Center(must[cell.ID](t)(cell.Parse("891c0000003ffff"))))
	around := func(center geo.Point, spread int32) func(*rand.Rand) geo.Point {
		return func(r *rand.Rand) geo.Point {
			return geo.Point{Lat: center.Lat + r.Int32N(spread) - spread/2, Lon: center.Lon + r.Int32N(spread) - spread/2}
		}
	}
	for name, place := range map[string]func(*rand.Rand) geo.Point{
		"few blocks": around(timesSquare, 100000),
		"city":       around(timesSquare, 3000000),
		"earth":      somewhere,
		"pentagon":   around(pentagon, 500000),
	} {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(51, uint64(len(name))))
			var x cell.Index
			twin := map[string]geo.Point{}
			for range 4000 {
				id := fmt.Sprint("c", r.IntN(1500))
				if r.IntN(5) == 0 {
					_, there := twin[id]
					if x.Delete(id) != there {
						t.Fatalf("Delete(%s) did not say %v", id, there)
					}
					delete(twin, id)
				} else {
					p := place(r)
					c := must[cell.ID](t)(x.Put(id, p))
					if of, ok := x.Of(id); !ok || of != c || c != must[cell.ID](t)(cell.At(p, cell.Resolution)) {
						t.Fatalf("%s was put into %v and is in %v (%v)", id, c, of, ok)
					}
					twin[id] = p
				}
			}
			if x.Len() != len(twin) {
				t.Fatalf("%d points, want %d", x.Len(), len(twin))
			}
			for range 40 {
				res := r.IntN(16)
				c := must[cell.ID](t)(cell.At(place(r), res))
				if r.IntN(2) == 0 && len(x.In(c)) > 0 {
					c = must[cell.ID](t)(cell.At(twin[x.In(c)[0]], res))
				}
				var want []string
				for id, p := range twin {
					if must[cell.ID](t)(cell.At(p, res)) == c {
						want = append(want, id)
					}
				}
				slices.Sort(want)
				if got := x.In(c); !slices.Equal(got, want) {
					t.Fatalf("in %v (resolution %d): got %v, want %v", c, res, got, want)
				}
			}
		})
	}
}

// TestIndexAtTheRimOfACoarseCell puts points along the sides of a coarse cell,
// where base cells belong to one side by descent and to the other by place.
func TestIndexAtTheRimOfACoarseCell(t *testing.T) {
	r := rand.New(rand.NewPCG(52, 1))
	strays := 0
	for res := range 16 {
		c := must[cell.ID](t)(cell.At(timesSquare, res))
		corners := must[[]geo.Point](t)(cell.Boundary(c))
		var x cell.Index
		var want []string
		for i := range 1000 {
			k := r.IntN(len(corners))
			a, b, s := corners[k], corners[(k+1)%len(corners)], r.Float64()
			p := geo.Point{
				Lat: a.Lat + int32(s*float64(b.Lat-a.Lat)) + r.Int32N(2001) - 1000,
				Lon: a.Lon + int32(s*float64(b.Lon-a.Lon)) + r.Int32N(2001) - 1000,
			}
			id := fmt.Sprintf("%04d", i)
			base := must[cell.ID](t)(x.Put(id, p))
			inside := must[cell.ID](t)(cell.At(p, res)) == c
			if inside {
				want = append(want, id)
			}
			if res < cell.Resolution && inside != (must[cell.ID](t)(cell.Parent(base, res)) == c) {
				strays++
			}
		}
		if got := x.In(c); !slices.Equal(got, want) {
			t.Errorf("resolution %d: %d points in the cell, want %d", res, len(got), len(want))
		}
	}
	if strays == 0 {
		t.Error("no point tells descent from place: this test tests nothing")
	}
}

func TestIndexRefusesWhatIsNotOnEarth(t *testing.T) {
	var x cell.Index
	if _, err := x.Put("a", timesSquare); err != nil {
		t.Fatal(err)
	}
	before, _ := x.Of("a")
	if _, err := x.Put("a", geo.Point{Lat: 910000000}); !errors.Is(err, cell.ErrPoint) {
		t.Errorf("got %v", err)
	}
	if after, ok := x.Of("a"); !ok || after != before {
		t.Error("a refused point moved the old one")
	}
	if x.In(0) != nil || x.Delete("b") {
		t.Error("something out of nothing")
	}
	got := x.In(before)
	got[0] = "changed"
	if x.In(before)[0] != "a" {
		t.Error("an answer is a window into the index")
	}
}

func BenchmarkIndex(b *testing.B) {
	r := rand.New(rand.NewPCG(61, 1))
	var x cell.Index
	place := func() geo.Point {
		return geo.Point{Lat: timesSquare.Lat + r.Int32N(3000000), Lon: timesSquare.Lon + r.Int32N(3000000)}
	}
	for i := range 10_000 {
		if _, err := x.Put(fmt.Sprint(i), place()); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("put", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := x.Put(fmt.Sprint(i%10_000), place()); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, res := range []int{5, 7, 8, 9, 10} {
		b.Run(fmt.Sprint("in ", res), func(b *testing.B) {
			for b.Loop() {
				c, _ := cell.At(place(), res)
				x.In(c)
			}
		})
	}
}

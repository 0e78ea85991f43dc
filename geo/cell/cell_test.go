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

var timesSquare = geo.Point{Lat: 407580000, Lon: -739855000}

func ExampleAt() {
	c, err := cell.At(timesSquare, cell.Resolution)
	fmt.Println(c, err)
	ring, err := cell.Disk(c, 1)
	fmt.Println(len(ring), err)
	_, err = cell.Parse("times square")
	fmt.Println(err)
	// Output:
	// 892a100d67bffff <nil>
	// 7 <nil>
	// not an H3 cell: "times square"; 15 hexadecimal digits are expected, such as 892a100d2c3ffff
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// somewhere is a point anywhere on the earth, often near others like it.
func somewhere(r *rand.Rand) geo.Point {
	if r.IntN(2) == 0 {
		return geo.Point{Lat: timesSquare.Lat + r.Int32N(2000000) - 1000000, Lon: timesSquare.Lon + r.Int32N(2000000) - 1000000}
	}
	return geo.Point{Lat: int32(r.Int64N(180*geo.E7+1) - 90*geo.E7), Lon: int32(r.Int64N(360*geo.E7+1) - 180*geo.E7)}
}

func TestCellsOfRandomPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 1))
	for range 3000 {
		p, res := somewhere(r), r.IntN(16)
		c := must[cell.ID](t)(cell.At(p, res))
		if !c.Valid() || c.Resolution() != res {
			t.Fatalf("%v at %d is %v, valid %v, resolution %d", p, res, c, c.Valid(), c.Resolution())
		}
		if back := must[cell.ID](t)(cell.Parse(c.String())); back != c {
			t.Fatalf("%v came back as %v", c, back)
		}
		center := must[geo.Point](t)(cell.Center(c))
		if res < 14 && must[cell.ID](t)(cell.At(center, res)) != c {
			t.Fatalf("the center of %v is in another cell", c)
		}
		corners := must[[]geo.Point](t)(cell.Boundary(c))
		if len(corners) < 5 || len(corners) > 10 {
			t.Fatalf("%v has %d corners", c, len(corners))
		}
		k := r.IntN(4)
		disk := must[[]cell.ID](t)(cell.Disk(c, k))
		if !slices.IsSorted(disk) || !slices.Contains(disk, c) || slices.Contains(disk, 0) || len(disk) > 1+3*k*(k+1) {
			t.Fatalf("disk of %d around %v: %v", k, c, disk)
		}
		up := r.IntN(res + 1)
		if parent := must[cell.ID](t)(cell.Parent(c, up)); parent.Resolution() != up {
			t.Fatalf("the parent of %v at %d is %v", c, up, parent)
		}
	}
}

func TestDiskAroundPentagonHasNoZeroCell(t *testing.T) {
	pentagon := must[cell.ID](t)(cell.Parse("891c0000003ffff"))
	if n := len(must[[]geo.Point](t)(cell.Boundary(pentagon))); n < 5 {
		t.Fatalf("%d corners", n)
	}
	disk := must[[]cell.ID](t)(cell.Disk(pentagon, 2))
	if len(disk) != 16 || slices.Contains(disk, 0) {
		t.Errorf("two steps around a pentagon are 16 cells, got %d: %v", len(disk), disk)
	}
}

func TestErrors(t *testing.T) {
	c := must[cell.ID](t)(cell.At(timesSquare, 9))
	square := []geo.Point{{}, {Lon: 1e5}, {Lat: 1e5, Lon: 1e5}, {Lat: 1e5}}
	world := []geo.Point{{Lat: -8e8, Lon: -8e8}, {Lat: -8e8, Lon: 8e8}, {Lat: 8e8, Lon: 8e8}, {Lat: 8e8, Lon: -8e8}}
	wide := []geo.Point{{Lon: -17e8}, {Lon: 17e8}, {Lat: 1e5}}
	for name, c := range map[string]struct {
		got  func() error
		want error
	}{
		"resolution -1":        {func() error { _, err := cell.At(timesSquare, -1); return err }, cell.ErrResolution},
		"resolution 16":        {func() error { _, err := cell.At(timesSquare, 16); return err }, cell.ErrResolution},
		"off the earth":        {func() error { _, err := cell.At(geo.Point{Lat: 900000001}, 9); return err }, cell.ErrPoint},
		"empty name":           {func() error { _, err := cell.Parse(""); return err }, cell.ErrCell},
		"zero":                 {func() error { _, err := cell.Parse("0"); return err }, cell.ErrCell},
		"all bits":             {func() error { _, err := cell.Parse("ffffffffffffffff"); return err }, cell.ErrCell},
		"too long":             {func() error { _, err := cell.Parse("892a100d2c3ffff892a100d2c3ffff"); return err }, cell.ErrCell},
		"an edge, no cell":     {func() error { _, err := cell.Parse("1592a100d2c3ffff"); return err }, cell.ErrCell},
		"center of nothing":    {func() error { _, err := cell.Center(0); return err }, cell.ErrCell},
		"boundary of nothing":  {func() error { _, err := cell.Boundary(77); return err }, cell.ErrCell},
		"parent of nothing":    {func() error { _, err := cell.Parent(0, 1); return err }, cell.ErrCell},
		"a finer parent":       {func() error { _, err := cell.Parent(c, 10); return err }, cell.ErrResolution},
		"parent at -1":         {func() error { _, err := cell.Parent(c, -1); return err }, cell.ErrResolution},
		"disk of nothing":      {func() error { _, err := cell.Disk(0, 1); return err }, cell.ErrCell},
		"disk of -1":           {func() error { _, err := cell.Disk(c, -1); return err }, cell.ErrDisk},
		"disk of 101":          {func() error { _, err := cell.Disk(c, 101); return err }, cell.ErrDisk},
		"cover of no ring":     {func() error { _, err := cell.Cover(nil, 9); return err }, cell.ErrPolygon},
		"cover of two corners": {func() error { _, err := cell.Cover([][]geo.Point{{{}, {Lat: 1}, {}}}, 9); return err }, cell.ErrPolygon},
		"cover at 17":          {func() error { _, err := cell.Cover([][]geo.Point{square}, 17); return err }, cell.ErrResolution},
		"cover off the earth":  {func() error { _, err := cell.Cover([][]geo.Point{{{}, {Lat: 1}, {Lat: 2e9}}}, 9); return err }, cell.ErrPoint},
		"cover of the world":   {func() error { _, err := cell.Cover([][]geo.Point{world}, 15); return err }, cell.ErrCover},
		"cover round the back": {func() error { _, err := cell.Cover([][]geo.Point{wide}, 1); return err }, cell.ErrPolygon},
		"a hole of one corner": {func() error { _, err := cell.Cover([][]geo.Point{square, {{}}}, 9); return err }, cell.ErrPolygon},
	} {
		if err := c.got(); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// TestCoverHoldsEveryPointOfThePolygon draws triangles, some with a hole, and
// checks that the cell of each point of them is in the cover, and that no cell
// of the cover is far from the polygon.
func TestCoverHoldsEveryPointOfThePolygon(t *testing.T) {
	r := rand.New(rand.NewPCG(42, 1))
	for range 60 {
		var ring []geo.Point
		for range 3 {
			ring = append(ring, geo.Point{Lat: timesSquare.Lat + r.Int32N(200000), Lon: timesSquare.Lon + r.Int32N(200000)})
		}
		res := 7 + r.IntN(3)
		cover := must[[]cell.ID](t)(cell.Cover([][]geo.Point{ring}, res))
		if !slices.IsSorted(cover) || len(slices.Compact(slices.Clone(cover))) != len(cover) {
			t.Fatalf("not sorted, or repeated: %v", cover)
		}
		for range 200 {
			// A point of the triangle: its corners weighted by u, v and the rest.
			u, v := r.Float64(), r.Float64()
			if u+v > 1 {
				u, v = 1-u, 1-v
			}
			p := geo.Point{
				Lat: ring[0].Lat + int32(u*float64(ring[1].Lat-ring[0].Lat)+v*float64(ring[2].Lat-ring[0].Lat)),
				Lon: ring[0].Lon + int32(u*float64(ring[1].Lon-ring[0].Lon)+v*float64(ring[2].Lon-ring[0].Lon)),
			}
			if c := must[cell.ID](t)(cell.At(p, res)); !slices.Contains(cover, c) {
				t.Fatalf("%v of %v is in %v, which is not in the cover", p, ring, c)
			}
		}
		box := geo.BoundOf(ring...)
		for _, c := range cover {
			if !box.Touches(geo.BoundOf(must[[]geo.Point](t)(cell.Boundary(c))...)) {
				t.Fatalf("%v of the cover does not touch the box of %v", c, ring)
			}
		}
	}
}

func TestCoverLeavesOutTheHole(t *testing.T) {
	square := func(half int32) []geo.Point {
		var ring []geo.Point
		for _, s := range [][2]int32{{-1, -1}, {-1, 1}, {1, 1}, {1, -1}, {-1, -1}} {
			ring = append(ring, geo.Point{Lat: timesSquare.Lat + s[0]*half, Lon: timesSquare.Lon + s[1]*half})
		}
		return ring
	}
	middle := must[cell.ID](t)(cell.At(timesSquare, 9))
	whole := must[[]cell.ID](t)(cell.Cover([][]geo.Point{square(300000)}, 9))
	ring := must[[]cell.ID](t)(cell.Cover([][]geo.Point{square(300000), square(200000)}, 9))
	if !slices.Contains(whole, middle) || slices.Contains(ring, middle) {
		t.Error("the cell in the middle should be covered without the hole, and not with it")
	}
}

// FuzzCover looks for polygons that break the H3 library below: flat ones,
// crossed ones, ones of a single step.
func FuzzCover(f *testing.F) {
	f.Add(int32(0), int32(0), int32(0), int32(0), int32(0), int32(0), 9)
	f.Add(int32(407000000), int32(-740000000), int32(407000001), int32(-740000000), int32(407000000), int32(-740000001), 9)
	f.Add(int32(900000000), int32(0), int32(899990000), int32(1200000000), int32(899990000), int32(-50), 5)
	f.Add(int32(10), int32(1800000000), int32(0), int32(1799990000), int32(-10), int32(1800000000), 12)
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g int32, res int) {
		ring := []geo.Point{{Lat: a, Lon: b}, {Lat: c, Lon: d}, {Lat: e, Lon: g}}
		box := geo.BoundOf(ring...)
		if float64(box.Max.Lon)-float64(box.Min.Lon) > 5e6 || float64(box.Max.Lat)-float64(box.Min.Lat) > 5e6 {
			return // slow, and no different
		}
		cells, err := cell.Cover([][]geo.Point{ring}, min(res, 9))
		if err != nil {
			return
		}
		for _, c := range cells {
			if !c.Valid() {
				t.Fatalf("%v is no cell", c)
			}
		}
	})
}

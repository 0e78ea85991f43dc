package area_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/paulmach/orb"

	"callbox/geo"
	"callbox/geo/area"
	"callbox/geo/road/roadtest"
)

func TestLocate(t *testing.T) {
	// Sector 1B reaches 0.1 degrees into precinct 2; sector 2A leaves a gap along
	// the southern side. Zone z has a strip there that is too narrow to make it
	// anyone's parent.
	s := set(t, []area.Area{
		precinct("1", one(rect(0, 0, 1, 1))),
		precinct("2", one(rect(1, 0, 2, 1))),
		{ID: "1A", Kind: area.Sector, Shape: one(rect(0, 0, 0.5, 1))},
		{ID: "1B", Kind: area.Sector, Shape: one(rect(0.5, 0, 1.1, 1))},
		{ID: "2A", Kind: area.Sector, Shape: one(rect(1.1, 0.1, 2, 1))},
		{ID: "z", Kind: "zone", Shape: one(rect(-3, -3, 3, 0.03))},
	})
	step := geo.Between(at(0, 0), at(1e-7, 0))
	far := geo.Between(at(1, 0.5), at(1.01, 0.5))
	for name, c := range map[string]struct {
		lat, lon  float64
		tolerance geo.Distance
		want      []string
		off       geo.Distance
	}{
		"inside":                       {0.2, 0.2, 0, []string{"1A", "1"}, 0},
		"inside, a zone too":           {0.02, 0.2, 0, []string{"1A", "1", "z"}, 0},
		"inside, a zone near":          {0.031, 0.2, geo.Meters(112), []string{"1A", "1", "z"}, 0},
		"two sectors share the border": {0.2, 0.5, 0, []string{"1A", "1"}, 0},
		"two precincts share the border, not a sector": {0.2, 1, 0, []string{"1B", "1"}, 0},
		"the sector's own precinct, though in another": {0.7, 1.05, 0, []string{"1B", "1"}, 0},
		"the gap, no sector of the precinct in reach":  {0.05, 1.5, geo.Meters(2000), []string{"2"}, 0},
		"the gap, one in reach":                        {0.05, 1.5, geo.Meters(5600), []string{"2A", "2", "z"}, 0},
		"the gap, a nearer sector of another precinct": {0.05, 1.101, geo.Meters(5600), []string{"2A", "2", "z"}, 0},
		"a zone, and sectors in reach":                 {-0.01, 0.7, geo.Meters(1200), []string{"1B", "1", "z"}, 0},
		"a zone alone":                                 {-2, -2, geo.Meters(500), []string{"z"}, 0},
		"outside by a step, finest kind first":         {1.0000001, 0.2, step, []string{"1A", "1"}, step},
		"outside by a step, between two sectors":       {1.0000001, 0.5, step, []string{"1A", "1"}, step},
		"outside by a step, out of tolerance":          {1.0000001, 0.5, step - 1, nil, 0},
		"outside, as far as the tolerance":             {1.01, 0.5, far, []string{"1A", "1"}, far},
		"outside, a millimetre farther":                {1.01, 0.5, far - 1, nil, 0},
		"far away":                                     {50, 50, geo.Meters(1000), nil, 0},
	} {
		place, ok := s.Locate(at(c.lat, c.lon), c.tolerance)
		if ok != (c.want != nil) || !slices.Equal(place.Areas, c.want) || place.Off != c.off {
			t.Errorf("%s: got %v, %v; want %v, %v off", name, place, ok, c.want, c.off)
		}
	}
}

// TestNearestAgainstTwin compares Locate outside all areas with the nearest of
// all edges, each taken alone as a triangle's side in a set of its own.
func TestNearestAgainstTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(111, 1))
	var areas []area.Area
	sets := map[string]*area.Set{}
	for i := range 40 {
		x, y := r.Float64()*0.5-74, r.Float64()*0.5+40.5
		a := precinct(fmt.Sprintf("%02d", i), one(orb.Ring{{x, y}, {x + 0.01 + 0.02*r.Float64(), y}, {x, y + 0.01 + 0.02*r.Float64()}, {x, y}}))
		areas = append(areas, a)
		sets[a.ID] = set(t, []area.Area{a})
	}
	areas = append(areas, precinct("twin", areas[7].Shape)) // as near as 07, always
	s := set(t, areas)
	near, far := 0, 0
	for range 2000 {
		p := at(r.Float64()*0.6+40.45, r.Float64()*0.6-74.05)
		if len(s.At(p)) > 0 {
			continue
		}
		tolerance := geo.Meters(float64(r.IntN(5000)))
		want, off := "", geo.Distance(0)
		for _, a := range areas[:40] {
			if place, ok := sets[a.ID].Locate(p, tolerance); ok && (want == "" || place.Off < off) {
				want, off = a.ID, place.Off
			}
		}
		place, ok := s.Locate(p, tolerance)
		switch {
		case ok != (want != ""):
			t.Fatalf("%v: got %v %v, want %q", p, place, ok, want)
		case ok && (place.Areas[0] != want || place.Off != off):
			t.Fatalf("%v: got %v, want %s at %v", p, place, want, off)
		case ok:
			near++
		default:
			far++
		}
	}
	if near < 100 || far < 100 {
		t.Errorf("%d near, %d far: one-sided cases", near, far)
	}
}

// TestRealCallsAreLocated takes a day of calls in the 75th Precinct. Some lie
// outside its simplified border; all must be located, and in that precinct.
func TestRealCallsAreLocated(t *testing.T) {
	s := set(t, realAreas(t, "nypd_precincts_78_simplified.geojson", "precinct", area.Precinct),
		realAreas(t, "nypd_sectors_303_simplified.geojson", "sector", area.Sector))
	f, err := os.Open(roadtest.DataFile(t, "nypd_cfs_pct75_2025-12-17.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lat, lon := slices.Index(rows[0], "latitude"), slices.Index(rows[0], "longitude")
	outside, elsewhere, farthest := 0, 0, geo.Distance(0)
	for _, row := range rows[1:] {
		y, _ := strconv.ParseFloat(row[lat], 64)
		x, _ := strconv.ParseFloat(row[lon], 64)
		p := at(y, x)
		place, ok := s.Locate(p, geo.Meters(500))
		if !ok || len(place.Areas) != 2 || place.Areas[0][:len(place.Areas[0])-1] != place.Areas[1] {
			t.Errorf("%v is located at %v, %v", p, place, ok)
			continue
		}
		if !s.Contains("75", p) {
			outside++
		}
		if place.Areas[1] != "75" {
			elsewhere++
		}
		farthest = max(farthest, place.Off)
	}
	t.Logf("%d calls, %d outside the precinct's border, %d located elsewhere, at most %.1f m off", len(rows)-1, outside, elsewhere, farthest.Meters())
	if outside != 4 {
		t.Errorf("%d calls outside the border of the 75th; SOURCES.md counts 4", outside)
	}
}

// TestRealPointsHaveWholeChains locates random points of the city and checks
// that each in a sector comes with that sector's own precinct.
func TestRealPointsHaveWholeChains(t *testing.T) {
	s := set(t, realAreas(t, "nypd_precincts_78_full.geojson.gz", "precinct", area.Precinct),
		realAreas(t, "nypd_sectors_303_simplified.geojson", "sector", area.Sector))
	r := rand.New(rand.NewPCG(112, 1))
	b := s.Bound()
	located, outside, alone := 0, 0, 0
	for range 20_000 {
		p := geo.Point{Lat: b.Min.Lat + r.Int32N(b.Max.Lat-b.Min.Lat), Lon: b.Min.Lon + r.Int32N(b.Max.Lon-b.Min.Lon)}
		place, ok := s.Locate(p, geo.Meters(500))
		if !ok {
			continue
		}
		located++
		if place.Off > 0 {
			outside++
			if place.Off > geo.Meters(500) || len(s.At(p)) > 0 {
				t.Errorf("%v: %v", p, place)
			}
		}
		if len(place.Areas) == 1 {
			alone++
			continue
		}
		if sector, precinct := place.Areas[0], place.Areas[1]; sector[:len(sector)-1] != precinct {
			t.Errorf("%v: %v", p, place)
		}
	}
	t.Logf("%d located, %d of them outside, %d with one area only", located, outside, alone)
	if located < 5000 || outside < 100 {
		t.Error("too few points tell anything")
	}
}

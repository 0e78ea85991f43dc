package osm

import (
	"fmt"
	"testing"

	"callbox/geo"
)

// TestWays has the speed on a street by its tags: there and back by the routine
// profile, there and back in an emergency. 0 is closed: then one drives round
// the block.
func TestWays(t *testing.T) {
	for _, c := range []struct {
		tags   string
		speeds [4]float64
	}{
		// Classes.
		{"highway=motorway oneway=no", [4]float64{80, 80, 106.67, 106.67}},
		{"highway=trunk", [4]float64{60, 60, 80, 80}},
		{"highway=primary", [4]float64{36, 36, 48, 48}},
		{"highway=secondary", [4]float64{30, 30, 40, 40}},
		{"highway=tertiary", [4]float64{27.5, 27.5, 36.67, 36.67}},
		{"highway=residential", [4]float64{22, 22, 29.33, 29.33}},
		{"highway=primary_link", [4]float64{24, 24, 32, 32}},
		{"highway=service", [4]float64{12, 12, 16, 16}},
		{"highway=living_street", [4]float64{10.5, 10.5, 14, 14}},
		{"highway=footway", [4]float64{}},
		{"highway=pedestrian", [4]float64{}},
		{"highway=construction construction=primary", [4]float64{}},
		{"railway=rail", [4]float64{}},
		{"highway=service area=yes", [4]float64{}},
		// Limits.
		{"highway=residential maxspeed=50", [4]float64{27.5, 27.5, 36.67, 36.67}},
		{"highway=residential maxspeed=30~mph", [4]float64{26.55, 26.55, 35.41, 35.41}},
		{"highway=residential maxspeed=25mph", [4]float64{22.13, 22.13, 29.50, 29.50}},
		{"highway=primary maxspeed=80 maxspeed:backward=40", [4]float64{48, 24, 64, 32}},
		{"highway=primary maxspeed:forward=80", [4]float64{48, 36, 64, 48}},
		{"highway=motorway oneway=no maxspeed=none", [4]float64{96, 96, 128, 128}},
		{"highway=motorway oneway=no maxspeed=300", [4]float64{130, 130, 130, 130}},
		{"highway=primary maxspeed=signals", [4]float64{36, 36, 48, 48}},
		{"highway=primary maxspeed=nobody~knows", [4]float64{36, 36, 48, 48}},
		{"highway=primary maxspeed=0", [4]float64{36, 36, 48, 48}},
		{"highway=primary maxspeed=RO:urban", [4]float64{30, 30, 40, 40}},
		{"highway=primary maxspeed=DE:zone30", [4]float64{18, 18, 24, 24}},
		{"highway=primary maxspeed=100;30", [4]float64{18, 18, 24, 24}},
		// One-way streets.
		{"highway=primary oneway=yes", [4]float64{36, 0, 48, 0}},
		{"highway=primary oneway=1", [4]float64{36, 0, 48, 0}},
		{"highway=primary oneway=-1", [4]float64{0, 36, 0, 48}},
		{"highway=primary oneway=reverse maxspeed:backward=80", [4]float64{0, 48, 0, 64}},
		{"highway=primary junction=roundabout", [4]float64{36, 0, 48, 0}},
		{"highway=primary junction=circular", [4]float64{36, 0, 48, 0}},
		{"highway=primary junction=roundabout oneway=-1", [4]float64{0, 36, 0, 48}},
		{"highway=motorway", [4]float64{80, 0, 106.67, 0}},
		{"highway=motorway_link", [4]float64{39, 0, 52, 0}},
		{"highway=primary oneway=reversible", [4]float64{0, 0, 48, 48}},
		{"highway=primary oneway=alternating", [4]float64{0, 0, 48, 48}},
		{"highway=primary oneway=sometimes", [4]float64{36, 36, 48, 48}},
		// Access.
		{"highway=primary access=private", [4]float64{0, 0, 48, 48}},
		{"highway=primary access=no", [4]float64{}},
		{"highway=primary access=no emergency=yes", [4]float64{0, 0, 48, 48}},
		{"highway=primary access=no emergency=designated", [4]float64{0, 0, 48, 48}},
		{"highway=primary access=no vehicle=yes", [4]float64{36, 36, 48, 48}},
		{"highway=primary motorcar=yes motor_vehicle=no", [4]float64{36, 36, 48, 48}},
		{"highway=primary motor_vehicle=private vehicle=yes", [4]float64{0, 0, 48, 48}},
		{"highway=primary access=destination", [4]float64{36, 36, 48, 48}},
		{"highway=primary access=customers", [4]float64{36, 36, 48, 48}},
		{"highway=primary access=private;customers", [4]float64{0, 0, 48, 48}},
		{"highway=primary emergency=no", [4]float64{}},
		{"highway=service service=emergency_access", [4]float64{0, 0, 16, 16}},
		{"highway=footway emergency=yes", [4]float64{0, 0, 10, 10}},
		{"highway=pedestrian motor_vehicle=no emergency=designated", [4]float64{0, 0, 10, 10}},
		{"highway=steps emergency=yes", [4]float64{}},
	} {
		t.Run(c.tags, func(t *testing.T) {
			g, _ := mustRead(t, fmt.Sprintf(block, "", xmlTags(c.tags)))
			// From half way on the western side to half way on the eastern one.
			ends := [2]geo.Point{at(50, 0), at(50, 100)}
			for i, kmh := range c.speeds {
				p, ring := geo.Routine, 10.0
				if i >= 2 {
					p, ring = geo.Emergency, 13.33
				}
				want := taking(2, ring)
				if kmh > 0 {
					want = min(want, taking(1, ring)+taking(1, kmh))
				}
				if got := seconds(g, ends[i%2], ends[1-i%2], p); got/want < 0.998 || got/want > 1.002 {
					t.Errorf("%v, direction %d: %.2f s, want %.2f", p, i%2, got, want)
				}
			}
		})
	}
}

// TestBarriers puts a barrier half way on a primary street. 1 is open.
func TestBarriers(t *testing.T) {
	for tags, open := range map[string][2]bool{ // routine, emergency
		"":                                    {true, true},
		"highway=crossing access=no":          {true, true},
		"barrier=toll_booth":                  {true, true},
		"barrier=gate":                        {false, true},
		"barrier=lift_gate":                   {false, true},
		"barrier=gate access=yes":             {true, true},
		"barrier=gate motor_vehicle=no":       {false, false},
		"barrier=gate access=no emergency=no": {false, false},
		"barrier=bollard":                     {false, false},
		"barrier=bollard emergency=yes":       {false, true},
		"barrier=bollard bollard=removable":   {false, false},
		"barrier=block":                       {false, false},
		"barrier=block access=private":        {false, true},
		"barrier=toll_booth access=private":   {false, true},
		"barrier=something":                   {false, true},
	} {
		t.Run(tags, func(t *testing.T) {
			g, r := mustRead(t, fmt.Sprintf(block, xmlTags(tags), xmlTags("highway=primary")))
			shut := 0
			for p, open := range map[geo.Profile]bool{geo.Routine: open[0], geo.Emergency: open[1]} {
				ring, kmh := 10.0, 36.0
				if p == geo.Emergency {
					ring, kmh = 13.33, 48
				}
				want := taking(1, ring) + taking(1, kmh)
				round := taking(3, ring) + taking(1, kmh) // to the other half of the street, without passing m
				half := taking(0.5, kmh)
				if !open {
					shut = 1
					want, half = taking(2, ring), round
				}
				if got := seconds(g, at(50, 0), at(50, 100), p); got/want < 0.998 || got/want > 1.002 {
					t.Errorf("%v: %.2f s, want %.2f", p, got, want)
				}
				// From one half of the street to the other: one can turn round.
				want = taking(0.5, kmh)
				if !open {
					want = half - taking(0.5, kmh)
				}
				if got := seconds(g, at(0, 25), at(0, 75), p); got/want < 0.998 || got/want > 1.002 {
					t.Errorf("%v, beside it: %.2f s, want %.2f", p, got, want)
				}
			}
			if r.Barriers != shut || r.Dropped != 0 || r.Emergency != 0 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestParseSpeed(t *testing.T) {
	for value, want := range map[string]float64{
		"": 0, "signals": 0, "variable": 0, "50": 50, "50 km/h": 50, "50kph": 50, "5.5": 5.5, "10 mph": 16.09, "20 knots": 37.04,
		"walk": 7, "none": 120, "DE:rural": 80, "DE:zone:30": 30, "IT:30": 30, "US:urban": 50, "signals;30": 30,
	} {
		if got, ok := parseSpeed(value); !ok || !near(float64(got), float64(geo.KilometersPerHour(want))) && got-geo.KilometersPerHour(want) > 2 {
			t.Errorf("%q: %d mm/s, %v, want %v km/h", value, got, ok, want)
		}
	}
	for _, value := range []string{"fast", "-5", "0", "NaN", "inf", "1e9", "301", "50 parsec", "DE:", "mph", "1e-3"} {
		if got, ok := parseSpeed(value); ok || got != 0 {
			t.Errorf("%q is read as %d mm/s", value, got)
		}
	}
}

package osm

import (
	"strconv"
	"strings"

	"callbox/geo"
)

// class is a class of highway: the speed limit where none is said, in km/h, and
// how much of the limit is driven on average in a city, in percent. Crossings,
// bends and parked cars are in the latter.
type class struct{ limit, share int }

// classes are those that are driven. Routine driving is at limit times share,
// where maxspeed takes the place of the limit; emergency driving is at 4/3 of
// that, as between the two modes of JEMSS, up to topSpeed.
//
//	                 limit  share  routine  emergency
//	motorway          100    80%     80       107
//	trunk              80    75%     60        80
//	primary            60    60%     36        48
//	secondary          50    60%     30        40
//	tertiary           50    55%     27.5      36.7
//	unclassified       50    50%     25        33.3
//	residential        40    55%     22        29.3
//	road               40    50%     20        26.7   (of a class that nobody knows)
//	motorway_link      60    65%     39        52
//	trunk_link         50    65%     32.5      43.3
//	primary_link       40    60%     24        32
//	secondary_link     40    60%     24        32
//	tertiary_link      40    55%     22        29.3
//	service            20    60%     12        16
//	living_street      15    70%     10.5      14
//	track              20    50%     10        13.3
var classes = map[string]class{
	"motorway":       {100, 80},
	"trunk":          {80, 75},
	"primary":        {60, 60},
	"secondary":      {50, 60},
	"tertiary":       {50, 55},
	"unclassified":   {50, 50},
	"residential":    {40, 55},
	"road":           {40, 50},
	"motorway_link":  {60, 65},
	"trunk_link":     {50, 65},
	"primary_link":   {40, 60},
	"secondary_link": {40, 60},
	"tertiary_link":  {40, 55},
	"service":        {20, 60},
	"living_street":  {15, 70},
	"track":          {20, 50},
}

// fireLanes are the classes that the emergency profile drives where the map says
// emergency=yes or designated, at 10 km/h.
var fireLanes = map[string]class{
	"pedestrian": {15, 50},
	"footway":    {15, 50},
	"path":       {15, 50},
	"cycleway":   {15, 50},
	"busway":     {15, 50},
}

var (
	topSpeed   = geo.KilometersPerHour(130)
	leastSpeed = geo.KilometersPerHour(5)
)

// speeds are those of both profiles under a limit.
func (c class) speeds(limit geo.Speed) (s [geo.Profiles]geo.Speed) {
	routine := max(leastSpeed, limit*geo.Speed(c.share)/100)
	s[geo.Routine] = min(topSpeed, routine)
	s[geo.Emergency] = min(topSpeed, routine*4/3)
	return s
}

// limits gives the speed limit in both directions. It reports false if the map
// says one that cannot be read; then that of the class stands in.
func (c class) limits(t tags) (limits [directions]geo.Speed, ok bool) {
	ok = true
	for d, key := range [directions]string{"maxspeed:forward", "maxspeed:backward"} {
		limits[d] = geo.KilometersPerHour(float64(c.limit))
		value := t.get(key)
		if value == "" {
			value = t.get("maxspeed")
		}
		switch limit, known := parseSpeed(value); {
		case limit > 0:
			limits[d] = limit
		case !known:
			ok = false
		}
	}
	return limits, ok
}

// zones are the limits that a value such as "DE:urban" stands for, in km/h.
var zones = map[string]float64{
	"walk": 7, "living_street": 10, "urban": 50, "rural": 80, "trunk": 100, "motorway": 120, "none": 120,
}

// parseSpeed reads a value of maxspeed: km/h without a unit, mph or knots with
// one, the name of a zone; of several the lowest. It gives 0 for no value, and
// for one that only a sign on the spot knows; false if it cannot be read.
func parseSpeed(value string) (lowest geo.Speed, ok bool) {
	for _, part := range strings.Split(value, ";") {
		part = strings.ToLower(strings.TrimSpace(part))
		switch part {
		case "", "signals", "variable", "implicit", "unposted", "default":
			continue
		}
		if _, zone, found := strings.Cut(part, ":"); found { // a country before it
			part = strings.TrimPrefix(strings.TrimPrefix(zone, "zone"), ":")
		}
		speed, found := zones[part]
		if !found {
			number := strings.TrimRight(part, "abcdefghijklmnopqrstuvwxyz/ ")
			perUnit, known := units[strings.TrimSpace(part[len(number):])]
			v, err := strconv.ParseFloat(number, 64)
			if speed = v * perUnit; err != nil || !known || !(speed >= 1 && speed <= 300) {
				return 0, false
			}
		}
		if s := geo.KilometersPerHour(speed); lowest == 0 || s < lowest {
			lowest = s
		}
	}
	return lowest, true
}

// units in km/h.
var units = map[string]float64{"": 1, "km/h": 1, "kmh": 1, "kph": 1, "mph": 1.609344, "knots": 1.852}

package osm

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route"
)

// block is a ring of 4 km, a track that is driven at 10 km/h, whose southern
// side is the street that a test is about: way 1 from a to b, with m half way.
//
//	d---c
//	|   |
//	a-m-b
const block = `<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="0" lon="0"/>
 <node id="2" lat="0" lon="0.01"/>
 <node id="3" lat="0.01" lon="0.01"/>
 <node id="4" lat="0.01" lon="0"/>
 <node id="5" lat="0" lon="0.005">%s</node>
 <way id="1"><nd ref="1"/><nd ref="5"/><nd ref="2"/>%s</way>
 <way id="2"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="highway" v="track"/></way>
</osm>`

// side is the length of one.
var side = geo.Between(geo.Point{}, geo.Point{Lon: 0.01 * geo.E7})

// xmlTags writes "a=b c=d" as tags; ~ stands for a blank.
func xmlTags(text string) string {
	var b strings.Builder
	for _, pair := range strings.Fields(text) {
		key, value, _ := strings.Cut(pair, "=")
		fmt.Fprintf(&b, `<tag k="%s" v="%s"/>`, key, strings.ReplaceAll(value, "~", " "))
	}
	return b.String()
}

func readText(text string) (*road.Graph, Report, error) {
	return Read("town.osm", func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }, nil)
}

func mustRead(t testing.TB, text string) (*road.Graph, Report) {
	t.Helper()
	g, r, err := readText(text)
	if err != nil {
		t.Fatal(err)
	}
	return g, r
}

// at is so many hundredths of a side north and east of a.
func at(north, east int32) geo.Point {
	return geo.Point{Lat: north * geo.E7 / 10_000, Lon: east * geo.E7 / 10_000}
}

const never = -1

// seconds is how long it takes, or never.
func seconds(g *road.Graph, from, to geo.Point, p geo.Profile) float64 {
	leg, ok := route.New(g).Query().Time(from, to, p)
	if !ok {
		return never
	}
	return leg.Time.Seconds()
}

// taking is how long some sides take at a speed.
func taking(sides, kmh float64) float64 {
	return (time.Duration(float64(geo.KilometersPerHour(kmh).Time(side))) * time.Duration(sides*100) / 100).Seconds()
}

func near(a, b float64) bool { return math.Abs(a-b) < 0.1 }

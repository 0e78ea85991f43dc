// Package roadtest makes road graphs for tests: towns drawn from letters,
// grids, and random graphs with everything that is legal and awkward.
package roadtest

import (
	"strings"
	"testing"
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// Town is a road graph whose nodes have names.
type Town struct {
	Graph *road.Graph
	t     testing.TB
	nodes map[string]road.Node
}

// Corner is the place of the top left corner of every drawing and grid.
var Corner = geo.Point{Lat: 40.7 * geo.E7, Lon: -74 * geo.E7}

// Step is the length of one step in a drawing or a grid. It takes 10 s by
// routine driving and 7.5 s in an emergency, on an arterial half of that.
var Step = geo.Meters(100)

var (
	street   = [geo.Profiles]time.Duration{10 * time.Second, 7500 * time.Millisecond}
	arterial = [geo.Profiles]time.Duration{5 * time.Second, 3750 * time.Millisecond}
)

// Draw reads a town from a drawing. Letters and digits in every second column
// of every second row are nodes of that name; + is a node without a name.
// Between them, - and | are two-way streets of one Step, = and " two-way
// arterials, and > < v ^ are one-way streets. North is up:
//
//	a-b=c
//	|   "
//	d<e-f
//
// Blank lines before and after the drawing and tabs before its lines do not
// count. A drawing that is anything else fails the test.
func Draw(t testing.TB, drawing string) *Town {
	t.Helper()
	rows := strings.Split(strings.Trim(strings.ReplaceAll(drawing, "\t", ""), "\n"), "\n")
	at := func(row, col int) byte {
		if row < 0 || col < 0 || row >= len(rows) || col >= len(rows[row]) {
			return ' '
		}
		return rows[row][col]
	}
	town := &Town{t: t, nodes: map[string]road.Node{}}
	var b road.Builder
	cells := map[[2]int]road.Node{}
	for row := range rows {
		for col := range rows[row] {
			c := at(row, col)
			if row%2 == 1 || col%2 == 1 || c == ' ' {
				continue
			}
			name := string(c)
			if _, twice := town.nodes[name]; twice {
				t.Fatalf("drawing, row %d, column %d: node %q is there twice", row+1, col+1, name)
			}
			n := b.AddNode(place(col/2, row/2))
			cells[[2]int{row, col}] = n
			switch {
			case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
				town.nodes[name] = n
			case c != '+':
				t.Fatalf("drawing, row %d, column %d: %q is not the name of a node", row+1, col+1, name)
			}
		}
	}
	for row := range rows {
		for col := range rows[row] {
			c := at(row, col)
			if row%2 == 0 && col%2 == 0 || c == ' ' {
				continue
			}
			ends, across := [2][2]int{{row, col - 1}, {row, col + 1}}, "-=<>"
			if row%2 == 1 {
				ends, across = [2][2]int{{row - 1, col}, {row + 1, col}}, "|\"^v"
			}
			from, ok1 := cells[ends[0]]
			to, ok2 := cells[ends[1]]
			kind := strings.IndexByte(across, c)
			if !ok1 || !ok2 || kind < 0 {
				t.Fatalf("drawing, row %d, column %d: %q is not a street between two nodes", row+1, col+1, c)
			}
			times := street
			if kind == 1 {
				times = arterial
			}
			if kind != 2 {
				b.AddArc(from, to, Step, times)
			}
			if kind != 3 {
				b.AddArc(to, from, Step, times)
			}
		}
	}
	g, err := b.Build()
	if err != nil {
		t.Fatalf("drawing: %v", err)
	}
	town.Graph = g
	return town
}

// Node is the node with that name.
func (town *Town) Node(name string) road.Node {
	town.t.Helper()
	n, ok := town.nodes[name]
	if !ok {
		town.t.Fatalf("the town has no node %q", name)
	}
	return n
}

// At is the place of the node with that name.
func (town *Town) At(name string) geo.Point {
	town.t.Helper()
	return town.Graph.Point(town.Node(name))
}

// Part is the place that lies so many hundredths of the way from one node to
// another, on the straight line.
func (town *Town) Part(from, to string, percent int) geo.Point {
	town.t.Helper()
	a, b := town.At(from), town.At(to)
	part := func(a, b int32) int32 { return a + int32((int64(b)-int64(a))*int64(percent)/100) }
	return geo.Point{Lat: part(a.Lat, b.Lat), Lon: part(a.Lon, b.Lon)}
}

// place is so many steps east and south of Corner: 0.0009 degree of latitude
// is 100 m, and so is 0.00118 degree of longitude there, to within half a metre.
func place(east, south int) geo.Point {
	return geo.Point{Lat: Corner.Lat - int32(south)*8993, Lon: Corner.Lon + int32(east)*11862}
}

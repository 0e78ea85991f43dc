// Package dimacstest gives tests the road graph of New York.
package dimacstest

import (
	"sync"
	"testing"

	"callbox/data/dimacs"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

// NewYorkFiles are the files of the road graph of New York from the DIMACS
// challenge, for dimacs.ReadFiles: times, distances and coordinates. Without
// them the test is skipped.
func NewYorkFiles(t testing.TB) []string {
	t.Helper()
	return []string{
		roadtest.DataFile(t, "dimacs_usa_road_ny_time.gr.gz"),
		roadtest.DataFile(t, "dimacs_usa_road_ny_dist.gr.gz"),
		roadtest.DataFile(t, "dimacs_usa_road_ny_coord.co.gz"),
	}
}

var newYork struct {
	sync.Mutex
	*road.Graph
}

// NewYork is that graph, read once. Without it the test is skipped.
func NewYork(t testing.TB) *road.Graph {
	t.Helper()
	files := NewYorkFiles(t)
	newYork.Lock()
	defer newYork.Unlock()
	if newYork.Graph == nil {
		g, _, err := dimacs.ReadFiles(files, dimacs.Options{})
		if err != nil {
			t.Fatal(err)
		}
		newYork.Graph = g
	}
	return newYork.Graph
}

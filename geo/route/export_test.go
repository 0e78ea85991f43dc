package route

import (
	"sync"
	"testing"

	"callbox/data/dimacs"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

var newYorkFiles []string

var readNewYork = sync.OnceValues(func() (*road.Graph, error) {
	g, _, err := dimacs.ReadFiles(newYorkFiles, dimacs.Options{})
	return g, err
})

// NewYork is the DIMACS graph of New York; the test is skipped without it.
func NewYork(t testing.TB) *road.Graph {
	t.Helper()
	newYorkFiles = roadtest.NewYorkFiles(t)
	g, err := readNewYork()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

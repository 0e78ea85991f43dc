package times_test

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"callbox/data/times"
	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

// rowsOf reads a file of numbers without a header.
func rowsOf(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(roadtest.DataFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// manhattan is the directed street graph of Alonso-Mora and others, "On-demand
// high-capacity ride-sharing via dynamic trip-vehicle assignment", PNAS 114,
// 2017, at 30 km/h, and the number of the arc of each of its edges.
func manhattan(t *testing.T) (*road.Graph, map[string]road.Arc) {
	t.Helper()
	var b road.Builder
	var points []geo.Point
	node := make(map[string]road.Node)
	for _, row := range rowsOf(t, "manhattan_taxi_graph_nodes.csv") {
		lat, err1 := strconv.ParseFloat(row[1], 64)
		lon, err2 := strconv.ParseFloat(row[2], 64)
		p, err := geo.FromDegrees(lat, lon)
		if err != nil || err1 != nil || err2 != nil {
			t.Fatal(row, err)
		}
		points = append(points, p)
		node[row[0]] = b.AddNode(p)
	}
	edges := rowsOf(t, "manhattan_taxi_graph_edges.csv")
	for _, row := range edges {
		tail, head := node[row[1]], node[row[2]]
		length := geo.Between(points[tail], points[head])
		routine := geo.KilometersPerHour(30).Time(length)
		b.AddArc(tail, head, length, [geo.Profiles]time.Duration{routine, routine * 3 / 4})
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	// Arcs are in order of tail, head and input.
	slices.SortStableFunc(edges, func(a, b []string) int {
		return cmp.Or(cmp.Compare(node[a[1]], node[b[1]]), cmp.Compare(node[a[2]], node[b[2]]))
	})
	arc := make(map[string]road.Arc)
	for a, row := range edges {
		arc[row[0]] = road.Arc(a)
		if g.Tail(road.Arc(a)) != node[row[1]] || g.Head(road.Arc(a)) != node[row[2]] {
			t.Fatalf("edge %s is not arc %d", row[0], a)
		}
	}
	return g, arc
}

// manhattanWeek makes a table of the hourly times of a weekday, a Saturday and a
// Sunday, and counts its cells and those that are zero.
func manhattanWeek(t *testing.T, arc map[string]road.Arc) (table string, cells, zeros int) {
	t.Helper()
	hours := make(map[string][]string) // of each edge, Monday to Sunday
	add := func(day string, times int) {
		for _, row := range rowsOf(t, "manhattan_taxi_graph_times_"+day+".csv.gz") {
			for range times {
				hours[row[0]] = append(hours[row[0]], row[1:]...)
			}
		}
	}
	add("week", 5)
	add("sat", 1)
	add("sun", 1)
	var b strings.Builder
	fmt.Fprintf(&b, "arc,%s\n", strings.Join(hourNames(), ","))
	for _, edge := range slices.SortedFunc(maps.Keys(hours), func(a, b string) int { return cmp.Compare(arc[a], arc[b]) }) {
		list := hours[edge]
		for _, field := range list {
			if cells++; field == "0" {
				zeros++
			}
		}
		fmt.Fprintf(&b, "%d,%s\n", arc[edge], strings.Join(list, ","))
	}
	return b.String(), cells, zeros
}

// TestManhattan puts real times by the hour in force on a network with a
// hierarchy, one after the other, while units stand and drive on it, and compares
// it with the plain search each time.
func TestManhattan(t *testing.T) {
	g, arc := manhattan(t)
	table, cells, zeros := manhattanWeek(t, arc)
	week, err := times.Read(strings.NewReader(table), g)
	if err != nil {
		t.Fatal(err)
	}
	report := week.Report()
	t.Logf("%d of %d times are zero (%.2f %%), %d mean more than 130 km/h (%.2f %%)",
		zeros, cells, 100*float64(zeros)/float64(cells), report.TooFast, 100*float64(report.TooFast)/float64(cells))
	if report.Arcs != g.Arcs() || report.Zeros != zeros || zeros == 0 {
		t.Errorf("%+v, want all of %d arcs and %d zeros", report, g.Arcs(), zeros)
	}
	n, err := route.Prepare(g, route.Order(g, nil))
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 14))
	units, fleet := n.Units(), n.Fleet()
	anywhere := func() geo.Point {
		a := road.Arc(r.IntN(g.Arcs()))
		return g.PointAt(road.Position{Arc: a, Along: uint32(r.Int64N(int64(g.Length(a)) + 1))})
	}
	put := func(i int) {
		id, at := fmt.Sprintf("u%03d", i), anywhere()
		if !units.Put(id, at) || !fleet.Put(id, at) {
			t.Fatal("no street within reach")
		}
	}
	const all = 250
	for i := range all {
		put(i)
	}
	compared, swaps := 0, 0
	for _, hour := range []int{3, 8, 12, 17, 18, 5*24 + 14, 5*24 + 23, 6*24 + 4, 167, 0} {
		version, err := n.AdoptTimes(&route.Times{Name: week.Name(hour), Millis: week.Hour(hour)})
		if err != nil || version != g.Version()+"+"+week.Name(hour) {
			t.Fatalf("hour %d: %s, %v", hour, version, err)
		}
		units.Version()
		fleet.Version()
		swaps++
		var took []time.Duration
		for range 30 {
			put(r.IntN(all)) // some before, some after the first question of the hour
			call, p := anywhere(), geo.Profile(r.IntN(int(geo.Profiles)))
			got, want := legs(units.Nearest(call, p, 0, 0)), legs(fleet.Nearest(call, p, 0, 0))
			for i := range want {
				if i >= len(got) || got[i].ID != want[i].ID || got[i].Time != want[i].Time || got[i].Distance < want[i].Distance {
					t.Fatalf("hour %d, %v: leg %d is\n%v, want\n%v", hour, p, i, got, want)
				}
				if compared++; p == geo.Routine {
					took = append(took, want[i].Time)
				}
			}
			if len(want) != all || len(got) != all {
				t.Fatalf("hour %d: %d and %d legs, want %d: the graph is strongly connected", hour, len(got), len(want), all)
			}
		}
		if units.Version() != version {
			t.Errorf("units answer by %s, want %s", units.Version(), version)
		}
		slices.Sort(took)
		t.Logf("%s: a trip takes %v, the median of %d", version, took[len(took)/2].Round(time.Second), len(took))
	}
	t.Logf("%d legs compared after %d swaps", compared, swaps)
}

func legs(seq func(func(geo.Leg) bool), _ bool) []geo.Leg { return slices.Collect(seq) }

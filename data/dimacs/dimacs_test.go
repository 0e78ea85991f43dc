package dimacs_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"callbox/data/dimacs"
	"callbox/geo"
	"callbox/geo/road"
)

// A triangle of two-way streets about 1 km long; the last is a fast road.
const (
	coords = "c a triangle\np aux sp co 3\nv 1 -74000000 40700000\nv 2 -74000000 40709000\nv 3 -73988000 40700000\n"
	dist   = "c Road-d.triangle\np sp 3 6\na 1 2 10010\na 2 1 10010\na 2 3 14300\na 3 2 14300\na 3 1 10120\na 1 3 10120\n"
	slow   = "c Road-t.triangle\np sp 3 6\na 1 2 25025\na 2 1 25025\na 2 3 35750\na 3 2 35750\na 3 1 10120\na 1 3 10120\n"
)

const somewhere = -1 // a line that depends on how gzip packs

func read(coords, times, lengths string, o dimacs.Options) (*road.Graph, dimacs.Report, error) {
	var t io.Reader
	if times != "" {
		t = strings.NewReader(times)
	}
	return dimacs.Read(strings.NewReader(coords), t, strings.NewReader(lengths), o)
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func ExampleRead() {
	coords := strings.NewReader("p aux sp co 2\nv 1 -74000000 40700000\nv 2 -74000000 40709000\n")
	times := strings.NewReader("p sp 2 2\na 1 2 25025\na 2 1 25025\n")
	lengths := strings.NewReader("p sp 2 2\na 1 2 10010\na 2 1 10010\n")
	g, report, err := dimacs.Read(coords, times, lengths, dimacs.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Nodes, "nodes,", report.Arcs, "arcs,", report.DroppedNodes, "dropped")
	fmt.Println(g.Length(0).Meters(), "m,", g.Time(0, geo.Routine), "or", g.Time(0, geo.Emergency))

	_, _, err = dimacs.Read(strings.NewReader("p aux sp co 2\nv 1 -74000000 140700000\n"), nil, lengths, dimacs.Options{})
	fmt.Println(err)
	// Output:
	// 2 nodes, 2 arcs, 0 dropped
	// 1001 m, 1m30.018s or 1m7.514s
	// coordinates:2: coordinate: longitude -74000000, latitude 140700000 (millionths of a degree) is not on the earth
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name          string
		times         string
		o             dimacs.Options
		street, motor time.Duration // 1 to 2, 3 to 1
		emergency     time.Duration // 1 to 2
		pack          func(string) string
		files         dimacs.Report
	}{
		{name: "defaults", times: slow, street: 90018 * time.Millisecond, motor: 36403 * time.Millisecond, emergency: 67514 * time.Millisecond},
		{name: "gzip", times: slow, street: 90018 * time.Millisecond, motor: 36403 * time.Millisecond, emergency: 67514 * time.Millisecond, pack: zipped},
		{name: "no times", street: 90018 * time.Millisecond, motor: 91008 * time.Millisecond, emergency: 67514 * time.Millisecond},
		{name: "options", times: slow, o: dimacs.Options{TopSpeed: geo.MetersPerSecond(10), EmergencyPercent: 50},
			street: 250250 * time.Millisecond, motor: 101200 * time.Millisecond, emergency: 125125 * time.Millisecond},
		{name: "windows", times: slow, street: 90018 * time.Millisecond, motor: 36403 * time.Millisecond, emergency: 67514 * time.Millisecond,
			pack: func(s string) string { return strings.ReplaceAll(s, "\n", " \r\n\r\n") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.pack == nil {
				c.pack = func(s string) string { return s }
			}
			times := c.times
			if times != "" {
				times = c.pack(times)
			}
			g, r, err := read(c.pack(coords), times, c.pack(dist), c.o)
			if err != nil {
				t.Fatal(err)
			}
			if g.Nodes() != 3 || g.Arcs() != 6 || r.Nodes != 3 || r.Arcs != 6 || r.OneWay+r.Loops+r.Parallel+r.DroppedNodes != 0 {
				t.Errorf("%+v", r)
			}
			if want := (geo.Point{Lat: 407090000, Lon: -740000000}); g.Point(1) != want {
				t.Errorf("node 2 is at %v, want %v", g.Point(1), want)
			}
			if g.Length(0) != geo.Meters(1001) || g.Time(0, geo.Routine) != c.street || g.Time(0, geo.Emergency) != c.emergency {
				t.Errorf("1 to 2: %v mm, %v, %v", g.Length(0), g.Time(0, geo.Routine), g.Time(0, geo.Emergency))
			}
			if g.Tail(4) != 2 || g.Head(4) != 0 || g.Time(4, geo.Routine) != c.motor {
				t.Errorf("3 to 1: %v", g.Time(4, geo.Routine))
			}
			if ratio := float64(r.Length) / float64(r.Straight); ratio < 0.99 || ratio > 1.01 {
				t.Errorf("lengths are %.3f of the straight lines", ratio)
			}
		})
	}
}

func TestReadKeepsTheLargestComponent(t *testing.T) {
	lengths := "p sp 3 7\na 1 2 10\na 2 1 10\na 1 2 10\na 1 1 5\na 2 3 10\na 3 3 1\na 2 3 20\n"
	g, r, err := read(coords, "", lengths, dimacs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if g.Nodes() != 2 || g.Arcs() != 4 || r.DroppedNodes != 1 || r.DroppedArcs != 3 ||
		r.Nodes != 3 || r.Arcs != 7 || r.Parallel != 2 || r.Loops != 2 || r.OneWay != 5 {
		t.Errorf("%+v", r)
	}
}

func TestReadNamesErrors(t *testing.T) {
	replace := func(s, old, by string) string {
		if !strings.Contains(s, old) {
			t.Fatalf("%q is not in %q", old, s)
		}
		return strings.Replace(s, old, by, 1)
	}
	for _, c := range []struct {
		name                   string
		coords, times, lengths string // empty: the good one
		o                      dimacs.Options
		file                   string
		line                   int
		rule                   string
	}{
		{name: "short coordinates", coords: replace(coords, "co 3", "co 4"), file: "coordinates", line: 5, rule: dimacs.RuleCount},
		{name: "long coordinates", coords: replace(coords, "co 3", "co 2"), file: "coordinates", line: 5, rule: dimacs.RuleCount},
		{name: "one node more", coords: coords + "v 3 0 0\n", file: "coordinates", line: 6, rule: dimacs.RuleCount},
		{name: "node twice", coords: replace(coords, "v 3", "v 1"), file: "coordinates", line: 5, rule: dimacs.RuleDuplicate},
		{name: "node 0", coords: replace(coords, "v 1", "v 0"), file: "coordinates", line: 3, rule: dimacs.RuleID},
		{name: "latitude", coords: replace(coords, "40709000", "90000001"), file: "coordinates", line: 4, rule: dimacs.RuleCoordinate},
		{name: "longitude", coords: replace(coords, "-73988000", "-180000001"), file: "coordinates", line: 5, rule: dimacs.RuleCoordinate},
		{name: "huge number", coords: replace(coords, "-73988000", "-99999999999999999999999"), file: "coordinates", line: 5, rule: dimacs.RuleCoordinate},
		{name: "degrees", coords: replace(coords, "40709000", "40.709"), file: "coordinates", line: 4, rule: dimacs.RuleSyntax},
		{name: "NaN", coords: replace(coords, "40709000", "NaN"), file: "coordinates", line: 4, rule: dimacs.RuleSyntax},
		{name: "no number", coords: replace(coords, "40709000", "-"), file: "coordinates", line: 4, rule: dimacs.RuleSyntax},
		{name: "field missing", coords: replace(coords, " 40709000", ""), file: "coordinates", line: 4, rule: dimacs.RuleSyntax},
		{name: "field too many", coords: replace(coords, "40709000", "40709000 7"), file: "coordinates", line: 4, rule: dimacs.RuleSyntax},
		{name: "arc among nodes", coords: replace(coords, "v 2", "a 2"), file: "coordinates", line: 4, rule: dimacs.RuleSyntax},
		{name: "graph for coordinates", coords: dist, file: "coordinates", line: 2, rule: dimacs.RuleHeader},
		{name: "second header", coords: coords + "p aux sp co 3\n", file: "coordinates", line: 6, rule: dimacs.RuleHeader},
		{name: "late header", lengths: "a 1 2 5\n" + dist, file: "lengths", line: 1, rule: dimacs.RuleHeader},
		{name: "only comments", lengths: "c\nc\n", file: "lengths", line: 2, rule: dimacs.RuleHeader},
		{name: "header without counts", lengths: "p sp\n", file: "lengths", line: 1, rule: dimacs.RuleHeader},
		{name: "counts are words", lengths: "p sp three six\n", file: "lengths", line: 1, rule: dimacs.RuleHeader},
		{name: "negative counts", lengths: "p sp 3 -6\n", file: "lengths", line: 1, rule: dimacs.RuleHeader},
		{name: "no arcs", lengths: "p sp 3 0\n", file: "lengths", line: 1, rule: dimacs.RuleEmpty},
		{name: "absurd counts", coords: "p aux sp co 99999999999999999999\n", file: "coordinates", line: 1, rule: dimacs.RuleSize},
		{name: "promises", coords: "p aux sp co 268435456\n", file: "coordinates", line: 1, rule: dimacs.RuleCount},
		{name: "nothing", coords: "-", file: "coordinates", rule: dimacs.RuleEmpty},
		{name: "brackets", lengths: strings.Repeat("[", 1<<20), file: "lengths", line: 1, rule: dimacs.RuleLine},
		{name: "other graph", lengths: replace(dist, "p sp 3", "p sp 4"), file: "lengths", line: 2, rule: dimacs.RuleMismatch},
		{name: "short lengths", lengths: replace(dist, "3 6", "3 7"), times: replace(slow, "3 6", "3 7"), file: "lengths", line: 8, rule: dimacs.RuleCount},
		{name: "one length more", lengths: dist + "a 1 2 5\n", file: "lengths", line: 9, rule: dimacs.RuleCount},
		{name: "one time more", times: slow + "a 1 2 5\n", file: "times", line: 9, rule: dimacs.RuleCount},
		{name: "fewer times", times: replace(slow, "3 6", "3 5"), file: "times", line: 2, rule: dimacs.RuleMismatch},
		{name: "tail", lengths: replace(dist, "a 2 3", "a 4 3"), file: "lengths", line: 5, rule: dimacs.RuleID},
		{name: "head", lengths: replace(dist, "a 2 3", "a 2 -3"), file: "lengths", line: 5, rule: dimacs.RuleID},
		{name: "negative length", lengths: replace(dist, "14300", "-14300"), file: "lengths", line: 5, rule: dimacs.RuleWeight},
		{name: "negative time", times: replace(slow, "35750", "-1"), file: "times", line: 5, rule: dimacs.RuleWeight},
		{name: "overflowing length", lengths: replace(dist, "14300", "10737419"), file: "lengths", line: 5, rule: dimacs.RuleWeight},
		{name: "overflowing time", times: replace(slow, "35750", "2147483647"), file: "times", line: 5, rule: dimacs.RuleWeight},
		{name: "beyond 64 bits", times: replace(slow, "35750", "18446744073709551617"), file: "times", line: 5, rule: dimacs.RuleWeight},
		{name: "other order", times: replace(slow, "a 1 2 25025\na 2 1", "a 2 1 25025\na 1 2"), file: "times", line: 3, rule: dimacs.RuleMismatch},
		{name: "other head", times: replace(slow, "a 1 2", "a 1 3"), file: "times", line: 3, rule: dimacs.RuleMismatch},
		{name: "no circuit", lengths: "p sp 3 2\na 1 2 1\na 2 3 1\n", times: "p sp 3 2\na 1 2 1\na 2 3 1\n", file: "lengths", rule: dimacs.RuleEmpty},
		{name: "only loops", lengths: "p sp 3 3\na 1 2 1\na 1 1 1\na 3 3 1\n", times: "p sp 3 3\na 1 2 1\na 1 1 1\na 3 3 1\n", file: "lengths", rule: dimacs.RuleEmpty},
		{name: "truncated gzip", lengths: zipped(dist)[:60], file: "lengths", line: somewhere, rule: dimacs.RuleTruncated},
		{name: "only the mark of gzip", lengths: "\x1f\x8b", file: "lengths", line: 0, rule: dimacs.RuleTruncated},
		{name: "damaged gzip", lengths: "\x1f\x8bnot at all what it says", file: "lengths", line: 0, rule: dimacs.RuleGzip},
		{name: "checksum of gzip", lengths: flip(zipped(dist), -6), file: "lengths", line: 8, rule: dimacs.RuleGzip},
		{name: "speed", o: dimacs.Options{TopSpeed: 999}, file: "options", rule: dimacs.RuleOptions},
		{name: "backwards", o: dimacs.Options{TopSpeed: -1}, file: "options", rule: dimacs.RuleOptions},
		{name: "slow sirens", o: dimacs.Options{EmergencyPercent: 101}, file: "options", rule: dimacs.RuleOptions},
	} {
		t.Run(c.name, func(t *testing.T) {
			pick := func(s, good string) string {
				switch s {
				case "":
					return good
				case "-":
					return ""
				}
				return s
			}
			g, _, err := read(pick(c.coords, coords), pick(c.times, slow), pick(c.lengths, dist), c.o)
			var e *dimacs.Error
			if !errors.As(err, &e) || g != nil {
				t.Fatalf("got %v, want an Error", err)
			}
			if e.File != c.file || e.Line != c.line && c.line != somewhere || e.Rule != c.rule {
				t.Errorf("got %v\nwant %s:%d: %s", err, c.file, c.line, c.rule)
			}
		})
	}
}

// TestErrorsQuoteTheFile: a number beyond 64 bits is told as it stands there, and
// the range is the one that holds: the greatest weight is read.
func TestErrorsQuoteTheFile(t *testing.T) {
	const huge = "99999999999999999999999"
	slowest := dimacs.Options{TopSpeed: geo.MetersPerSecond(1)}
	limits := "an arc is at most 1073741824 mm long and takes at most 298h15m41.824s"
	arc := func(good, weight string) string {
		return strings.Replace(good, strings.Fields(good)[9], weight, 1)
	}
	for _, c := range []struct {
		coords, times, lengths string
		o                      dimacs.Options
		want                   string // "": it is read
	}{
		{coords, slow, arc(dist, huge), dimacs.Options{}, "lengths:3: weight: weight " + huge + " is not from 0 to 10737418; " + limits},
		{coords, slow, arc(dist, "10737419"), dimacs.Options{}, "lengths:3: weight: weight 10737419 is not from 0 to 10737418; " + limits},
		{coords, slow, arc(dist, "10737418"), dimacs.Options{}, ""},
		{coords, slow, arc(dist, "-"+huge), dimacs.Options{}, "lengths:3: weight: weight -" + huge + " is below 0"},
		{coords, arc(slow, huge), dist, dimacs.Options{}, "times:3: weight: weight " + huge + " is not from 0 to 298500227; " + limits},
		{coords, arc(slow, "298500227"), dist, dimacs.Options{}, ""},
		{coords, arc(slow, "298500228"), dist, dimacs.Options{}, "times:3: weight: weight 298500228 is not from 0 to 298500227; " + limits},
		{coords, "", arc(dist, "4294968"), slowest, "lengths:3: weight: weight 4294968 is not from 0 to 4294967; " + limits},
		{coords, "", arc(dist, "4294967"), slowest, ""},
		{coords, slow, strings.Replace(dist, "a 1 2", "a 1 "+huge, 1), dimacs.Options{}, "lengths:3: id: node " + huge + " is not from 1 to 3"},
		{coords, slow, strings.Replace(dist, "3 6", "3 "+huge, 1), dimacs.Options{}, "lengths:2: size: " + huge + " nodes or arcs; the most are 268435456"},
		{strings.Replace(coords, "v 1", "v "+huge, 1), slow, dist, dimacs.Options{}, "coordinates:3: id: node " + huge + " is not from 1 to 3"},
		{strings.Replace(coords, "40709000", huge, 1), slow, dist, dimacs.Options{}, "coordinates:4: coordinate: longitude -74000000, latitude " + huge + " (millionths of a degree) is not on the earth"},
		{coords, slow, strings.Replace(dist, "a 1 2", "a 1 "+strings.Repeat("9", 1000), 1), dimacs.Options{}, "lengths:3: id: node " + strings.Repeat("9", 60) + "... is not from 1 to 3"},
	} {
		_, _, err := read(c.coords, c.times, c.lengths, c.o)
		if err == nil && c.want != "" || err != nil && err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

// flip changes one byte, counted from the end.
func flip(s string, i int) string {
	b := []byte(s)
	b[len(b)+i] ^= 0xff
	return string(b)
}

func TestReadKeepsTheCause(t *testing.T) {
	broken := errors.New("cable pulled")
	r := io.MultiReader(strings.NewReader(coords[:40]), iotest.ErrReader(broken))
	_, _, err := dimacs.Read(r, nil, strings.NewReader(dist), dimacs.Options{})
	var e *dimacs.Error
	if !errors.Is(err, broken) || !errors.As(err, &e) || e.Rule != dimacs.RuleRead {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(coords), []byte(slow), []byte(dist))
	f.Add([]byte(coords), []byte(zipped(slow)), []byte(zipped(dist)))
	f.Add([]byte("p aux sp co 1\nv 1 0 0\n"), []byte{}, []byte("p sp 1 1\na 1 1 0\n"))
	f.Fuzz(func(t *testing.T, coords, times, lengths []byte) {
		g, r, err := read(string(coords), string(times), string(lengths), dimacs.Options{})
		if err != nil {
			var e *dimacs.Error
			if !errors.As(err, &e) || e.Rule == "" || e.File == "" {
				t.Errorf("%v is not an Error", err)
			}
			return
		}
		if g.Nodes()+r.DroppedNodes != r.Nodes || g.Arcs()+r.DroppedArcs != r.Arcs {
			t.Errorf("%d nodes and %d arcs do not go with %+v", g.Nodes(), g.Arcs(), r)
		}
	})
}

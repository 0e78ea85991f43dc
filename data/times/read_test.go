package times_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"callbox/data/times"
	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

// crossing is a street of 100 m there and back between nodes 0 and 1, arcs 0
// and 2, a turn from node 0 to node 2 at the same point, arc 1, and a ferry of
// 300 km, arc 3.
func crossing(t testing.TB) *road.Graph {
	t.Helper()
	both := func(d time.Duration) [geo.Profiles]time.Duration { return [geo.Profiles]time.Duration{d, d * 3 / 4} }
	var b road.Builder
	b.AddNode(roadtest.Corner)
	b.AddNode(geo.Point{Lat: roadtest.Corner.Lat, Lon: roadtest.Corner.Lon + 12_000})
	b.AddNode(roadtest.Corner)
	b.AddArc(0, 1, geo.Meters(100), both(10*time.Second))
	b.AddArc(1, 0, geo.Meters(100), both(10*time.Second))
	b.AddArc(1, 2, geo.Meters(300_000), [geo.Profiles]time.Duration{7 * time.Hour, road.Never})
	b.AddTurn(0, 2, both(0))
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// line is an arc and 168 times, all of them 12 but for some.
func line(arc string, set map[int]string) string {
	fields := slices.Repeat([]string{"12"}, times.Hours)
	for hour, field := range set {
		fields[hour] = field
	}
	return arc + "," + strings.Join(fields, ",") + "\n"
}

var header = "arc," + strings.Join(hourNames(), ",") + "\n"

// TestWhatATimeMeans checks by hand.
func TestWhatATimeMeans(t *testing.T) {
	g := crossing(t)
	w, err := times.Read(strings.NewReader(header+line("2", map[int]string{
		0: "0", 1: "1", 2: "2.77", 3: "2.7692", 4: "6553.5", 5: "20.04", 6: "20.05",
	})), g)
	if err != nil {
		t.Fatal(err)
	}
	// 100 m at 130 km/h take 2.7693 s: 2.8 s, to the tenth.
	for hour, want := range []uint32{2800, 2800, 2800, 2800, 6_553_500, 20_000, 20_100, 12_000} {
		now := w.Hour(hour)
		if !slices.Equal(now[geo.Routine], []uint32{10_000, 0, want, 25_200_000}) {
			t.Errorf("hour %d: %v, want %d", hour, now[geo.Routine], want)
		}
		if !slices.Equal(now[geo.Emergency], []uint32{7500, 0, (want*3 + 3) / 4, road.Closed}) {
			t.Errorf("hour %d, emergency: %v", hour, now[geo.Emergency])
		}
	}
	if w.Report() != (times.Report{Arcs: 1, Zeros: 1, TooFast: 2}) {
		t.Errorf("%+v", w.Report())
	}
}

func TestReadNamesWhatIsWrong(t *testing.T) {
	g := crossing(t)
	good := line("0", nil)
	long := strings.Repeat("1", 20_000)
	for _, c := range []struct {
		text, rule string
		line       int
		column     string
		say        string
	}{
		{"", times.RuleEmpty, 0, "", "the table is empty"},
		{"\n\n", times.RuleEmpty, 0, "", "the table is empty"},
		{header, times.RuleEmpty, 0, "", "no lines after the first"},
		{strings.Replace(header, "arc", "edge", 1), times.RuleColumns, 1, "", `no column "edge"`},
		{strings.ReplaceAll(header, ",", ";"), times.RuleColumns, 1, "", "parted by commas"},
		{strings.Replace(header, "arc,", "", 1), times.RuleColumns, 1, "arc", "missing"},
		{strings.Replace(header, ",h99", "", 1), times.RuleColumns, 1, "h99", "missing"},
		{strings.Replace(header, "h99", "h98", 1), times.RuleColumns, 1, "h98", "twice"},
		{strings.Replace(header, "h99", "h099", 1), times.RuleColumns, 1, "", `no column "h099"`},
		{strings.Replace(header, "h99", "h168", 1), times.RuleColumns, 1, "", `no column "h168"`},
		{header + good + line("7", nil), times.RuleArc, 3, "arc", "no arc 7; the city has 4"},
		{header + line("-1", nil), times.RuleArc, 2, "arc", `"-1" is no number of an arc`},
		{header + line("1.0", nil), times.RuleArc, 2, "arc", `"1.0" is no number of an arc`},
		{header + line("1", nil), times.RuleArc, 2, "arc", "is a turn"},
		{header + line("3", nil), times.RuleArc, 2, "arc", "300000 m long"},
		{header + good + "\n" + good, times.RuleDuplicate, 4, "arc", "arc 0 is on line 2 too"},
		{header + line("0", map[int]string{167: "-3"}), times.RuleTime, 2, "h167", "-3 seconds are negative"},
		{header + line("0", map[int]string{4: "NaN"}), times.RuleTime, 2, "h4", `"NaN" is no number`},
		{header + line("0", map[int]string{4: "12 s"}), times.RuleTime, 2, "h4", `"12 s" is no number`},
		{header + line("0", map[int]string{4: ""}), times.RuleTime, 2, "h4", "there is none"},
		{header + line("0", map[int]string{4: "Inf"}), times.RuleTime, 2, "h4", "Inf seconds are above 6553.5"},
		{header + line("0", map[int]string{4: "1e400"}), times.RuleTime, 2, "h4", "above 6553.5"},
		{header + line("0", map[int]string{4: "6553.501"}), times.RuleTime, 2, "h4", "above 6553.5"},
		{header + line("0", map[int]string{4: "1000000"}), times.RuleTime, 2, "h4", "above 6553.5"},
		{header + line("0", map[int]string{4: "-1e400"}), times.RuleTime, 2, "h4", "no number"},
		{header + "0,1,2\n", times.RuleFields, 2, "h2", "ends before it"},
		{header + strings.TrimSpace(good) + ",12\n", times.RuleFields, 2, "", "more fields than the 169"},
		{header + line("0", map[int]string{4: long}), times.RuleLine, 2, "", "longer than 16384 bytes"},
		{"head,tail," + header + "1,0," + line("2", nil), times.RuleMismatch, 2, "tail", "it is node 0, and 1 in the city"},
		{"head,tail," + header + "2,1," + line("2", nil), times.RuleMismatch, 2, "head", "it is node 2, and 0 in the city"},
		{"head,tail," + header + "x,1," + line("2", nil), times.RuleMismatch, 2, "head", `"x" is no number of a node`},
		{header + good + strings.Repeat(strings.Repeat(" ", 9999)+"\n", 50), times.RuleSize, 12, "", "goes on"},
		{zipped(header + good)[:200], times.RuleTruncated, 1, "", "fetch the file again"},
		{"\x1f\x8bxxxxxxxxxxxxxxxxxx", times.RuleGzip, 0, "", "damaged"},
	} {
		_, err := times.Read(strings.NewReader(c.text), g)
		var e *times.Error
		if !errors.As(err, &e) || e.Rule != c.rule || e.Line != c.line || e.Column != c.column || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%.60q: %v, want %s, line %d, column %q, %q", c.text, err, c.rule, c.line, c.column, c.say)
		}
	}
}

func TestReadForgives(t *testing.T) {
	g := crossing(t)
	plain, err := times.Read(strings.NewReader(header+line("0", nil)), g)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"\ufeff" + strings.ToUpper(header) + line("0", nil),
		strings.ReplaceAll(`"`+strings.ReplaceAll(header+line("0", nil), ",", `","`), "\n", "\"\r\n\"") + `"`,
		strings.ReplaceAll(header, ",", " , ") + line(" 0 ", nil),
		"one_way,routine_seconds," + header + "true,," + line("0", nil),
	} {
		w, err := times.Read(strings.NewReader(strings.TrimSuffix(text, "\"\"")), g)
		if err != nil {
			t.Errorf("%.40q: %v", text, err)
		} else if !slices.Equal(w.Hour(3)[0], plain.Hour(3)[0]) {
			t.Errorf("%.40q: %v", text, w.Hour(3))
		}
	}
}

func TestReadKeepsTheCause(t *testing.T) {
	broken := errors.New("cable pulled")
	r := io.MultiReader(strings.NewReader(header), iotest.ErrReader(broken))
	_, err := times.Read(r, crossing(t))
	var e *times.Error
	if !errors.Is(err, broken) || !errors.As(err, &e) || e.Rule != times.RuleRead {
		t.Errorf("got %v", err)
	}
}

func TestReadFile(t *testing.T) {
	g := crossing(t)
	path := filepath.Join(t.TempDir(), "times.csv.gz")
	_, err := times.ReadFile(path, g)
	if !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), path) != 1 {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(path, []byte(zipped(header+line("9", nil))), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := times.ReadFile(path, g); err == nil || !strings.HasPrefix(err.Error(), path+":2: column arc: arc: ") {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	g := crossing(f)
	f.Add([]byte(header + line("0", map[int]string{3: "1e-3", 5: "0"}) + line("2", nil)))
	f.Add([]byte("tail,head," + header + "0,1," + line("0", nil)))
	f.Add([]byte(zipped(header + line("2", nil))))
	f.Add([]byte(header + "0,1,2\n\n\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		w, err := times.Read(strings.NewReader(string(file)), g)
		if err != nil {
			var e *times.Error
			if !errors.As(err, &e) || e.Rule == "" || e.File == "" || e.Detail == "" {
				t.Errorf("%v is not an Error", err)
			}
			return
		}
		r := w.Report()
		if r.Arcs < 1 || r.Arcs > 2 || r.Zeros+r.TooFast > r.Arcs*times.Hours {
			t.Errorf("%+v", r)
		}
		for h := range times.Hours {
			for a, ms := range w.Hour(h)[geo.Routine] {
				length := g.Length(road.Arc(a))
				if own := g.Millis(road.Arc(a), geo.Routine); ms != own && (ms > 6_553_500 || int64(ms) < times.TopSpeed.Time(length).Milliseconds()) {
					t.Errorf("arc %d takes %d ms in hour %d", a, ms, h)
				}
			}
		}
	})
}

package times_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"callbox/data/times"
	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

// twin reads a table that has no faults, slowly and in fractions.
func twin(t *testing.T, text string, g *road.Graph) (hours [times.Hours][geo.Profiles][]uint32, r times.Report) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for h := range hours {
		for p := range geo.Profiles {
			hours[h][p] = slices.Clone(g.AllMillis(p))
		}
	}
	floor := func(x *big.Rat) int64 { return new(big.Int).Div(x.Num(), x.Denom()).Int64() }
	half := big.NewRat(1, 2)
	at := slices.Index(rows[0], "arc")
	for _, row := range rows[1:] {
		n, _ := strconv.Atoi(strings.TrimSpace(row[at]))
		a := road.Arc(n)
		r.Arcs++
		least := times.TopSpeed.Time(g.Length(a)).Milliseconds()
		for i, name := range rows[0] {
			digits, isHour := strings.CutPrefix(name, "h")
			h, err := strconv.Atoi(digits)
			if !isHour || err != nil {
				continue
			}
			x, ok := new(big.Rat).SetString(strings.TrimSpace(row[i]))
			if !ok {
				t.Fatalf("%q", row[i])
			}
			ms := floor(x.Add(x.Mul(x, big.NewRat(1000, 1)), half))
			if ms < least && ms == 0 {
				r.Zeros++
			} else if ms < least {
				r.TooFast++
			}
			ms = max(ms, least)
			tenths := floor(new(big.Rat).Add(big.NewRat(ms, 100), half))
			for 100*tenths < least {
				tenths++
			}
			routine := g.Time(a, geo.Routine)
			for p := range geo.Profiles {
				own := g.Time(a, p)
				if own == road.Never || routine == road.Never {
					continue
				}
				now := big.NewRat(100*tenths, 1)
				if routine > 0 {
					now.Mul(now, big.NewRat(int64(own), int64(routine)))
				}
				up := floor(now)
				if now.Cmp(big.NewRat(up, 1)) > 0 {
					up++
				}
				hours[h][p][a] = uint32(min(up, road.MaxWeight))
			}
		}
	}
	return hours, r
}

// table is a random table of a graph.
func table(r *rand.Rand, g *road.Graph) string {
	names := append(hourNames(), "arc")
	for _, name := range []string{"tail", "head", "length_meters", "one_way"} {
		if r.IntN(2) == 0 {
			names = append(names, name)
		}
	}
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	lines := []string{strings.Join(names, ",")}
	for _, a := range r.Perm(g.Arcs()) {
		if g.IsTurn(road.Arc(a)) || r.IntN(4) == 0 && len(lines) > 1 {
			continue
		}
		var fields []string
		for _, name := range names {
			field := seconds(r)
			switch name {
			case "arc":
				field = fmt.Sprint(a)
			case "tail":
				field = fmt.Sprint(g.Tail(road.Arc(a)))
			case "head":
				field = fmt.Sprint(g.Head(road.Arc(a)))
			case "one_way", "length_meters":
				field = "whatever"
			}
			fields = append(fields, field)
		}
		lines = append(lines, strings.Join(fields, ","))
	}
	end := []string{"\n", "\r\n", "\n\n"}[r.IntN(3)]
	return strings.Join(lines, end) + []string{"", end}[r.IntN(2)]
}

func hourNames() (names []string) {
	for h := range times.Hours {
		names = append(names, fmt.Sprint("h", h))
	}
	return names
}

func seconds(r *rand.Rand) string {
	switch r.IntN(12) {
	case 0:
		return "0"
	case 1:
		return "0.0"
	case 2:
		return fmt.Sprint(r.IntN(6554))
	case 3:
		return fmt.Sprintf("%de-%d", r.IntN(1000), r.IntN(4))
	case 4:
		return fmt.Sprintf("%q", fmt.Sprint(r.IntN(100)))
	case 5:
		return fmt.Sprintf(" %.2f ", 10*r.Float64())
	case 6:
		return fmt.Sprintf("%.12f", 100*r.Float64())
	case 7:
		return "6553.5"
	case 8:
		return fmt.Sprintf("%d.", r.IntN(100))
	}
	return fmt.Sprintf("%.1f", 20*r.Float64())
}

func zipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // a buffer takes every byte
	_ = z.Close()
	return b.String()
}

// TestReadIsExact compares random tables with the twin, in every hour.
func TestReadIsExact(t *testing.T) {
	var all times.Report
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 13))
		g := roadtest.Random(r, 1+r.IntN(9), 1+r.IntN(30))
		text := table(r, g)
		sum := sha256.Sum256([]byte(text))
		file := text
		if r.IntN(2) == 0 {
			file = zipped(text)
		}
		w, err := times.Read(strings.NewReader(file), g)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		want, report := twin(t, text, g)
		if w.Report() != report || w.Version() != "t"+hex.EncodeToString(sum[:4]) || w.Name(17) != w.Version()+".h17" {
			t.Fatalf("seed %d: %+v of %s, want %+v", seed, w.Report(), w.Name(17), report)
		}
		for h := range times.Hours {
			got := w.Hour(h)
			for p := range geo.Profiles {
				if !slices.Equal(got[p], want[h][p]) {
					t.Fatalf("seed %d, hour %d, profile %v: got\n%v, want\n%v", seed, h, p, got[p], want[h][p])
				}
			}
		}
		all.Arcs += report.Arcs
		all.Zeros += report.Zeros
		all.TooFast += report.TooFast
	}
	t.Logf("%+v", all)
	if all.Arcs < 500 || all.Zeros < 1000 || all.TooFast < 1000 {
		t.Error("the tables are too tame")
	}
}

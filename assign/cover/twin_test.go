package cover

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/geo"
)

// The tests' units come 1,000 m in two minutes.
var straight = assign.StraightBy{Speed: 10_000, Detour: 20}

const within = 2 * time.Minute

// twin is a city and its units as they were set, from which all is counted anew.
type twin struct {
	demand []assign.Demand
	units  map[string]Unit
}

// place is somewhere in a square of some kilometres.
func place(r *rand.Rand, meters int) geo.Point {
	return geo.Point{Lat: 401_000_000 + int32(r.IntN(meters*90)), Lon: -698_000_000 + int32(r.IntN(meters*117))}
}

func newTwin(r *rand.Rand, cells, meters int) *twin {
	w := &twin{units: make(map[string]Unit)}
	for i := range cells {
		w.demand = append(w.demand, assign.Demand{Cell: fmt.Sprintf("c%03d", i), At: place(r, meters), Weight: 1 + r.IntN(20)})
	}
	return w
}

func (w *twin) newMap(t testing.TB) *Map {
	city, err := NewCity(w.demand)
	if err != nil {
		t.Fatal(err)
	}
	return NewMap(city, straight, within)
}

// shares are the demand of each cell in billionths, as City rounds it.
func (w *twin) shares() map[string]int64 {
	list := slices.SortedFunc(slices.Values(w.demand), func(a, b assign.Demand) int { return a.At.Compare(b.At) })
	total, sum := int64(0), int64(0)
	for _, d := range list {
		total += int64(d.Weight)
	}
	out := make(map[string]int64)
	for _, d := range list {
		before := sum * 1e9 / total
		sum += int64(d.Weight)
		out[d.Cell] = sum*1e9/total - before
	}
	return out
}

// count is how many available units cover a cell.
func (w *twin) count(d assign.Demand) (n int) {
	for _, u := range w.units {
		if u.Duty == Available && straight.Time(geo.Between(u.At, d.At)) <= within {
			n++
		}
	}
	return n
}

// expected is the expected covering in billionths of billionths, if units are
// busy so often.
func (w *twin) expected(busy int64) (sum int64) {
	shares := w.shares()
	for _, d := range w.demand {
		chance := int64(1e9)
		for range w.count(d) {
			sum += shares[d.Cell] * (chance * (1000 - busy) / 1000)
			chance = chance * busy / 1000
		}
	}
	return sum
}

func (w *twin) busy() int64 {
	busy, duty := int64(0), int64(0)
	for _, u := range w.units {
		if u.Duty != Off {
			duty++
		}
		if u.Duty == Busy {
			busy++
		}
	}
	return busy * 1000 / max(1, duty)
}

// without is the twin with other units.
func (w *twin) with(units ...Unit) *twin {
	other := &twin{demand: w.demand, units: make(map[string]Unit)}
	for id, u := range w.units {
		other.units[id] = u
	}
	for _, u := range units {
		other.units[u.ID] = u
	}
	return other
}

// TestMapAgainstItsTwin sets units at random, again and again, and counts anew.
func TestMapAgainstItsTwin(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		w := newTwin(r, 1+r.IntN(80), 6000)
		m := w.newMap(t)
		for range 60 {
			u := Unit{ID: fmt.Sprint("u", r.IntN(12)), Duty: Duty(r.IntN(3)), At: place(r, 6000)}
			w.units[u.ID] = u
			m.Set(u)
			if r.IntN(4) > 0 {
				continue
			}
			busy, covered := w.busy(), Share(0)
			shares := w.shares()
			var gaps []string
			for c, d := range m.city.cells {
				if got, want := int(m.count[c]), w.count(d); got != want {
					t.Fatalf("seed %d: %d units cover %s, should be %d", seed, got, d.Cell, want)
				}
				if m.count[c] > 0 {
					covered += Share(shares[d.Cell])
				} else {
					gaps = append(gaps, d.Cell)
				}
			}
			all := w.expected(busy)
			if m.Busy() != int(busy) || m.Covered() != covered || m.Expected() != Share(all/1e9) || len(m.Gaps()) != len(gaps) {
				t.Fatalf("seed %d: busy %d covered %d expected %d gaps %d, should be %d %d %d %d",
					seed, m.Busy(), m.Covered(), m.Expected(), len(m.Gaps()), busy, covered, all/1e9, len(gaps))
			}
			for id, u := range w.units {
				want := int64(0)
				if u.Duty == Available {
					want = (all - w.with(Unit{ID: id, Duty: Off}).expected(busy)) / 1e9
				}
				if got := m.Lost(id); int64(got) != want {
					t.Fatalf("seed %d: %d is lost with %s, should be %d", seed, got, id, want)
				}
			}
		}
	}
}

// moveUps is the twin of MoveUps: it tries every unit at every uncovered cell.
func (w *twin) moveUps(n int, may func(string) bool) (moves []Move) {
	w = w.with()
	busy, moved := w.busy(), make(map[string]bool)
	for len(moves) < n {
		all := w.expected(busy)
		var best Move
		var gain, way int64
		for _, d := range w.demand {
			if w.count(d) > 0 {
				continue
			}
			for id, u := range w.units {
				if u.Duty != Available || moved[id] || !may(id) {
					continue
				}
				steps := (w.with(Unit{ID: id, Duty: Available, At: d.At}).expected(busy) - all) / 1e15
				far := int64(geo.Between(u.At, d.At))
				better := steps > gain || steps == gain && (far < way || far == way && strings.Compare(id+d.Cell, best.Unit+best.To.Cell) < 0)
				if steps >= 1 && better {
					best, gain, way = Move{Unit: id, To: d}, steps, far
				}
			}
		}
		if gain == 0 {
			break
		}
		u := w.units[best.Unit]
		w.units[best.Unit] = Unit{ID: best.Unit, Duty: Available, At: best.To.At}
		best.Gain = Share((w.expected(busy) - all) / 1e9)
		if u.Duty != Available {
			panic("moved a unit on a call")
		}
		moved[best.Unit] = true
		moves = append(moves, best)
	}
	return moves
}

func TestMoveUpsAgainstTheirTwin(t *testing.T) {
	moved := 0
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 2))
		w := newTwin(r, 1+r.IntN(40), 2000+r.IntN(6000))
		m := w.newMap(t)
		for i := range r.IntN(9) {
			u := Unit{ID: fmt.Sprint("u", i), Duty: Available, At: place(r, 5000)}
			if r.IntN(3) == 0 {
				u.Duty = Duty(r.IntN(3))
			}
			if r.IntN(4) == 0 {
				u.At = w.demand[0].At // ties
			}
			w.units[u.ID] = u
			m.Set(u)
		}
		before := m.Expected()
		may := func(unit string) bool { return unit != "u3" }
		got, want := m.MoveUps(4, may), w.moveUps(4, may)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: the moves are\n%v, should be\n%v", seed, got, want)
		}
		if m.Expected() != before {
			t.Fatalf("seed %d: asking for moves has changed the map", seed)
		}
		moved += len(got)
	}
	if moved < 200 {
		t.Errorf("there were %d moves only", moved)
	}
}

func TestNewCityRefuses(t *testing.T) {
	at := geo.Point{Lat: 401_000_000}
	for want, demand := range map[string][]assign.Demand{
		"demand of cell b: it is there twice":                                     {{Cell: "b", Weight: 1}, {Cell: "b", At: at, Weight: 1}},
		"demand of cell b: its weight is 0; it must be above 0":                   {{Cell: "b"}},
		"demand of cell b: 214.7483647,0.0000000 is not on the earth":             {{Cell: "b", At: geo.Point{Lat: 1<<31 - 1}, Weight: 1}},
		"demand of cell c: the weights add up to 2^64 or more; make them smaller": {{Cell: "a", Weight: 1<<63 - 1}, {Cell: "b", Weight: 1<<63 - 1}, {Cell: "c", Weight: 2}},
	} {
		if _, err := NewCity(demand); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A city without demand, units or reach is a city.
func TestNothingIsCovered(t *testing.T) {
	anybody := func(string) bool { return true }
	for _, demand := range [][]assign.Demand{nil, {{Cell: "a", Weight: 1<<63 - 1}}} {
		city, err := NewCity(demand)
		if err != nil {
			t.Fatal(err)
		}
		m := NewMap(city, straight, 0)
		m.Set(Unit{ID: "b", Duty: Busy})
		if m.Busy() != 1000 || m.Expected() != 0 || m.Covered() != 0 || m.MoveUps(5, anybody) != nil || m.Lost("b") != 0 {
			t.Error("something is covered by a unit on a call")
		}
		m.Set(Unit{ID: "a", Duty: Available, At: geo.Point{Lat: 1000}})
		if m.Busy() != 500 || m.Covered() != 0 || len(m.MoveUps(5, anybody)) != len(demand) {
			t.Errorf("moves: %v", m.MoveUps(5, anybody))
		}
	}
}

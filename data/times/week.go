package times

import (
	"fmt"
	"slices"
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// Hours is the number of hours of a week. Hour 0 begins on Monday at midnight.
const Hours = 7 * 24

// TopSpeed is the greatest speed that a time of a table may mean: 130 km/h.
const TopSpeed = geo.Speed(36_111)

// Week holds the travel times of a road graph by the hour of the week. It is
// immutable and safe for concurrent use.
type Week struct {
	graph  *road.Graph
	arcs   []road.Arc // in the table, in order of its lines
	blocks []*[blockRows]row
	sum    string
	report Report
}

// row is what an arc takes in each hour, in tenths of a second.
type row [Hours]uint16

// Rows lie in blocks, so that a long table is not copied while it grows.
const blockRows = 512

func (w *Week) row(i int) *row { return &w.blocks[i/blockRows][i%blockRows] }

// Report says what a table holds, and what was changed of it.
type Report struct {
	Arcs    int // in the table
	Zeros   int // times of zero that were raised to those at TopSpeed
	TooFast int // other times that were
}

// Report says what the table held.
func (w *Week) Report() Report { return w.report }

// Version names the content of the table: a "t" and the first 8 hexadecimal
// digits of the SHA-256 of its text, unpacked.
func (w *Week) Version() string { return "t" + w.sum[:8] }

// Name names the times of one hour, such as "t1a2b3c4d.h17".
func (w *Week) Name(hour int) string { return fmt.Sprintf("%s.h%d", w.Version(), hour) }

// Hour makes the travel times of all arcs in an hour, 0 to 167: milliseconds, or
// road.Closed. The slices are the caller's. Time O(arcs of the graph).
func (w *Week) Hour(hour int) (millis [geo.Profiles][]uint32) {
	routine := w.graph.AllMillis(geo.Routine)
	for p := range geo.Profiles {
		own := w.graph.AllMillis(p)
		now := slices.Clone(own)
		for i, a := range w.arcs {
			if own[a] != road.Closed && routine[a] != road.Closed {
				now[a] = scaled(100*uint32(w.row(i)[hour]), own[a], routine[a])
			}
		}
		millis[p] = now
	}
	return millis
}

// scaled is ms times own over routine, rounded up.
func scaled(ms, own, routine uint32) uint32 {
	if routine == 0 {
		return ms
	}
	// 2^23 times 2^30 at most.
	up := (uint64(ms)*uint64(own) + uint64(routine) - 1) / uint64(routine)
	return uint32(min(up, road.MaxWeight))
}

// HourOf is the hour of the week of a time, by the clock of its location. An
// hour that comes twice where clocks are put back has one number.
func HourOf(t time.Time) int {
	return (int(t.Weekday())+6)%7*24 + t.Hour()
}

// Next is when the clock of t's location strikes the next hour, if it is not
// put back or forward until then.
func Next(t time.Time) time.Time {
	past := time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	return t.Add(time.Hour - past)
}

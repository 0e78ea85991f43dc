package times

import (
	"bufio"
	"io"
	"strconv"

	"callbox/geo"
	"callbox/geo/road"
)

const arcHeader = "arc,tail,head,tail_lat,tail_lon,head_lat,head_lon,length_meters,routine_seconds,emergency_seconds,one_way"

// WriteArcs lists the arcs of a graph as comma-separated values, in order of
// their numbers, so that travel times of any source can be matched with them:
// end nodes and where they are in degrees, the length, and the graph's own
// times, which are blank in a profile that may not drive the arc. Both
// directions of a two-way street are listed. Turns at junctions are not.
func WriteArcs(w io.Writer, g *road.Graph) error {
	b := bufio.NewWriterSize(w, 1<<16)
	b.WriteString(arcHeader + "\n") // the writer keeps the first error
	var line []byte
	for a := range road.Arc(g.Arcs()) {
		if g.IsTurn(a) {
			continue
		}
		line = strconv.AppendUint(line[:0], uint64(a), 10)
		tail, head := g.Tail(a), g.Head(a)
		for _, n := range [...]road.Node{tail, head} {
			line = strconv.AppendUint(append(line, ','), uint64(n), 10)
		}
		for _, n := range [...]road.Node{tail, head} {
			line = append(append(line, ','), g.Point(n).String()...)
		}
		line = thousandths(line, uint32(g.Length(a)))
		for p := range geo.Profiles {
			line = thousandths(line, g.Millis(a, p))
		}
		line = strconv.AppendBool(append(line, ','), g.Twin(a) == road.NoArc)
		b.Write(append(line, '\n'))
	}
	return b.Flush()
}

// thousandths adds a field of so many thousandths; a blank one for road.Closed.
func thousandths(line []byte, n uint32) []byte {
	line = append(line, ',')
	if n == road.Closed {
		return line
	}
	line = strconv.AppendUint(line, uint64(n/1000), 10)
	return append(line, '.', byte('0'+n/100%10), byte('0'+n/10%10), byte('0'+n%10))
}

package times

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"

	"callbox/geo/road"
)

// ReadFile is Read of the file at path, which its errors name.
func ReadFile(path string, g *road.Graph) (*Week, error) {
	f, err := os.Open(path)
	if err != nil {
		detail := err.Error()
		if cause := new(fs.PathError); errors.As(err, &cause) {
			detail = cause.Err.Error() // without the path, which the Error has
		}
		return nil, &Error{File: path, Rule: RuleRead, Detail: detail, Err: err}
	}
	defer f.Close()
	return read(path, f, g)
}

// Read reads a table of times of a graph, plain or gzipped. Every error is an
// *Error, the first that there is. Besides the week it takes 4 bytes for each
// arc of the graph, whatever the table holds. Time O(arcs + bytes).
func Read(r io.Reader, g *road.Graph) (*Week, error) { return read("times", r, g) }

func read(file string, r io.Reader, g *road.Graph) (*Week, error) {
	s, err := open(file, r, maxLine*int64(g.Arcs()+2))
	if err != nil {
		return nil, err
	}
	line, err := s.next()
	if err == io.EOF {
		return nil, &Error{File: file, Rule: RuleEmpty, Detail: "the table is empty"}
	}
	if err != nil {
		return nil, err
	}
	t := &reader{source: s, week: &Week{graph: g}, lines: make([]uint32, g.Arcs())}
	if t.columns, err = s.header(line); err != nil {
		return nil, err
	}
	for {
		line, err := s.next()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = t.add(line)
		}
		if err != nil {
			return nil, err
		}
	}
	if t.week.sum = s.hash(); len(t.week.arcs) == 0 {
		return nil, &Error{File: file, Rule: RuleEmpty, Detail: "the table has no lines after the first"}
	}
	t.week.report.Arcs = len(t.week.arcs)
	return t.week, nil
}

// reader is one call of Read.
type reader struct {
	*source
	columns
	week  *Week
	lines []uint32 // of each arc: the line that it is on, or 0
	now   [Hours]uint32
}

// add takes in a line.
func (t *reader) add(line []byte) error {
	arc := road.NoArc
	ends := [2]uint32{math.MaxUint32, math.MaxUint32} // as the line has them
	for i, use := range t.use {
		field, rest, more := cut(line)
		if line = rest; more != (i+1 < len(t.use)) {
			if more {
				return t.wrong(RuleFields, "", "there are more fields than the %d columns of the first line", len(t.use))
			}
			return t.wrong(RuleFields, t.names[i+1], "the line ends before it")
		}
		switch use {
		case arcColumn:
			a, err := t.arc(field)
			if err != nil {
				return err
			}
			arc = a
		case tailColumn, headColumn:
			n, err := strconv.ParseUint(string(field), 10, 32)
			if err != nil {
				return t.wrong(RuleMismatch, t.names[i], "%.20q is no number of a node", field)
			}
			ends[tailColumn-use] = uint32(n)
		case otherColumn:
		default:
			ms, wrong := millis(field)
			if wrong != "" {
				return t.wrong(RuleTime, t.names[i], "%s", wrong)
			}
			t.now[use] = ms
		}
	}
	g := t.week.graph
	for i, node := range [2]road.Node{g.Tail(arc), g.Head(arc)} {
		if ends[i] != math.MaxUint32 && ends[i] != uint32(node) {
			return t.wrong(RuleMismatch, [2]string{"tail", "head"}[i], "it is node %d, and %d in the city: the table is of other roads; list their arcs with callbox city arcs", ends[i], node)
		}
	}
	return t.keep(arc)
}

// cut splits the first field off a line; more tells whether others follow.
func cut(line []byte) (field, rest []byte, more bool) {
	for i, c := range line {
		if c == ',' {
			return bare(line[:i]), line[i+1:], true
		}
	}
	return bare(line), nil, false
}

func (t *reader) arc(field []byte) (road.Arc, error) {
	g := t.week.graph
	n, err := strconv.ParseUint(string(field), 10, 32)
	switch {
	case err != nil:
		return 0, t.wrong(RuleArc, "arc", "%.20q is no number of an arc", field)
	case n >= uint64(g.Arcs()):
		return 0, t.wrong(RuleArc, "arc", "there is no arc %d; the city has %d, from 0", n, g.Arcs())
	case g.IsTurn(road.Arc(n)):
		return 0, t.wrong(RuleArc, "arc", "arc %d is a turn at a junction and part of no street; leave it out", n)
	case t.lines[n] > 0:
		return 0, t.wrong(RuleDuplicate, "arc", "arc %d is on line %d too; leave one out", n, t.lines[n])
	}
	return road.Arc(n), nil
}

// keep adds the times of a line to the week.
func (t *reader) keep(a road.Arc) error {
	w := t.week
	least := uint32(TopSpeed.Time(w.graph.Length(a)).Milliseconds())
	if least > maxMillis {
		return t.wrong(RuleArc, "arc", "arc %d is %.0f m long, too long for times of at most 6553.5 s; leave it out", a, w.graph.Length(a).Meters())
	}
	i := len(w.arcs)
	if i%blockRows == 0 {
		w.blocks = append(w.blocks, new([blockRows]row))
	}
	w.arcs, t.lines[a] = append(w.arcs, a), uint32(t.line)
	row := w.row(i)
	for hour, ms := range t.now {
		switch {
		case ms >= least:
		case ms == 0:
			w.report.Zeros++
		default:
			w.report.TooFast++
		}
		tenths := (max(ms, least) + 50) / 100
		row[hour] = uint16(max(tenths, (least+99)/100))
	}
	return nil
}

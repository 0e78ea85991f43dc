package dimacs

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"sort"
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// The beginnings of the p lines.
const (
	graphHeader  = "p sp"
	coordsHeader = "p aux sp co"
)

// header reads the p line, which must be of the given kind and end in as many
// counts as there are places for.
func (l *lines) header(kind string, counts ...*int64) error {
	line, err := l.next()
	switch {
	case err == io.EOF && !l.any:
		return l.wrong(RuleEmpty, "the file is empty")
	case err == io.EOF:
		return l.wrong(RuleHeader, "no line begins with %q", kind)
	case err != nil:
		return err
	}
	fields := bytes.Fields(line)
	named := max(0, len(fields)-len(counts))
	if got := bytes.Join(fields[:named], []byte(" ")); string(got) != kind {
		return l.wrong(RuleHeader, "want %q and %d counts before all else, found %s", kind, len(counts), quote(line))
	}
	for i, c := range counts {
		if !integer(fields[named+i], c) || *c < 0 {
			return l.wrong(RuleHeader, "%s is not a count", quote(fields[named+i]))
		}
		if *c > road.MaxSize {
			return l.wrong(RuleSize, "%s nodes or arcs; the most are %d", l.field(named+i), road.MaxSize)
		}
		if *c == 0 {
			return l.wrong(RuleEmpty, "a graph without nodes or arcs")
		}
	}
	return nil
}

// body reads the next line of a file after its p line: the letter and then
// integers. It is the number read-th of count such lines; io.EOF comes after
// the last.
func (l *lines) body(letter byte, read, count int64, into ...*int64) error {
	line, err := l.next()
	switch {
	case err == io.EOF && read < count:
		return l.wrong(RuleCount, "ends after %d %c lines; the p line says %d", read, letter, count)
	case err != nil:
		return err
	case line[0] == 'p':
		return l.wrong(RuleHeader, "a second p line")
	}
	if field, rest := cut(line); len(field) != 1 || field[0] != letter || !integers(rest, into...) {
		return l.wrong(RuleSyntax, "want %c and %d integers, found %s", letter, len(into), quote(line))
	}
	if read == count {
		return l.wrong(RuleCount, "more %c lines than the %d of the p line", letter, count)
	}
	return nil
}

func quote(line []byte) string {
	if len(line) > 60 {
		return fmt.Sprintf("%q and more", line[:60])
	}
	return fmt.Sprintf("%q", line)
}

// graph reads a .gr file arc by arc.
type graph struct {
	*lines
	nodes, arcs, read int64
	most              int64 // the greatest weight that a road graph has room for
}

func newGraph(l *lines) (*graph, error) {
	g := &graph{lines: l, most: math.MaxInt64}
	return g, l.header(graphHeader, &g.nodes, &g.arcs)
}

// arc is the next arc, with IDs from 1, or io.EOF after the last.
func (g *graph) arc() (tail, head, weight int64, err error) {
	if err = g.body('a', g.read, g.arcs, &tail, &head, &weight); err != nil {
		return 0, 0, 0, err
	}
	g.read++
	for i, id := range [2]int64{tail, head} {
		if id < 1 || id > g.nodes {
			return 0, 0, 0, g.wrong(RuleID, "node %s is not from 1 to %d", g.field(1+i), g.nodes)
		}
	}
	switch {
	case weight < 0:
		return 0, 0, 0, g.wrong(RuleWeight, "weight %s is below 0", g.field(3))
	case weight > g.most:
		return 0, 0, 0, g.wrong(RuleWeight, "weight %s is not from 0 to %d; an arc is at most %d mm long and takes at most %v",
			g.field(3), g.most, road.MaxWeight, longest)
	}
	return tail, head, weight, nil
}

const (
	longest = road.MaxWeight * time.Millisecond
	// maxWeight keeps the arithmetic on weights far from overflow.
	maxWeight = math.MaxInt32
)

// most is the greatest weight that fits; every lower one must fit, and 0.
func most(fits func(weight int64) bool) int64 {
	return int64(sort.Search(maxWeight, func(w int) bool { return !fits(int64(w)) })) - 1
}

// pair reads the arcs of two graphs side by side.
type pair struct {
	lengths, times *graph // times may be nil
}

func newPair(lengths, times *lines, nodes int) (p pair, err error) {
	if p.lengths, err = newGraph(lengths); err != nil {
		return p, err
	}
	if p.lengths.nodes != int64(nodes) {
		return p, lengths.wrong(RuleMismatch, "%d nodes, but coordinates of %d", p.lengths.nodes, nodes)
	}
	if times == nil {
		return p, nil
	}
	if p.times, err = newGraph(times); err != nil {
		return p, err
	}
	if p.times.nodes != p.lengths.nodes || p.times.arcs != p.lengths.arcs {
		return p, times.wrong(RuleMismatch, "%d nodes and %d arcs, but %d and %d in %s",
			p.times.nodes, p.times.arcs, p.lengths.nodes, p.lengths.arcs, lengths.file)
	}
	return p, nil
}

// limit refuses weights from which no arc of a road graph can be made.
func (p pair) limit(o Options) {
	short := func(length int64) bool { return geo.Distance(length)*lengthUnit <= road.MaxWeight }
	quick := func(scaled int64) bool { return o.times(scaled)[geo.Routine] <= longest }
	if p.times == nil {
		p.lengths.most = most(func(length int64) bool { return short(length) && quick(local(length)) })
		return
	}
	p.lengths.most, p.times.most = most(short), most(quick)
}

// arc is the next arc: its length in tenths of a metre, and that length
// divided by the factor of the road class. It is io.EOF after the last.
func (p pair) arc() (tail, head, length, scaled int64, err error) {
	tail, head, length, err = p.lengths.arc()
	if p.times == nil {
		return tail, head, length, local(length), err
	}
	if err != nil && err != io.EOF {
		return 0, 0, 0, 0, err
	}
	tail2, head2, scaled, err2 := p.times.arc()
	if err2 == nil && (tail2 != tail || head2 != head) {
		err2 = p.times.wrong(RuleMismatch, "arc from %d to %d, but from %d to %d on line %d of %s",
			tail2, head2, tail, head, p.lengths.at, p.lengths.file)
	}
	return tail, head, length, scaled, err2
}

// local is the length of a local street divided by the factor of its class, 0.4.
func local(length int64) int64 { return (length*5 + 1) / 2 }

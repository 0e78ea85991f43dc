package dimacs

import (
	"io"

	"callbox/geo"
	"callbox/geo/road"
)

// Report says what was read and what became of it.
type Report struct {
	Coords, Lengths, Times string // the files; Times is empty if there was none

	Nodes, Arcs  int          // in the files
	Parallel     int          // arcs beyond the first from one node to another
	Loops        int          // arcs that end where they begin
	OneWay       int          // arcs without an arc back of the same length
	DroppedNodes int          // outside the largest strongly connected component
	DroppedArcs  int          // that begin or end at one of those
	Length       geo.Distance // of all arcs
	Straight     geo.Distance // great-circle distances of their ends: far from Length if a unit is wrong
}

// Read reads a graph from its coordinates, its travel times and its lengths,
// each plain or gzipped. Times may be nil: then every arc is a local street of
// class 0.4. If the graph is not strongly connected, its largest component is
// kept. Every error is an *Error, which calls the inputs "coordinates",
// "times" and "lengths". Time O(nodes + arcs).
func Read(coords, times, lengths io.Reader, o Options) (*road.Graph, Report, error) {
	in := inputs{
		coords:  input{"coordinates", coords},
		times:   input{"times", times},
		lengths: input{"lengths", lengths},
	}
	return in.read(&progress{report: o.Progress}, o)
}

// input is a file to read.
type input struct {
	file string
	r    io.Reader
}

func (in input) open(p *progress) (*lines, error) { return open(in.file, p.of(in.r)) }

// inputs are the files of one graph.
type inputs struct {
	coords, lengths input
	times           input // without a reader if there are none
}

func (in inputs) read(p *progress, o Options) (*road.Graph, Report, error) {
	r := Report{Coords: in.coords.file, Lengths: in.lengths.file}
	g, err := in.build(p, o)
	if err != nil {
		return nil, r, err
	}
	if in.times.r != nil {
		r.Times = in.times.file
	}
	r.describe(g)
	kept, dropped, err := road.LargestComponent(g)
	if err != nil {
		return nil, r, &Error{File: in.lengths.file, Rule: RuleEmpty, Detail: "no node can be left for another and reached again; give the graph of a whole city", Err: err}
	}
	r.DroppedNodes, r.DroppedArcs = dropped, g.Arcs()-kept.Arcs()
	p.end()
	return kept, r, nil
}

// build reads the coordinates, then the graphs side by side.
func (in inputs) build(p *progress, o Options) (*road.Graph, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	coords, err := in.coords.open(p)
	if err != nil {
		return nil, err
	}
	points, err := readCoords(coords)
	if err != nil {
		return nil, err
	}
	lengths, err := in.lengths.open(p)
	if err != nil {
		return nil, err
	}
	var times *lines
	if in.times.r != nil {
		if times, err = in.times.open(p); err != nil {
			return nil, err
		}
	}
	pair, err := newPair(lengths, times, len(points))
	if err != nil {
		return nil, err
	}
	pair.limit(o)
	var b road.Builder
	for _, p := range points {
		b.AddNode(p)
	}
	for {
		tail, head, weight, scaled, err := pair.arc()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		b.AddArc(road.Node(tail-1), road.Node(head-1), geo.Distance(weight)*lengthUnit, o.times(scaled))
	}
	g, err := b.Build()
	if err != nil {
		return nil, &Error{File: in.lengths.file, Rule: RuleEmpty, Detail: err.Error(), Err: err}
	}
	return g, nil
}

func (r *Report) describe(g *road.Graph) {
	r.Nodes, r.Arcs = g.Nodes(), g.Arcs()
	for a := range road.Arc(g.Arcs()) {
		tail, head := g.Tail(a), g.Head(a)
		if a > 0 && g.Tail(a-1) == tail && g.Head(a-1) == head {
			r.Parallel++
		}
		if tail == head {
			r.Loops++
		}
		if g.Twin(a) == road.NoArc {
			r.OneWay++
		}
		r.Length += g.Length(a)
		r.Straight += geo.Between(g.Point(tail), g.Point(head))
	}
}

package dimacs

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"

	"callbox/geo"
)

// kind is what the weights of a graph are.
type kind int

const (
	unknown kind = iota
	lengths
	times
)

// candidate is one file of a set and what it looks like.
type candidate struct {
	path              string
	coords            bool
	byComment, byName kind
	size              int64
}

// classify finds out which file is which. The inputs have no readers yet.
func classify(paths []string) (in inputs, total int64, err error) {
	var graphs []candidate
	for _, path := range paths {
		c, err := inspect(path)
		if err != nil {
			return in, 0, err
		}
		total += c.size
		switch {
		case !c.coords:
			graphs = append(graphs, c)
		case in.coords.file != "":
			return in, 0, wrongFiles(path, "a second file of coordinates beside %s", in.coords.file)
		default:
			in.coords.file = path
		}
	}
	if in.coords.file == "" || len(graphs) == 0 || len(graphs) > 2 {
		return in, 0, wrongFiles(strings.Join(paths, ", "),
			"want one file of coordinates (.co), one of lengths (.gr) and perhaps one of times (.gr)")
	}
	if len(graphs) == 1 {
		if graphs[0].byComment == times || graphs[0].byComment == unknown && graphs[0].byName == times {
			return in, 0, wrongFiles(graphs[0].path, "a graph of travel times; give the graph of lengths too")
		}
		in.lengths.file = graphs[0].path
		return in, total, nil
	}
	swap, err := timesFirst(graphs[0], graphs[1], in.coords.file)
	if swap {
		graphs[0], graphs[1] = graphs[1], graphs[0]
	}
	in.lengths.file, in.times.file = graphs[0].path, graphs[1].path
	return in, total, err
}

// timesFirst reports whether a holds times and b lengths, rather than the
// other way round.
func timesFirst(a, b candidate, coords string) (bool, error) {
	switch {
	case a.byComment != b.byComment:
		return a.byComment == times || b.byComment == lengths, nil
	case a.byComment != unknown:
		return false, wrongFiles(b.path, "by its comments a graph of the same kind as %s", a.path)
	case a.byName != b.byName:
		return a.byName == times || b.byName == lengths, nil
	}
	var off [2]geo.Distance
	for i, path := range []string{a.path, b.path} {
		var err error
		if off[i], err = offStraight(path, coords); err != nil {
			return false, err
		}
	}
	if off[0] == off[1] {
		return false, wrongFiles(b.path, "cannot be told from %s: put -d. or -t. into the file names", a.path)
	}
	return off[0] > off[1], nil
}

// offStraight is by how much the first 10,000 weights, read as lengths, differ
// together from the great-circle distances.
func offStraight(graphPath, coordsPath string) (off geo.Distance, err error) {
	var points []geo.Point
	err = withLines(coordsPath, func(l *lines) error {
		points, err = readCoords(l)
		return err
	})
	if err != nil {
		return 0, err
	}
	err = withLines(graphPath, func(l *lines) error {
		p, err := newPair(l, nil, len(points))
		for range 10_000 {
			if err != nil {
				break
			}
			var tail, head, weight int64
			if tail, head, weight, _, err = p.arc(); err == nil {
				d := geo.Distance(min(weight, maxWeight))*lengthUnit - geo.Between(points[tail-1], points[head-1])
				off += max(d, -d)
			}
		}
		if err == io.EOF {
			err = nil
		}
		return err
	})
	return off, err
}

// inspect reads a file up to its p line.
func inspect(path string) (candidate, error) {
	c := candidate{path: path}
	name := strings.ToLower(filepath.Base(path))
	c.byName = mark(strings.Contains(name, "-d.") || strings.Contains(name, "dist"),
		strings.Contains(name, "-t.") || strings.Contains(name, "time"))
	info, err := os.Stat(path)
	if err != nil {
		return c, unreadable(path, err)
	}
	c.size = info.Size()
	return c, withLines(path, func(l *lines) error {
		var d, t bool
		for {
			line, err := l.raw()
			switch {
			case err == io.EOF && !l.any:
				return l.wrong(RuleEmpty, "the file is empty")
			case err == io.EOF:
				return l.wrong(RuleHeader, "no line begins with %q or %q", graphHeader, coordsHeader)
			case err != nil:
				return err
			case line[0] == 'c':
				d = d || bytes.Contains(line, []byte("-d."))
				t = t || bytes.Contains(line, []byte("-t."))
				continue
			}
			fields := bytes.Fields(line)
			if len(fields) == 0 {
				continue
			}
			c.byComment = mark(d, t)
			switch {
			case len(fields) == 4 && string(fields[0]) == "p" && string(fields[1]) == "sp":
			case len(fields) == 5 && string(fields[0]) == "p" && string(fields[3]) == "co":
				c.coords = true
			default:
				return l.wrong(RuleHeader, "want %q or %q before all else, found %s", graphHeader, coordsHeader, quote(line))
			}
			return nil
		}
	})
}

func mark(d, t bool) kind {
	switch {
	case d && !t:
		return lengths
	case t && !d:
		return times
	}
	return unknown
}

package city

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"callbox/data/dimacs"
)

var headerLine = regexp.MustCompile(`(?m)^p[ \t]+(?:aux[ \t]+sp[ \t]+co|sp)[ \t]+(\d+)`)

// checkDimacs tests a single file of a DIMACS graph, beside a companion that is
// made up for it: a graph with one circuit, or coordinates all alike. Whether files
// belong together shows in Build.
func checkDimacs(path string, f format, head []byte) (Report, error) {
	found := headerLine.FindSubmatch(head)
	nodes := int64(1) // without a header, the reader has something to say about that
	if found != nil {
		n, err := strconv.ParseInt(string(found[1]), 10, 64)
		if err == nil {
			nodes = n
		}
	}
	// Nothing is made up for more nodes than the file has room for: each needs a
	// line, about itself or about an arc, of 7 bytes or more.
	size, err := unpackedSize(path)
	if err != nil {
		return Report{}, err
	}
	if nodes > size/7 {
		return Report{}, Faults{{File: path, Err: &dimacs.Error{File: path, Rule: dimacs.RuleCount,
			Detail: fmt.Sprintf("the p line promises %d nodes, and the file is too short for so many; fetch it again", nodes)}}}
	}
	r, err := os.Open(path)
	if err != nil {
		return Report{}, err
	}
	defer r.Close()
	what := "roads"
	var coords, lengths io.Reader = &flat{left: nodes, line: *bytes.NewBufferString(fmt.Sprintf("p aux sp co %d\n", nodes))}, r
	if f == coordsFormat {
		what = "coordinates"
		coords, lengths = r, strings.NewReader(fmt.Sprintf("p sp %[1]d 2\na 1 %[1]d 0\na %[1]d 1 0\n", nodes))
	}
	g, report, err := dimacs.Read(coords, nil, lengths, dimacs.Options{})
	var wrong *dimacs.Error
	if errors.As(err, &wrong) {
		named := *wrong
		named.File = path
		err = &named
	}
	roads := &RoadReport{Nodes: report.Nodes}
	if f == graphFormat && err == nil {
		roads = surveyRoads(g)
		roads.Version, roads.Dropped = "", report.DroppedNodes
	}
	return Report{What: what, Roads: roads}, faultsOf(path, err)
}

// unpackedSize is how many bytes can be unpacked from a file. What is wrong
// with the others, its reader tells.
func unpackedSize(path string) (int64, error) {
	r, err := open(path)
	if err != nil {
		return 0, faultsOf(path, err)
	}
	n, _ := io.Copy(io.Discard, r)
	return n, r.Close()
}

// flat is a file of coordinates of nodes that all lie in one place.
type flat struct {
	left, next int64
	line       bytes.Buffer
}

func (f *flat) Read(b []byte) (int, error) {
	for f.line.Len() == 0 {
		if f.left == 0 {
			return 0, io.EOF
		}
		f.left--
		f.next++
		fmt.Fprintf(&f.line, "v %d 0 0\n", f.next)
	}
	return f.line.Read(b)
}

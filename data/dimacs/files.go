package dimacs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"callbox/geo/road"
)

// ReadFiles reads a graph from a set of files in any order: one .co file, one
// .gr file of lengths and perhaps one of times, each plain or gzipped. The p
// line tells coordinates from graphs. Of two graphs, in this order,
//
//   - a comment before the p line with "-d." or "-t." in it tells lengths from
//     times, as in "c TIGER/Line graph USA-road-t.NY";
//   - so does a file name with "-d." or "dist", "-t." or "time" in it;
//   - else lengths are those whose first 10,000 arcs are nearer to the
//     great-circle distances of their ends.
//
// A single graph is one of lengths, unless comment or name say times, which is
// an error. Every error is an *Error that calls a file by its path.
func ReadFiles(paths []string, o Options) (*road.Graph, Report, error) {
	in, total, err := classify(paths)
	if err != nil {
		return nil, Report{}, err
	}
	for _, f := range []*input{&in.coords, &in.lengths, &in.times} {
		if f.file == "" {
			continue
		}
		file, err := os.Open(f.file)
		if err != nil {
			return nil, Report{}, unreadable(f.file, err)
		}
		defer file.Close()
		f.r = file
	}
	return in.read(&progress{report: o.Progress, total: total}, o)
}

func withLines(path string, use func(*lines) error) error {
	file, err := os.Open(path)
	if err != nil {
		return unreadable(path, err)
	}
	defer file.Close()
	l, err := open(path, file)
	if err != nil {
		return err
	}
	return use(l)
}

func unreadable(path string, err error) error {
	detail := err.Error()
	if cause := new(fs.PathError); errors.As(err, &cause) {
		detail = cause.Err.Error() // without the path, which the Error has
	}
	return &Error{File: path, Rule: RuleRead, Detail: detail, Err: err}
}

func wrongFiles(path, format string, args ...any) error {
	return &Error{File: path, Rule: RuleFiles, Detail: fmt.Sprintf(format, args...)}
}

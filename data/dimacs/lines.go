package dimacs

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// maxLine is the greatest length of a line in bytes.
const maxLine = 1 << 16

// lines reads a file line by line, plain or gzipped.
type lines struct {
	file string
	at   int // number of the line read last
	r    *bufio.Reader
	any  bool // there was a byte
	line []byte
}

// open looks at the first two bytes for the mark of gzip.
func open(file string, r io.Reader) (*lines, error) {
	l := &lines{file: file, r: bufio.NewReaderSize(r, maxLine)}
	if head, _ := l.r.Peek(2); !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return l, nil
	}
	z, err := gzip.NewReader(l.r)
	if err != nil {
		return nil, l.failed(err)
	}
	l.r = bufio.NewReaderSize(z, maxLine)
	return l, nil
}

// next gives the next line that is neither blank nor a comment, without its
// end, or io.EOF. It is valid until the next call.
func (l *lines) next() ([]byte, error) {
	for {
		line, err := l.raw()
		if err != nil {
			return nil, err
		}
		line = bytes.TrimRight(line, " \t\r\n")
		if len(line) > 0 && line[0] != 'c' {
			l.line = line
			return line, nil
		}
	}
}

// field is a field of the line read last as it stands there, for errors: what is
// beyond 64 bits was read as another number.
func (l *lines) field(i int) string {
	field := bytes.Fields(l.line)[i]
	if len(field) > 60 {
		return string(field[:60]) + "..."
	}
	return string(field)
}

func (l *lines) raw() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if len(line) > 0 {
		l.at++
		l.any = true
	}
	switch {
	case err == nil, err == io.EOF && len(line) > 0:
		return line, nil
	case err == io.EOF:
		return nil, err
	case err == bufio.ErrBufferFull:
		return nil, l.wrong(RuleLine, "longer than %d bytes", maxLine)
	}
	return nil, l.failed(err)
}

// wrong is an Error about the line read last.
func (l *lines) wrong(rule, format string, args ...any) error {
	return &Error{File: l.file, Line: l.at, Rule: rule, Detail: fmt.Sprintf(format, args...)}
}

// failed is an Error about a failed read.
func (l *lines) failed(err error) error {
	e := &Error{File: l.file, Line: l.at, Rule: RuleRead, Detail: err.Error(), Err: err}
	var corrupt flate.CorruptInputError
	switch {
	case err == io.ErrUnexpectedEOF || err == io.EOF:
		e.Rule, e.Detail = RuleTruncated, "the gzip data end too early: fetch the file again"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		e.Rule = RuleGzip
	}
	return e
}

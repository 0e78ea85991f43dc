package times

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// maxLine is the greatest length of a line in bytes.
const maxLine = 1 << 14

// source reads a table line by line, plain or gzipped.
type source struct {
	file string
	line int // number of the line read last
	r    *bufio.Reader
	sum  hash.Hash // of what was read, unpacked
	left int64     // bytes that may follow
}

// open looks at the first two bytes for the mark of gzip (RFC 1952). A table may
// have so many bytes, unpacked.
func open(file string, r io.Reader, size int64) (*source, error) {
	s := &source{file: file, sum: sha256.New(), left: size}
	packed := bufio.NewReaderSize(r, maxLine)
	text := io.Reader(packed)
	if head, _ := packed.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, s.failed(err)
		}
		text = z
	}
	s.r = bufio.NewReaderSize(io.TeeReader(text, s.sum), maxLine)
	return s, nil
}

// next gives the next line that is not blank, without its end, or io.EOF. It is
// valid until the next call.
func (s *source) next() ([]byte, error) {
	for {
		line, err := s.r.ReadSlice('\n')
		if len(line) > 0 {
			s.line++
		}
		if s.left -= int64(len(line)); s.left < 0 {
			return nil, s.wrong(RuleSize, "", "the table goes on after as many lines as the graph has arcs; remove what is too much")
		}
		switch {
		case err == bufio.ErrBufferFull:
			return nil, s.wrong(RuleLine, "", "longer than %d bytes; a line is an arc and its %d times", maxLine, Hours)
		case err != nil && err != io.EOF:
			return nil, s.failed(err)
		}
		if s.line == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")) // a byte order mark
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return line, nil
		}
		if err == io.EOF {
			return nil, io.EOF
		}
	}
}

// hash is that of the whole table, once it has been read.
func (s *source) hash() string { return hex.EncodeToString(s.sum.Sum(nil)) }

// wrong is an Error about a column of the line read last.
func (s *source) wrong(rule, column, format string, args ...any) error {
	return &Error{File: s.file, Line: s.line, Column: column, Rule: rule, Detail: fmt.Sprintf(format, args...)}
}

// failed is an Error about a failed read.
func (s *source) failed(err error) error {
	e := &Error{File: s.file, Line: s.line, Rule: RuleRead, Detail: err.Error(), Err: err}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		e.Rule, e.Detail = RuleTruncated, "the gzip data end too early; fetch the file again"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, new(flate.CorruptInputError)):
		e.Rule, e.Detail = RuleGzip, fmt.Sprintf("the gzip data are damaged (%v); fetch the file again", err)
	}
	return e
}

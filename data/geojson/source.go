package geojson

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"callbox/geo/area"
)

// open unpacks r if it begins as gzip does (RFC 1952), drops a byte order mark,
// and guards what comes of it.
func open(r io.Reader, limits Limits) (io.Reader, error) {
	b := bufio.NewReader(r)
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, gzipFault(err)
		}
		b = bufio.NewReader(unpacked{z})
	}
	if mark, _ := b.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		if _, err := b.Discard(3); err != nil {
			return nil, err
		}
	}
	return &guard{from: b, limits: limits, left: limits.Bytes}, nil
}

// unpacked turns the errors of gzip into faults.
type unpacked struct{ z *gzip.Reader }

func (u unpacked) Read(b []byte) (int, error) {
	n, err := u.z.Read(b)
	if err != nil && err != io.EOF {
		err = gzipFault(err)
	}
	return n, err
}

func gzipFault(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return area.Nowhere.Fault(TruncatedGzip, "the gzip file ends before its data does; fetch it again")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return area.Nowhere.Fault(BadGzip, fmt.Sprintf("the gzip file is damaged (%v); fetch it again", err))
	}
	return err
}

// guard passes bytes on to the JSON reader as long as they keep its memory
// within bounds: it stops at a file that is too long, at a string, a number or
// a run of blanks that is, at arrays and objects too deep in each other, and at
// objects of too many members, whose names would all be kept. It looks at
// quotes and brackets alone and leaves the grammar to the reader.
type guard struct {
	from    io.Reader
	limits  Limits
	left    int64
	quoted  bool // inside a string
	escaped bool // after a backslash
	run     int  // bytes since the last mark of punctuation
	members []int
	err     error
}

func (g *guard) Read(b []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	n, err := g.from.Read(b)
	if g.left -= int64(n); g.left < 0 {
		err = tooLarge("the file is longer than %d bytes unpacked", g.limits.Bytes)
	} else if fault := g.check(b[:n]); fault != nil {
		err = fault
	}
	if err != nil && err != io.EOF {
		g.err = err
		return 0, err
	}
	return n, err
}

func (g *guard) check(b []byte) error {
	for _, c := range b {
		if g.run++; g.run > maxRun {
			return tooLarge("a string, a number or a run of blanks is longer than %d bytes", maxRun)
		}
		switch {
		case g.escaped:
			g.escaped = false
		case g.quoted:
			g.escaped = c == '\\'
			if c == '"' {
				g.quoted, g.run = false, 0
			}
		default:
			if err := g.mark(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// mark takes a byte outside of strings.
func (g *guard) mark(c byte) error {
	switch c {
	case '"':
		g.quoted = true
	case '[', '{':
		g.members = append(g.members, 0)
		if len(g.members) > g.limits.Depth {
			return area.Nowhere.Fault(TooDeep, fmt.Sprintf("arrays and objects lie in each other more than %d deep; no GeoJSON of areas needs that", g.limits.Depth))
		}
	case ']', '}':
		g.members = g.members[:max(0, len(g.members)-1)]
	case ':':
		if n := len(g.members); n > 0 {
			if g.members[n-1]++; g.members[n-1] > maxMembers {
				return tooLarge("an object has more than %d members", maxMembers)
			}
		}
	case ',':
	default:
		return nil
	}
	g.run = 0
	return nil
}

func tooLarge(format string, limit any) error {
	return area.Nowhere.Fault(TooLarge, fmt.Sprintf(format, limit)+"; split or simplify it")
}

package osm

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
)

// source is a file that is read several times.
type source struct {
	name string
	open func() (io.ReadCloser, error)
	size int64 // 0 if it is not known
}

// pass reads the file from its begin to its end, unpacked; step is what for.
func (s source) pass(step string, progress Progress, read func(io.Reader) error) error {
	err := s.try(step, progress, read)
	return s.named(err)
}

// named puts the name of the file into an error.
func (s source) named(err error) error {
	var known *Error
	var path *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		known.File = s.name
		return known
	case errors.As(err, &path):
		err = path.Err // without the path, which the Error has
	}
	return &Error{File: s.name, Rule: RuleRead, Detail: err.Error(), Err: err}
}

func (s source) try(step string, progress Progress, read func(io.Reader) error) error {
	file, err := s.open()
	if err != nil {
		return err
	}
	defer file.Close()
	c := &counted{r: file, step: step, total: s.size, progress: progress}
	b := bufio.NewReaderSize(c, 1<<16)
	if magic, _ := b.Peek(2); string(magic) == "\x1f\x8b" {
		z, err := gzip.NewReader(b)
		if err != nil {
			return gzipError(err)
		}
		b = bufio.NewReaderSize(unpacked{z}, 1<<16)
	}
	if err := read(b); err != nil {
		return err
	}
	c.end()
	return nil
}

type unpacked struct{ *gzip.Reader }

func (u unpacked) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = gzipError(err)
	}
	return n, err
}

// gzipError tells damage from an error of the file below.
func gzipError(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return wrong(RuleTruncated, "the gzip file ends before its data does; %s", fetchAgain)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, new(flate.CorruptInputError)):
		return wrong(RuleGzip, "the gzip file is damaged (%v); %s", err, fetchAgain)
	}
	return err
}

// progressStep is the number of bytes between two reports.
const progressStep = 1 << 20

// counted tells how much of a file was read.
type counted struct {
	r                 io.Reader
	step              string
	done, said, total int64
	progress          Progress
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.done += int64(n)
	if c.done-c.said >= progressStep {
		c.end()
	}
	if err != nil && err != io.EOF {
		err = &Error{Rule: RuleRead, Detail: err.Error(), Err: err}
	}
	return n, err
}

func (c *counted) end() {
	c.said = c.done
	c.progress(c.step, c.done, c.total)
}

// kind is what a file holds.
type kind int

const (
	xmlFile kind = iota
	pbfFile
)

// sniff finds out what a file is by its begin.
func sniff(b *bufio.Reader) (kind, error) {
	head, err := b.Peek(4096)
	if len(head) == 0 {
		if err == io.EOF {
			return 0, wrong(RuleEmpty, "the file is empty")
		}
		return 0, err
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	has := func(s string) bool { return bytes.Contains(head, []byte(s)) }
	switch {
	case bytes.Contains(head[:min(64, len(head))], []byte("OSMHeader")):
		return pbfFile, nil
	case len(text) > 0 && text[0] == '<' && (has("<osmChange") || has("<osmAugmentedDiff")):
		return 0, wrong(RuleUnsupported, "this is a file of changes; give a whole extract")
	case len(text) > 0 && text[0] == '<' && (has("<osm ") || has("<osm>")):
		return xmlFile, nil
	case bytes.HasPrefix(head, []byte("BZh")):
		return 0, wrong(RuleUnsupported, "this is packed with bzip2; unpack it, or give the .osm.pbf of the same extract")
	}
	return 0, wrong(RuleFormat, "this is no OpenStreetMap file; give an extract as .osm.pbf, .osm or .osm.gz")
}

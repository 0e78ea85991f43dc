package city

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"callbox/data/geojson"
	"callbox/geo/area"
)

// format is what a file is by its content.
type format string

const (
	unknownFormat format = ""
	emptyFile     format = "an empty file"
	areasFormat   format = "GeoJSON of areas"
	pointsFormat  format = "GeoJSON of points"
	tableFormat   format = "a table of comma-separated values"
	graphFormat   format = "a DIMACS graph"
	coordsFormat  format = "a file of DIMACS coordinates"
	roadsFormat   format = "a road graph of callbox"
	policyFormat  format = "a policy"
	osmFormat     format = "an OpenStreetMap file"
	zipFormat     format = "a zip archive"
)

// headSize is how much of a file is looked at to find out what it is.
const headSize = 64 << 10

var (
	geometryType = regexp.MustCompile(`"type"\s*:\s*"(?:Multi)?(Point|Polygon)"`)
	pLine        = regexp.MustCompile(`(?m)^p[ \t]+(sp|aux)[ \t]`)
	dimacsLine   = regexp.MustCompile(`^[cp]([ \t\r\n]|$)`)
	latitude     = regexp.MustCompile(`(?i)^[^\n]*\blat(itude)?\b[^\n]*`)
	classes      = regexp.MustCompile(`(?m)^classes:`)
)

// formatOf finds out what a file is from its first bytes, unpacked, which it
// gives as well. The error is that of a file that cannot be read.
func formatOf(path string) (format, []byte, error) {
	r, err := open(path)
	if err != nil {
		return unknownFormat, nil, err
	}
	defer r.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if head = head[:n]; n == 0 && err != io.EOF {
		return unknownFormat, nil, err
	}
	return guess(head, path), head, nil
}

func guess(head []byte, path string) format {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	name := strings.TrimSuffix(strings.ToLower(filepath.Base(path)), ".gz")
	has := func(prefix string) bool { return bytes.HasPrefix(text, []byte(prefix)) }
	switch {
	case len(head) == 0:
		return emptyFile
	case has("CBXROADS"):
		return roadsFormat
	case has("PK\x03\x04"):
		return zipFormat
	case has("<osm"), has("<?xml") && bytes.Contains(text, []byte("<osm")), bytes.Contains(head[:min(32, len(head))], []byte("\x0a\x09OSMHeader")):
		return osmFormat
	case has("{"), has("["):
		if found := geometryType.FindSubmatch(text); found != nil && string(found[1]) == "Point" {
			return pointsFormat
		}
		return areasFormat
	case dimacsLine.Match(text):
		if found := pLine.FindSubmatch(text); found != nil && string(found[1]) == "aux" {
			return coordsFormat
		}
		return graphFormat
	case bytes.Contains(latitude.Find(text), []byte(",")):
		return tableFormat
	case classes.Match(text), strings.HasSuffix(name, ".yaml"), strings.HasSuffix(name, ".yml"):
		return policyFormat
	case strings.HasSuffix(name, "json"):
		return areasFormat
	case strings.HasSuffix(name, ".pbf"), strings.Contains(name, ".osm"):
		return osmFormat
	}
	return unknownFormat
}

// expect finds out what a file is, and refuses one that is known to be
// something other than what is needed. Of any other file its reader says what
// is wrong.
func expect(path string, want ...format) (format, error) {
	got, _, err := formatOf(path)
	if err != nil {
		return got, faultsOf(path, err)
	}
	if got == unknownFormat || got == emptyFile || slices.Contains(want, got) {
		return got, nil
	}
	return got, fault(path, WrongFormat, "this is %s, not %s%s", got, want[0], remedy(got))
}

func remedy(f format) string {
	if f == zipFormat {
		return "; unpack it, and convert a shapefile to GeoJSON in WGS 84 (EPSG:4326)"
	}
	return ""
}

// open opens a file, plain or gzipped, to be read unpacked.
func open(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	b := bufio.NewReader(f)
	if magic, _ := b.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return opened{b, f}, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		f.Close()
		return nil, gzipFault(err)
	}
	return opened{z, f}, nil
}

type opened struct {
	io.Reader
	file *os.File
}

func (o opened) Close() error { return o.file.Close() }

func (o opened) Read(b []byte) (int, error) {
	n, err := o.Reader.Read(b)
	if _, packed := o.Reader.(*gzip.Reader); packed && err != nil && err != io.EOF {
		err = gzipFault(err)
	}
	return n, err
}

func gzipFault(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return area.Nowhere.Fault(geojson.TruncatedGzip, "the gzip file ends before its data does; fetch it again")
	}
	return area.Nowhere.Fault(geojson.BadGzip, "the gzip file is damaged ("+err.Error()+"); fetch it again")
}

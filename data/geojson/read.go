package geojson

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"callbox/geo/area"
)

// ReadFile is Read of the file at path, plain or gzipped. Its errors begin with
// the path.
func ReadFile(path string, opts Options) ([]area.Area, error) {
	return fromFile(path, func(r io.Reader) ([]area.Area, error) { return Read(r, opts) })
}

func fromFile[T any](path string, read func(io.Reader) (T, error)) (T, error) {
	f, err := os.Open(path)
	if err != nil {
		var none T
		return none, err
	}
	v, err := read(f)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return v, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

// reader walks through one file.
type reader struct {
	json   *jsontext.Decoder
	opts   Options
	limits Limits
	report *area.Report
	index  int  // of the feature being read
	bad    bool // that feature has a fault
	arrays int  // within coordinates, so far
}

// collection reads a whole file and calls each with its features, in order, but
// for those with a fault. The error is Faults, or what the reader r returned.
func collection(r io.Reader, opts Options, report *area.Report, each func(f feature, index int)) error {
	p := &reader{opts: opts, limits: opts.Limits.orDefault(), report: report}
	source, err := open(r, p.limits)
	if err == nil {
		p.json = jsontext.NewDecoder(source)
		err = p.document(each)
	}
	if err == nil {
		return nil
	}
	var fault area.Fault
	if !errors.As(err, &fault) {
		var syntax *jsontext.SyntacticError
		if !errors.As(err, &syntax) {
			return fmt.Errorf("geojson: %w", err)
		}
		fault = p.syntaxFault(syntax)
	}
	report.Add(fault)
	return nil
}

// document reads the one value of a file. Its members may come in any order,
// so the members of a collection and of a single feature are read alike until
// the type decides.
func (p *reader) document(each func(f feature, index int)) error {
	switch p.json.PeekKind() {
	case jsontext.KindBeginObject:
	case jsontext.KindInvalid:
		if _, err := p.json.ReadToken(); err != io.EOF {
			return err
		}
		return area.Nowhere.Fault(EmptyFile, "the file is empty; a FeatureCollection is expected")
	default:
		return area.Nowhere.Fault(NotCollection, "the file does not hold an object; a FeatureCollection is expected")
	}
	var alone feature
	features := false
	err := p.object(func(name string) error {
		switch name {
		case "features":
			features = true
			return p.features(each)
		case "crs":
			return p.crs()
		}
		return p.member(&alone, name)
	})
	if err != nil {
		return err
	}
	switch {
	case alone.kind == "FeatureCollection" && features:
		if p.index == 0 && p.report.Len() == 0 {
			p.report.Add(area.Nowhere.Fault(NoFeatures, "the collection has no features; it needs one or more"))
		}
	case alone.kind == "Feature" && !features:
		if !p.bad {
			each(alone, 0)
		}
	default:
		p.report.Add(area.Nowhere.Fault(NotCollection, fmt.Sprintf("the file holds an object of type %.40q; a FeatureCollection with features is expected", alone.kind)))
	}
	if _, err := p.json.ReadToken(); err != io.EOF {
		if err != nil {
			return err
		}
		return area.Nowhere.Fault(BadJSON, "something follows the collection; a file holds one")
	}
	return nil
}

// object reads an object whose brace is next, and calls member for each name in
// it, to read the value.
func (p *reader) object(member func(name string) error) error {
	if _, err := p.json.ReadToken(); err != nil {
		return err
	}
	for {
		token, err := p.json.ReadToken()
		if err != nil {
			return err
		}
		if token.Kind() == jsontext.KindEndObject {
			return nil
		}
		if err := member(token.String()); err != nil {
			return err
		}
	}
}

func (p *reader) features(each func(f feature, index int)) error {
	if p.json.PeekKind() != jsontext.KindBeginArray {
		p.report.Add(area.Nowhere.Fault(NotCollection, "features is not an array; a FeatureCollection is expected"))
		return p.json.SkipValue()
	}
	if _, err := p.json.ReadToken(); err != nil {
		return err
	}
	for ; p.json.PeekKind() != jsontext.KindEndArray; p.index++ {
		if p.index == p.limits.Features {
			return tooLarge("the file has more than %d features", p.limits.Features)
		}
		p.bad = false
		f, err := p.feature()
		if err != nil {
			return err
		}
		if !p.bad {
			each(f, p.index)
		}
	}
	p.bad = false
	_, err := p.json.ReadToken()
	return err
}

// crs reads the member of the older GeoJSON (2008) that names the coordinate
// reference system. Only names of WGS 84 are let pass.
func (p *reader) crs() error {
	if p.json.PeekKind() != jsontext.KindBeginObject {
		return p.json.SkipValue() // null names none
	}
	crs := ""
	err := p.object(func(name string) error {
		if name != "properties" || p.json.PeekKind() != jsontext.KindBeginObject {
			return p.json.SkipValue()
		}
		return p.object(func(name string) (err error) {
			if name != "name" {
				return p.json.SkipValue()
			}
			crs, err = p.text()
			return err
		})
	})
	upper := strings.ToUpper(crs)
	if err == nil && !strings.HasSuffix(upper, "CRS84") && !strings.HasSuffix(upper, "EPSG:4326") && !strings.HasSuffix(upper, "EPSG::4326") {
		p.report.Add(area.Nowhere.Fault(area.Projected, fmt.Sprintf("the file's crs is %q; reproject it to WGS 84 (EPSG:4326)", clip(crs))))
	}
	return err
}

// syntaxFault turns an error of the JSON reader into a fault.
func (p *reader) syntaxFault(err *jsontext.SyntacticError) area.Fault {
	where := area.Nowhere
	if strings.HasPrefix(string(err.JSONPointer), "/features/") {
		where = area.Feature(p.index, "")
	}
	near := fmt.Sprintf("byte %d, near %q", err.ByteOffset, tail(string(err.JSONPointer)))
	rest := strings.TrimLeft(string(p.json.UnreadBuffer()), ",: \t\r\n")
	for _, word := range []string{"N", "I", "-N", "-I", "nan", "inf", "-inf", "-nan"} {
		if strings.HasPrefix(rest, word) {
			return where.Fault(area.NotFinite, "NaN or Infinity at "+near+", which are not JSON; write finite numbers")
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return where.Fault(BadJSON, "the file ends in the middle, at "+near+"; fetch it again")
	}
	return where.Fault(BadJSON, fmt.Sprintf("not JSON at %s: %v; mend the file or export it again", near, err.Err))
}

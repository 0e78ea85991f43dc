package geojson

import (
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// feature is what is read of one: nothing that is not used.
type feature struct {
	kind       string // its member type
	id         string
	properties map[string]string // by name in lower case; those that wanted names
	geometry   string            // its type, "" if there is none
	at         coordinates
}

// wanted are the properties that are read.
var wanted = map[string]bool{
	"beat": true, "sector": true, "precinct": true, "pct": true,
	"id": true, "kind": true, "name": true, "parent": true, "area": true,
}

// feature reads one element of features.
func (p *reader) feature() (feature, error) {
	var f feature
	if p.json.PeekKind() != jsontext.KindBeginObject {
		p.note(NotFeature, "it is not an object; a Feature is expected")
		return f, p.json.SkipValue()
	}
	err := p.object(func(name string) error { return p.member(&f, name) })
	if err == nil && f.kind != "Feature" && !p.bad {
		p.note(NotFeature, "its type is "+strconv.Quote(clip(f.kind))+"; a Feature is expected")
	}
	return f, err
}

// member reads the value of one member of a feature.
func (p *reader) member(f *feature, name string) (err error) {
	switch name {
	case "type":
		f.kind, err = p.text()
	case "id":
		f.id, err = p.text()
	case "properties":
		f.properties, err = p.properties()
	case "geometry":
		err = p.geometry(f)
	default:
		err = p.json.SkipValue()
	}
	return err
}

func (p *reader) properties() (map[string]string, error) {
	if p.json.PeekKind() != jsontext.KindBeginObject {
		return nil, p.json.SkipValue()
	}
	found := map[string]string{}
	err := p.object(func(name string) error {
		name = strings.ToLower(name)
		if !wanted[name] && name != strings.ToLower(p.opts.IDProperty) {
			return p.json.SkipValue()
		}
		value, err := p.text()
		if found[name] == "" {
			found[name] = value
		}
		return err
	})
	return found, err
}

func (p *reader) geometry(f *feature) error {
	if p.json.PeekKind() != jsontext.KindBeginObject {
		return p.json.SkipValue()
	}
	return p.object(func(name string) (err error) {
		switch name {
		case "type":
			f.geometry, err = p.text()
		case "coordinates":
			f.at, err = p.coordinates()
		default:
			err = p.json.SkipValue()
		}
		return err
	})
}

// text reads a string or a number, a whole one without its point. Anything else
// is skipped and gives "".
func (p *reader) text() (string, error) {
	switch p.json.PeekKind() {
	case jsontext.KindString:
		token, err := p.json.ReadToken()
		if err != nil {
			return "", err
		}
		return token.String(), nil
	case jsontext.KindNumber:
		token, err := p.json.ReadToken()
		if err != nil {
			return "", err
		}
		v, _ := token.Float()
		if math.IsInf(v, 0) {
			return "", nil
		}
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	}
	return "", p.json.SkipValue()
}

// clip and tail shorten a text from a file for a message, to its beginning and
// to its end.
func clip(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "..."
	}
	return s
}

func tail(s string) string {
	if len(s) > 80 {
		return "..." + strings.ToValidUTF8(s[len(s)-80:], "")
	}
	return s
}

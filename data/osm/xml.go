package osm

import (
	"encoding/xml"
	"io"
	"slices"

	"github.com/paulmach/osm"
)

// xmlObjects scans XML. Unlike the scanner that comes with the decoder it marks
// as not visible what is not on the map, which a decoded object does not tell:
// without the attribute it is not visible either, and lies at 0.
type xmlObjects struct {
	d      *xml.Decoder
	skip   map[string]bool // kinds that nobody takes
	object osm.Object
	err    error
}

// Scan goes to the next object.
func (x *xmlObjects) Scan() bool {
	for x.err == nil {
		var t xml.Token
		if t, x.err = x.d.Token(); x.err != nil {
			return false
		}
		start, ok := t.(xml.StartElement)
		switch {
		case !ok:
			continue
		case x.skip[start.Name.Local]:
			x.err = x.d.Skip()
			continue
		}
		switch start.Name.Local {
		case "node":
			o := &osm.Node{}
			x.err = x.d.DecodeElement(o, &start)
			// One without a place stands for a node that the file does not have.
			o.Visible = !deleted(start) && attribute(start, "lat") != "" && attribute(start, "lon") != ""
			x.object = o
		case "way":
			o := &osm.Way{}
			x.err = x.d.DecodeElement(o, &start)
			o.Visible = !deleted(start)
			x.object = o
		case "relation":
			o := &osm.Relation{}
			x.err = x.d.DecodeElement(o, &start)
			o.Visible = !deleted(start)
			x.object = o
		default:
			continue
		}
		return x.err == nil
	}
	return false
}

// deleted reports whether an object is gone: in the history of the map, or in
// what an editor has yet to upload.
func deleted(e xml.StartElement) bool {
	return attribute(e, "visible") == "false" || attribute(e, "action") == "delete"
}

func attribute(e xml.StartElement, name string) string {
	i := slices.IndexFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == name })
	if i < 0 {
		return ""
	}
	return e.Attr[i].Value
}

func (x *xmlObjects) Object() osm.Object { return x.object }

func (x *xmlObjects) Err() error {
	if x.err == io.EOF {
		return nil
	}
	return x.err
}

func (x *xmlObjects) Close() error { return nil }

package osm

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"callbox/geo"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"
)

// The objects of the map, as far as they matter here.
type (
	tag  struct{ key, value string }
	tags []tag

	node struct {
		id, version int64
		at          geo.Point
		tags        tags
	}
	way struct {
		version
		nodes []int64
		tags  tags
	}
	relation struct {
		version
		members []member
		tags    tags
	}
	// version is one state of an object; the last may be that it is deleted.
	version struct {
		id, number int64
		deleted    bool
	}
	member struct {
		kind string // node, way, relation
		id   int64
		role string
	}
)

// get is the value of a key, or "".
func (t tags) get(key string) string {
	for _, tag := range t {
		if tag.key == key {
			return tag.value
		}
	}
	return ""
}

// handler takes the objects of a file, in whatever order they come. A kind
// without a function is passed over.
type handler struct {
	node     func(node)
	way      func(way)
	relation func(relation)
}

// scanner is what the decoders of both formats have in common.
type scanner interface {
	Scan() bool
	Object() osm.Object
	Err() error
	Close() error
}

// decode reads a file, which is unpacked.
func decode(r io.Reader, h handler) error {
	b := bufio.NewReaderSize(r, 1<<16)
	kind, err := sniff(b)
	if err != nil {
		return err
	}
	var s scanner
	if kind == pbfFile {
		// One goroutine: the blocks are unpacked before, and order is kept.
		p := osmpbf.New(context.Background(), &blocks{r: b}, 1)
		p.SkipNodes, p.SkipWays, p.SkipRelations = h.node == nil, h.way == nil, h.relation == nil
		s = p
	} else {
		s = &xmlObjects{d: xml.NewDecoder(b), skip: map[string]bool{
			"node": h.node == nil, "way": h.way == nil, "relation": h.relation == nil,
		}}
	}
	defer s.Close()
	return scan(s, h)
}

func scan(s scanner, h handler) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = wrong(RuleSyntax, "the decoder gave up (%v); %s", r, fetchAgain)
		}
	}()
	for s.Scan() {
		switch o := s.Object().(type) {
		case *osm.Node:
			if h.node == nil || !o.Visible {
				continue
			}
			at, err := geo.FromDegrees(o.Lat, o.Lon)
			if err != nil {
				return wrong(RuleCoordinate, "node %d: %v; correct it or %s", o.ID, err, fetchAgain)
			}
			h.node(node{int64(o.ID), int64(o.Version), at, tagsOf(o.Tags)})
		case *osm.Way:
			if h.way == nil {
				continue
			}
			w := way{version: version{int64(o.ID), int64(o.Version), !o.Visible}, tags: tagsOf(o.Tags)}
			for _, n := range o.Nodes {
				w.nodes = append(w.nodes, int64(n.ID))
			}
			h.way(w)
		case *osm.Relation:
			if h.relation == nil {
				continue
			}
			r := relation{version: version{int64(o.ID), int64(o.Version), !o.Visible}, tags: tagsOf(o.Tags)}
			for _, m := range o.Members {
				r.members = append(r.members, member{string(m.Type), m.Ref, m.Role})
			}
			h.relation(r)
		}
	}
	return scanError(s.Err())
}

func tagsOf(from osm.Tags) tags {
	if len(from) == 0 {
		return nil
	}
	t := make(tags, len(from))
	for i, pair := range from {
		t[i] = tag{pair.Key, pair.Value}
	}
	return t
}

// scanError tells what is wrong by the error of a decoder.
func scanError(err error) error {
	var known *Error
	var syntax *xml.SyntaxError
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		return wrong(RuleTruncated, "the file ends in the middle, on line %d; %s", syntax.Line, fetchAgain)
	case errors.As(err, &syntax):
		return wrong(RuleSyntax, "line %d: %s; correct it or %s", syntax.Line, syntax.Msg, fetchAgain)
	}
	return &Error{Rule: RuleSyntax, Detail: fmt.Sprintf("%v; %s", err, fetchAgain), Err: err}
}

package policy

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// reader takes a tree of YAML apart and notes every mistake on the way. What it
// cannot read stays as it was.
type reader struct{ mistakes Mistakes }

func (r *reader) wrong(line int, format string, args ...any) {
	r.mistakes = append(r.mistakes, Mistake{line, fmt.Sprintf(format, args...)})
}

// reading reads a node, which errors call what. It is false if it could not.
type reading func(what string, n *yaml.Node) bool

// field is one of those that a mapping may have.
type field struct {
	name string
	read reading
	must bool // it may not be left out
}

// fieldsAt are the fields that a mapping has. Those that say nothing (null) are
// left out.
type fieldsAt map[string]fieldAt

type fieldAt struct {
	line int
	read bool // false: it could not be read
}

// line is that of a field, 0 if it is not there.
func (at fieldsAt) line(name string) int { return at[name].line }

// read reports whether all of these fields are there and could be read.
func (at fieldsAt) read(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !at[name].read })
}

// mapping reads the fields of a mapping, in the order of the table whatever that
// of the file.
func (r *reader) mapping(what string, n *yaml.Node, table []field) fieldsAt {
	values := make(map[string]*yaml.Node)
	for key, value := range r.entries(what, n) {
		if !slices.ContainsFunc(table, func(f field) bool { return f.name == key.Value }) {
			var names []string
			for _, f := range table {
				names = append(names, f.name)
			}
			r.wrong(key.Line, "%s is no field; known here: %s", under(what, strconv.Quote(key.Value)), strings.Join(names, ", "))
			continue
		}
		values[key.Value] = value
	}
	at := make(fieldsAt)
	for _, f := range table {
		v := values[f.name]
		switch {
		case v != nil && !isNull(v):
			at[f.name] = fieldAt{v.Line, f.read(under(what, f.name), v)}
		case f.must && unalias(n).Kind == yaml.MappingNode:
			r.wrong(n.Line, "%s is missing", under(what, f.name))
		}
	}
	return at
}

// entries yields the keys of a mapping with their values in the order of the
// file, each key once.
func (r *reader) entries(what string, n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(_, _ *yaml.Node) bool) {
		m := unalias(n)
		if m.Kind != yaml.MappingNode {
			r.wrong(n.Line, "%s must be fields with values, as in {name: value}", cmp.Or(what, "a policy"))
			return
		}
		lines := make(map[string]int)
		for i := 0; i+1 < len(m.Content); i += 2 {
			key := unalias(m.Content[i])
			switch {
			case key.Kind != yaml.ScalarNode:
				r.wrong(key.Line, "%s: the name of a field must be a plain word", cmp.Or(what, "a policy"))
			case lines[key.Value] > 0:
				r.wrong(key.Line, "%s is there twice, on line %d too; keep one of them", under(what, key.Value), lines[key.Value])
			default:
				lines[key.Value] = key.Line
				if !yield(key, m.Content[i+1]) {
					return
				}
			}
		}
	}
}

// list reads the items of a list, of which there must be so many.
func (r *reader) list(least, most int, item reading) reading {
	return func(what string, n *yaml.Node) bool {
		switch l := unalias(n); {
		case l.Kind != yaml.SequenceNode:
			r.wrong(n.Line, "%s must be a list, as in [one, two]", what)
			return false
		case len(l.Content) < least || len(l.Content) > most:
			r.wrong(n.Line, "%s: there must be %d to %d, there are %d", what, least, most, len(l.Content))
			return false
		default:
			good := true
			for _, n := range l.Content {
				good = item(what, n) && good
			}
			return good
		}
	}
}

// textOf is the text of a field of a mapping, "" if there is none.
func textOf(n *yaml.Node, name string) string {
	m := unalias(n)
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Kind == yaml.MappingNode && written(m.Content[i]) == name {
			return written(m.Content[i+1])
		}
	}
	return ""
}

// under names a field of what.
func under(what, field string) string {
	if what == "" {
		return field
	}
	return what + ": " + field
}

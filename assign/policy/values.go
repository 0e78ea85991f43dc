package policy

import (
	"fmt"
	"strings"
	"time"

	"callbox/assign"

	"go.yaml.in/yaml/v4"
)

// text reads a scalar as it is written.
func (r *reader) text(to *string) reading {
	return func(what string, n *yaml.Node) bool {
		v := unalias(n)
		if v.Kind != yaml.ScalarNode || isNull(v) {
			r.wrong(n.Line, "%s must be a text", what)
			return false
		}
		*to = v.Value
		return true
	}
}

// anID says what an ID is made of.
var anID = fmt.Sprintf("1 to %d of A-Z a-z 0-9 . _ : -", assign.MaxID)

// id reads an ID.
func (r *reader) id(to *string) reading {
	return func(what string, n *yaml.Node) bool {
		var id string
		if !r.text(&id)(what, n) {
			return false
		}
		if !assign.ValidID(id) {
			r.wrong(n.Line, "%s: %.80q is not %s", what, id, anID)
			return false
		}
		*to = id
		return true
	}
}

// shortest is the least duration above none.
const shortest = time.Millisecond

// duration reads a duration in whole milliseconds.
func (r *reader) duration(to *time.Duration, least, most time.Duration) reading {
	return func(what string, n *yaml.Node) bool {
		v, err := time.ParseDuration(written(n))
		switch {
		case err != nil:
			r.wrong(n.Line, "%s: %.80q is not a duration; write it as 45m, 8h or 1m30s", what, written(n))
		case v < least || v > most || v%time.Millisecond != 0:
			r.wrong(n.Line, "%s is %.80s; it must be %s to %s, in whole milliseconds", what, written(n), Brief(least), Brief(most))
		default:
			*to = v
			return true
		}
		return false
	}
}

// numberIn reads a whole number or, if T is a floating-point type, any.
func numberIn[T int | float64](r *reader, to *T, least, most T) reading {
	return func(what string, n *yaml.Node) bool {
		var v T
		if err := unalias(n).Load(&v); err != nil || !(v >= least && v <= most) { // NaN is neither
			kind := "number"
			if _, whole := any(v).(int); whole {
				kind = "whole number"
			}
			r.wrong(n.Line, "%s is %.80q; it must be a %s from %v to %v", what, written(n), kind, least, most)
			return false
		}
		*to = v
		return true
	}
}

// flag reads true or false.
func (r *reader) flag(to *bool) reading {
	return func(what string, n *yaml.Node) bool {
		if err := unalias(n).Load(to); err != nil {
			r.wrong(n.Line, "%s is %.80q; it must be true or false", what, written(n))
			return false
		}
		return true
	}
}

// word is one of those that a field may have.
type word string

func (w word) String() string { return string(w) }

// choiceOf reads one of the values by its name.
func choiceOf[T fmt.Stringer](r *reader, to *T, values ...T) reading {
	return func(what string, n *yaml.Node) bool {
		var names []string
		for _, v := range values {
			if n := unalias(n); n.Kind == yaml.ScalarNode && n.Value == v.String() {
				*to = v
				return true
			}
			names = append(names, v.String())
		}
		r.wrong(n.Line, "%s is %.80q; it must be one of %s", what, written(n), strings.Join(names, ", "))
		return false
	}
}

// Brief writes a duration as policy files do: 7m, 1h30m, 500ms.
func Brief(d time.Duration) string {
	s := d.String()
	for _, zero := range [...]string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}

package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"callbox/assign"
)

// written is a fact as text: equal facts are equal texts, byte for byte.
func written(f assign.Fact) string {
	b, err := json.Marshal(f)
	if err != nil {
		panic("verify: a fact that JSON cannot write: " + err.Error())
	}
	return f.Kind() + string(b)
}

// difference says in which field a fact is not what it must be; "" if it is.
func difference(logged, want assign.Fact) string {
	if written(logged) == written(want) {
		return ""
	}
	if what := differs("", tree(logged), tree(want)); what != "" {
		return what
	}
	return "it is written otherwise than it must be" // such as null for nothing
}

// tree is a fact as maps, lists and texts.
func tree(f assign.Fact) (t any) {
	d := json.NewDecoder(bytes.NewReader([]byte(written(f)[len(f.Kind()):])))
	d.UseNumber()
	if err := d.Decode(&t); err != nil {
		panic("verify: a fact that JSON cannot read: " + err.Error())
	}
	return t
}

// differs names the first field in which two trees differ, and both values.
func differs(path string, logged, want any) string {
	a, isMap := logged.(map[string]any)
	if b, ok := want.(map[string]any); ok && isMap {
		names := slices.Sorted(maps.Keys(a))
		for name := range b {
			if _, known := a[name]; !known {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			if what := differs(strings.TrimPrefix(path+"."+name, "."), a[name], b[name]); what != "" {
				return what
			}
		}
		return ""
	}
	c, isList := logged.([]any)
	if d, ok := want.([]any); ok && isList {
		for i := range min(len(c), len(d)) {
			if what := differs(fmt.Sprintf("%s[%d]", path, i), c[i], d[i]); what != "" {
				return what
			}
		}
		if len(c) != len(d) {
			return fmt.Sprintf("%s has %d entries, and must have %d", path, len(c), len(d))
		}
		return ""
	}
	if reflect.DeepEqual(logged, want) {
		return ""
	}
	return fmt.Sprintf("%s is %s, and must be %s", strings.TrimPrefix(path, "decision."), said(path, logged), said(path, want))
}

// said is a value for people.
func said(path string, v any) string {
	name := path[strings.LastIndexByte(path, '.')+1:]
	n, isNumber := v.(json.Number)
	i, err := n.Int64()
	switch {
	case v == nil:
		return "nothing"
	case isNumber && err == nil && (name == "time" || name == "target" || name == "after"):
		return time.Duration(i).String()
	case isNumber && err == nil && (name == "at" || name == "since" || name == "received_at"):
		return assign.Instant(i).String()
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic("verify: a value that JSON cannot write: " + err.Error())
	}
	if most := 120; len(b) > most {
		return string(b[:most]) + "…"
	}
	return string(b)
}

package times

import (
	"bytes"
	"strconv"
	"strings"
)

// What a column is for: an hour, if it is not negative.
const (
	arcColumn = -1 - iota
	tailColumn
	headColumn
	otherColumn // of those that WriteArcs writes
)

// columns say what the fields of a line are.
type columns struct {
	names []string
	use   []int
}

// header reads the names of the columns.
func (s *source) header(line []byte) (columns, error) {
	var c columns
	seen := make(map[string]bool)
	for field := range bytes.SplitSeq(line, []byte{','}) {
		name := strings.ToLower(string(bare(field)))
		use, known := useOf(name)
		switch {
		case !known:
			return c, s.wrong(RuleColumns, "", "there is no column %.40q; the columns are arc and h0 to h%d, parted by commas", name, Hours-1)
		case seen[name]:
			return c, s.wrong(RuleColumns, name, "it is there twice; leave one out")
		}
		seen[name] = true
		c.names, c.use = append(c.names, name), append(c.use, use)
	}
	if !seen["arc"] {
		return c, s.wrong(RuleColumns, "arc", "it is missing; callbox city arcs lists the arcs by number")
	}
	for h := range Hours {
		if !seen[hourName(h)] {
			return c, s.wrong(RuleColumns, hourName(h), "it is missing; a table has all hours from h0 to h%d", Hours-1)
		}
	}
	return c, nil
}

func hourName(hour int) string { return "h" + strconv.Itoa(hour) }

func useOf(name string) (use int, known bool) {
	switch name {
	case "arc":
		return arcColumn, true
	case "tail":
		return tailColumn, true
	case "head":
		return headColumn, true
	}
	for _, other := range strings.Split(arcHeader, ",") {
		if name == other {
			return otherColumn, true
		}
	}
	digits, isHour := strings.CutPrefix(name, "h")
	h, err := strconv.ParseUint(digits, 10, 8)
	return int(h), isHour && err == nil && h < Hours && name == hourName(int(h))
}

// bare is a field without the blanks and the quotes around it. Names and numbers
// have none inside.
func bare(field []byte) []byte {
	field = bytes.TrimSpace(field)
	if n := len(field); n > 1 && field[0] == '"' && field[n-1] == '"' {
		field = field[1 : n-1]
	}
	return field
}

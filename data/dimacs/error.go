package dimacs

import "fmt"

// The rules that an input can break.
const (
	RuleOptions    = "options"    // an option is out of its range
	RuleFiles      = "files"      // not one .co, one .gr of lengths and perhaps one of times
	RuleRead       = "read"       // reading failed
	RuleGzip       = "gzip"       // gzip data are damaged
	RuleTruncated  = "truncated"  // gzip data end too early
	RuleEmpty      = "empty"      // no data at all, or a graph without nodes or arcs
	RuleLine       = "line"       // a line is too long
	RuleSyntax     = "syntax"     // a line is none of the format
	RuleHeader     = "header"     // the p line is missing, late, there twice, or of another format
	RuleSize       = "size"       // the p line promises more than 2^28 nodes or arcs
	RuleCount      = "count"      // more or fewer lines than the p line says
	RuleID         = "id"         // a node ID is not from 1 to the number of nodes
	RuleDuplicate  = "duplicate"  // a node is there twice
	RuleCoordinate = "coordinate" // a coordinate is not on the earth
	RuleWeight     = "weight"     // a weight is negative or too large
	RuleMismatch   = "mismatch"   // the files are not of one graph
)

// Error says what is wrong with an input. It is matched with errors.As.
type Error struct {
	File   string // as given, or what it is: "coordinates", "lengths", "times"
	Line   int    // from 1; 0 if it is about the whole file
	Rule   string // one of the rules
	Detail string
	Err    error // the cause, or nil
}

// Error writes file, line, rule and detail.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s: %s", e.File, e.Rule, e.Detail)
	}
	return fmt.Sprintf("%s:%d: %s: %s", e.File, e.Line, e.Rule, e.Detail)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

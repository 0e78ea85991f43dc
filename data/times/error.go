package times

import "fmt"

// The rules that a table can break.
const (
	RuleRead      = "read"      // reading failed
	RuleGzip      = "gzip"      // gzip data are damaged
	RuleTruncated = "truncated" // gzip data end too early
	RuleSize      = "size"      // the table is longer than any of its graph
	RuleLine      = "line"      // a line is too long
	RuleEmpty     = "empty"     // no lines, or none after the first
	RuleColumns   = "columns"   // a column is missing, unknown or there twice
	RuleFields    = "fields"    // a line has more or fewer fields than there are columns
	RuleArc       = "arc"       // no arc of the graph, or none of a street
	RuleDuplicate = "duplicate" // an arc is there twice
	RuleMismatch  = "mismatch"  // an arc has other end nodes in the graph
	RuleTime      = "time"      // a time is negative, no number or too large
)

// Error says what is wrong with a table. It is matched with errors.As.
type Error struct {
	File   string // as given to ReadFile, or "times"
	Line   int    // from 1; 0 if it is about the whole file
	Column string // "" if it is about the whole line
	Rule   string // one of the rules
	Detail string // what is wrong, and what to do
	Err    error  // the cause, or nil
}

// Error writes file, line, column, rule and detail.
func (e *Error) Error() string {
	at := e.File
	if e.Line > 0 {
		at += fmt.Sprintf(":%d", e.Line)
	}
	if e.Column != "" {
		at += ": column " + e.Column
	}
	return fmt.Sprintf("%s: %s: %s", at, e.Rule, e.Detail)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

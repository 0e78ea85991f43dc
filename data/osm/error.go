package osm

import "fmt"

// The rules that a file can break.
const (
	RuleRead        = "read"        // reading failed
	RuleGzip        = "gzip"        // gzip data are damaged
	RuleTruncated   = "truncated"   // the file ends too early
	RuleEmpty       = "empty"       // the file is empty
	RuleFormat      = "format"      // it is no OpenStreetMap file
	RuleSyntax      = "syntax"      // it is damaged, or not what its format asks for
	RuleUnsupported = "unsupported" // a variety of the format that is not read
	RuleCoordinate  = "coordinate"  // a node is not on the earth
	RuleRoads       = "roads"       // nothing in it can be driven
	RuleSize        = "size"        // more roads than a graph can hold
)

// Error says what is wrong with a file and what to do. It is matched with
// errors.As.
type Error struct {
	File   string
	Rule   string // one of the rules
	Detail string
	Err    error // the cause, or nil
}

// Error writes file, rule and detail.
func (e *Error) Error() string { return fmt.Sprintf("%s: %s: %s", e.File, e.Rule, e.Detail) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// wrong is an Error of a file whose name is put in later.
func wrong(rule, format string, args ...any) *Error {
	return &Error{Rule: rule, Detail: fmt.Sprintf(format, args...)}
}

// fetchAgain is what helps with most damage.
const fetchAgain = "fetch it again"

package assign

import (
	"fmt"
	"unicode/utf8"
)

// Fault says whose fault a refusal is, and so what its receiver should do.
type Fault uint8

// The kinds of refusal, in the order in which they are looked for.
const (
	Invalid  Fault = iota // the command makes no sense; do not send it again
	NotFound              // it names a call or unit that is not there
	Conflict              // it does not fit what has already happened
)

// Refusal is why a command was not carried out. A refused command leaves no
// trace in the state or the log.
type Refusal struct {
	Fault  Fault
	Code   string // stable, lower case with underscores
	Field  string // the command's field at fault, as the wire names it; may be empty
	Detail string // one sentence: what was wrong, and what to do
}

// Error gives the code and the sentence.
func (r *Refusal) Error() string { return r.Code + ": " + r.Detail }

func refuse(f Fault, code, field, format string, args ...any) error {
	return &Refusal{Fault: f, Code: code, Field: field, Detail: fmt.Sprintf(format, args...)}
}

// legible refuses text that is not UTF-8, which no journal can hold. Fields and
// texts are given in turn.
func legible(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if !utf8.ValidString(pairs[i+1]) {
			return refuse(Invalid, "not_utf8", pairs[i], "%s is not UTF-8", pairs[i])
		}
	}
	return nil
}

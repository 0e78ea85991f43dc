package wire

import (
	"errors"
	"fmt"
	"net/http"

	"callbox/assign"
)

// Problem is an answer that says no: RFC 9457, application/problem+json.
type Problem struct {
	Type   string  `json:"type"` // always about:blank: Title says what Status means
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Code   string  `json:"code"`   // stable, for programs
	Detail string  `json:"detail"` // one sentence, for people
	Field  string  `json:"field,omitempty"`
	Faults []Fault `json:"faults,omitempty"` // of a document of areas
}

// Fault is one mistake in a document of areas.
type Fault struct {
	Feature int    `json:"feature"` // index in the collection; -1 if none
	ID      string `json:"id,omitempty"`
	Polygon int    `json:"polygon"` // index in the feature's shape; -1 if none
	Ring    int    `json:"ring"`    // index in the polygon; -1 if none
	Rule    string `json:"rule"`
	Detail  string `json:"detail"`
}

// Error gives the code and the sentence.
func (p *Problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail) }

// Wrong makes a problem.
func Wrong(status int, code, field, format string, args ...any) *Problem {
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Code: code, Field: field, Detail: fmt.Sprintf(format, args...),
	}
}

// ProblemOf turns a refusal of the core into a problem; nil for other errors.
func ProblemOf(err error) *Problem {
	var r *assign.Refusal
	if !errors.As(err, &r) {
		return nil
	}
	status := map[assign.Fault]int{
		assign.Invalid:  http.StatusUnprocessableEntity,
		assign.NotFound: http.StatusNotFound,
		assign.Conflict: http.StatusConflict,
	}[r.Fault]
	return Wrong(status, r.Code, r.Field, "%s", r.Detail)
}

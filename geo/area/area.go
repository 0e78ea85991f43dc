// Package area knows polygons with an ID: precincts, sectors, beats. It checks
// them, puts right what can be put right, and tells which of them hold a point.
//
// Coordinates come in as degrees and are rounded to E7 integers once. After
// that every answer is exact: a point is inside, on the rim or outside, on
// every machine. The rim belongs to the area. Edges are straight in the plane
// of longitude and latitude, as RFC 7946 has it, and no area crosses the
// antimeridian.
package area

import (
	"fmt"
	"regexp"

	"github.com/paulmach/orb"
)

// Kind is what sort of area one is: a lower-case word.
type Kind string

// The kinds of a police department, finest first.
const (
	Beat     Kind = "beat"
	Sector   Kind = "sector"
	Precinct Kind = "precinct"
)

// Area is a polygon, or several, with an ID.
type Area struct {
	ID     string           // 1 to 128 of A-Z a-z 0-9 . _ : -
	Kind   Kind             // required
	Name   string           // for people; may be empty
	Parent string           // the ID of the area of a coarser kind around it, "" if none or not known
	Shape  orb.MultiPolygon // longitude and latitude, WGS 84, degrees
}

var (
	idForm   = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,128}$`)
	kindForm = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)
)

// checkName reports what is wrong with the ID or the kind of a.
func checkName(feature int, a Area, report *Report) {
	where := Feature(feature, a.ID)
	switch {
	case a.ID == "":
		report.Add(where.Fault(MissingID, "the area has no ID; give it one"))
	case !idForm.MatchString(a.ID):
		report.Add(where.Fault(BadID, fmt.Sprintf("%.140q is not an ID; use 1 to 128 of the characters A-Z a-z 0-9 . _ : -", a.ID)))
	}
	if !kindForm.MatchString(string(a.Kind)) {
		report.Add(where.Fault(UnknownKind, fmt.Sprintf("the kind is %.40q; it must be a lower-case word such as precinct, sector or beat", string(a.Kind))))
	}
}

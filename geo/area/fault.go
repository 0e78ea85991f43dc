package area

import (
	"fmt"
	"strings"
)

// Rule is the code of a rule that areas must keep. Codes are stable. A Rule is
// an error, so that errors.Is(err, area.SelfCrossing) finds it in any fault.
type Rule string

// The rules of the shapes and names of areas. Package data/geojson adds those
// of files.
const (
	Projected    Rule = "projected_coordinates" // metres or feet where degrees belong
	Swapped      Rule = "swapped_coordinates"   // latitude before longitude
	NotFinite    Rule = "not_finite"            // a coordinate is NaN or infinite
	TooFew       Rule = "too_few_positions"     // a ring of fewer than four positions
	OpenRing     Rule = "open_ring"             // the last position is not the first
	ZeroArea     Rule = "zero_area"             // nothing is left of the area in steps of 1e-7 degree
	SelfCrossing Rule = "self_crossing"         // a ring crosses or retraces itself
	HoleOutside  Rule = "hole_outside"          // a hole is not inside its polygon
	TooComplex   Rule = "too_complex"           // too tangled to be checked for crossings
	MissingID    Rule = "missing_id"
	BadID        Rule = "bad_id"
	DuplicateID  Rule = "duplicate_id"
	UnknownKind  Rule = "unknown_kind"
	NoParent     Rule = "unknown_parent" // the parent is not among the areas
	BadParent    Rule = "bad_parent"     // the parent's kind is not coarser
	MoreFaults   Rule = "more_faults"    // stands for the faults beyond MaxFaults
)

// Error is the code itself.
func (r Rule) Error() string { return string(r) }

// Where is a place in a collection that a fault can be found at. Indexes count
// from 0 in the order of the input; -1 means that none is concerned.
type Where struct {
	Feature int    // index of the area
	ID      string // of the area, if it has one
	Polygon int    // index in the area's shape
	Ring    int    // index in the polygon: 0 is the rim, others are holes
}

// Nowhere is the place of a fault that concerns no feature.
var Nowhere = Where{Feature: -1, Polygon: -1, Ring: -1}

// Feature is the place of a whole area, by its index and its ID. An ID of
// another form than IDs have is left out.
func Feature(index int, id string) Where {
	if !idForm.MatchString(id) {
		id = ""
	}
	return Where{index, id, -1, -1}
}

// In is the place of a ring of a polygon of the same area.
func (w Where) In(polygon, ring int) Where { return Where{w.Feature, w.ID, polygon, ring} }

// Fault is a fault at this place.
func (w Where) Fault(r Rule, detail string) Fault { return Fault{w, r, detail} }

// Fault says where which rule was broken, and what to do.
type Fault struct {
	Where
	Rule   Rule
	Detail string
}

// Error names the place, the rule and the remedy on one line.
func (f Fault) Error() string {
	var b strings.Builder
	if f.Feature >= 0 {
		fmt.Fprintf(&b, "feature %d", f.Feature)
		if f.ID != "" {
			fmt.Fprintf(&b, " (%s)", f.ID)
		}
		if f.Polygon >= 0 {
			fmt.Fprintf(&b, ", polygon %d", f.Polygon)
		}
		if f.Ring >= 0 {
			fmt.Fprintf(&b, ", ring %d", f.Ring)
		}
		b.WriteString(": ")
	}
	fmt.Fprintf(&b, "%s: %s", f.Rule, f.Detail)
	return b.String()
}

// Unwrap is the rule, for errors.Is.
func (f Fault) Unwrap() error { return f.Rule }

// Faults is the error of a collection that is refused. It is found with
// errors.As, and each of its rules with errors.Is.
type Faults []Fault

// Error gives one line for each fault.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lists the faults, for errors.Is and errors.As.
func (fs Faults) Unwrap() []error {
	errs := make([]error, len(fs))
	for i, f := range fs {
		errs[i] = f
	}
	return errs
}

// MaxFaults is how many faults of features a Report keeps; the rest is counted.
const MaxFaults = 100

// Report collects faults. Its zero value is empty.
type Report struct {
	kept Faults
	more int
}

// Add notes f. Faults that concern no feature, but the whole collection, are
// always kept: there are few of them.
func (r *Report) Add(f Fault) {
	if len(r.kept) >= MaxFaults && f.Feature >= 0 {
		r.more++
		return
	}
	r.kept = append(r.kept, f)
}

// Len is the number of faults noted, those not kept among them.
func (r *Report) Len() int { return len(r.kept) + r.more }

// Err is nil, or Faults: those kept and, if there were others, one of rule
// MoreFaults that says how many.
func (r *Report) Err() error {
	if len(r.kept) == 0 {
		return nil
	}
	fs := r.kept[:len(r.kept):len(r.kept)]
	if r.more > 0 {
		fs = append(fs, Nowhere.Fault(MoreFaults, fmt.Sprintf("%d more faults are not listed; mend these first", r.more)))
	}
	return fs
}

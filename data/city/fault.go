package city

import (
	"errors"
	"fmt"
	"io/fs"

	"callbox/data/dimacs"
	"callbox/data/osm"
	"callbox/geo/area"
)

// The rules of cities, beside those of areas in package area and of their files
// in package geojson.
const (
	WrongFormat  area.Rule = "wrong_format"  // a file of another kind than is needed
	Elsewhere    area.Rule = "elsewhere"     // files of places that have nothing in common
	BadColumns   area.Rule = "bad_columns"   // a table without the columns that are needed
	BadRow       area.Rule = "bad_row"       // a row of a table that cannot be read
	NotCity      area.Rule = "not_a_city"    // a folder without a manifest, or with one that is none
	OtherVersion area.Rule = "other_version" // a folder of another version of this program
	MissingFile  area.Rule = "missing_file"  // the manifest names a file that is not there
	DamagedFile  area.Rule = "damaged_file"  // a file is not what the manifest says
	FolderInUse  area.Rule = "folder_in_use" // a folder that holds something else
)

// Fault is one thing that is wrong with a file, or with files that should fit
// together. Its rule, an area.Rule or an error of the package that read the
// file, is found with errors.Is and errors.As.
type Fault struct {
	File string // as given; "" if it concerns none
	Line int    // from 1; 0 if it is about the whole file or Err says where
	Err  error
}

// Error names the file, the place, the rule and the remedy on one line.
func (f Fault) Error() string {
	switch {
	case f.File == "" || errors.As(f.Err, new(*dimacs.Error)) || errors.As(f.Err, new(*osm.Error)): // which name their file themselves
		return f.Err.Error()
	case f.Line > 0:
		return fmt.Sprintf("%s:%d: %v", f.File, f.Line, f.Err)
	}
	return fmt.Sprintf("%s: %v", f.File, f.Err)
}

// Unwrap gives the cause.
func (f Fault) Unwrap() error { return f.Err }

// Faults is the error of files that are refused: one or more.
type Faults []Fault

// Error is the first fault and how many there are besides, on one line.
func (fs Faults) Error() string {
	switch n := len(fs); {
	case n == 0:
		return "no faults"
	case n == 1:
		return fs[0].Error()
	case fs.More():
		return fmt.Sprintf("%v (and more than %d more)", fs[0], n-2)
	default:
		return fmt.Sprintf("%v (and %d more)", fs[0], n-1)
	}
}

// More reports whether there are faults that are not listed: then the last one
// of the list stands for them.
func (fs Faults) More() bool {
	return len(fs) > 0 && errors.Is(fs[len(fs)-1], area.MoreFaults)
}

// Unwrap lists the faults, for errors.Is and errors.As.
func (fs Faults) Unwrap() []error {
	errs := make([]error, len(fs))
	for i, f := range fs {
		errs[i] = f
	}
	return errs
}

// faultsOf tells what is wrong with a file by the error of its reader. A file
// that could not be read at all is no fault of its content: its error comes
// back as it is.
func faultsOf(file string, err error) error {
	var (
		path *fs.PathError
		many area.Faults
		bad  *dimacs.Error
	)
	switch {
	case err == nil || errors.As(err, &path):
		return err
	case errors.As(err, &many):
		return each(file, many)
	case errors.As(err, &bad):
		file = bad.File
	}
	return Faults{{File: file, Err: err}}
}

func each[E error](file string, errs []E) Faults {
	var faults Faults
	for _, err := range errs {
		faults = append(faults, Fault{File: file, Err: err})
	}
	return faults
}

// fault is an error of one fault of a whole file.
func fault(file string, rule area.Rule, format string, args ...any) error {
	return Faults{{File: file, Err: area.Nowhere.Fault(rule, fmt.Sprintf(format, args...))}}
}

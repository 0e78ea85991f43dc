package geojson

import "callbox/geo/area"

// Options say how to read a file. The zero value is ready for use.
type Options struct {
	IDProperty string    // the property that is the ID, in place of those the package comment lists
	Kind       area.Kind // the kind of all areas; "" takes it from the properties
	Limits     Limits
}

// Limits bound what is read. A field that is 0 stands for its default.
type Limits struct {
	Bytes     int64 // of the file, unpacked; 256 MiB
	Positions int   // of all features, each array within coordinates counted; 4 million
	Features  int   // 100,000
	Depth     int   // of arrays and objects in each other; 16
}

func (l Limits) orDefault() Limits {
	if l.Bytes == 0 {
		l.Bytes = 256 << 20
	}
	if l.Positions == 0 {
		l.Positions = 4_000_000
	}
	if l.Features == 0 {
		l.Features = 100_000
	}
	if l.Depth == 0 {
		l.Depth = 16
	}
	return l
}

// Limits that are not options: no honest file comes near.
const (
	maxRun     = 1 << 20 // bytes of one string, one number, or blanks in a row
	maxMembers = 10_000  // of one object
)

// The rules of files, beside those of areas in package area.
const (
	EmptyFile     area.Rule = "empty_file"
	TruncatedGzip area.Rule = "truncated_gzip"
	BadGzip       area.Rule = "bad_gzip"
	BadJSON       area.Rule = "bad_json"
	TooDeep       area.Rule = "too_deep"
	TooLarge      area.Rule = "too_large"
	NotCollection area.Rule = "not_collection" // neither a FeatureCollection nor a Feature
	NoFeatures    area.Rule = "no_features"
	NotFeature    area.Rule = "not_feature"  // a member of features that is none
	NotPolygon    area.Rule = "not_polygon"  // a geometry of another type, or none
	NotPoint      area.Rule = "not_point"    // the same, where posts are read
	BadPosition   area.Rule = "bad_position" // coordinates that are not two to four numbers
)

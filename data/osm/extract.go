package osm

import (
	"cmp"
	"io"
	"slices"

	"callbox/geo"
)

// extract is what a file says about streets: the ways that are driven, the
// nodes that they pass, and turn restrictions, each in order of ID, so that the
// order of the file does not matter.
type extract struct {
	ways         []street
	restrictions []restriction

	ids      []int64 // of the nodes
	points   []geo.Point
	versions []int64
	known    []bool // whether the file has the node
	barriers []permission
}

// street is a highway and how it is driven; why not, if it is not.
type street struct {
	version
	nodes   []int64
	drive   drive
	why     string
	remarks []string
}

// twoWay reports whether routine traffic drives the way in both directions.
func (s *street) twoWay() bool {
	return s.drive[forward][geo.Routine] > 0 && s.drive[backward][geo.Routine] > 0
}

// readExtract reads a file twice: its ways and relations, then those of its
// nodes that are on a way. So memory grows with the streets and not with the
// map.
func readExtract(s source, progress Progress, r *Report) (*extract, error) {
	x := &extract{}
	var turns []relation
	err := s.pass("reading ways", progress, func(file io.Reader) error {
		return decode(file, handler{
			way: func(w way) {
				if w.tags.get("highway") == "" && !w.deleted {
					return
				}
				way := street{version: w.version}
				if way.drive, way.why, way.remarks = interpret(w.tags); way.why == "" {
					way.nodes = w.nodes
				}
				x.ways = append(x.ways, way)
			},
			relation: func(t relation) {
				if t.tags.get("type") == "restriction" || t.deleted {
					turns = append(turns, t)
				}
			},
		})
	})
	if err != nil {
		return nil, err
	}
	x.keepWays(r)
	x.keepRestrictions(turns, r)
	for _, w := range x.ways {
		x.ids = append(x.ids, w.nodes...)
	}
	slices.Sort(x.ids)
	x.ids = slices.Clip(slices.Compact(x.ids))
	x.points, x.versions = make([]geo.Point, len(x.ids)), make([]int64, len(x.ids))
	x.known, x.barriers = make([]bool, len(x.ids)), make([]permission, len(x.ids))
	err = s.pass("reading nodes", progress, func(file io.Reader) error {
		return decode(file, handler{node: func(n node) { x.put(n, r) }})
	})
	if err != nil {
		return nil, err
	}
	for i, known := range x.known {
		if !known {
			r.Missing++
		}
		if x.barriers[i] != open {
			r.Barriers++
		}
	}
	return x, nil
}

// keepWays keeps the ways that are driven.
func (x *extract) keepWays(r *Report) {
	x.ways, r.Duplicates = newest(x.ways, func(w street) version { return w.version })
	r.Ways = len(x.ways)
	unused, remarks := tally{}, tally{}
	x.ways = slices.DeleteFunc(x.ways, func(w street) bool {
		for _, remark := range w.remarks {
			remarks[remark]++
		}
		if w.why != "" {
			unused[w.why]++
		}
		return w.why != ""
	})
	r.Driven, r.Unused, r.Remarks = len(x.ways), unused.counts(), remarks.counts()
}

// keepRestrictions keeps those that a car must heed.
func (x *extract) keepRestrictions(all []relation, r *Report) {
	all, duplicates := newest(all, func(t relation) version { return t.version })
	r.Duplicates += duplicates
	r.Restrictions, r.ignored = len(all), tally{}
	for _, t := range all {
		turn, why := parseRestriction(t)
		if why != "" {
			r.ignored[why]++
			continue
		}
		x.restrictions = append(x.restrictions, turn)
	}
}

// put notes a node if it is on a way.
func (x *extract) put(n node, r *Report) {
	i, ok := slices.BinarySearch(x.ids, n.id)
	if !ok {
		return
	}
	if x.known[i] {
		r.Duplicates++
		if n.version <= x.versions[i] {
			return
		}
	}
	x.points[i], x.versions[i], x.known[i], x.barriers[i] = n.at, n.version, true, barrier(n.tags)
}

// newest sorts objects by ID and keeps of each the one of the highest version,
// unless that is deleted.
func newest[T any](all []T, of func(T) version) (kept []T, duplicates int) {
	slices.SortStableFunc(all, func(a, b T) int {
		return cmp.Or(cmp.Compare(of(a).id, of(b).id), cmp.Compare(of(b).number, of(a).number))
	})
	kept = slices.CompactFunc(all, func(a, b T) bool { return of(a).id == of(b).id })
	duplicates = len(all) - len(kept)
	return slices.DeleteFunc(kept, func(o T) bool { return of(o).deleted }), duplicates
}

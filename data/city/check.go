package city

import (
	"io"
	"os"

	"callbox/assign/policy"
	"callbox/data/geojson"
	"callbox/geo/road"
)

// Check tests a city folder, or a file of areas, posts, roads or a policy, and
// says what it holds. What a file is, is decided by its content. The error is
// Faults, all that can be found in one go, or that of a path that cannot be
// read.
func Check(path string) (Report, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Report{}, err
	}
	if info.IsDir() {
		c, err := Open(path)
		if err != nil {
			return Report{}, err
		}
		return c.survey(), nil
	}
	f, head, err := formatOf(path)
	if err != nil {
		return Report{}, faultsOf(path, err)
	}
	switch f {
	case areasFormat:
		return checkAreas(path)
	case pointsFormat, tableFormat:
		posts, err := readPosts(path)
		return Report{What: "posts", Posts: &PostReport{Count: len(posts)}}, err
	case graphFormat, coordsFormat:
		return checkDimacs(path, f, head)
	case roadsFormat:
		return checkRoads(path)
	case osmFormat:
		return checkMap(path)
	case policyFormat:
		return checkPolicy(path)
	case emptyFile:
		return Report{}, fault(path, geojson.EmptyFile, "the file is empty")
	case unknownFormat:
		return Report{}, fault(path, WrongFormat, "it is none of the files of a city: areas or posts (GeoJSON or a table), roads (OpenStreetMap or DIMACS), a policy (YAML)")
	}
	return Report{}, fault(path, WrongFormat, "this is %s, which no city has%s", f, remedy(f))
}

func checkAreas(path string) (Report, error) {
	areas, err := readAreasFile(path, func(string, int64, int64) {})
	return Report{What: "areas", Areas: kindsOf(areas)}, err
}

func checkRoads(path string) (Report, error) {
	r, err := open(path)
	if err != nil {
		return Report{}, faultsOf(path, err)
	}
	defer r.Close()
	g, err := road.Read(r)
	if err != nil {
		return Report{}, faultsOf(path, err)
	}
	return Report{What: "roads", Roads: surveyRoads(g)}, nil
}

func checkPolicy(path string) (Report, error) {
	r, err := open(path)
	if err != nil {
		return Report{}, faultsOf(path, err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, policy.MaxFile+1))
	if err != nil {
		return Report{}, faultsOf(path, err)
	}
	p, err := policy.Parse(text)
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return Report{}, each(path, joined.Unwrap())
	}
	if err != nil {
		return Report{}, faultsOf(path, err)
	}
	return Report{What: "policy", Name: p.Name}, nil
}

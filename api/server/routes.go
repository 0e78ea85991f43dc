package server

import (
	"net/http"
	"strings"

	"callbox/api/wire"
)

// scope is what a key must allow.
type scope int

const (
	public scope = iota // no key is asked for
	reads
	writes
	administers
)

// route is one method of one path. A path's parameter is written {id}.
type route struct {
	method string
	path   string
	scope  scope
	limit  int // of the body, in bytes; 0: no body
	handle func(*Server, *request) (*answer, error)
}

// Limits on bodies, in bytes.
const (
	smallBody     = 256 << 10
	positionsBody = 4 << 20
	areasBody     = 16 << 20
)

// routes are all that is answered, as openapi.yaml tells them.
var routes = []route{
	{"POST", "/v1/assign", writes, smallBody, (*Server).assign},
	{"GET", "/v1/calls", reads, 0, (*Server).calls},
	{"GET", "/v1/calls/{id}", reads, 0, (*Server).call},
	{"POST", "/v1/calls/{id}/close", writes, smallBody, (*Server).closeCall},
	{"POST", "/v1/calls/{id}/cancel", writes, smallBody, (*Server).cancelCall},
	{"GET", "/v1/units", reads, 0, (*Server).units},
	{"GET", "/v1/units/{id}", reads, 0, (*Server).unit},
	{"PUT", "/v1/units/{id}", writes, smallBody, (*Server).signOn},
	{"POST", "/v1/units/{id}/status", writes, smallBody, (*Server).setStatus},
	{"POST", "/v1/positions", writes, positionsBody, (*Server).positions},
	{"POST", "/v1/override", writes, smallBody, (*Server).override},
	{"GET", "/v1/decisions/{id}", reads, 0, (*Server).decision},
	{"GET", "/v1/clocks", reads, 0, (*Server).clocks},
	{"GET", "/v1/move-ups", reads, 0, (*Server).moveUps},
	{"GET", "/v1/events", reads, 0, (*Server).events},
	{"GET", "/v1/areas", reads, 0, (*Server).getAreas},
	{"PUT", "/v1/areas", administers, areasBody, (*Server).putAreas},
	{"GET", "/v1/closures", reads, 0, (*Server).closures},
	{"PUT", "/v1/closures/{id}", administers, smallBody, (*Server).closeRoad},
	{"DELETE", "/v1/closures/{id}", administers, 0, (*Server).openRoad},
	{"GET", "/v1/policy", reads, 0, (*Server).getPolicy},
	{"PUT", "/v1/policy", administers, smallBody, (*Server).putPolicy},
	{"GET", "/v1/digest", reads, 0, (*Server).digest},
	{"GET", "/healthz", public, 0, (*Server).health},
	{"GET", "/readyz", public, 0, (*Server).ready},
	{"GET", "/metrics", reads, 0, (*Server).metrics},
	{"GET", "/openapi.yaml", public, 0, (*Server).openapi},
}

// find looks up the route of a request, and the path's parameter. HEAD is
// answered as GET is, and fasthttp leaves the body out (RFC 9110, 9.3.2). The
// problem is 404 or 405; allow then lists the methods that the path has.
func find(method, path string) (found *route, id string, allow []string, err error) {
	for i := range routes {
		r := &routes[i]
		param, ok := match(r.path, path)
		if !ok {
			continue
		}
		if r.method == method || r.method == "GET" && method == "HEAD" {
			return r, param, nil, nil
		}
		if allow = append(allow, r.method); r.method == "GET" {
			allow = append(allow, "HEAD")
		}
	}
	if allow != nil {
		return nil, "", allow, wire.Wrong(http.StatusMethodNotAllowed, "method_not_allowed", "",
			"this path answers %s", strings.Join(allow, ", "))
	}
	return nil, "", nil, wire.Wrong(http.StatusNotFound, "no_such_path", "", "nothing is answered at this path; /openapi.yaml tells what is")
}

// match compares a path with a pattern and gives what stands for {id}.
func match(pattern, path string) (id string, ok bool) {
	before, after, param := strings.Cut(pattern, "{id}")
	if !param {
		return "", pattern == path
	}
	rest, ok := strings.CutPrefix(path, before)
	if !ok {
		return "", false
	}
	if id, ok = strings.CutSuffix(rest, after); !ok {
		return "", false
	}
	return id, id != "" && !strings.Contains(id, "/")
}

// bodyLimit is how much of a body is read for a request, before it is known
// whether it will be answered.
func bodyLimit(method, path string) int {
	if r, _, _, err := find(method, path); err == nil && r.limit > 0 {
		return r.limit
	}
	return smallBody
}

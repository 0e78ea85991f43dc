package server

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// steps are the examples of openapi.yaml in an order that makes sense: the path
// parameter where it is not that of the document's own example, and what the
// answer must hold.
var steps = []struct{ operation, example, id, want string }{
	{"putAreas", "two_precincts", "", `"areas":4`},
	{"signOn", "sign_on", "", `"area":"75A"`},
	{"assign", "dry_run", "", `"candidates":[{"unit":"75A-1"`},
	{"assign", "robbery", "", `"assignments":[{"unit":"75A-1","eta_seconds":43.012`},
	{"assign", "again", "", `"assignments":[{"unit":"75A-1","eta_seconds":43.012`},
	{"signOn", "sign_on", "77B-1", `"status":"available"`},
	{"reportPositions", "two_units", "", `"accepted":2`},
	{"setStatus", "en_route", "", `"status":"en_route"`},
	{"setStatus", "on_scene", "", `"status":"on_scene"`},
	{"signOn", "more_to_give", "", `"capabilities":["esu","patrol"]`},
	{"assign", "two_units", "", `"status":"partly_assigned"`},
	{"override", "nearest_by_radio", "", `"displaced_call":"2026-11-23-000418"`},
	{"assign", "complaint", "", `"status":"waiting"`},
	{"setStatus", "available", "77B-1", `"call":"2026-11-23-000418"`},
	{"closeCall", "report_taken", "", `"unverified":false`},
	{"cancelCall", "caller_called_off", "2026-11-23-000418", `"cancelled":true`},
	{"setStatus", "off_duty", "", `"status":"off_duty"`},
	{"cancelCall", "caller_called_off", "$complaint", `"cancelled":true`},
	{"putPolicy", "three_classes", "", `"reason":"order 26-114"`},
	{"putPolicy", "built_in", "", `"name":"911-first"`},
	{"closeRoad", "hoses", "", `"by":"Lt. Novak","reason":"hoses across the street","closed_at":"2026-11-23T12:00:00.000Z","arcs":2,"length_meters":100`},
	{"closeRoad", "parade", "parade", `"arcs":28`},
	{"closeRoad", "at_a_door", "door", `"arcs":2`},
}

// operations are those of the document by their IDs.
func operations() map[string]*operation {
	all := make(map[string]*operation)
	for path, item := range document().Paths.Map() {
		for method, op := range item.Operations() {
			all[op.OperationID] = &operation{method, path, op}
		}
	}
	return all
}

type operation struct {
	method, path string
	*openapi3.Operation
}

// url fills in the examples of the path's parameters, and those of the query
// that a request with that content type takes.
func (op *operation) url(id string, query bool) string {
	path, values := op.path, url.Values{}
	for _, ref := range op.Parameters {
		switch p := ref.Value; {
		case p.In == "path" && id == "":
			path = strings.ReplaceAll(path, "{id}", fmt.Sprint(p.Example))
		case p.In == "query" && query && p.Example != nil:
			values.Set(p.Name, fmt.Sprint(p.Example))
		}
	}
	path = strings.ReplaceAll(path, "{id}", id)
	if len(values) > 0 {
		path += "?" + values.Encode()
	}
	return path
}

func TestExamplesOfRequests(t *testing.T) {
	b := newBench(t)
	all := operations()
	unsent := make(map[string]bool)
	for id, op := range all {
		if op.RequestBody == nil {
			continue
		}
		for mediaType, content := range op.RequestBody.Value.Content {
			for name := range content.Examples {
				unsent[id+" "+mediaType+" "+name] = true
			}
		}
	}
	complaint := ""
	for _, step := range steps {
		op := all[step.operation]
		sent := 0
		for _, mediaType := range slices.Sorted(maps.Keys(op.RequestBody.Value.Content)) {
			example := op.RequestBody.Value.Content[mediaType].Examples[step.example]
			if example == nil {
				continue
			}
			sent++
			delete(unsent, step.operation+" "+mediaType+" "+step.example)
			id := strings.ReplaceAll(step.id, "$complaint", complaint)
			r := b.do(op.method, op.url(id, mediaType == typeYAML), example.Value.Value, nil, "Content-Type: "+mediaType)
			if !strings.Contains(string(r.body), step.want) {
				t.Errorf("%s %s: %s is not in %s", step.operation, step.example, step.want, r.body)
			}
			if step.example == "complaint" {
				_, rest, _ := strings.Cut(string(r.body), `"call_id":"`)
				complaint, _, _ = strings.Cut(rest, `"`)
			}
		}
		if sent == 0 {
			t.Errorf("openapi.yaml has no example %s of %s", step.example, step.operation)
		}
	}
	for name := range unsent {
		t.Errorf("example %s is not among the steps", name)
	}
	for id, op := range all {
		if op.method != "GET" || id == "followEvents" {
			continue
		}
		r := b.send(context.Background(), "GET", op.url("", true), nil)
		if number := strings.Contains(op.path, "decisions"); r.status != http.StatusOK && !number {
			t.Errorf("%s: %d %s", id, r.status, r.body)
		}
	}
}

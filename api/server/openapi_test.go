package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"callbox/api"
	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/policy"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// document is openapi.yaml, made strict: an answer may not have a field that is
// not described.
var document = sync.OnceValue(func() *openapi3.T {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		panic(err)
	}
	for _, ref := range doc.Components.Schemas {
		closeSchema(ref.Value, make(map[*openapi3.Schema]bool))
	}
	doc.Servers = nil // the tests' servers are elsewhere
	return doc
})

// closeSchema refuses properties that an object does not describe, unless it
// says that it takes them.
func closeSchema(s *openapi3.Schema, seen map[*openapi3.Schema]bool) {
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	if len(s.Properties) > 0 && s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil {
		none := false
		s.AdditionalProperties.Has = &none
	}
	for _, p := range s.Properties {
		closeSchema(p.Value, seen)
	}
	if s.Items != nil {
		closeSchema(s.Items.Value, seen)
	}
}

var router = sync.OnceValue(func() routers.Router {
	text := func(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
		b, err := io.ReadAll(body)
		return string(b), err
	}
	openapi3filter.RegisterBodyDecoder(typeYAML, text)
	openapi3filter.RegisterBodyDecoder(typeNDJSON, text)
	openapi3filter.RegisterBodyDecoder(typeGeoJSON, openapi3filter.JSONBodyDecoder)
	r, err := legacy.NewRouter(document())
	if err != nil {
		panic(err)
	}
	return r
})

// loosely marks requests, in their context, that are meant to be wrong.
type loosely struct{}

// checker is a round tripper that holds requests and answers against
// openapi.yaml.
type checker struct {
	t testing.TB
	*http.Transport
}

func (c *checker) RoundTrip(req *http.Request) (*http.Response, error) {
	c.t.Helper()
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	resp, err := c.Transport.RoundTrip(req)
	if err != nil {
		return resp, err
	}
	if _, _, _, err := find(req.Method, req.URL.Path); err != nil {
		if resp.StatusCode != http.StatusNotFound && resp.StatusCode != http.StatusMethodNotAllowed {
			c.t.Errorf("%s %s answers %d, and there is no such route", req.Method, req.URL.Path, resp.StatusCode)
		}
		return resp, nil
	}
	if req.Method == http.MethodHead { // as GET, which is described
		return resp, nil
	}
	described, params, err := router().FindRoute(req)
	if err != nil {
		c.t.Errorf("%s %s is not described: %v", req.Method, req.URL.Path, err)
		return resp, nil
	}
	checked := req.Clone(req.Context())
	checked.Body = io.NopCloser(bytes.NewReader(body))
	options := &openapi3filter.Options{
		IncludeResponseStatus: true, SkipSettingDefaults: true, RejectWhenRequestBodyNotSpecified: true,
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
	}
	input := &openapi3filter.RequestValidationInput{Request: checked, PathParams: params, Route: described, Options: options}
	if req.Context().Value(loosely{}) == nil {
		if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
			c.t.Errorf("%s %s: the request is not as described: %v", req.Method, req.URL, err)
		}
	}
	return resp, c.answer(resp, input)
}

// answer checks an answer, and a problem's code against the text that
// describes its status. The body of a stream is left to its reader.
func (c *checker) answer(resp *http.Response, input *openapi3filter.RequestValidationInput) error {
	c.t.Helper()
	output := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: resp.StatusCode, Header: resp.Header, Options: input.Options,
	}
	name := input.Request.Method + " " + input.Route.Path
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		output.Options.ExcludeResponseBody = true
		output.Body = http.NoBody
		if err := openapi3filter.ValidateResponse(context.Background(), output); err != nil {
			c.t.Errorf("%s: the answer is not as described: %v", name, err)
		}
		return nil
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	output.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(context.Background(), output); err != nil {
		c.t.Errorf("%s: the answer is not as described: %v\n%.2000s", name, err, body)
	}
	var p wire.Problem
	if resp.StatusCode < 400 || wire.Decode(body, &p) != nil {
		return nil
	}
	described := input.Route.Operation.Responses.Status(resp.StatusCode)
	if described == nil || !strings.Contains(*described.Value.Description, "`"+p.Code+"`") {
		c.t.Errorf("%s: openapi.yaml does not tell of %d %s", name, resp.StatusCode, p.Code)
	}
	return nil
}

func TestDocumentIsValid(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Error(err)
	}
	b := newBench(t)
	if r := b.do("GET", "/openapi.yaml", nil, nil); !bytes.Equal(r.body, api.OpenAPI) {
		t.Error("the server publishes another document")
	}
}

func TestRoutesAreThoseOfTheDocument(t *testing.T) {
	var answered, described []string
	for _, r := range routes {
		answered = append(answered, r.method+" "+r.path)
		item := document().Paths.Value(r.path)
		if item == nil || item.GetOperation(r.method) == nil {
			continue
		}
		op := item.GetOperation(r.method)
		if takesBody := op.RequestBody != nil; takesBody != (r.limit > 0) {
			t.Errorf("%s %s: a body is described %t and taken %t", r.method, r.path, takesBody, r.limit > 0)
		}
		if open := op.Security != nil && len(*op.Security) == 0; open != (r.scope == public) {
			t.Errorf("%s %s: described as open %t, is open %t", r.method, r.path, open, r.scope == public)
		}
	}
	for path, item := range document().Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	slices.Sort(answered)
	slices.Sort(described)
	if !slices.Equal(answered, described) {
		t.Errorf("answered:  %v\ndescribed: %v", answered, described)
	}
}

// Every field of every type on the wire is described, and nothing else is.
func TestFieldsAreThoseOfTheDocument(t *testing.T) {
	types := map[string]any{
		"AssignRequest": wire.AssignRequest{}, "CallRequest": wire.Call{}, "NeedRequest": wire.Need{}, "CloseRequest": wire.CloseRequest{},
		"CancelRequest": wire.CancelRequest{}, "UnitRequest": wire.UnitRequest{}, "StatusRequest": wire.StatusRequest{},
		"OverrideRequest": wire.OverrideRequest{}, "Position": wire.Position{}, "PolicyRequest": wire.PolicyRequest{},
		"Location": wire.Location{}, "Receipt": wire.Receipt{}, "Assignment": wire.Assignment{}, "Candidate": wire.Candidate{},
		"Reason": wire.Reason{}, "ClocksDue": wire.ClocksDue{}, "CallClocks": wire.CallClocks{}, "Call": wire.CallAnswer{}, "Need": wire.Need{}, "Closed": wire.Closed{},
		"Clock": wire.ClockState{}, "CallList": wire.CallList{}, "ClockList": wire.ClockList{}, "Unit": wire.UnitAnswer{},
		"UnitList": wire.UnitList{}, "MoveUps": wire.MoveUps{}, "NoMoves": wire.Reason{}, "UncoveredCell": wire.Uncovered{}, "MoveUp": wire.MoveUp{}, "PositionsAnswer": wire.PositionsAnswer{}, "Decision": wire.DecisionAnswer{},
		"RuleCount": wire.RuleCount{}, "Price": wire.Price{}, "PassedOver": wire.PassedOver{}, "Order": wire.Order{}, "Event": wire.Event{},
		"Area": wire.Area{}, "AreasAnswer": wire.AreasAnswer{},
		"Policy": wire.PolicyAnswer{}, "Class": wire.ClassAnswer{}, "Promotion": wire.PromotionAnswer{}, "MutualAid": wire.MutualAidAnswer{},
		"Solver": wire.SolverAnswer{}, "Digest": wire.Digest{}, "Ready": wire.Ready{},
		"Closure": wire.Closure{}, "ClosureAnswer": wire.ClosureAnswer{}, "OpenedAnswer": wire.OpenedAnswer{}, "ClosureList": wire.ClosureList{},
		"Problem": wire.Problem{}, "Fault": wire.Fault{},
	}
	// Of an assignment, a candidate has what is known before the dispatch.
	later := []string{"decision", "dispatched_at", "en_route_at", "arrived_at", "ended_at", "ended", "ordered_by"}
	for name, ref := range document().Components.Schemas {
		s := ref.Value
		for property, p := range s.Properties {
			if p.Value.Description == "" {
				t.Errorf("%s.%s is not described", name, property)
			}
		}
		if len(s.Properties) == 0 || name == "AreaCollection" || name == "Health" {
			continue
		}
		v, known := types[name]
		if !known {
			t.Errorf("%s is no type of the wire", name)
			continue
		}
		var described []string
		for property := range s.Properties {
			described = append(described, property)
		}
		fields := fieldsOf(reflect.TypeOf(v))
		if name == "Candidate" {
			fields = slices.DeleteFunc(fields, func(f string) bool { return slices.Contains(later, f) })
		}
		slices.Sort(described)
		slices.Sort(fields)
		if !slices.Equal(described, fields) {
			t.Errorf("%s:\ndescribed: %v\nhas:       %v", name, described, fields)
		}
		delete(types, name)
	}
	for name := range types {
		t.Errorf("%s is not described", name)
	}
}

func fieldsOf(t reflect.Type) (names []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			names = append(names, fieldsOf(f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

func TestLimitsAreThoseOfTheDocument(t *testing.T) {
	text := strings.Join(strings.Fields(document().Info.Description), " ")
	for limit, value := range map[string]any{
		"| headers of a request | 8 KiB |":                                  readBuffer / 1024,
		"| body of a request | 256 KiB;":                                    smallBody / 1024,
		"`POST /v1/positions` 4 MiB":                                        positionsBody / 1024 / 1024,
		"and 50,000 positions;":                                             wire.MaxPositions,
		"`PUT /v1/areas` 16 MiB |":                                          areasBody / 1024 / 1024,
		"| connections of one address | 512 ":                               DefaultConnsPerIP,
		"| places of units | at most 50 km outside":                         int(farOut.Meters() / 1000),
		"| event streams | 256, of which one client may have 64:":           fmt.Sprint(maxStreams, streamsPerClient),
		"an event stream sends | 15 s |":                                    int(patience.Seconds()),
		"| needs of a call | 16 entries,":                                   assign.MaxNeeds,
		"32 units in all,":                                                  assign.MaxSlots,
		", 32 capabilities each |":                                          assign.MaxCapabilities,
		"| note / reason, disposition / name | 4,000 / 1,000 / 200 bytes |": fmt.Sprint(wire.MaxNote, wire.MaxReason, wire.MaxName),
		"| policy file | 64 KiB |":                                          policy.MaxFile / 1024,
		"| closures in force | 1,000, of 100,000 arcs in all |":             fmt.Sprint(assign.MaxClosures, assign.MaxArcsInAll),
		"| one closure | 64 KiB of geometry, 50,000 arcs |":                 fmt.Sprint(assign.MaxClosureText/1024, assign.MaxArcs),
		"| closed calls in memory | the newest 100,000;":                    assign.KeepClosed,
		"only the newest 100,000 are kept":                                  assign.KeepKeys,
		"Keys are kept for 24 hours":                                        int(assign.KeyLife.Hours()),
		"are 1 to 128 of":                                                   fmt.Sprint(1, assign.MaxID),
		"at most 1 minute ahead":                                            int(assign.MaxSkew.Minutes()),
		"at most 30 days behind":                                            int(assign.MaxAge.Hours() / 24),
	} {
		digits := func(r rune) bool { return r < '0' || r > '9' }
		written := strings.Join(strings.FieldsFunc(strings.NewReplacer(",", "", "v1", "").Replace(limit), digits), " ")
		if !strings.Contains(text, limit) || written != fmt.Sprint(value) {
			t.Errorf("%q is not said, or it is %v", limit, value)
		}
	}
}

// eventFields is the table of kinds of event in openapi.yaml, and the fields of
// each.
var eventFields = sync.OnceValue(func() map[string][]string {
	table := make(map[string][]string)
	for line := range strings.Lines(document().Components.Schemas["Event"].Value.Description) {
		columns := strings.Split(line, "|")
		if len(columns) != 5 || !strings.Contains(columns[1], "`") {
			continue
		}
		kind := strings.Trim(columns[1], " `")
		table[kind] = strings.FieldsFunc(columns[3], func(r rune) bool { return r == ' ' || r == '`' })
	}
	return table
})

func TestKindsOfEventAreThoseOfTheDocument(t *testing.T) {
	var listed []string
	for _, kind := range document().Components.Schemas["Event"].Value.Properties["kind"].Value.Enum {
		listed = append(listed, fmt.Sprint(kind))
		if _, there := eventFields()[fmt.Sprint(kind)]; !there {
			t.Errorf("the table lacks %v", kind)
		}
	}
	if len(listed) != len(eventFields()) {
		t.Errorf("the table has %d kinds, the enumeration %d", len(eventFields()), len(listed))
	}
}

package server

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
)

// request is what a handler knows of a request. All of it is the handler's own.
type request struct {
	method      string
	path        string
	id          string // the path's parameter
	query       map[string]string
	contentType string
	body        []byte
	key         string // Idempotency-Key, without its quotes
	lastEvent   string // Last-Event-ID
	client      *Key   // nil where no keys are asked for
	from        string // names the client, with a key or without
}

// answer is what a handler returns.
type answer struct {
	status      int
	contentType string
	body        []byte
	header      [][2]string
	stream      io.ReadCloser // instead of body; ends with the connection
}

// The content types that are spoken here.
const (
	typeJSON    = "application/json"
	typeNDJSON  = "application/x-ndjson"
	typeGeoJSON = "application/geo+json"
	typeYAML    = "application/yaml"
	typeProblem = "application/problem+json"
)

func ok(v any) *answer {
	return &answer{status: http.StatusOK, contentType: typeJSON, body: wire.Encode(v)}
}

// decode reads the body as JSON.
func (r *request) decode(v any) error {
	if err := r.expect(typeJSON); err != nil {
		return err
	}
	return wire.Decode(r.body, v)
}

// mediaType is what the body says it is, without parameters; "" if it does not
// say.
func (r *request) mediaType() string {
	mediaType, _, _ := strings.Cut(r.contentType, ";")
	return strings.ToLower(strings.TrimSpace(mediaType))
}

// expect refuses a body that says it is something else.
func (r *request) expect(types ...string) error {
	mediaType := r.mediaType()
	if mediaType == "" || slices.Contains(types, mediaType) {
		return nil
	}
	return wire.Wrong(http.StatusUnsupportedMediaType, "unsupported_media_type", "Content-Type",
		"the body says it is %.100q; it must be %s", mediaType, strings.Join(types, " or "))
}

// only refuses parameters of the query that are not among the names.
func (r *request) only(names ...string) error {
	for _, name := range slices.Sorted(maps.Keys(r.query)) {
		switch {
		case slices.Contains(names, name):
		case len(names) == 0:
			return badQuery("unknown_parameter", name, "there is no parameter %.100q here; this path takes none", name)
		default:
			return badQuery("unknown_parameter", name, "there is no parameter %.100q here; there are %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}

func badQuery(code, name, format string, args ...any) error {
	return wire.Wrong(http.StatusBadRequest, code, name, format, args...)
}

// number reads a whole number from the query.
func (r *request) number(name string, least, most, otherwise int) (int, error) {
	text, there := r.query[name]
	if !there {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, badQuery("bad_parameter", name, "%s must be a whole number from %d to %d", name, least, most)
	}
	return n, nil
}

// floats reads n numbers, separated by commas, from the query.
func (r *request) floats(name string, n int) ([]float64, error) {
	parts := strings.Split(r.query[name], ",")
	if len(parts) != n {
		return nil, badQuery("bad_parameter", name, "%s must be %d numbers with commas between them", name, n)
	}
	out := make([]float64, n)
	for i, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return nil, badQuery("bad_parameter", name, "%s: %.50q is not a number", name, part)
		}
		out[i] = v
	}
	return out, nil
}

// refusal turns any error into the answer that says no.
func refusal(err error) *answer {
	var p *wire.Problem
	a := &answer{contentType: typeProblem}
	switch {
	case errors.As(err, &p):
	case errors.Is(err, engine.ErrBusy):
		p = wire.Wrong(http.StatusServiceUnavailable, "busy", "", "%v", engine.ErrBusy)
		a.header = append(a.header, [2]string{"Retry-After", "1"})
	case errors.Is(err, engine.ErrUnavailable):
		p = wire.Wrong(http.StatusServiceUnavailable, "unavailable", "",
			"the journal does not take writes; whether this one was stored is not known, so send it again with the same Idempotency-Key or id")
		a.header = append(a.header, [2]string{"Retry-After", "5"})
	default:
		if p = wire.ProblemOf(err); p == nil {
			p = wire.Wrong(http.StatusInternalServerError, "internal", "", "the server failed at this request; its log says where")
		}
	}
	a.status, a.body = p.Status, wire.Encode(p)
	return a
}

// plain checks a request that takes no query, and the ID in its path if it has
// one: no route matches an empty ID.
func (r *request) plain() error {
	if err := r.only(); err != nil {
		return err
	}
	if r.id != "" && !assign.ValidID(r.id) {
		return wire.Wrong(http.StatusBadRequest, "bad_id", "id", "the id in the path must be 1 to %d of A-Z a-z 0-9 . _ : -", assign.MaxID)
	}
	return nil
}

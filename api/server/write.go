package server

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
)

// act is a handler of requests whose body is a Q and that ask for one command.
func act[Q any](s *Server, r *request, command func(*Q) (assign.Command, error), render func(*engine.Outcome) any) (*answer, error) {
	if err := r.plain(); err != nil {
		return nil, err
	}
	var q Q
	if err := r.decode(&q); err != nil {
		return nil, err
	}
	return s.write(r, func() (assign.Command, error) { return command(&q) }, render)
}

// write has the engine carry out a command and answers with what render makes
// of the outcome. With an Idempotency-Key the answer is kept beside the facts.
//
// A request that was answered before gets that answer before its command is
// made: what a command is checked against, such as the areas, may have changed
// since.
func (s *Server) write(r *request, command func() (assign.Command, error), render func(*engine.Outcome) any) (*answer, error) {
	var req engine.Request
	if r.key != "" {
		req.Key = r.key
		if r.client != nil {
			req.Key = r.client.Name + " " + r.key
		}
		if !s.flights.begin(req.Key) {
			return nil, wire.Wrong(http.StatusConflict, "request_in_flight", "Idempotency-Key",
				"a request with this key is being carried out; ask again when it is through")
		}
		defer s.flights.end(req.Key)
		req.Fingerprint = r.fingerprint()
		req.Answer = func(out *engine.Outcome) (int, []byte) { return http.StatusOK, wire.Encode(render(out)) }
		if used := s.used(req.Key); used != nil && used.Fingerprint != req.Fingerprint {
			return nil, wire.Wrong(http.StatusUnprocessableEntity, "idempotency_key_reused", "Idempotency-Key",
				"this key came with another request before; a new request needs a new key")
		} else if used != nil {
			return again(used), nil
		}
	}
	var err error
	if req.Command, err = command(); err != nil {
		return nil, err
	}
	out, err := s.engine.Do(req)
	if err != nil {
		return nil, err
	}
	if out.Again != nil {
		return again(out.Again), nil
	}
	return ok(render(&out)), nil
}

// used is the answer kept under a key, nil if there is none. It never changes.
func (s *Server) used(key string) (used *assign.UsedKey) {
	s.engine.View(func(v *engine.View) { used = v.State().Key(key) })
	return used
}

func again(used *assign.UsedKey) *answer {
	return &answer{
		status: used.Status, contentType: typeJSON, body: used.Body,
		header: [][2]string{{"Idempotency-Replayed", "true"}},
	}
}

// fingerprint tells requests apart: another method, path, query or body is
// another request.
func (r *request) fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q", r.method, r.path)
	for _, name := range slices.Sorted(maps.Keys(r.query)) {
		fmt.Fprintf(h, " %q=%q", name, r.query[name])
	}
	fmt.Fprintf(h, "\n%s", r.body)
	return hex.EncodeToString(h.Sum(nil))
}

// flights are the keys of requests under way.
type flights struct {
	mu   sync.Mutex
	keys map[string]bool
}

func (f *flights) begin(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.keys[key] {
		return false
	}
	if f.keys == nil {
		f.keys = make(map[string]bool)
	}
	f.keys[key] = true
	return true
}

func (f *flights) end(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.keys, key)
}

// idempotencyKey reads the headers of that name: none, or one.
func idempotencyKey(headers [][]byte) (string, error) {
	switch len(headers) {
	case 0:
		return "", nil
	case 1:
		return unquote(string(headers[0]))
	}
	return "", wire.Wrong(http.StatusBadRequest, "bad_idempotency_key", "Idempotency-Key",
		"Idempotency-Key is there %d times; a request has one key", len(headers))
}

// unquote reads an Idempotency-Key, a structured-field string (RFC 8941): in
// quotes, printable ASCII, backslash before quotes and backslashes.
func unquote(header string) (string, error) {
	problem := wire.Wrong(http.StatusBadRequest, "bad_idempotency_key", "Idempotency-Key",
		"Idempotency-Key must be a quoted string of 1 to %d printable ASCII characters, such as \"8e03978e-40d5-43dd\"", assign.MaxID)
	if len(header) < 3 || header[0] != '"' || header[len(header)-1] != '"' {
		return "", problem
	}
	var b strings.Builder
	inner := header[1 : len(header)-1]
	for i := 0; i < len(inner); i++ {
		c := inner[i]
		if c == '\\' && i+1 < len(inner) && (inner[i+1] == '"' || inner[i+1] == '\\') {
			i++
			c = inner[i]
		} else if c == '"' || c == '\\' || c < ' ' || c > '~' {
			return "", problem
		}
		b.WriteByte(c)
	}
	if b.Len() > assign.MaxID {
		return "", problem
	}
	return b.String(), nil
}

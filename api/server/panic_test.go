package server

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A handler that fails is answered for, told of in the log and counted, and the
// server lives on; so is a stream.
func TestPanics(t *testing.T) {
	const secret = "the caller's address"
	told := routes
	t.Cleanup(func() { routes = told })
	routes = append(slices.Clone(told),
		route{"GET", "/panic", public, 0, func(*Server, *request) (*answer, error) { panic(secret) }},
		route{"GET", "/panic/stream", public, 0, func(*Server, *request) (*answer, error) {
			return &answer{status: 200, contentType: "text/plain", stream: io.NopCloser(io.MultiReader(strings.NewReader("begun"), failing(secret)))}, nil
		}},
	)
	var log buffer
	b := newBench(t, func(b *bench) { b.adjust = func(s *Server) { s.log = slog.New(slog.NewTextHandler(&log, nil)) } })
	get := func(path string) (int, string) {
		resp, err := http.Get("http://" + b.addr + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil && path == "/panic" {
			t.Error(err)
		}
		return resp.StatusCode, string(body)
	}
	if status, body := get("/panic"); status != http.StatusInternalServerError || !strings.Contains(body, `"code":"internal"`) || strings.Contains(body, secret) {
		t.Errorf("got %d %s", status, body)
	}
	if status, body := get("/panic/stream"); status != 200 || body != "begun" {
		t.Errorf("got %d %s", status, body)
	}
	eventually(t, "both are in the log", func() bool { return strings.Count(log.String(), secret) == 2 })
	r := b.do("GET", "/metrics", nil, nil)
	if !bytes.Contains(r.body, []byte("\ncallbox_http_panics_total 2\n")) {
		t.Errorf("not counted: %s", r.body)
	}
	b.signOn("u1", corner(0, 0))
}

// failing panics when it is read.
type failing string

func (f failing) Read([]byte) (int, error) { panic(string(f)) }

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

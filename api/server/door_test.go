package server

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestDoor asks at a door before there is a server behind it, while there is one,
// and afterwards.
func TestDoor(t *testing.T) {
	b := newBench(t)
	d := NewDoor(Config{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- d.Serve(listener) }()
	ask := func(method, path string) (status int, retry, text string) {
		var body io.Reader
		if method == "POST" {
			body = strings.NewReader(`{"disposition":"10-91"}`)
		}
		r, err := http.NewRequest(method, "http://"+listener.Addr().String()+path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		resp, err := b.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		answered, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, resp.Header.Get("Retry-After"), string(answered)
	}
	alone := func() {
		t.Helper()
		for _, q := range [][2]string{{"GET", "/readyz"}, {"GET", "/v1/calls"}, {"POST", "/v1/calls/c1/close"}, {"GET", "/v1/events"}} {
			if status, retry, text := ask(q[0], q[1]); status != 503 || retry != "1" || !strings.Contains(text, `"standby"`) {
				t.Errorf("%s %s: %d, Retry-After %q, %s", q[0], q[1], status, retry, text)
			}
		}
		if status, _, text := ask("GET", "/healthz"); status != 200 {
			t.Error(status, text)
		}
		if status, _, text := ask("GET", "/metrics"); status != 200 || !strings.Contains(text, "callbox_ready 0") {
			t.Error(status, text)
		}
		if status, _, _ := ask("GET", "/v1/nothing"); status != 404 {
			t.Error(status)
		}
	}
	alone()
	d.Open(b.server)
	if status, _, text := ask("GET", "/readyz"); status != 200 || !strings.Contains(text, `"ready"`) {
		t.Error(status, text)
	}
	d.Shut()
	alone()
	b.client.CloseIdleConnections()
	if err := d.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
)

// TestFollowsTheWriter has servers refuse in turn: a request is sent until one takes
// it, always with the same key, and no longer than patience lasts.
func TestFollowsTheWriter(t *testing.T) {
	var writer atomic.Int32 // which server takes requests
	var keys [2]atomic.Value
	var code atomic.Value
	code.Store("standby")
	serve := func(i int32) *httptest.Server {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			keys[i].Store(r.Header.Get("Idempotency-Key"))
			w.Header().Set("Content-Type", "application/json")
			if writer.Load() != i {
				w.WriteHeader(http.StatusServiceUnavailable)
				_, _ = w.Write(wire.Encode(wire.Wrong(503, code.Load().(string), "", "no")))
				return
			}
			_, _ = w.Write([]byte(`{}`))
		}))
		t.Cleanup(s.Close)
		return s
	}
	a, b := serve(0), serve(1)
	c, err := client.New(a.URL, client.Options{Others: []string{b.URL}, Patience: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	send := func() error { return c.Do("POST", "/v1/calls/c/close", nil, "", "", nil) }
	if err := send(); err != nil || c.Base() != a.URL {
		t.Fatal(c.Base(), err)
	}
	writer.Store(1)
	if err := send(); err != nil || c.Base() != b.URL {
		t.Fatal(c.Base(), err)
	}
	if one, two := keys[0].Load(), keys[1].Load(); one == "" || one != two {
		t.Errorf("keys %v and %v", one, two)
	}
	b.Close()
	writer.Store(0)
	if err := send(); err != nil || c.Base() != a.URL {
		t.Fatal(c.Base(), err)
	}
	writer.Store(2)
	if err := send(); err == nil {
		t.Error("nobody took it, and it was answered")
	}
	var refused *wire.Problem
	code.Store("bad_request")
	for range 2 {
		if err = send(); errors.As(err, &refused) { // a closed server refuses nothing
			break
		}
	}
	if refused == nil || refused.Code != "bad_request" {
		t.Errorf("a refusal that another server would give too: %v", err)
	}
	if _, err := client.New(a.URL, client.Options{Others: []string{"nowhere"}}); err == nil {
		t.Error("an address that is none")
	}
}

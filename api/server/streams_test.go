package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// quick is a bench whose server soon finds out that a client is gone.
func quick(b *bench) { b.adjust = func(s *Server) { s.heartbeat = 20 * time.Millisecond } }

// tooMany asks for a stream that must be refused.
func (b *bench) tooMany(status int) {
	b.t.Helper()
	r := b.send(context.Background(), "GET", "/v1/events", nil)
	if r.status != status || r.header.Get("Retry-After") != "10" || !strings.Contains(string(r.body), `"code":"too_many_streams"`) {
		b.t.Errorf("got %d %s, Retry-After %q", r.status, r.body, r.header.Get("Retry-After"))
	}
}

// No client takes the streams of all: neither a key nor an address.
func TestTooManyStreamsOfOneClient(t *testing.T) {
	for name, with := range map[string]func(*bench){"address": func(*bench) {}, "key": withKeys(t, "admin admin", "other read")} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, quick, with)
			first := b.follow("")
			for range streamsPerClient - 1 {
				b.follow("")
			}
			b.tooMany(http.StatusTooManyRequests)
			if name == "key" {
				b.secret = "other-secret"
				b.follow("").cancel()
				b.secret = "admin-secret"
			}
			first.cancel()
			eventually(t, "there is room again", func() bool { return b.server.streams.open() == streamsPerClient-1 })
			b.follow("")
			b.tooMany(http.StatusTooManyRequests)
		})
	}
}

func TestTooManyStreams(t *testing.T) {
	b := newBench(t)
	for i := range maxStreams - 1 {
		if _, err := b.server.streams.enter(decimal(uint64(i / streamsPerClient))); err != nil {
			t.Fatal(err)
		}
	}
	b.follow("")
	b.tooMany(http.StatusServiceUnavailable)
}

func TestWhoIsOneClient(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"2001:db8::1", "2001:db8::ffff:1", true},
		{"2001:db8::1", "2001:db8:0:1::1", false},
	} {
		if same := clientOf(nil, net.ParseIP(c.a)) == clientOf(nil, net.ParseIP(c.b)); same != c.same {
			t.Errorf("%s and %s: one client %t", c.a, c.b, same)
		}
	}
	if key := (&Key{Name: "192.0.2.1"}); clientOf(key, net.ParseIP("192.0.2.1")) == clientOf(nil, net.ParseIP("192.0.2.1")) {
		t.Error("a key is taken for an address")
	}
}

// narrow accepts connections on which little can wait to be read.
type narrow struct{ net.Listener }

func (n narrow) Accept() (net.Conn, error) {
	c, err := n.Listener.Accept()
	if err == nil {
		err = c.(*net.TCPConn).SetWriteBuffer(4096)
	}
	return c, err
}

// A client that does not read loses its stream; one that is slow does not.
func TestAClientThatDoesNotRead(t *testing.T) {
	if patience != 15*time.Second || patience <= heartbeat {
		t.Errorf("openapi.yaml says 15 s, it is %v; comments come every %v", patience, heartbeat)
	}
	b := newBench(t, func(b *bench) {
		b.adjust = func(s *Server) { s.patience, s.heartbeat = time.Second, 5*time.Millisecond }
		b.listener = func(l net.Listener) net.Listener { return narrow{l} }
	})
	for i := range 500 {
		b.signOn(fmt.Sprint("u", i), corner(0, 0))
	}
	open := func() net.Conn {
		c := b.dial(t)
		if err := c.(*net.TCPConn).SetReadBuffer(4096); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte("GET /v1/events?after=0 HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		return c
	}
	open()
	slow := open()
	done := make(chan struct{})
	go func() { // a little at a time
		defer close(done)
		buffer := make([]byte, 2048)
		for start := time.Now(); time.Since(start) < 2*time.Second; time.Sleep(20 * time.Millisecond) {
			if _, err := slow.Read(buffer); err != nil {
				t.Error("the slow client's stream ends:", err)
				return
			}
		}
	}()
	eventually(t, "both streams begin", func() bool { return b.server.streams.open() == 2 })
	eventually(t, "one ends", func() bool { return b.server.streams.open() == 1 })
	<-done
	slow.Close()
	eventually(t, "the other ends with its client", func() bool { return b.server.streams.open() == 0 })
}

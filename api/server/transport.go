package server

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"callbox/api/wire"

	"github.com/valyala/fasthttp"
)

// Serve answers on a listener until Shutdown, or until the listener fails.
func (s *Server) Serve(l net.Listener) error { return s.http.Serve(l) }

// Shutdown ends the event streams and lets the requests under way finish. The
// engine is closed by whoever opened it, afterwards.
func (s *Server) Shutdown(ctx context.Context) error {
	s.cancel()
	return s.http.ShutdownWithContext(ctx)
}

// headerReceived sets the limits of one request, by its path: documents may be
// larger than calls.
func headerReceived(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	c := fasthttp.RequestConfig{MaxRequestBodySize: bodyLimit(string(h.Method()), path)}
	if c.MaxRequestBodySize > smallBody {
		c.ReadTimeout = time.Minute
	}
	return c
}

// serve is what fasthttp calls. Nothing that belongs to ctx leaves it.
func (s *Server) serve(ctx *fasthttp.RequestCtx) {
	start := time.Now()
	pattern := "none"
	a := s.guard(func() (*answer, error) {
		r, route, err := s.read(ctx)
		if route != nil {
			pattern = route.path
		}
		if err != nil {
			return nil, err
		}
		if s.engine == nil {
			return s.standBy(r, route)
		}
		return route.handle(s, r)
	})
	s.writeAnswer(ctx, a)
	s.meters.requests.WithLabelValues(methodLabel(ctx), pattern, strconv.Itoa(a.status)).Observe(time.Since(start).Seconds())
}

// methodLabel keeps what clients invent out of the labels of metrics.
func methodLabel(ctx *fasthttp.RequestCtx) string {
	switch m := string(ctx.Method()); m {
	case "GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH":
		return m
	}
	return "other"
}

// guard turns errors and panics into answers.
func (s *Server) guard(handle func() (*answer, error)) (a *answer) {
	defer func() {
		if p := recover(); p != nil {
			s.survive(p)
			a = refusal(errors.New("panic"))
		}
	}()
	a, err := handle()
	if err == nil {
		return a
	}
	refused := refusal(err)
	if refused.status == http.StatusInternalServerError {
		s.log.Error("a request failed", "error", err)
	}
	if a != nil {
		refused.header = append(refused.header, a.header...)
	}
	return refused
}

// survive notes a panic that was recovered from.
func (s *Server) survive(panicked any) {
	s.meters.panics.Inc()
	s.log.Error("a handler failed", "panic", panicked, "stack", string(debug.Stack()))
}

// rescue is deferred by goroutines that no guard watches over.
func (s *Server) rescue() {
	if p := recover(); p != nil {
		s.survive(p)
	}
}

// read copies a request out of fasthttp's memory and checks what all requests
// have in common.
func (s *Server) read(ctx *fasthttp.RequestCtx) (*request, *route, error) {
	h := &ctx.Request.Header
	if err := misframed(h); err != nil {
		ctx.SetConnectionClose()
		return nil, nil, err
	}
	method, path := string(ctx.Method()), string(ctx.Path())
	route, id, allow, err := find(method, path)
	if err != nil {
		if allow != nil {
			ctx.Response.Header.Set("Allow", strings.Join(allow, ", "))
		}
		return nil, nil, err
	}
	r := &request{
		method: method, path: path, id: id,
		contentType: string(h.ContentType()), lastEvent: string(h.Peek("Last-Event-ID")),
		body: append([]byte(nil), ctx.PostBody()...),
	}
	if r.client, err = s.keys.admit(string(h.Peek("Authorization")), route.scope, time.Now()); err != nil {
		ctx.Response.Header.Set("WWW-Authenticate", `Bearer realm="callbox"`)
		return nil, route, err
	}
	r.from = clientOf(r.client, ctx.RemoteIP())
	if route.limit == 0 && len(r.body) > 0 {
		return nil, route, wire.Wrong(http.StatusBadRequest, "body_not_allowed", "", "%s %s takes no body", method, route.path)
	}
	if route.method != http.MethodGet {
		if r.key, err = idempotencyKey(h.PeekAll("Idempotency-Key")); err != nil {
			return nil, route, err
		}
	}
	r.query = make(map[string]string)
	for name, value := range ctx.QueryArgs().All() {
		if !utf8.Valid(name) || !utf8.Valid(value) {
			return nil, route, badQuery("not_utf8", strings.ToValidUTF8(string(name), "\ufffd"), "%.100q=%.100q in the query is not UTF-8", name, value)
		}
		if _, twice := r.query[string(name)]; twice {
			return nil, route, badQuery("bad_parameter", string(name), "%.100q is there twice", name)
		}
		r.query[string(name)] = string(value)
	}
	return r, route, nil
}

func (s *Server) writeAnswer(ctx *fasthttp.RequestCtx, a *answer) {
	ctx.SetStatusCode(a.status)
	ctx.SetContentType(a.contentType)
	ctx.Response.Header.Set("X-Content-Type-Options", "nosniff")
	for _, h := range a.header {
		ctx.Response.Header.Set(h[0], h[1])
	}
	if a.stream == nil {
		ctx.SetBody(a.body)
		return
	}
	ctx.SetBodyStream(&paced{a.stream, ctx.Conn(), s}, -1)
}

// paced is a body that fasthttp sends a chunk at a time, on the goroutine of
// the connection. Each chunk has its own deadline: a client that does not read
// loses its stream, one that reads keeps it.
type paced struct {
	io.ReadCloser
	conn   net.Conn
	server *Server
}

func (b *paced) Read(p []byte) (n int, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			b.server.survive(panicked)
			n, err = 0, errors.New("panic")
		}
	}()
	n, err = b.ReadCloser.Read(p)
	if late := b.conn.SetWriteDeadline(time.Now().Add(b.server.patience)); err == nil {
		err = late
	}
	return n, err
}

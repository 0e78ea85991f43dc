package server

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"callbox/api/wire"

	"github.com/valyala/fasthttp"
)

// misframed refuses requests that fasthttp would take, though a proxy in front
// may have seen others in the same bytes: it lets Transfer-Encoding win over
// Content-Length, and lets a bare LF end a line (RFC 9112, sections 6.1, 2.2).
func misframed(h *fasthttp.RequestHeader) error {
	var length, encoding bool
	for line := range bytes.Lines(h.RawHeaders()) {
		if !bytes.HasSuffix(line, []byte("\r\n")) {
			return wire.Wrong(http.StatusBadRequest, "bad_request", "", "a line of the header does not end in CRLF")
		}
		name, _, _ := bytes.Cut(line, []byte(":"))
		length = length || bytes.EqualFold(name, []byte("Content-Length"))
		encoding = encoding || bytes.EqualFold(name, []byte("Transfer-Encoding"))
	}
	if length && encoding {
		return wire.Wrong(http.StatusBadRequest, "ambiguous_length", "Content-Length", "the request has both Content-Length and Transfer-Encoding")
	}
	return nil
}

// transportError answers what fasthttp could not read as a request.
func (s *Server) transportError(ctx *fasthttp.RequestCtx, err error) {
	var small *fasthttp.ErrSmallBuffer
	var netErr net.Error
	p := wire.Wrong(http.StatusBadRequest, "bad_request", "", "this is not a request of HTTP/1.1 that can be read")
	switch {
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		p = wire.Wrong(http.StatusRequestEntityTooLarge, "body_too_large", "", "the body is larger than this path takes; openapi.yaml says how much that is")
		drain(ctx.Conn(), ctx.Request.Header.ContentLength())
	case errors.As(err, &small):
		p = wire.Wrong(http.StatusRequestHeaderFieldsTooLarge, "header_too_large", "", "the headers are larger than 8 KiB")
		drain(ctx.Conn(), 0)
	case errors.As(err, &netErr) && netErr.Timeout():
		p = wire.Wrong(http.StatusRequestTimeout, "request_timeout", "", "the request did not arrive in time")
	}
	s.log.Debug("a request could not be read", "error", err, "status", p.Status)
	s.meters.requests.WithLabelValues("other", "none", strconv.Itoa(p.Status)).Observe(0)
	s.writeAnswer(ctx, &answer{status: p.Status, contentType: typeProblem, body: wire.Encode(p)})
}

// Bounds of drain.
const (
	drainBytes = 64 << 20
	drainTime  = 5 * time.Second
	drainPause = 500 * time.Millisecond // without a byte: the client waits for its answer
	drainRest  = 50 * time.Millisecond  // the same, once everything announced should be there
)

// drain takes in what a client still sends of a request that has been refused;
// announced is the length of its body, if it told. Many clients read only when
// they have sent everything, and TCP throws away an answer whose connection is
// closed with bytes unread.
func drain(c net.Conn, announced int) {
	buffer := make([]byte, 64<<10)
	end := time.Now().Add(drainTime)
	for got := 0; got < drainBytes; {
		pause := drainPause
		if announced > 0 && got >= announced-readBuffer { // what is lacking has been read with the headers
			pause = drainRest
		}
		if err := c.SetReadDeadline(time.Now().Add(min(pause, time.Until(end)))); err != nil {
			return
		}
		n, err := c.Read(buffer)
		if err != nil {
			return
		}
		got += n
	}
}

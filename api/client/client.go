// Package client speaks to a callbox server: for the command line, for the
// load generator, and for the units of the demo.
package client

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"callbox/api/wire"

	"github.com/go-json-experiment/json"
	"github.com/valyala/fasthttp"
)

// Client speaks to one server, or to those of one city. It is safe for use by several goroutines.
type Client struct {
	bases    []string
	at       atomic.Uint32 // the one that answered
	patience time.Duration
	key      string
	http     *fasthttp.Client
	stream   *http.Client // of events: it can be cancelled
}

// Options are a client's settings; the zero value will do.
type Options struct {
	Key      string        // secret of an API key
	Timeout  time.Duration // of one request; 15 s if 0
	MaxConns int           // to the server; 512 if 0
	Others   []string      // more servers of the same city, of which one writes
	Patience time.Duration // how long a request is sent to one after another; 60 s if 0
}

// New makes a client for a server such as http://127.0.0.1:8911.
func New(base string, o Options) (*Client, error) {
	var bases []string
	for _, base := range append([]string{base}, o.Others...) {
		u, err := url.Parse(base)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("%q is not the address of a server, such as http://127.0.0.1:8911", base)
		}
		bases = append(bases, strings.TrimSuffix(base, "/"))
	}
	if o.Timeout == 0 {
		o.Timeout = 15 * time.Second
	}
	if o.MaxConns == 0 {
		o.MaxConns = 512
	}
	return &Client{
		bases: bases, patience: cmp.Or(o.Patience, time.Minute), key: o.Key,
		http: &fasthttp.Client{
			MaxConnsPerHost: o.MaxConns, ReadTimeout: o.Timeout, WriteTimeout: o.Timeout, MaxConnWaitTimeout: o.Timeout,
			NoDefaultUserAgentHeader: true, MaxIdemponentCallAttempts: 1,
		},
		stream: &http.Client{Transport: &http.Transport{ResponseHeaderTimeout: o.Timeout, DisableCompression: true}},
	}, nil
}

// Base is the address of the server, of several the one that answered last.
func (c *Client) Base() string { return c.bases[c.at.Load()] }

// Do sends a request and reads its answer into out, which may be nil, or a
// *[]byte for the bytes as they are. The error of an answer that says no is a
// *wire.Problem.
func (c *Client) Do(method, path string, body []byte, contentType, idempotencyKey string, out any) error {
	once := func(base, key string) error { return c.once(base, method, path, body, contentType, key, out) }
	if len(c.bases) > 1 {
		return c.follow(once, method, idempotencyKey)
	}
	return once(c.bases[0], idempotencyKey)
}

func (c *Client) once(base, method, path string, body []byte, contentType, idempotencyKey string, out any) error {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	c.prepare(req, method, base+path)
	if body != nil {
		req.Header.SetContentType(contentType)
		req.SetBodyRaw(body)
	}
	if idempotencyKey != "" {
		req.Header.Set("Idempotency-Key", strconv.Quote(idempotencyKey))
	}
	if err := c.http.Do(req, resp); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if resp.StatusCode() >= 300 {
		return problem(method, path, resp.StatusCode(), resp.Body())
	}
	switch out := out.(type) {
	case nil:
		return nil
	case *[]byte:
		*out = append([]byte(nil), resp.Body()...)
		return nil
	}
	if err := json.Unmarshal(resp.Body(), out); err != nil {
		return fmt.Errorf("%s %s: the answer cannot be read: %w", method, path, err)
	}
	return nil
}

func (c *Client) prepare(req *fasthttp.Request, method, address string) {
	req.Header.SetMethod(method)
	req.SetRequestURI(address)
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
}

func problem(method, path string, status int, body []byte) error {
	p := new(wire.Problem)
	if err := json.Unmarshal(body, p); err != nil || p.Code == "" {
		return wire.Wrong(status, "no_problem", "", "%s %s answered %d and %.200q", method, path, status, body)
	}
	return p
}

// send sends v as JSON.
func (c *Client) send(method, path string, v any, key string, out any) error {
	return c.Do(method, path, wire.Encode(v), "application/json", key, out)
}

// Assign reports a call, or asks again about one.
func (c *Client) Assign(r wire.AssignRequest) (a wire.Receipt, err error) {
	err = c.send("POST", "/v1/assign", r, "", &a)
	return a, err
}

// SignOn signs a unit on, or updates it.
func (c *Client) SignOn(unit string, r wire.UnitRequest) (a wire.UnitAnswer, err error) {
	err = c.send("PUT", "/v1/units/"+unit, r, "", &a)
	return a, err
}

// SetStatus reports what a unit does.
func (c *Client) SetStatus(unit string, r wire.StatusRequest) (a wire.UnitAnswer, err error) {
	err = c.send("POST", "/v1/units/"+unit+"/status", r, "", &a)
	return a, err
}

// Positions reports where units are.
func (c *Client) Positions(list []wire.Position) (a wire.PositionsAnswer, err error) {
	err = c.send("POST", "/v1/positions", list, "", &a)
	return a, err
}

// Close closes a call.
func (c *Client) Close(call string, r wire.CloseRequest) (a wire.CallAnswer, err error) {
	err = c.send("POST", "/v1/calls/"+call+"/close", r, "", &a)
	return a, err
}

// Call asks for a call.
func (c *Client) Call(id string) (a wire.CallAnswer, err error) {
	err = c.Do("GET", "/v1/calls/"+id, nil, "", "", &a)
	return a, err
}

// Calls asks for one page of calls; query is what stands after the question
// mark.
func (c *Client) Calls(query string) (a wire.CallList, err error) {
	err = c.Do("GET", "/v1/calls?"+query, nil, "", "", &a)
	return a, err
}

// Units asks for one page of units.
func (c *Client) Units(query string) (a wire.UnitList, err error) {
	err = c.Do("GET", "/v1/units?"+query, nil, "", "", &a)
	return a, err
}

// Ready asks whether the server takes writes.
func (c *Client) Ready() (a wire.Ready, err error) {
	err = c.Do("GET", "/readyz", nil, "", "", &a)
	return a, err
}

// Areas asks for the areas, as GeoJSON.
func (c *Client) Areas() (text []byte, err error) {
	err = c.Do("GET", "/v1/areas", nil, "", "", &text)
	return text, err
}

// CloseRoad closes the streets that a geometry of GeoJSON, or a Feature with
// one, meets.
func (c *Client) CloseRoad(id string, geometry []byte) (a wire.ClosureAnswer, err error) {
	err = c.Do("PUT", "/v1/closures/"+id, geometry, "application/geo+json", "", &a)
	return a, err
}

// OpenRoad ends a closure.
func (c *Client) OpenRoad(id string) (a wire.OpenedAnswer, err error) {
	err = c.Do("DELETE", "/v1/closures/"+id, nil, "", "", &a)
	return a, err
}

// Closures asks for one page of closures; query is what stands after the
// question mark.
func (c *Client) Closures(query string) (a wire.ClosureList, err error) {
	err = c.Do("GET", "/v1/closures?"+query, nil, "", "", &a)
	return a, err
}

// Events calls f for every event after the one with that number, as they
// happen, until the context ends, f returns false, or the stream breaks. It
// returns the number of the last event, to go on from.
func (c *Client) Events(ctx context.Context, after uint64, f func(wire.Event) bool) (uint64, error) {
	req, err := http.NewRequestWithContext(ctx, "GET", fmt.Sprintf("%s/v1/events?after=%d", c.Base(), after), nil)
	if err != nil {
		return after, err
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	resp, err := c.stream.Do(req)
	if err != nil {
		return after, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
		return after, errors.Join(problem("GET", "/v1/events", resp.StatusCode, body), err)
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(make([]byte, 0, 64<<10), 1<<20)
	for lines.Scan() {
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !ok {
			continue
		}
		var e wire.Event
		if err := json.Unmarshal(data, &e); err != nil {
			return after, fmt.Errorf("an event cannot be read: %w", err)
		}
		after = e.Seq
		if !f(e) {
			return after, nil
		}
	}
	return after, errors.Join(ctx.Err(), lines.Err())
}

package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"

	"callbox/api/wire"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
)

// Door answers at an address for a server that is not always there: until the
// first one, and between two, it answers 503 itself. Its methods may be called by
// several goroutines.
type Door struct {
	alone *Server // without an engine
	now   atomic.Pointer[Server]
	http  *fasthttp.Server
}

// NewDoor makes a door that nobody stands behind. Of the config it takes all but
// what is of a city.
func NewDoor(c Config) *Door {
	alone := &Server{keys: c.Keys, log: c.Log, meters: newMeters(c.Figures)}
	if alone.log == nil {
		alone.log = slog.New(slog.DiscardHandler)
	}
	alone.meters.registry.MustRegister(prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Name: "callbox_ready", Help: readyHelp}, func() float64 { return 0 }))
	d := &Door{alone: alone}
	d.now.Store(alone)
	d.http = newHTTP(c, alone.log,
		func(ctx *fasthttp.RequestCtx) { d.now.Load().serve(ctx) },
		func(ctx *fasthttp.RequestCtx, err error) { d.now.Load().transportError(ctx, err) })
	return d
}

// Open has a server answer from now on.
func (d *Door) Open(s *Server) { d.now.Store(s) }

// Shut has nobody answer behind the door any more. Requests that the server has
// taken in are still answered by it.
func (d *Door) Shut() { d.now.Store(d.alone) }

// Serve answers on a listener until Shutdown, or until the listener fails.
func (d *Door) Serve(l net.Listener) error { return d.http.Serve(l) }

// Shutdown lets the requests under way finish. The event streams of a server behind
// the door end with its own Shutdown, which comes first.
func (d *Door) Shutdown(ctx context.Context) error { return d.http.ShutdownWithContext(ctx) }

// standBy answers for a server that is not there.
func (s *Server) standBy(r *request, route *route) (*answer, error) {
	switch route.path {
	case "/healthz", "/metrics", "/openapi.yaml": // which need no engine
		return route.handle(s, r)
	}
	return &answer{header: [][2]string{{"Retry-After", "1"}}}, wire.Wrong(http.StatusServiceUnavailable, "standby", "",
		"this server stands by for another one, and knows nothing to answer with; nothing was carried out. Ask the other one, or this one again")
}

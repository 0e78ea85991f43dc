package server

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/geo"
	"callbox/geo/area"

	"github.com/valyala/fasthttp"
)

// Config is what a server is made of.
type Config struct {
	Engine *engine.Engine
	Areas  *area.Set // the city's own
	Roads  geo.Bound // around the city's roads; the zero Bound if it has none
	Keys   Keys      // nil: everybody may ask
	Log    *slog.Logger
	// MaxConnsPerIP bounds the connections of one address; 0 stands for
	// DefaultConnsPerIP. Behind a proxy all have one address: raise it there.
	MaxConnsPerIP int
	Figures       []Figure // what else the metrics show
}

// DefaultConnsPerIP is how many connections one address may open.
const DefaultConnsPerIP = 512

// readBuffer is the limit of a request's headers, in bytes.
const readBuffer = 8 << 10

// Server answers HTTP.
type Server struct {
	engine  *engine.Engine
	own     *areas
	areas   atomic.Pointer[areas]
	roads   geo.Bound // empty: none
	keys    Keys
	log     *slog.Logger
	meters  *meters
	flights flights
	streams streams

	heartbeat, patience time.Duration // of event streams

	adopting  sync.Mutex // areas are staged in parts, one document at a time
	digesting sync.Mutex // digests hold up commits, so one at a time
	http      *fasthttp.Server
	ctx       context.Context // ends with Shutdown
	cancel    context.CancelFunc
}

// New makes a server. The areas in force are those of the journal, if it has
// adopted any over the city's own.
func New(c Config) (*Server, error) {
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	own, err := newAreas(c.Areas)
	if err != nil {
		return nil, err
	}
	var adopted assign.Areas
	c.Engine.View(func(v *engine.View) { adopted = v.State().Areas() })
	inForce, err := restore(own, adopted)
	if err != nil {
		return nil, err
	}
	s := &Server{
		engine: c.Engine, own: own, roads: c.Roads, keys: c.Keys, log: log, meters: engineMeters(c.Engine, c.Figures),
		heartbeat: heartbeat, patience: patience,
	}
	if s.roads == (geo.Bound{}) {
		s.roads = geo.BoundOf()
	}
	s.areas.Store(inForce)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.http = newHTTP(c, log, s.serve, s.transportError)
	return s, nil
}

// newHTTP is what speaks HTTP for a server.
func newHTTP(c Config, log *slog.Logger, serve fasthttp.RequestHandler, fail func(*fasthttp.RequestCtx, error)) *fasthttp.Server {
	perIP := c.MaxConnsPerIP
	if perIP == 0 {
		perIP = DefaultConnsPerIP
	}
	return &fasthttp.Server{
		Handler:        serve,
		ErrorHandler:   fail,
		HeaderReceived: headerReceived,

		ReadTimeout:        10 * time.Second, // of the whole request: a slow sender is cut off
		WriteTimeout:       15 * time.Second,
		IdleTimeout:        60 * time.Second,
		MaxRequestBodySize: smallBody,
		ReadBufferSize:     readBuffer,
		Concurrency:        10_000,
		MaxConnsPerIP:      perIP,
		TCPKeepalive:       true,
		CloseOnShutdown:    true,

		DisablePreParseMultipartForm: true,
		NoDefaultServerHeader:        true,
		SecureErrorLogMessage:        true,
		Logger:                       slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

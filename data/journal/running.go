package journal

import (
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// running is the log engine that runs now. Connections that were to the one
// before find it there by themselves.
type running struct {
	server atomic.Pointer[server.Server] // nil: none
	wire   func(net.Conn) net.Conn       // what every connection goes through; nil: nothing
}

var errNotRunning = errors.New("the log engine does not run")

// InProcessConn implements nats.InProcessConnProvider.
func (r *running) InProcessConn() (net.Conn, error) {
	s := r.server.Load()
	if s == nil {
		return nil, errNotRunning
	}
	c, err := s.InProcessConn()
	if err == nil && r.wire != nil {
		c = r.wire(c)
	}
	return c, err
}

// stopTime is how long the log engine may take to stop.
const stopTime = 10 * time.Second

// errUnstopped is of a log engine that may still write to the folder.
var errUnstopped = errors.New("the log engine does not stop; end the process")

// stop stops what runs. After errUnstopped it may run on.
func (r *running) stop() error {
	s := r.server.Load()
	if s == nil {
		return nil
	}
	stopped := make(chan struct{})
	go func() {
		stopServer(s)
		close(stopped)
	}()
	select {
	case <-stopped:
		r.server.Store(nil)
		return nil
	case <-time.After(stopTime):
		return errUnstopped
	}
}

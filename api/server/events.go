package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
)

// Bounds of event streams.
const (
	maxStreams = 256
	heartbeat  = 10 * time.Second
)

// events streams the facts of the log as server-sent events: from after the
// event that Last-Event-ID or ?after= names, or from now on. The id of an event
// is its sequence number, so a client that comes back misses nothing.
func (s *Server) events(r *request) (*answer, error) {
	if err := r.only("after"); err != nil {
		return nil, err
	}
	after, err := s.resume(r)
	if err != nil {
		return nil, err
	}
	if s.streams.Add(1) > maxStreams {
		s.streams.Add(-1)
		return nil, wire.Wrong(http.StatusServiceUnavailable, "too_many_streams", "", "%d event streams are open already", maxStreams)
	}
	return &answer{
		status: http.StatusOK, contentType: "text/event-stream",
		header: [][2]string{{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}},
		stream: func(write func([]byte) error) {
			defer s.streams.Add(-1)
			s.follow(after, write)
		},
	}, nil
}

func (s *Server) resume(r *request) (uint64, error) {
	var newest uint64
	s.engine.View(func(v *engine.View) { newest = v.State().Seq() })
	text := r.lastEvent
	if text == "" {
		text = r.query["after"]
	}
	if text == "" {
		return newest, nil
	}
	after, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, badQuery("bad_parameter", "Last-Event-ID", "Last-Event-ID, or after, must be the id of an event, a whole number")
	}
	if after > newest {
		return 0, badQuery("bad_parameter", "Last-Event-ID", "the newest event is %d; %d has not happened", newest, after)
	}
	return after, nil
}

// follow writes events until the client or the server ends the stream. A
// comment now and then finds out whether the client is still there.
func (s *Server) follow(after uint64, write func([]byte) error) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	facts := make(chan assign.Recorded, 64)
	go func() {
		defer close(facts)
		defer s.rescue()
		for r, err := range s.engine.Follow(ctx, after) {
			if err != nil {
				s.log.Error("an event stream ends early", "error", err)
				return
			}
			select {
			case facts <- r:
			case <-ctx.Done():
				return
			}
		}
	}()
	if write([]byte("retry: 1000\n\n")) != nil {
		return
	}
	beat := time.NewTicker(s.heartbeat)
	defer beat.Stop()
	for {
		var chunk []byte
		select {
		case r, more := <-facts:
			if !more {
				return
			}
			if chunk = event(r); chunk == nil {
				continue
			}
		case <-beat.C:
			chunk = []byte(":\n\n")
		}
		if write(chunk) != nil {
			return
		}
	}
}

func event(r assign.Recorded) []byte {
	e, ok := wire.EventOf(r)
	if !ok {
		return nil
	}
	return fmt.Appendf(nil, "id: %d\nevent: %s\ndata: %s\n\n", e.Seq, e.Kind, wire.Encode(e))
}

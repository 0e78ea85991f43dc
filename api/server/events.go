package server

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
)

// Bounds of event streams. patience must exceed heartbeat.
const (
	maxStreams       = 256
	streamsPerClient = 64
	heartbeat        = 10 * time.Second
	patience         = 15 * time.Second // for a client that does not read
	streamLife       = 24 * time.Hour
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
	leave, err := s.streams.enter(r.from)
	if err != nil {
		return &answer{header: [][2]string{{"Retry-After", "10"}}}, err
	}
	return &answer{
		status: http.StatusOK, contentType: "text/event-stream",
		header: [][2]string{{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}},
		stream: s.follow(after, leave),
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

// follower is an event stream under way. It is read, and then closed, by the
// goroutine of its connection.
type follower struct {
	facts <-chan assign.Recorded
	beat  *time.Ticker
	rest  []byte // of what has been begun
	end   func()
}

// follow begins a stream that ends with the client, with the server, or with
// its life. leave is called when it has ended.
func (s *Server) follow(after uint64, leave func()) *follower {
	ctx, cancel := context.WithTimeout(s.ctx, streamLife)
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
	return &follower{facts: facts, beat: time.NewTicker(s.heartbeat), rest: []byte("retry: 1000\n\n"), end: func() {
		cancel()
		leave()
	}}
}

// Read gives the next event, or the rest of the one that was begun. A comment
// now and then finds out whether the client is still there.
func (f *follower) Read(p []byte) (int, error) {
	for len(f.rest) == 0 {
		select {
		case r, more := <-f.facts:
			if !more {
				return 0, io.EOF
			}
			f.rest = event(r)
		case <-f.beat.C:
			f.rest = []byte(":\n\n")
		}
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// Close ends the stream. It is called once.
func (f *follower) Close() error {
	f.beat.Stop()
	f.end()
	return nil
}

func event(r assign.Recorded) []byte {
	e, ok := wire.EventOf(r)
	if !ok {
		return nil
	}
	return fmt.Appendf(nil, "id: %d\nevent: %s\ndata: %s\n\n", e.Seq, e.Kind, wire.Encode(e))
}

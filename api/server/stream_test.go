package server

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"callbox/api/wire"

	"github.com/go-json-experiment/json"
)

// stream is an event stream that is being read.
type stream struct {
	t      testing.TB
	events chan wire.Event
	beats  chan struct{}
	ended  chan struct{}
	cancel context.CancelFunc
}

// follow opens an event stream. Each event is checked against openapi.yaml.
func (b *bench) follow(query string, headers ...string) *stream {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	resp := b.begin(ctx, "GET", "/v1/events"+query, nil, headers...)
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		b.t.Fatalf("got %d, %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	s := &stream{b.t, make(chan wire.Event, 4096), make(chan struct{}, 4096), make(chan struct{}), cancel}
	go s.read(resp.Body)
	b.t.Cleanup(func() {
		cancel()
		<-s.ended
	})
	return s
}

func (s *stream) read(body io.ReadCloser) {
	defer close(s.ended)
	defer body.Close()
	lines := bufio.NewScanner(body)
	fields := make(map[string]string)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		switch {
		case lines.Text() == "" && fields["data"] != "":
			s.take(fields)
			fields = make(map[string]string)
		case lines.Text() == "":
		case name == "":
			s.beats <- struct{}{}
		default:
			fields[name] = strings.TrimPrefix(value, " ")
		}
	}
}

func (s *stream) take(fields map[string]string) {
	var e wire.Event
	var raw map[string]any
	if err := json.Unmarshal([]byte(fields["data"]), &e); err != nil {
		s.t.Errorf("%v: %v", err, fields)
		return
	}
	if err := json.Unmarshal([]byte(fields["data"]), &raw); err != nil {
		s.t.Error(err)
	}
	if fields["event"] != e.Kind || fields["id"] != strconv.FormatUint(e.Seq, 10) {
		s.t.Errorf("the frame says %s %s, the event %s", fields["id"], fields["event"], fields["data"])
	}
	if err := document().Components.Schemas["Event"].Value.VisitJSON(raw); err != nil {
		s.t.Errorf("not as described: %v in %s", err, fields["data"])
	}
	for name := range raw {
		if !slices.Contains(eventFields()[e.Kind], name) && !slices.Contains([]string{"seq", "kind", "at", "recorded"}, name) {
			s.t.Errorf("openapi.yaml does not tell of %s in %s: %s", name, e.Kind, fields["data"])
		}
	}
	s.events <- e
}

// next is the next event of the stream.
func (s *stream) next() wire.Event {
	s.t.Helper()
	select {
	case e := <-s.events:
		return e
	case <-time.After(5 * time.Second):
		s.t.Fatal("no event comes")
	}
	return wire.Event{}
}

// upTo reads events up to the one of that number.
func (s *stream) upTo(seq uint64) (list []wire.Event) {
	s.t.Helper()
	for {
		e := s.next()
		if list = append(list, e); e.Seq >= seq {
			return list
		}
	}
}

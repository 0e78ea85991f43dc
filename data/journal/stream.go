package journal

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"callbox/data/journal/frame"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// stream is a journal in a stream of the log engine, wherever that runs: what
// Disk and Cluster have in common. It is safe for use by several goroutines.
type stream struct {
	shard    string
	config   jetstream.StreamConfig
	log      *slog.Logger
	patience time.Duration
	readOnly bool
	writer   string        // tells this writer's frames from another's; "": there is no other
	settling time.Duration // how long servers may disagree about what is there; 0: there is one server

	helpers     chan struct{} // holds one for each reader that is being served
	helpingTime time.Duration // how long it waits for frames that must be there

	conns  []*nats.Conn
	writes jetstream.Stream
	reads  jetstream.Stream
	send   func(ctx context.Context, after uint64, b []byte) (number uint64, err error)

	last atomic.Uint64 // number of the newest frame that was acknowledged

	mu    sync.Mutex              // held by Append
	next  uint64                  // sequence number of the first fact after that frame
	link  frame.Link              // of the next frame
	room  func(bytes int64) error // refuses what there is no room for; nil: the log engine does
	acked func(frame uint64)      // is told of each frame that was acknowledged; nil: nobody is
	wrote bool                    // a frame was appended
	stuck error                   // why no more can be appended

	answer time.Duration               // how long an answer may take before a frame is sent again
	revive func(context.Context) error // starts the log engine again; nil: it is somebody else's
	meters meters

	closing  sync.Once
	closed   chan struct{}
	closeErr error
}

// writerHeader is where a frame says whose it is, if several may write: two
// that take over at the same instant may write the same bytes.
const writerHeader = "Callbox-Writer"

// begin sets what does not depend on where the stream is.
func (s *stream) begin(shard string, config jetstream.StreamConfig, log *slog.Logger, patience time.Duration) {
	s.shard, s.config, s.log, s.patience = shard, config, log, cmp.Or(patience, 10*time.Second)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.helpers, s.helpingTime, s.closed = make(chan struct{}, helpers), 10*time.Second, make(chan struct{})
	s.answer = answerTime
}

// end finishes the Append that is under way, and has what is the journal's own
// released. Doing it again does nothing.
func (s *stream) end(release func() error) error {
	s.closing.Do(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		close(s.closed)
		for _, nc := range s.conns {
			nc.Close()
		}
		s.closeErr = release()
	})
	return s.closeErr
}

// askTime is how long one server of a cluster may take to answer a question. One
// that froze never does, and the client library waits for as long as the context
// lets it.
const askTime = 3 * time.Second

// asking bounds one question, where another server may answer the next.
func (s *stream) asking(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.settling == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, askTime)
}

func (s *stream) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// dial opens a connection that lasts. It keeps nothing back for later: what it
// cannot send, it reports.
func dial(url, name string, answer time.Duration, log *slog.Logger, more ...nats.Option) (*nats.Conn, jetstream.JetStream, error) {
	nc, err := nats.Connect(url, append(more, nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectBufSize(-1),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { log.Warn("log engine", "error", err) }))...)
	if err != nil {
		return nil, nil, err
	}
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(answer))
	if err != nil {
		nc.Close()
		return nil, nil, err
	}
	return nc, js, nil
}

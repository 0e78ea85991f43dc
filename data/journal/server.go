package journal

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The one stream and its one subject, named after the one shard. A frame's
// number is its sequence number in the stream.
const (
	shard      = "1"
	streamName = "CAD_" + shard
	subject    = "cad." + shard + ".frame"
)

// maxMessage is the greatest message that the log engine takes, headers and
// all: its usual setting, so that a journal can move to another one.
const maxMessage = 1 << 20

// streamConfig never drops a frame: no limit makes room by expiry, and neither
// deletes nor purges are allowed.
var streamConfig = jetstream.StreamConfig{
	Name: streamName, Subjects: []string{subject},
	Storage: jetstream.FileStorage, Replicas: 1, Compression: jetstream.NoCompression,
	Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew,
	MaxMsgs: -1, MaxBytes: -1, MaxMsgSize: maxMessage,
	DenyDelete: true, DenyPurge: true,
	Duplicates: 2 * time.Minute,
}

// storeName is the log engine's own folder in that of the journal.
const storeName = "jetstream"

// startServer runs the log engine in this process. It listens on nothing,
// catches no signals, and syncs the disk before each acknowledgement, unless
// somebody else will when all is written.
func startServer(dir string, maxBytes int64, sync bool, log *slog.Logger) (*server.Server, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "callbox", DontListen: true, NoSigs: true,
		JetStream: true, StoreDir: dir, SyncAlways: sync, DisableJetStreamBanner: true,
		JetStreamMaxStore: maxBytes, JetStreamMaxMemory: 64 << 20, // else it would measure the machine
		MaxPayload: maxMessage,
	})
	if err != nil {
		return nil, err
	}
	to := &serverLog{log: log}
	s.SetLoggerV2(to, false, false, false)
	s.Start()
	if !s.ReadyForConnections(30*time.Second) || !s.JetStreamEnabled() {
		stopServer(s)
		return nil, fmt.Errorf("the log engine does not start: %s", to.reason())
	}
	return s, nil
}

func stopServer(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

// connect opens a connection that lasts: it looks for the server again if it is lost.
func connect(s nats.InProcessConnProvider, name string, log *slog.Logger) (*nats.Conn, jetstream.JetStream, error) {
	return dial("", name, 30*time.Second, log, nats.InProcessServer(s), nats.ReconnectWait(10*time.Millisecond))
}

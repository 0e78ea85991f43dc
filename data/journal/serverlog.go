package journal

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
)

// serverLog passes on what the log engine has to say. Its notices are details
// to us; its fatal errors end nothing but the attempt to start it.
type serverLog struct {
	log   *slog.Logger
	mu    sync.Mutex
	fatal string
}

func (l *serverLog) put(level slog.Level, format string, args []any) {
	if l.log.Enabled(context.Background(), level) {
		l.log.Log(context.Background(), level, "log engine", "message", fmt.Sprintf(format, args...))
	}
}

// reason is why the server did not start, as far as it said.
func (l *serverLog) reason() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fatal == "" {
		return "it gave no reason"
	}
	return l.fatal
}

// The rest is server.Logger.

func (l *serverLog) Fatalf(format string, args ...any) {
	l.mu.Lock()
	l.fatal = fmt.Sprintf(format, args...)
	l.mu.Unlock()
	l.put(slog.LevelError, format, args)
}

func (l *serverLog) Errorf(format string, args ...any)  { l.put(slog.LevelError, format, args) }
func (l *serverLog) Warnf(format string, args ...any)   { l.put(slog.LevelWarn, format, args) }
func (l *serverLog) Noticef(format string, args ...any) { l.put(slog.LevelDebug, format, args) }
func (l *serverLog) Debugf(format string, args ...any)  { l.put(slog.LevelDebug, format, args) }
func (l *serverLog) Tracef(format string, args ...any)  { l.put(slog.LevelDebug, format, args) }

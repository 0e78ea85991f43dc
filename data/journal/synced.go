package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// A cluster shows whether its servers sync before they acknowledge to users of
// its system account only; nothing that the journal's own user may ask tells it.
// So either such a user asks, or somebody vouches for it.

const jszSubject = "$SYS.REQ.SERVER.PING.JSZ" // every server answers

// jsz is what matters of a server's answer.
type jsz struct {
	Server struct {
		Name string `json:"name"`
	} `json:"server"`
	Data struct {
		Disabled bool `json:"disabled"` // it keeps no streams
		Config   struct {
			SyncAlways bool `json:"sync_always"`
		} `json:"config"`
	} `json:"data"`
}

// How long servers may take to answer, and after how long a silence no more
// answers are waited for.
const (
	jszTime = 5 * time.Second
	jszIdle = time.Second
)

// checkSync refuses a cluster that is not known to sync before it acknowledges.
func checkSync(ctx context.Context, o ClusterOptions, log *slog.Logger) error {
	switch {
	case o.System != "":
	case o.Synced || o.ReadOnly:
		return nil
	default:
		return fmt.Errorf("%w: only the cluster's system account can see whether these do; "+
			"set sync_interval: always in jetstream {} of every server, then confirm it, or give the address of a system user", ErrUnsynced)
	}
	nc, err := nats.Connect(o.System, nats.Name("callbox sync check"))
	if err != nil {
		return fmt.Errorf("connect to %s as a system user: %w", addresses(o.System), err)
	}
	defer nc.Close()
	answers, err := ask(ctx, nc)
	if err != nil {
		return fmt.Errorf("ask whether the servers sync, at %s: %w", addresses(o.System), err)
	}
	var keeping, lax []string
	for _, a := range answers {
		if !a.Data.Disabled {
			keeping = append(keeping, a.Server.Name)
			if !a.Data.Config.SyncAlways {
				lax = append(lax, a.Server.Name)
			}
		}
	}
	slices.Sort(lax)
	if len(lax) > 0 {
		return fmt.Errorf("%w: set sync_interval: always in jetstream {} of %s", ErrUnsynced, strings.Join(lax, ", "))
	}
	if len(keeping) < majority {
		return fmt.Errorf("%w: %w: %d servers say that they sync, of %d that are needed (%s); is the user of the system account, and do the servers run?",
			ErrUnsynced, ErrSilent, len(keeping), majority, strings.Join(keeping, ", "))
	}
	if len(keeping) < replicas {
		log.Warn("some of the cluster's servers do not say whether they sync; perhaps they do not run", "say", keeping, "replicas", replicas)
	}
	log.Info("the cluster's servers sync before they acknowledge", "servers", keeping)
	return nil
}

// ask has all servers answer.
func ask(ctx context.Context, nc *nats.Conn) (answers []jsz, err error) {
	ctx, cancel := context.WithTimeout(ctx, jszTime)
	defer cancel()
	inbox, err := nc.SubscribeSync(nc.NewRespInbox())
	if err != nil {
		return nil, err
	}
	if err := nc.PublishRequest(jszSubject, inbox.Subject, []byte(`{"config":true}`)); err != nil {
		return nil, err
	}
	for ctx.Err() == nil {
		m, err := inbox.NextMsg(jszIdle)
		switch {
		case errors.Is(err, nats.ErrTimeout), errors.Is(err, nats.ErrNoResponders):
			return answers, nil
		case err != nil:
			return nil, err
		}
		var a jsz
		if err := json.Unmarshal(m.Data, &a); err != nil {
			return nil, fmt.Errorf("an answer to %s cannot be read: %w", jszSubject, err)
		}
		answers = append(answers, a)
	}
	return answers, nil
}

// addresses are those of servers without the passwords in them, for messages.
func addresses(urls string) string {
	list := strings.Split(urls, ",")
	for i, s := range list {
		if u, err := url.Parse(strings.TrimSpace(s)); err == nil {
			u.User = nil
			list[i] = u.String()
		} else {
			list[i] = "(no address)"
		}
	}
	return strings.Join(list, ",")
}

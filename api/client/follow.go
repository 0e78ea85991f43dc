package client

import (
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"callbox/api/wire"
)

// Where several servers stand for one city, one of them writes and the others
// stand by: a client that knows them all keeps to the one that answers. A request
// that may have been carried out before its server was lost is sent again as it
// was, under the same Idempotency-Key, so that it is carried out once.

// How long to wait after all servers have refused: a quarter of the time that has
// passed, within these bounds, so that a take-over is seen soon after it happened.
const (
	minPause = 5 * time.Millisecond
	maxPause = 100 * time.Millisecond
)

// follow sends a request to one server after another until one takes it.
func (c *Client) follow(send func(base, key string) error, method, key string) error {
	if key == "" && method != http.MethodGet {
		key = rand.Text()
	}
	start := time.Now()
	for tries := 1; ; tries++ {
		at := c.at.Load()
		err := send(c.bases[at], key)
		if !elsewhere(err, tries) || time.Since(start) > c.patience {
			return err
		}
		c.at.CompareAndSwap(at, (at+1)%uint32(len(c.bases)))
		if tries%len(c.bases) == 0 {
			time.Sleep(min(max(time.Since(start)/4, minPause), maxPause))
		}
	}
}

// elsewhere reports whether a request is to be sent again, perhaps to another
// server: it was not answered, or by one that does not write. After the first try
// its own forerunner may still be under way.
func elsewhere(err error, tries int) bool {
	if err == nil {
		return false
	}
	var p *wire.Problem
	if !errors.As(err, &p) {
		return true
	}
	return p.Code == "standby" || p.Code == "unavailable" || p.Code == "request_in_flight" && tries > 1
}

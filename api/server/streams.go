package server

import (
	"net"
	"net/http"
	"net/netip"
	"sync"

	"callbox/api/wire"
)

// streams counts the event streams that are open, in all and by client, so that
// no client keeps the others out.
type streams struct {
	mu  sync.Mutex
	all int
	of  map[string]int
}

// enter makes room for one more stream of a client. leave gives it free, and is
// to be called once.
func (s *streams) enter(client string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[client] == streamsPerClient {
		return nil, wire.Wrong(http.StatusTooManyRequests, "too_many_streams", "",
			"%d event streams of this client are open already; close one first", streamsPerClient)
	}
	if s.all == maxStreams {
		return nil, wire.Wrong(http.StatusServiceUnavailable, "too_many_streams", "", "%d event streams are open already", maxStreams)
	}
	if s.of == nil {
		s.of = make(map[string]int)
	}
	s.all++
	s.of[client]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.of[client]--; s.of[client] == 0 {
			delete(s.of, client)
		}
	}, nil
}

func (s *streams) open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all
}

// clientOf names who asks: by the API key, or by the address where there is
// none. Of IPv6 one client has a whole /64 of addresses.
func clientOf(key *Key, ip net.IP) string {
	if key != nil {
		return "key " + key.Name
	}
	addr, _ := netip.AddrFromSlice(ip)
	if addr = addr.Unmap(); addr.Is6() {
		return netip.PrefixFrom(addr, 64).Masked().String()
	}
	return addr.String()
}

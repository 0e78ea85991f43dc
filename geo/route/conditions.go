package route

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route/cch"
	"callbox/geo/route/kernel"
)

// Times are travel times for all arcs of a graph instead of its own, such as
// those of one hour of the week: milliseconds by profile and arc, road.Closed
// for one that may not be driven.
type Times struct {
	Name   string // says which they are, in versions
	Millis [geo.Profiles][]uint32
}

// Conditions are how the roads are at present: which arcs are closed, in every
// profile, and how long the others take.
type Conditions struct {
	Closed []road.Arc // in any order
	Times  *Times     // nil: those of the graph
}

// epoch is the state of the roads between two changes. It is immutable.
type epoch struct {
	number  uint64
	version string
	closed  []road.Arc // sorted, each once
	times   *Times
	weights [geo.Profiles]cch.Weights
	metrics [geo.Profiles]*cch.Metric // of a network with a hierarchy
	arcs    []uint32                  // that differ from the epoch before, if partial
	partial bool
	changed [geo.Profiles][]uint32 // nodes whose arcs differ from the epoch before, if partial
}

// own is the first epoch: the graph as it is.
func own(g *road.Graph) *epoch {
	e := &epoch{version: g.Version()}
	for p := range geo.Profiles {
		e.weights[p] = cch.Weights{Shared: g.AllMillis(p)}
	}
	return e
}

// after is the epoch of other conditions on the same graph. Its metrics are yet
// to be made.
func (e *epoch) after(g *road.Graph, c Conditions) (*epoch, error) {
	next := &epoch{number: e.number + 1, closed: slices.Clone(c.Closed), times: c.Times}
	slices.Sort(next.closed)
	next.closed = slices.Compact(next.closed)
	if n := len(next.closed); n > 0 && int(next.closed[n-1]) >= g.Arcs() {
		return nil, fmt.Errorf("arc %d is to be closed, the graph has %d", next.closed[n-1], g.Arcs())
	}
	for p := range geo.Profiles {
		w := cch.Weights{Shared: g.AllMillis(p)}
		if c.Times != nil {
			if w.Shared = c.Times.Millis[p]; len(w.Shared) != g.Arcs() {
				return nil, fmt.Errorf("times %q are of %d arcs in the %v profile, the graph has %d", c.Times.Name, len(w.Shared), p, g.Arcs())
			}
		}
		if len(next.closed) > 0 {
			w.Set = make(map[uint32]uint32, len(next.closed))
			for _, a := range next.closed {
				w.Set[uint32(a)] = kernel.Inf
			}
		}
		next.weights[p] = w
	}
	next.version = next.name(g)
	return next, nil
}

// name is the version: that of the graph, and if it is not as it was built, the
// times by their name and the closed arcs by their hash. Equal conditions have
// equal names, whatever led to them.
func (e *epoch) name(g *road.Graph) string {
	name := g.Version()
	if e.times != nil {
		name += "+" + e.times.Name
	}
	if len(e.closed) > 0 {
		h := sha256.New()
		_ = binary.Write(h, binary.LittleEndian, e.closed) // a hash takes every byte
		name += "-" + hex.EncodeToString(h.Sum(nil)[:4])
	}
	return name
}

// differing are the arcs that are closed in one of two epochs and not in the
// other; false if more than that differs.
func (e *epoch) differing(next *epoch) ([]uint32, bool) {
	if e.times != next.times {
		return nil, false
	}
	var arcs []uint32
	a, b := e.closed, next.closed
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			arcs, a = append(arcs, uint32(a[0])), a[1:]
		case len(a) == 0 || b[0] < a[0]:
			arcs, b = append(arcs, uint32(b[0])), b[1:]
		default:
			a, b = a[1:], b[1:]
		}
	}
	return arcs, true
}

// Adopt puts other conditions in force, for every question that is asked from
// then on; nobody waits for it. With a hierarchy it takes the time of the arcs
// that depend on those that were closed or opened: less than a millisecond for
// some arcs side by side, some tens for all of a large city. It gives the new
// version. Errors are those of arcs that the graph does not have.
func (n *Network) Adopt(c Conditions) (version string, err error) {
	return n.adopt(func(Conditions) Conditions { return c })
}

// Close is Adopt of other closed arcs: these and no others. The times that are
// in force stay so.
func (n *Network) Close(arcs []road.Arc) (version string, err error) {
	return n.adopt(func(now Conditions) Conditions { return Conditions{Closed: arcs, Times: now.Times} })
}

// AdoptTimes is Adopt of other times, nil for those of the graph; the arcs that
// are closed stay so. The times must not be changed afterwards.
func (n *Network) AdoptTimes(t *Times) (version string, err error) {
	return n.adopt(func(now Conditions) Conditions { return Conditions{Closed: now.Closed, Times: t} })
}

// adopt puts in force what becomes of the present conditions. One change comes
// after the other, so none is lost.
func (n *Network) adopt(change func(now Conditions) Conditions) (version string, err error) {
	n.adopting.Lock()
	defer n.adopting.Unlock()
	old := n.epoch.Load()
	next, err := old.after(n.graph, change(Conditions{Closed: old.closed, Times: old.times}))
	if err != nil {
		return "", err
	}
	if n.hierarchy != nil {
		n.hierarchy.customize(old, next)
	}
	n.epoch.Store(next)
	return next.version, nil
}

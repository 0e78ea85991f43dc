package route

import (
	"time"

	"callbox/geo"
)

// Ways asks for ways from one place to another on a network with a hierarchy, as
// Query does on one without, some thousand times as fast. Each question is
// answered under the conditions that are in force when it is asked. Ways may be
// shared.
type Ways struct{ net *Network }

// Ways makes a Ways. It panics if the network has no hierarchy.
func (n *Network) Ways() *Ways {
	if n.hierarchy == nil {
		panic("route: a network without a hierarchy has no Ways; use Prepare")
	}
	return &Ways{n}
}

// Time is how long and how far it is from one place to another by a fastest way;
// false if either has no street within reach or there is no way. The leg has no
// ID. A way longer than FarHorizon, which Query does not find, is given as just
// so long.
func (w *Ways) Time(from, to geo.Point, p geo.Profile) (geo.Leg, bool) {
	_, d, ok := w.drive(from, to, p)
	return d.total.leg(""), ok
}

func (w *Ways) drive(from, to geo.Point, p geo.Profile) (streets, drive, bool) {
	e := w.net.epoch.Load()
	s := plan{streets{w.net.graph, p, e}, e.metrics[p]}
	a, ok1 := w.net.Snap(from)
	b, ok2 := w.net.Snap(to)
	if !ok1 || !ok2 {
		return s.streets, drive{}, false
	}
	d, ok := s.fastest(a, b)
	return s.streets, d, ok
}

// Path is the way that Time measures; false in the same cases.
func (w *Ways) Path(from, to geo.Point, p geo.Profile) (Path, bool) {
	s, d, ok := w.drive(from, to, p)
	if !ok {
		return Path{}, false
	}
	path := Path{Distance: geo.Distance(d.total.length())}
	var since cost
	add := func(at geo.Point, c cost) {
		since = since.plus(c)
		path.Points = append(path.Points, at)
		path.Times = append(path.Times, time.Duration(since.time())*time.Millisecond)
	}
	add(s.PointAt(d.from), 0)
	if !d.whole {
		add(s.Point(d.first), d.leave)
		for _, a := range d.arcs {
			c, _ := s.arc(a)
			add(s.Point(s.Head(a)), c)
		}
		add(s.PointAt(d.to), d.enter)
	} else {
		add(s.PointAt(d.to), d.total)
	}
	return path, true
}

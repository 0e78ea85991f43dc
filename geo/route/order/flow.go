package order

// flow is a flow through the nodes of a part, at most one unit through each,
// from the first of its two sides to the second. By Menger's theorem a greatest
// flow is as large as the smallest set of nodes that parts the sides.
//
// Each node has two ports, and an arc of capacity 1 between them, in to out;
// adjacent nodes are joined out to in, without limit. Seen from the first side
// the in port is the near one and the out port the far one, seen from the second
// side it is the other way round. So both sides run the same code:
//
//   - from a far port one comes to the near ports of all neighbours, and, against
//     the flow, to the near port of the node itself;
//   - from a near port one comes to the far port, or, if the flow has taken that,
//     against the flow to the far port of the neighbour it comes from.
type flow struct {
	*part
	through []bool // by node: whether the flow goes through it
	value   int
	sides   [2]side

	next []uint32 // by port of the first side: how much of the row was tried
	path []port
}

// port is a port of a node, seen from one side: 2*node near, 2*node+1 far.
type port = uint32

// other is the same port as seen from the other side.
func other(x port) port { return x ^ 1 }

const none = ^uint32(0)

// side is one end of the flow and what can be reached from there. Nodes of
// which only the near port is reached are the cut nearest to the side.
type side struct {
	queue   []port   // what is reached
	owned   int      // queue[:owned] is the end, the rest was reached from it
	rim     int      // nothing more can be reached from queue[:rim]
	tried   int      // queue[:tried] has been looked at
	reached []uint8  // by node: set of near, far, owned
	level   []uint32 // by port: steps from the end
	from    []uint32 // by node with flow: the neighbour it comes from, or none
	weight  uint64   // of the nodes whose far ports are reached

	ownCut []uint32 // nodes of queue[:cutOf] of which only the near port was reached
	cutOf  int
	cut    []uint32 // the same of queue[:cutAt]; void if cutAt is 0
	cutAt  int
}

const (
	nearReached = 1 << iota
	farReached
	nearOwned
)

func newFlow(p *part) *flow {
	f := &flow{part: p, through: make([]bool, p.size()), next: make([]uint32, 2*p.size())}
	for i := range f.sides {
		f.sides[i] = side{
			reached: make([]uint8, p.size()),
			level:   make([]uint32, 2*p.size()),
			from:    make([]uint32, p.size()),
		}
		for v := range f.sides[i].from {
			f.sides[i].from[v] = none
		}
	}
	return f
}

func (s *side) has(x port) bool { return s.reached[x>>1]&(nearReached<<(x&1)) != 0 }

// owns reports whether the near port of a node belongs to the end of side i.
func (f *flow) owns(i int, v uint32) bool { return f.sides[i].reached[v]&nearOwned != 0 }

// reaches reports whether the near port of a node is reached from side i.
func (f *flow) reaches(i int, v uint32) bool { return f.sides[i].reached[v]&nearReached != 0 }

func (f *flow) reach(s *side, x port, level uint32) {
	s.reached[x>>1] |= nearReached << (x & 1)
	s.level[x] = level
	s.queue = append(s.queue, x)
	if x&1 == 1 {
		s.weight += uint64(f.weight[x>>1])
	}
}

// end makes a node an end of side i. The node itself may still be cut.
func (f *flow) end(i int, v uint32) {
	s := &f.sides[i]
	if s.has(2 * v) {
		return
	}
	f.reach(s, 2*v, 0)
	s.reached[v] |= nearOwned
	s.owned = len(s.queue)
}

// pierce makes all that side i reaches its end, and besides a node of its cut.
// The flow must be a greatest one, and the node not be owned by the other side.
func (f *flow) pierce(i int, v uint32) {
	s := &f.sides[i]
	f.separator(i)
	s.ownCut, s.cut, s.cutOf, s.cutAt = s.cut, s.ownCut, len(s.queue), 0
	for _, x := range s.queue[s.owned:] {
		s.level[x] = 0
		if x&1 == 0 {
			s.reached[x>>1] |= nearOwned
		}
	}
	f.reach(s, 2*v+1, 0)
	s.owned, s.rim, s.tried = len(s.queue), len(s.queue), len(s.queue)
	for _, u := range f.row(v) {
		f.end(i, u)
	}
}

// separator is the cut nearest to side i. The flow must be a greatest one. The
// slice is good until the flow changes.
func (f *flow) separator(i int) []uint32 {
	s := &f.sides[i]
	if s.cutAt == len(s.queue) {
		return s.cut
	}
	s.cut, s.cutAt = s.cut[:0], len(s.queue)
	for _, v := range s.ownCut {
		if s.reached[v]&farReached == 0 {
			s.cut = append(s.cut, v)
		}
	}
	for _, x := range s.queue[s.cutOf:] {
		if x&1 == 0 && s.reached[x>>1]&farReached == 0 {
			s.cut = append(s.cut, x>>1)
		}
	}
	return s.cut
}

// maximize makes the flow a greatest one: from the ends backward, blocking
// flows along shortest ways (Dinic, "Algorithm for solution of a problem of
// maximum flow in networks with power estimation", Soviet Mathematics Doklady
// 11, 1970). It gives up, and returns false, when the size of the cut is
// hopeless.
func (f *flow) maximize(hopeless func(size int) bool) bool {
	first, second := &f.sides[0], &f.sides[1]
	for {
		f.grow(second, nil)
		if !f.touch() && !f.grow(first, second) {
			return true
		}
		f.retreat(first)
		f.block()
		f.retreat(second)
		if hopeless(f.value) {
			return false
		}
	}
}

// grow reaches all that can be from side s, or until a port is met that the
// other side has reached.
func (f *flow) grow(s, against *side) (met bool) {
	for ; s.tried < len(s.queue); s.tried++ {
		x := s.queue[s.tried]
		v, level := x>>1, s.level[x]+1
		if x&1 == 0 {
			if y := f.onward(s, v); y != none && !s.has(y) {
				if against != nil && against.has(other(y)) {
					return true
				}
				f.reach(s, y, level)
			}
			continue
		}
		for _, u := range f.row(v) {
			if s.reached[u]&nearReached == 0 {
				if against != nil && against.reached[u]&farReached != 0 {
					return true
				}
				f.reach(s, 2*u, level)
			}
		}
		if f.through[v] && !s.has(2*v) {
			if against != nil && against.has(2*v+1) {
				return true
			}
			f.reach(s, 2*v, level)
		}
	}
	return false
}

// onward is the only port to which one can go from the near port of v, or none.
func (f *flow) onward(s *side, v uint32) port {
	if !f.through[v] {
		return 2*v + 1
	}
	if u := s.from[v]; u != none {
		return 2*u + 1
	}
	return none
}

// touch reports whether the second side reaches the rim of the first.
func (f *flow) touch() bool {
	first, second := &f.sides[0], &f.sides[1]
	for _, x := range first.queue[first.rim:first.owned] {
		if second.has(other(x)) {
			return true
		}
	}
	return false
}

// retreat forgets what a side has reached besides its end.
func (f *flow) retreat(s *side) {
	for _, x := range s.queue[s.owned:] {
		s.reached[x>>1] &^= nearReached << (x & 1)
		if x&1 == 1 {
			s.weight -= uint64(f.weight[x>>1])
		}
	}
	s.queue, s.tried, s.cutAt = s.queue[:s.owned], s.rim, 0
}

// block adds a blocking flow along ports whose level from the second side falls
// by one with each step. Levels and what the second side has reached are void
// afterwards.
func (f *flow) block() {
	first, second := &f.sides[0], &f.sides[1]
	for _, x := range second.queue {
		f.next[other(x)] = 0
	}
	for _, x := range first.queue[first.rim:first.owned] {
		if second.has(other(x)) {
			f.augment(x)
		}
	}
}

// augment sends one unit from a port of the first side, if there is a way.
func (f *flow) augment(start port) {
	level := f.sides[1].level
	f.path = append(f.path[:0], start)
	for len(f.path) > 0 {
		x := f.path[len(f.path)-1]
		if level[other(x)] == 0 {
			f.push()
			return
		}
		if y := f.descend(x, level[other(x)]-1); y != none {
			f.path = append(f.path, y)
			continue
		}
		level[other(x)] = none // a dead end
		f.path = f.path[:len(f.path)-1]
	}
}

// descend is a port after x, seen from the first side, of that level from the
// second side; or none.
func (f *flow) descend(x port, level uint32) port {
	first, second := &f.sides[0], &f.sides[1]
	good := func(y port) bool { return second.has(other(y)) && second.level[other(y)] == level }
	v := x >> 1
	if x&1 == 0 {
		if y := f.onward(first, v); y != none && good(y) {
			return y
		}
		return none
	}
	row := f.row(v)
	for ; f.next[x] < uint32(len(row)); f.next[x]++ {
		if y := 2 * row[f.next[x]]; good(y) {
			return y
		}
	}
	if y := 2 * v; f.through[v] && good(y) {
		return y
	}
	return none
}

// push sends one unit along the path.
func (f *flow) push() {
	first, second := &f.sides[0], &f.sides[1]
	start, last := f.path[0]>>1, f.path[len(f.path)-1]>>1
	first.from[start] = none
	second.from[last] = none
	for i := 1; i < len(f.path); i++ {
		x, y := f.path[i-1], f.path[i]
		switch v, u := x>>1, y>>1; {
		case v == u:
			f.through[v] = x&1 == 0
		case x&1 == 1:
			second.from[v], first.from[u] = u, v
		}
	}
	f.value++
}

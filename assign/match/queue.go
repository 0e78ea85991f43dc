package match

// node is something that a search visits: a kind, then a number. At equal
// distance the lower node is visited first.
type node uint64

func (n node) number() int32 { return int32(uint32(n)) }
func (n node) kind() node    { return n &^ (1<<32 - 1) }

func nodeOf(kind node, number int32) node { return kind | node(uint32(number)) }

// queue is a binary heap of nodes by distance. A node that is found again nearer
// is put in again; who takes it out knows that it was there before.
type queue struct {
	levels int
	items  []item
	keys   []int64 // of all levels, flat
}

// item has the first level of its distance at hand: the others seldom matter.
type item struct {
	first int64
	key   int // where its distance is in keys
	node  node
}

func (q *queue) clear(levels int) {
	q.levels = levels
	q.items = q.items[:0]
	q.keys = q.keys[:0]
}

func (q *queue) dist(i item) Cost { return q.keys[i.key:][:q.levels] }

func (q *queue) before(a, b item) bool {
	if a.first != b.first {
		return a.first < b.first
	}
	if q.levels > 1 {
		if c := Compare(q.dist(a), q.dist(b)); c != 0 {
			return c < 0
		}
	}
	return a.node < b.node
}

// push puts in a node at the distance base + c - v.
func (q *queue) push(n node, base, c, v []int64) {
	at := len(q.keys)
	for l := range base {
		q.keys = append(q.keys, base[l]+c[l]-v[l])
	}
	q.put(item{q.keys[at], at, n})
}

// pushNumber is push for a distance of one level.
func (q *queue) pushNumber(n node, dist int64) {
	q.keys = append(q.keys, dist)
	q.put(item{dist, len(q.keys) - 1, n})
}

func (q *queue) put(x item) {
	q.items = append(q.items, x)
	k := len(q.items) - 1
	for k > 0 && q.before(x, q.items[(k-1)/2]) {
		q.items[k] = q.items[(k-1)/2]
		k = (k - 1) / 2
	}
	q.items[k] = x
}

// pop takes out the first item. The queue must not be empty.
func (q *queue) pop() item {
	s := q.items
	top, x := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	q.items = s
	if len(s) == 0 {
		return top
	}
	k := 0
	for {
		child := 2*k + 1
		if child >= len(s) {
			break
		}
		if child+1 < len(s) && q.before(s[child+1], s[child]) {
			child++
		}
		if !q.before(s[child], x) {
			break
		}
		s[k] = s[child]
		k = child
	}
	s[k] = x
	return top
}

package route

// Fleet is the set of moving units on a network, each known by its ID. It
// holds the memory of a search too, and belongs to one goroutine.
type Fleet struct {
	roster
	search search  // unit i is its leaf i
	first  []int32 // for each node: the first hook of those units that leave by it
	hooks  []hook  // hook ends*i+end: unit i leaves by that end of its arc
	batch  []int   // units that take the same time, in Nearest
}

// hook is a place in the list of a node, which is linked both ways.
type hook struct{ next, prev int32 }

const none = int32(-1)

// Fleet makes a Fleet without units.
func (n *Network) Fleet() *Fleet {
	f := &Fleet{search: newSearch(n, 0), first: make([]int32, n.graph.Nodes())}
	f.roster = newRoster(n, f)
	for i := range f.first {
		f.first[i] = none
	}
	return f
}

// Version takes in the conditions that are in force, and names the roads; see
// Units.Version.
func (f *Fleet) Version() string {
	f.change++
	f.search.epoch = f.net.epoch.Load()
	return f.search.epoch.version
}

// enter enters a unit in the lists of those nodes by which it leaves its street,
// in whatever profile.
func (f *Fleet) enter(slot int) {
	if slot*ends == len(f.hooks) {
		f.hooks = append(f.hooks, make([]hook, ends)...)
		f.search.labels = append(f.search.labels, label{})
	}
	for end := range ends {
		node, ok := f.search.exit(f.units[slot].at, end)
		if !ok {
			continue
		}
		h, first := int32(ends*slot+end), &f.first[node]
		f.hooks[h] = hook{next: *first, prev: none}
		if *first != none {
			f.hooks[*first].prev = h
		}
		*first = h
	}
}

// leave undoes enter.
func (f *Fleet) leave(slot int) {
	for end := range ends {
		node, ok := f.search.exit(f.units[slot].at, end)
		if !ok {
			continue
		}
		h := f.hooks[ends*slot+end]
		if h.prev == none {
			f.first[node] = h.next
		} else {
			f.hooks[h.prev].next = h.next
		}
		if h.next != none {
			f.hooks[h.next].prev = h.prev
		}
	}
}

func (f *Fleet) marked(int) {}

package order

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"callbox/geo"
)

// Options are the settings of Compute; the zero value is a good one.
type Options struct {
	// Directions is how many ways each part is swept to find a separator; 0 is
	// 4. Time grows with it. More hardly ever find a better one: New York's
	// search space is 4,220 edges with 2, 3,943 with 4, 8 and 16.
	Directions int

	// Balance is the least weight of the smaller side of a separator, in per
	// cent of the part; 0 is 20, and more than 45 counts as 45.
	Balance int

	// Progress is told how many of all nodes have found their place: at most a
	// hundred times, one call after the other, from any goroutine.
	Progress func(done, total int)
}

// Compute gives an order of the nodes of g: order[i] is the node that is
// eliminated i-th, and the last is the root of the elimination tree. It depends
// on g, Directions and Balance and on nothing else; GOMAXPROCS goroutines work
// on it. The recursion is no deeper than the logarithm of the nodes, and each
// level takes time O(edges * greatest separator) at worst, much less on roads.
func Compute(g Graph, o Options) []uint32 {
	if o.Directions <= 0 {
		o.Directions = 4
	}
	if o.Balance <= 0 {
		o.Balance = 20
	}
	o.Balance = min(o.Balance, 45)
	order := make([]uint32, g.Nodes())
	gone, rest := reduce(g, plane(g.Points))
	d := dissection{Options: o, total: g.Nodes(), running: make(chan struct{}, runtime.GOMAXPROCS(0))}
	d.running <- struct{}{}
	d.placed(copy(order, gone))
	d.parts(rest.components(nil), order[len(gone):])
	return order
}

// plane shrinks longitudes as the latitude in the middle asks for.
func plane(points []geo.Point) []spot {
	const scale = 1024
	bound := geo.BoundOf(points...)
	middle := (float64(bound.Min.Lat) + float64(bound.Max.Lat)) / 2 / geo.E7 * math.Pi / 180
	shrink := int64(math.Round(scale * math.Cos(middle)))
	place := make([]spot, len(points))
	for i, p := range points {
		place[i] = spot{int64(p.Lon) * shrink, int64(p.Lat) * scale}
	}
	return place
}

// dissection is the work on one order.
type dissection struct {
	Options
	running chan struct{} // a token for each goroutine that has a processor

	progress    sync.Mutex
	done, total int
}

const (
	// tiny is the size of a part that is not dissected further.
	tiny = 3
	// large is the size of a part that is worth a goroutine.
	large = 500
)

// parts orders each part for itself.
func (d *dissection) parts(parts []part, order []uint32) {
	end := make([]int, len(parts)) // of the places of each
	for i, n := 0, 0; i < len(parts); i++ {
		n += parts[i].size()
		end[i] = n
	}
	d.each(len(parts), func(i int) bool { return parts[i].size() >= large }, func(i int) {
		p := &parts[i]
		d.part(p, order[end[i]-p.size():end[i]])
	})
}

// part orders one connected part: the separator last, what it separates before.
func (d *dissection) part(p *part, order []uint32) {
	var separator []uint32
	if p.size() > tiny {
		separator = d.separator(p)
	}
	if separator == nil {
		separator = byDegree(p)
	}
	sides := len(order) - len(separator)
	for i, v := range separator {
		order[sides+i] = p.nodes[v]
	}
	d.placed(len(separator))
	if sides > 0 {
		d.parts(p.components(separator), order[:sides])
	}
}

// byDegree gives all nodes of a part, those with fewest neighbours first.
func byDegree(p *part) []uint32 {
	nodes := make([]uint32, p.size())
	for v := range nodes {
		nodes[v] = uint32(v)
	}
	slices.SortStableFunc(nodes, func(a, b uint32) int { return len(p.row(a)) - len(p.row(b)) })
	return nodes
}

// each does a job for each number below n. Jobs that are large go to goroutines
// of their own while processors are idle; who waits for them lends out its own.
func (d *dissection) each(n int, large func(i int) bool, job func(i int)) {
	var wait sync.WaitGroup
	spawned := false
	for i := range n {
		if i+1 < n && large(i) {
			select {
			case d.running <- struct{}{}:
				spawned = true
				wait.Go(func() {
					job(i)
					<-d.running
				})
				continue
			default:
			}
		}
		job(i)
	}
	if spawned {
		<-d.running
		wait.Wait()
		d.running <- struct{}{}
	}
}

// placed counts nodes that have found their place.
func (d *dissection) placed(nodes int) {
	if d.Progress == nil {
		return
	}
	d.progress.Lock()
	defer d.progress.Unlock()
	before := d.done * 100 / d.total
	d.done += nodes
	if d.done*100/d.total > before {
		d.Progress(d.done, d.total)
	}
}

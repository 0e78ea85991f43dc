package engine

import (
	"fmt"
	"slices"
	"sync"

	"callbox/assign"
	"callbox/geo"
	"callbox/geo/cell"
	"callbox/geo/index"
)

// View is what readers see: the state as far as it is durable, where the units
// are, and both by place. Its methods are called inside Engine.View.
type View struct {
	mu     sync.RWMutex
	state  *assign.State
	fixes  fixes
	calls  places
	units  places
	opened []*assign.Call // in the order of their arrival, forgotten ones too
	gaps   int            // how many of opened are forgotten
	roads  string         // their version, with what is closed
	firsts []uint64       // the first fact of each frame
	feed   feed
}

// places is a set of points in an R-tree and by H3 cell.
type places struct {
	tree  index.Points
	cells cell.Index
}

func newView() *View {
	return &View{state: assign.NewState(), fixes: make(fixes), feed: feed{news: make(chan struct{})}}
}

// View lets f read. Nothing that f sees changes while it runs; nothing of it
// may be kept. It must be quick: a commit waits for it.
func (e *Engine) View(f func(*View)) { e.view.read(func() { f(e.view) }) }

func (v *View) read(f func()) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	f()
}

// commit takes in a frame that is durable, if it holds any facts, positions that
// came with it, and the version of the roads after it.
func (v *View) commit(frame assign.Frame, moved []Position, roads string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, r := range frame.Facts {
		if err := v.state.Apply(r); err != nil {
			return err
		}
		v.follow(r)
	}
	for _, p := range moved { // the writer has found each newer than the one before
		if v.fixes.update(p.Unit, p.Fix, true) {
			v.units.put(p.Unit, p.Fix.At)
		}
	}
	v.roads = roads
	if len(frame.Facts) > 0 {
		v.firsts = append(v.firsts, frame.Facts[0].Seq)
		v.feed.add(frame)
	}
	return nil
}

// follow keeps the indexes in line with a fact.
func (v *View) follow(r assign.Recorded) {
	for _, unit := range v.fixes.hear(r) {
		v.units.put(unit, v.fixes[unit].At)
	}
	if f, ok := r.Fact.(*assign.CallReceived); ok {
		v.opened = append(v.opened, v.state.Call(f.Call.ID))
		v.calls.put(f.Call.ID, f.Call.Location)
	}
	if id := v.state.Forgotten(); id != "" {
		v.calls.delete(id)
		v.gaps++
		v.sweep()
	}
}

// sweep drops forgotten calls from the list, once they are half of it.
func (v *View) sweep() {
	if v.gaps*2 < len(v.opened) {
		return
	}
	v.opened = slices.DeleteFunc(v.opened, func(c *assign.Call) bool { return v.state.Call(c.ID) != c })
	v.gaps = 0
}

func (p *places) put(id string, at geo.Point) {
	p.tree.Put(id, at)
	if _, err := p.cells.Put(id, at); err != nil {
		panic(fmt.Sprintf("engine: a place that is not on the earth came through the door: %v", err))
	}
}

func (p *places) delete(id string) {
	p.tree.Delete(id)
	p.cells.Delete(id)
}

func (v *View) frames() uint64 { return uint64(len(v.firsts)) }

// State is the state as far as it is durable. It is not to be changed.
func (v *View) State() *assign.State { return v.state }

// Roads is the version of the roads, with what is closed, when the engine last
// did anything; "none" without roads. Travel times may have changed since,
// closures not.
func (v *View) Roads() string { return v.roads }

// Fix is where a unit is, by the freshest word, and whether anybody knows.
func (v *View) Fix(unit string) (assign.Fix, bool) {
	fix, known := v.fixes[unit]
	return fix, known
}

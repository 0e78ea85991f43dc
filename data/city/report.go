package city

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"callbox/data/osm"
	"callbox/geo/road"
)

// Report says what a city, or a file of one, holds. Its parts are there as far
// as there is something to say.
type Report struct {
	What   string // city, areas, roads, coordinates, posts, policy
	Name   string // of the city or the policy
	Areas  []KindCount
	Alone  []string // IDs of areas that no area of a coarser kind is the parent of, though there are such
	Roads  *RoadReport
	Posts  *PostReport
	Demand int // cells
}

// RoadReport is about a road network.
type RoadReport struct {
	Version             string // road.Graph.Version; "" for a part of a network
	Nodes, Arcs, OneWay int
	Dropped             int         // nodes left out, as they cannot be reached from everywhere
	Map                 *osm.Report // where the roads are just read from OpenStreetMap
	// The following are about the areas of a city.
	Inside int      // nodes that lie in one
	Fewest string   // the area of the coarsest kind that has the fewest nodes, the first such by ID
	Least  int      // its nodes
	Sparse []string // areas of that kind that have fewer than SparseNodes
}

// SparseNodes is the number of nodes below which an area is called sparse: a
// unit there hardly has a street.
const SparseNodes = 10

// PostReport is about posts.
type PostReport struct {
	Count   int
	Outside []string // IDs of those farther than 500 m outside every area
	Moved   []string // IDs of those that named an area which is not in the city
}

// survey looks at a city. It takes about a microsecond for each node.
func (c *City) survey() Report {
	r := Report{What: "city", Name: c.Name, Areas: kindsOf(c.Areas.All()), Demand: len(c.Demand)}
	for _, a := range c.Areas.All() {
		if a.Parent == "" && a.Kind != r.Areas[len(r.Areas)-1].Kind {
			r.Alone = append(r.Alone, a.ID)
		}
	}
	if c.Roads != nil {
		r.Roads = surveyRoads(c.Roads)
		c.surveyInside(r.Roads, r.Areas)
	}
	if len(c.Posts) > 0 {
		r.Posts = &PostReport{Count: len(c.Posts)}
		for _, p := range c.Posts {
			if _, ok := c.Areas.Locate(p.At, tolerance); !ok {
				r.Posts.Outside = append(r.Posts.Outside, p.ID)
			}
		}
	}
	return r
}

func surveyRoads(g *road.Graph) *RoadReport {
	r := &RoadReport{Version: g.Version(), Nodes: g.Nodes(), Arcs: g.Arcs()}
	for a := range road.Arc(g.Arcs()) {
		if g.Twin(a) == road.NoArc && !g.IsTurn(a) {
			r.OneWay++
		}
	}
	return r
}

// surveyInside counts the nodes of each area of the coarsest kind.
func (c *City) surveyInside(r *RoadReport, kinds []KindCount) {
	nodes := make(map[string]int)
	box := c.Areas.Bound()
	for n := range road.Node(c.Roads.Nodes()) {
		p := c.Roads.Point(n)
		if !box.Contains(p) {
			continue
		}
		in := c.Areas.At(p)
		for _, id := range in {
			nodes[id]++
		}
		if len(in) > 0 {
			r.Inside++
		}
	}
	for _, a := range c.Areas.All() {
		n := nodes[a.ID]
		if a.Kind != kinds[len(kinds)-1].Kind {
			continue
		}
		if r.Fewest == "" || n < r.Least {
			r.Fewest, r.Least = a.ID, n
		}
		if n < SparseNodes {
			r.Sparse = append(r.Sparse, a.ID)
		}
	}
}

// String is a short table, a line for each thing.
func (r Report) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(label, format string, args ...any) {
		fmt.Fprintf(w, "%s\t%s\n", label, fmt.Sprintf(format, args...))
	}
	if r.Name != "" {
		row(r.What, "%s", r.Name)
	}
	for _, k := range r.Areas {
		row(string(k.Kind)+"s", "%d", k.Areas)
	}
	if len(r.Alone) > 0 {
		row("in no other area", "%s", some(r.Alone))
	}
	if r.Roads != nil {
		r.Roads.rows(row, r.Areas)
	}
	if r.Posts != nil {
		row("posts", "%d", r.Posts.Count)
		if len(r.Posts.Outside) > 0 {
			row("outside the city", "%s", some(r.Posts.Outside))
		}
		if len(r.Posts.Moved) > 0 {
			row("of unknown areas", "%s: placed where they lie", some(r.Posts.Moved))
		}
	}
	if r.Demand > 0 {
		row("demand", "%d cells", r.Demand)
	}
	w.Flush() // into memory, which takes every byte
	return b.String()
}

func (r *RoadReport) rows(row func(label, format string, args ...any), kinds []KindCount) {
	row("road nodes", "%d", r.Nodes)
	if r.Arcs > 0 {
		row("road arcs", "%d, %d of them one-way", r.Arcs, r.OneWay)
	}
	if r.Version != "" {
		row("road version", "%s", r.Version)
	}
	if r.Dropped > 0 {
		row("dropped", "%d nodes that cannot be reached from everywhere", r.Dropped)
	}
	if all := r.Dropped + r.Nodes; r.Dropped*5 > all {
		row("WARNING", "%d %% of %d nodes were dropped: the roads are torn; cut the extract larger, or check the one-way streets in it", 100*r.Dropped/all, all)
	}
	if r.Map != nil {
		mapRows(r.Map, row)
	}
	if len(kinds) == 0 {
		return
	}
	kind := kinds[len(kinds)-1].Kind
	row("nodes in the city", "%d, in every %s at least %d (%s)", r.Inside, kind, r.Least, r.Fewest)
	if len(r.Sparse) > 0 {
		row("hardly any roads", "%s: fewer than %d nodes", some(r.Sparse), SparseNodes)
	}
}

// some writes how many there are, and the first of them: "3 (a, b, c)".
func some(ids []string) string {
	const shown = 8
	if len(ids) > shown {
		return fmt.Sprintf("%d (%s and others)", len(ids), strings.Join(ids[:shown], ", "))
	}
	return fmt.Sprintf("%d (%s)", len(ids), strings.Join(ids, ", "))
}

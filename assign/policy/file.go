package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"callbox/assign"
	"callbox/geo"

	"go.yaml.in/yaml/v4"
)

// Limits on what a policy may say.
const (
	MaxFile    = 64 << 10 // bytes: with its decoded form it must fit into one frame of the journal
	maxClasses = 32
	maxAnswer  = 1_000 * time.Hour // beyond it the arithmetic of costs could overflow
	maxSpan    = 10_000 * time.Hour
	maxWeight  = 100
	maxReserve = 10_000          // units
	maxAreas   = 256             // of other agencies
	maxWindow  = 5 * time.Minute // that a call is made to wait for others
)

// Parse reads a policy from the text of a file. Its error is Mistakes: all that
// can be found in one go. It takes time and memory in proportion to the text.
func Parse(text []byte) (*assign.Policy, error) {
	root, err := readYAML(text)
	if err != nil {
		return nil, err
	}
	f := &file{}
	f.read(root)
	f.check()
	if len(f.mistakes) > 0 {
		return nil, f.mistakes.sorted()
	}
	hash := sha256.Sum256(text)
	f.policy.Hash = hex.EncodeToString(hash[:])
	return &f.policy, nil
}

// file is a policy on its way from the text: what has been read, and where it
// stood. The methods that read are in the order of the file.
type file struct {
	reader
	policy assign.Policy

	at      fieldsAt  // of the whole file
	classes []classAt // of policy.Classes
	named   bool      // the classes are known by name
	order   fieldsAt  // of the area order
	aid     time.Duration
	solver  fieldsAt
}

// read takes in the whole file, each field by itself; check compares them.
func (f *file) read(root *yaml.Node) {
	p := &f.policy
	p.Solver = &assign.Solver{Together: true}
	f.at = f.mapping("", root, []field{
		{"name", f.id(&p.Name), true},
		{"description", f.text(&p.Description), false},
		{"classes", f.readClasses, true},
		{"run_cards", f.readCards, false},
		{"defaults", f.readDefaults, true},
		{"area_order", f.readAreaOrder, false},
		{"mutual_aid", f.readMutualAid, false},
		{"positions", f.readPositions, true},
		{"straight_line", f.readStraight, true},
		{"solver", f.readSolver, false},
	})
}

func (f *file) readAreaOrder(what string, n *yaml.Node) bool {
	cost := &f.policy.AreaOrder
	f.order = f.mapping(what, n, []field{
		{assign.Sector.String(), f.duration(&cost[assign.Sector], 0, maxSpan), false},
		{assign.Precinct.String(), f.duration(&cost[assign.Precinct], 0, maxSpan), false},
		{assign.City.String(), f.duration(&cost[assign.City], 0, maxSpan), false},
		{assign.Mutual.String(), f.duration(&f.aid, 0, maxSpan), false},
	})
	return true
}

func (f *file) readMutualAid(what string, n *yaml.Node) bool {
	var areas []string
	read := f.list(1, maxAreas, func(what string, n *yaml.Node) bool {
		var area string
		if !f.id(&area)(what, n) {
			return false
		}
		if slices.Contains(areas, area) {
			f.wrong(n.Line, "%s: %s is there twice; keep one of them", what, area)
		}
		areas = append(areas, area)
		return true
	})(what, n)
	slices.Sort(areas)
	f.policy.MutualAid = &assign.MutualAid{Areas: areas, Cost: f.aid}
	return read
}

func (f *file) readPositions(what string, n *yaml.Node) bool {
	return f.mapping(what, n, []field{
		{"stale_after", f.duration(&f.policy.Positions.StaleAfter, shortest, maxSpan), true},
	}).read("stale_after")
}

func (f *file) readStraight(what string, n *yaml.Node) bool {
	var kmh float64
	at := f.mapping(what, n, []field{
		{"speed_kmh", numberIn(&f.reader, &kmh, 1, 300), true},
		{"detour_percent", numberIn(&f.reader, &f.policy.Straight.Detour, 0, 300), false},
	})
	f.policy.Straight.Speed = geo.KilometersPerHour(kmh)
	return at.read("speed_kmh")
}

// How waiting calls are decided, and in turn: in which order.
const (
	decideTogether word = "together"
	decideInTurn   word = "in_turn"
	orderByClass   word = "class"
	orderByAge     word = "age"
)

func (f *file) readSolver(what string, n *yaml.Node) bool {
	decide, order := decideTogether, orderByClass
	s := f.policy.Solver
	f.solver = f.mapping(what, n, []field{
		{"decide", choiceOf(&f.reader, &decide, decideTogether, decideInTurn), false},
		{"order", choiceOf(&f.reader, &order, orderByClass, orderByAge), false},
		{"batch_window", f.duration(&s.BatchWindow, 0, maxWindow), false},
		{"leave_way", f.duration(&s.LeaveWay, 0, maxSpan), false},
		{"coverage", f.duration(&s.Coverage, 0, maxSpan), false},
		{"cover_within", f.duration(&s.CoverWithin, time.Minute, maxSpan), false},
	})
	s.Together, s.ByAge = decide == decideTogether, order == orderByAge
	return true
}

package policy

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"callbox/assign"
	"callbox/geo"

	"go.yaml.in/yaml/v4"
)

// MaxFile is the greatest size of a policy file in bytes: with its decoded form
// it must fit into one frame of the journal.
const MaxFile = 64 << 10

// Mistake is what is wrong with a policy file, and where.
type Mistake struct {
	Line   int // from 1; 0 if it is nowhere in particular
	Detail string
}

// Error gives the line and what is wrong there.
func (m Mistake) Error() string {
	if m.Line == 0 {
		return m.Detail
	}
	return fmt.Sprintf("line %d: %s", m.Line, m.Detail)
}

// The shape of the file. Every leaf remembers its line.
type file struct {
	Name        leaf[string]
	Description string
	Classes     []class
	RunCards    map[string]card `yaml:"run_cards"`
	Defaults    map[string]card
	AreaOrder   struct{ Sector, Precinct, City leaf[duration] } `yaml:"area_order"`
	Positions   struct {
		StaleAfter leaf[duration] `yaml:"stale_after"`
	}
	StraightLine struct {
		SpeedKmh      leaf[float64] `yaml:"speed_kmh"`
		DetourPercent leaf[int]     `yaml:"detour_percent"`
	} `yaml:"straight_line"`
}

type class struct {
	Name          leaf[string]
	Answer, Close leaf[duration]
	PullLimit     leaf[duration] `yaml:"pull_limit"`
	Reach, Travel leaf[string]
}

type card struct {
	Class leaf[string]
	Needs []struct {
		Capabilities []leaf[string]
		Count        leaf[int]
	}
}

type leaf[T any] struct {
	value T
	line  int
}

func (l *leaf[T]) UnmarshalYAML(n *yaml.Node) error {
	l.line = n.Line
	return n.Load(&l.value)
}

type duration time.Duration

func (d *duration) UnmarshalYAML(n *yaml.Node) error {
	v, err := time.ParseDuration(n.Value)
	if err != nil {
		return Mistake{n.Line, fmt.Sprintf("%q is not a duration such as 45m, 8h or 90s", n.Value)}
	}
	if v < 0 || v > 10_000*time.Hour || v%time.Millisecond != 0 {
		return Mistake{n.Line, fmt.Sprintf("%q is not a duration from 0 to 10000h in whole milliseconds", n.Value)}
	}
	*d = duration(v)
	return nil
}

// Parse reads a policy from the text of a file. Its error is one or several
// Mistakes, joined.
func Parse(text []byte) (*assign.Policy, error) {
	if len(text) > MaxFile {
		return nil, Mistake{0, fmt.Sprintf("the file has %d bytes; a policy may have %d", len(text), MaxFile)}
	}
	var f file
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithKnownFields())
	if err != nil {
		return nil, err
	}
	if err := loader.Load(&f); errors.Is(err, io.EOF) {
		return nil, Mistake{0, "the file is empty"}
	} else if err != nil {
		return nil, err
	}
	c := &checker{}
	p := c.policy(&f)
	if len(c.mistakes) > 0 {
		slices.SortStableFunc(c.mistakes, func(a, b Mistake) int { return cmp.Compare(a.Line, b.Line) })
		errs := make([]error, len(c.mistakes))
		for i, m := range c.mistakes {
			errs[i] = m
		}
		return nil, errors.Join(errs...)
	}
	hash := sha256.Sum256(text)
	p.Hash = hex.EncodeToString(hash[:])
	return p, nil
}

// checker turns the file into a policy and notes what is wrong on the way.
type checker struct{ mistakes []Mistake }

func (c *checker) wrong(line int, format string, args ...any) {
	c.mistakes = append(c.mistakes, Mistake{line, fmt.Sprintf(format, args...)})
}

func (c *checker) policy(f *file) *assign.Policy {
	p := &assign.Policy{Name: f.Name.value, Description: f.Description}
	if !assign.ValidID(p.Name) {
		c.wrong(f.Name.line, "name: %q is not 1 to 128 of A-Z a-z 0-9 . _ : -", p.Name)
	}
	if len(f.Classes) == 0 || len(f.Classes) > 32 {
		c.wrong(0, "classes: there must be 1 to 32, there are %d", len(f.Classes))
	}
	for i := range f.Classes {
		k := c.class(&f.Classes[i])
		if p.Rank(k.Name) > 0 {
			c.wrong(f.Classes[i].Name.line, "classes: %q is there twice", k.Name)
		}
		p.Classes = append(p.Classes, k)
	}
	p.RunCards = c.cards("run_cards", f.RunCards, p)
	p.Defaults = c.cards("defaults", f.Defaults, p)
	for _, source := range []assign.Source{assign.Source911, assign.Source311} {
		if _, ok := f.Defaults[string(source)]; !ok {
			c.wrong(0, "defaults: there is no card for source %q", source)
		}
	}
	if len(f.Defaults) > 2 {
		c.wrong(0, "defaults: the sources are \"911\" and \"311\"; there are %d entries", len(f.Defaults))
	}
	for tier, l := range []leaf[duration]{f.AreaOrder.Sector, f.AreaOrder.Precinct, f.AreaOrder.City} {
		p.AreaOrder[tier] = time.Duration(l.value)
	}
	if p.Positions.StaleAfter = time.Duration(f.Positions.StaleAfter.value); p.Positions.StaleAfter <= 0 {
		c.wrong(f.Positions.StaleAfter.line, "positions: stale_after must be above 0s")
	}
	if v := f.StraightLine.SpeedKmh; v.value < 1 || v.value > 300 {
		c.wrong(v.line, "straight_line: speed_kmh is %v; it must be 1 to 300", v.value)
	}
	if v := f.StraightLine.DetourPercent; v.value < 0 || v.value > 300 {
		c.wrong(v.line, "straight_line: detour_percent is %v; it must be 0 to 300", v.value)
	}
	p.Straight = assign.StraightBy{
		Speed:  geo.KilometersPerHour(f.StraightLine.SpeedKmh.value),
		Detour: f.StraightLine.DetourPercent.value,
	}
	return p
}

func (c *checker) class(f *class) assign.Class {
	k := assign.Class{
		Name:      f.Name.value,
		Answer:    time.Duration(f.Answer.value),
		Close:     time.Duration(f.Close.value),
		PullLimit: time.Duration(f.PullLimit.value),
		Reach:     assign.City,
	}
	if !assign.ValidID(k.Name) {
		c.wrong(f.Name.line, "classes: name %q is not 1 to 128 of A-Z a-z 0-9 . _ : -", k.Name)
	}
	if k.Answer <= 0 || k.Close <= 0 {
		c.wrong(max(f.Name.line, f.Answer.line, f.Close.line), "class %q: answer and close must both be above 0s", k.Name)
	}
	if k.Close < k.Answer {
		c.wrong(f.Close.line, "class %q: close is %v, sooner than answer, %v", k.Name, k.Close, k.Answer)
	}
	if f.Reach.value != "" {
		reach, ok := assign.ParseTier(f.Reach.value)
		if !ok {
			c.wrong(f.Reach.line, "class %q: reach is %q; it must be sector, precinct or city", k.Name, f.Reach.value)
		}
		k.Reach = reach
	}
	switch f.Travel.value {
	case "", geo.Routine.String():
		k.Profile = geo.Routine
	case geo.Emergency.String():
		k.Profile = geo.Emergency
	default:
		c.wrong(f.Travel.line, "class %q: travel is %q; it must be routine or emergency", k.Name, f.Travel.value)
	}
	return k
}

// cards reads run cards, sorted by type.
func (c *checker) cards(where string, cards map[string]card, p *assign.Policy) []assign.RunCard {
	var out []assign.RunCard
	for _, key := range slices.Sorted(maps.Keys(cards)) {
		f := cards[key]
		line := f.Class.line
		if !assign.ValidID(key) {
			c.wrong(line, "%s: %q is not 1 to 128 of A-Z a-z 0-9 . _ : -", where, key)
		}
		if p.Rank(f.Class.value) == 0 {
			c.wrong(line, "%s: %s names class %q, which is not among the classes", where, key, f.Class.value)
		}
		needs := make([]assign.Need, 0, len(f.Needs))
		for _, n := range f.Needs {
			need := assign.Need{Count: n.Count.value}
			for _, capability := range n.Capabilities {
				need.Capabilities = append(need.Capabilities, capability.value)
			}
			needs = append(needs, need)
		}
		needs, err := assign.NormalNeeds(needs)
		if err != nil {
			c.wrong(line, "%s: %s: %v", where, key, err)
		}
		out = append(out, assign.RunCard{Type: key, Class: f.Class.value, Needs: needs})
	}
	return out
}

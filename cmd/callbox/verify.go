package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"callbox/assign/policy"
	"callbox/assign/verify"
	"callbox/data/city"
	"callbox/data/journal"
	"callbox/data/times"
	"callbox/geo/route"
)

type verifyCmd struct {
	Data   string   `required:"" placeholder:"DIR" help:"Folder of the journal of a server that is not running."`
	City   string   `required:"" placeholder:"DIR" help:"City folder that the server ran with."`
	Travel string   `enum:"hierarchy,dijkstra" default:"hierarchy" help:"How travel times by road are found, as callbox serve has it; both give the same."`
	Times  []string `sep:"none" placeholder:"FILE" help:"Travel times by hour of the week that the server went by; repeat it for several tables."`
	Limit  int      `default:"50" help:"How many differences are shown; all are counted."`
	JSON   bool     `name:"json" help:"Print JSON."`
}

// Run reads the journal from end to end, makes every decision again, and says
// where the log is not what it must be. It writes no journal, and makes none.
func (c *verifyCmd) Run(p *program) error {
	if c.Limit < 0 {
		return fmt.Errorf("--limit %d: it must be 0 or more", c.Limit)
	}
	config, err := c.config()
	if err != nil {
		return err
	}
	var result verified
	config.Found = func(d verify.Difference) {
		if len(result.shown) < c.Limit {
			result.shown = append(result.shown, d)
		}
	}
	verifier, err := verify.New(config)
	if err != nil {
		return err
	}
	log, err := journal.Open(c.Data, journal.Options{ReadOnly: true})
	if err != nil {
		return judged(err)
	}
	defer log.Close()
	var broken error
	for frame, err := range log.Read(p.Ctx, 1) {
		if err != nil {
			return judged(err)
		}
		if broken = verifier.Read(frame); broken != nil { // no state comes of what follows
			break
		}
	}
	result.Report = verifier.Close()
	if c.JSON {
		err = result.json(p.Out)
	} else {
		err = result.text(p.Out)
	}
	switch {
	case err != nil:
		return err
	case broken != nil:
		return violation("%s: it is broken there, and was verified no further: %w", c.Data, broken)
	case result.Differences > 0:
		return violation("%s: differences: %d", c.Data, result.Differences)
	}
	return nil
}

// config gathers what decisions are made again with.
func (c *verifyCmd) config() (verify.Config, error) {
	folder, err := city.Open(c.City)
	if err != nil {
		return verify.Config{}, err
	}
	config := verify.Config{Advisor: policy.Advisor{}, Engine: version(), Graph: "none"}
	if config.Demand, err = demandCells(folder); err != nil {
		return config, err
	}
	roads, err := prepare(folder, c.Travel)
	if err != nil {
		return config, err
	}
	if roads == nil {
		if len(c.Times) > 0 {
			return config, fmt.Errorf("--times %s: the city has no roads", c.Times[0])
		}
		return config, nil
	}
	config.Travel, config.Graph = roads.travel(), roads.Graph().Version()
	var weeks []*times.Week
	for _, file := range c.Times {
		week, err := times.ReadFile(file, roads.Graph())
		if err != nil {
			return config, err
		}
		weeks = append(weeks, week)
	}
	config.Adopt = func(name string) error { return adoptTimes(roads.Network, weeks, name) }
	return config, nil
}

// adoptTimes puts the travel times of that name in force, if they are of one of
// the weeks; those that the graph was built with if there is no name.
func adoptTimes(roads *route.Network, weeks []*times.Week, name string) error {
	if name == "" {
		_, err := roads.AdoptTimes(nil)
		return err
	}
	for _, week := range weeks {
		for hour := range times.Hours {
			if week.Name(hour) == name {
				_, err := roads.AdoptTimes(&route.Times{Name: name, Millis: week.Hour(hour)})
				return err
			}
		}
	}
	return nil
}

// verified is what a verification has found.
type verified struct {
	verify.Report
	shown []verify.Difference
}

// text says what was read, what could not be made again, and what differs.
func (r *verified) text(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "frames       %d\nfacts        %d, the last of %v\n", r.Frames, r.Facts, r.Last)
	fmt.Fprintf(b, "decisions    %d in %d rounds, made again; %d by dispatchers\n", r.Decisions, r.Rounds, r.Orders)
	if r.Unrecorded > 0 {
		fmt.Fprintf(b, "not again    %d decisions of an older log, which does not say by what they were made\n", r.Unrecorded)
	}
	for _, why := range slices.Sorted(maps.Keys(r.Impossible)) {
		fmt.Fprintf(b, "not again    %d rounds: %s\n", r.Impossible[why], why)
	}
	if r.CutOff > 0 {
		fmt.Fprintf(b, "cut off      %d rounds, whose ends were lost when the server was killed\n", r.CutOff)
	}
	if r.Others > 0 {
		fmt.Fprintf(b, "otherwise    %d differences in what other versions of the program made; this is %s\n", r.Others, version())
	}
	fmt.Fprintf(b, "differences  %d\n", r.Differences)
	if len(r.shown) > 0 {
		fmt.Fprintln(b)
	}
	for _, d := range r.shown {
		fmt.Fprintln(b, d)
	}
	if more := r.Differences + r.Others - len(r.shown); more > 0 {
		fmt.Fprintf(b, "and %d more\n", more)
	}
	return b.Flush()
}

// json says the same to a program.
func (r *verified) json(w io.Writer) error {
	type difference struct {
		Frame    uint64 `json:"frame"`
		Fact     uint64 `json:"fact"`
		At       string `json:"at"`
		Call     string `json:"call,omitempty"`
		Engine   string `json:"other_version,omitempty"`
		Sentence string `json:"sentence"`
	}
	shown := make([]difference, len(r.shown))
	for i, d := range r.shown {
		shown[i] = difference{d.Frame, d.Fact, d.At.String(), d.Call, d.Engine, d.Sentence}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Frames      int            `json:"frames"`
		Facts       int            `json:"facts"`
		Last        string         `json:"last"`
		Rounds      int            `json:"rounds"`
		Decisions   int            `json:"decisions"`
		Orders      int            `json:"orders"`
		Unrecorded  int            `json:"decisions_not_recorded"`
		Impossible  map[string]int `json:"rounds_not_made_again"`
		CutOff      int            `json:"rounds_cut_off"`
		Others      int            `json:"differences_of_other_versions"`
		Differences int            `json:"differences"`
		Shown       []difference   `json:"shown"`
	}{
		r.Frames, r.Facts, r.Last.String(), r.Rounds, r.Decisions, r.Orders, r.Unrecorded, r.Impossible, r.CutOff, r.Others,
		r.Differences, shown,
	})
}

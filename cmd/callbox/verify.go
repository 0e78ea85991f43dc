package main

import (
	"encoding/hex"
	"fmt"
	"strings"

	"callbox/assign/policy"
	"callbox/assign/verify"
	"callbox/data/city"
	"callbox/data/journal"
	"callbox/data/journal/frame"
	"callbox/data/times"
	"callbox/geo/route"
)

type verifyCmd struct {
	Data   string   `required:"" placeholder:"DIR" help:"Folder of the journal of a server that is not running."`
	City   string   `required:"" placeholder:"DIR" help:"City folder that the server ran with."`
	Travel string   `enum:"hierarchy,dijkstra" default:"hierarchy" help:"How travel times by road are found, as callbox serve has it; both give the same."`
	Times  []string `sep:"none" placeholder:"FILE" help:"Travel times by hour of the week that the server went by; repeat it for several tables."`
	Head   string   `placeholder:"HASH" help:"Hash of a frame that must be in it, written down elsewhere before: without it, nobody sees that frames are gone from the end."`
	Limit  int      `default:"50" help:"How many differences are shown; all are counted."`
	JSON   bool     `name:"json" help:"Print JSON."`
	Strict bool     `help:"Take for a violation what could not be made again, or was made otherwise by another version, too."`
}

// Run reads the journal from end to end, makes every decision again, and says
// where the log is not what it must be. It writes no journal, and makes none.
func (c *verifyCmd) Run(p *program) error {
	if c.Limit < 0 {
		return fmt.Errorf("--limit %d: it must be 0 or more", c.Limit)
	}
	if _, err := hex.DecodeString(c.Head); err != nil || c.Head != "" && len(c.Head) != 2*len(frame.Hash{}) {
		return fmt.Errorf("--head %s: a hash is %d hexadecimal digits", c.Head, 2*len(frame.Hash{}))
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
	held := c.Head == ""
	for e, err := range log.Entries(p.Ctx, 1) {
		if err != nil {
			return judged(err)
		}
		result.Head = e.Hash.String()
		held = held || strings.EqualFold(result.Head, c.Head)
		if broken = verifier.Read(e.Frame); broken != nil { // no state comes of what follows
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
	case !held:
		return violation("%s: no frame has the hash %s: the log ends before it, or was written anew", c.Data, c.Head)
	case result.Differences > 0:
		return violation("%s: differences: %d", c.Data, result.Differences)
	case c.Strict && result.doubts() > 0:
		return violation("%s: not made again, or otherwise: %d", c.Data, result.doubts())
	}
	return nil
}

// config gathers what decisions are made again with.
func (c *verifyCmd) config() (verify.Config, error) {
	folder, err := city.Open(c.City)
	if err != nil {
		return verify.Config{}, err
	}
	config := verify.Config{Advisor: policy.Advisor{}, Parse: policy.Parse, Engine: version(), Graph: "none"}
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

package main

import (
	"fmt"

	"callbox/data/city"
	"callbox/data/times"
)

type cityArcsCmd struct {
	Path string `arg:"" name:"dir" help:"City folder, made by callbox city build."`
}

// Run lists the arcs of the city's roads as comma-separated values.
func (c *cityArcsCmd) Run(p *program) error {
	city, err := city.Open(c.Path)
	if err != nil {
		return err
	}
	if city.Roads == nil {
		return fmt.Errorf("%s: the city has no roads; build it with --roads", c.Path)
	}
	return times.WriteArcs(p.Out, city.Roads)
}

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"callbox/data/city"
	"callbox/geo"
	"callbox/geo/route"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

type cityCmd struct {
	Build cityBuildCmd `cmd:"" help:"Make a city folder from areas, roads and posts."`
	Check cityCheckCmd `cmd:"" help:"Check a city folder, or a file of one, and list its faults."`
	Arcs  cityArcsCmd  `cmd:"" help:"List the arcs of a city's roads, to match travel times with."`
}

type cityBuildCmd struct {
	Areas    []string `required:"" sep:"none" placeholder:"FILE" help:"GeoJSON of precincts, sectors or beats; repeat it for several files."`
	Roads    []string `sep:"none" placeholder:"FILE" help:"Road network: one OpenStreetMap extract (.osm.pbf, .osm or .osm.gz), or the .gr and .co files of a DIMACS graph, each with a flag of its own; without it, travel times are those of straight lines."`
	Posts    string   `placeholder:"FILE" help:"Where units stand by: points in GeoJSON, or a table (CSV) with id or precinct, latitude, longitude."`
	Out      string   `required:"" placeholder:"DIR" help:"Folder to make; a city that is there is replaced when the new one is complete."`
	Name     string   `placeholder:"NAME" help:"Name of the city (that of the folder)."`
	TopSpeed float64  `name:"top-speed-kmh" placeholder:"KMH" help:"Speed of the fastest roads of a DIMACS graph in km/h (100.08)."`
}

// Run builds a city and writes it. On an error, or when it is interrupted, what
// was in the folder stays.
func (c *cityBuildCmd) Run(p *program) error {
	if c.TopSpeed != 0 && !(c.TopSpeed >= 4 && c.TopSpeed <= 400) {
		return fmt.Errorf("--top-speed-kmh %v: it must be 4 to 400", c.TopSpeed)
	}
	out, err := filepath.Abs(c.Out)
	if err != nil {
		return err
	}
	sources := city.Sources{
		Name: c.Name, Areas: c.Areas, Roads: c.Roads, Posts: c.Posts, TopSpeed: geo.KilometersPerHour(c.TopSpeed),
		Order: route.Order,
	}
	if sources.Name == "" {
		sources.Name = filepath.Base(out)
	}
	type result struct {
		city   *city.City
		report city.Report
		err    error
	}
	built := make(chan result, 1)
	bar := newBar(p.Err)
	go func() {
		var r result
		r.city, r.report, r.err = city.Build(sources, bar.show)
		built <- r
	}()
	var r result
	select {
	case <-p.Ctx.Done():
	case r = <-built:
	}
	if p.Ctx.Err() != nil {
		return fmt.Errorf("interrupted; %s is as it was", c.Out)
	}
	if bar.end(); r.err != nil {
		return withHint(r.err)
	}
	if err := r.city.Write(c.Out); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Out, "%sA city is in %s\n", r.report, c.Out)
	return err
}

// withHint says where the other faults can be seen, if they can.
func withHint(err error) error {
	var faults city.Faults
	if !errors.As(err, &faults) || len(faults) < 2 {
		return err
	}
	file := faults[0].File
	var again city.Faults
	if _, e := city.Check(file); !errors.As(e, &again) || len(again) < 2 {
		return err // they are about several files together
	}
	return fmt.Errorf("%w; callbox city check %s lists them", err, file)
}

type cityCheckCmd struct {
	Path string `arg:"" name:"path" help:"City folder, or file of areas, posts, roads or a policy."`
}

// Run prints what the path holds, or all that is wrong with it.
func (c *cityCheckCmd) Run(p *program) error {
	report, err := city.Check(c.Path)
	var faults city.Faults
	if errors.As(err, &faults) {
		for _, f := range faults {
			if _, err := fmt.Fprintln(p.Out, f); err != nil {
				return err
			}
		}
		switch n := len(faults); {
		case n == 1:
			return violation("%s has a fault", c.Path)
		case faults.More():
			return violation("%s has more than %d faults", c.Path, n-1)
		default:
			return violation("%s has %d faults", c.Path, n)
		}
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Out, "%s%s has no faults\n", report, c.Path)
	return err
}

// bar shows on a terminal how far the steps of a long work have come, one
// after the other. The nil bar shows nothing.
type bar struct {
	out  io.Writer
	step string
	now  *progressbar.ProgressBar
}

func newBar(w io.Writer) *bar {
	if f, ok := w.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return &bar{out: w}
}

func (b *bar) show(step string, done, total int64) {
	if b == nil {
		return
	}
	if total == 0 {
		total = -1 // not known
	}
	if step != b.step {
		b.end()
		b.step = step
		b.now = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(b.out),
			progressbar.OptionSetDescription(step),
			progressbar.OptionShowBytes(total > 0),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	_ = b.now.Set64(done) // a terminal that is gone is no reason to stop
}

func (b *bar) end() {
	if b != nil && b.now != nil {
		_ = b.now.Finish()
	}
}

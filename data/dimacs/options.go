package dimacs

import (
	"fmt"
	"io"
	"time"

	"callbox/geo"
)

// lengthUnit is the unit of lengths, and of times at TopSpeed.
const lengthUnit = geo.Distance(100) // millimetres

// Options say how weights become lengths and times. The zero value is right
// for the graphs of the challenge.
type Options struct {
	// TopSpeed is the speed of road class 1.0, at least 1 m/s. The default,
	// 27.8 m/s, makes local streets (class 0.4) 40 km/h.
	TopSpeed geo.Speed
	// EmergencyPercent is the emergency travel time in percent of the routine
	// one, 1 to 100, rounded up to the millisecond. The default, 75, is
	// driving at 4/3 of the speed, as between the two modes of JEMSS.
	EmergencyPercent int
	// Progress, if set, is called now and then with the number of bytes read,
	// before unpacking, and the number there are, 0 if that is not known.
	Progress func(done, total int64)
}

func (o Options) withDefaults() (Options, error) {
	if o.TopSpeed == 0 {
		o.TopSpeed = geo.MetersPerSecond(27.8)
	}
	if o.EmergencyPercent == 0 {
		o.EmergencyPercent = 75
	}
	if o.TopSpeed < geo.MetersPerSecond(1) || o.EmergencyPercent < 1 || o.EmergencyPercent > 100 {
		return o, &Error{File: "options", Rule: RuleOptions, Detail: fmt.Sprintf(
			"top speed %d mm/s and emergency time %d percent: want at least 1000 mm/s and 1 to 100 percent",
			o.TopSpeed, o.EmergencyPercent)}
	}
	return o, nil
}

// times turns a weight of a graph of times into travel times.
func (o Options) times(weight int64) (t [geo.Profiles]time.Duration) {
	t[geo.Routine] = o.TopSpeed.Time(geo.Distance(weight) * lengthUnit)
	ms := (t[geo.Routine].Milliseconds()*int64(o.EmergencyPercent) + 99) / 100
	t[geo.Emergency] = time.Duration(ms) * time.Millisecond
	return t
}

// progress counts the bytes read from several inputs.
type progress struct {
	report            func(done, total int64)
	done, said, total int64
}

const progressStep = 1 << 20 // bytes between two reports

// of is r with its bytes counted.
func (p *progress) of(r io.Reader) io.Reader {
	if p.report == nil {
		return r
	}
	return counted{r, p}
}

func (p *progress) end() {
	if p.report != nil && p.done > p.said {
		p.said = p.done
		p.report(p.done, p.total)
	}
}

type counted struct {
	io.Reader
	*progress
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.done += int64(n)
	if c.done-c.said >= progressStep {
		c.end()
	}
	return n, err
}

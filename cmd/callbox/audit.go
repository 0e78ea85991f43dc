package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"callbox/assign/audit"
	"callbox/data/journal"
)

type auditCmd struct {
	Data   string `required:"" placeholder:"DIR" help:"Folder of the journal of a server that is not running."`
	Order  string `placeholder:"CLASS,..." help:"Classes, highest first, = between equal ones; without it, those of the built-in policies with 311 last."`
	Limit  int    `default:"50" help:"How many findings are shown, violations first; all are counted."`
	JSON   bool   `name:"json" help:"Print JSON."`
	Strict bool   `help:"Take for a violation what the log does not prove, too."`
}

// Run reads the journal from end to end and says what does not hold in it. It
// writes no journal, and makes none.
func (c *auditCmd) Run(p *program) error {
	order, err := audit.ParseOrder(cmp.Or(c.Order, audit.Reference))
	if err != nil {
		return fmt.Errorf("--%w", err)
	}
	if c.Limit < 0 {
		return fmt.Errorf("--limit %d: it must be 0 or more", c.Limit)
	}
	log, err := journal.Open(c.Data, journal.Options{ReadOnly: true})
	if err != nil {
		return judged(err)
	}
	defer log.Close()
	result := audited{order: order}
	var others []audit.Finding
	auditor := audit.New(order, func(f audit.Finding) {
		result.all++
		list := &others
		if f.Violation(c.Strict) {
			list = &result.shown
		}
		if len(*list) < c.Limit {
			*list = append(*list, f)
		}
	})
	for frame, err := range log.Read(p.Ctx, 1) {
		if err != nil {
			return judged(err)
		}
		for _, r := range frame.Facts {
			auditor.Read(r)
		}
	}
	result.Report = auditor.Close()
	result.shown = append(result.shown, others[:min(len(others), c.Limit-len(result.shown))]...)
	if none := result.Unordered; len(none) > 0 {
		return fmt.Errorf("%s: it has calls of class %s, which are not in the order %s; give all classes with --order", c.Data, strings.Join(none, ", "), order)
	}
	result.violations = result.Violations(c.Strict)
	if c.JSON {
		err = result.json(p.Out)
	} else {
		err = result.text(p.Out)
	}
	if err == nil && result.violations > 0 {
		return violation("%s: violations: %d", c.Data, result.violations)
	}
	return err
}

// audited is what an audit has found.
type audited struct {
	audit.Report
	order      audit.Order
	violations int
	shown      []audit.Finding // violations, then others
	all        int             // explained and unproven ones too
}

// text says what was read, how often each promise is broken, and what shows it.
func (a *audited) text(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "facts       %d, the last of %v\n", a.Facts, a.Last)
	fmt.Fprintf(b, "calls       %d\n", a.Calls)
	fmt.Fprintf(b, "decisions   %d in %d rounds, %d of them in haste\n", a.Decisions, a.Rounds, a.Greedy)
	fmt.Fprintf(b, "dispatches  %d, %d of them by a dispatcher's order\n", a.Dispatches, a.Orders)
	fmt.Fprintf(b, "order       %v\n\n", a.order)
	for _, k := range audit.Kinds {
		fmt.Fprintf(b, "%8d  %-13s  %s\n", a.Found[k.Kind], k.Kind, k.Means)
		if k.Kind == audit.Inversion {
			for _, e := range audit.Exceptions {
				if n := a.Explained[e]; n > 0 {
					fmt.Fprintf(b, "%8d    explained    by %s: no violation\n", n, e)
				}
			}
		}
	}
	if a.all > 0 {
		fmt.Fprintln(b)
	}
	for _, f := range a.shown {
		fmt.Fprintln(b, f)
	}
	if more := a.all - len(a.shown); more > 0 {
		fmt.Fprintf(b, "and %d more\n", more)
	}
	return b.Flush()
}

// json says the same to a program.
func (a *audited) json(w io.Writer) error {
	type finding struct {
		Kind      audit.Kind      `json:"kind"`
		At        string          `json:"at"`
		Fact      uint64          `json:"fact"`
		Unit      string          `json:"unit,omitempty"`
		Call      string          `json:"call,omitempty"`
		Other     string          `json:"other_call,omitempty"`
		Explained audit.Exception `json:"explained,omitempty"`
		Sentence  string          `json:"sentence"`
	}
	findings := make([]finding, len(a.shown))
	for i, f := range a.shown {
		findings[i] = finding{f.Kind, f.At.String(), f.Fact, f.Unit, f.Call, f.Other, f.Explained, f.Sentence}
	}
	found := make(map[audit.Kind]int) // all kinds, so that a reader need not know them
	for _, k := range audit.Kinds {
		found[k.Kind] = a.Found[k.Kind]
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Facts      int                     `json:"facts"`
		Last       string                  `json:"last"`
		Calls      int                     `json:"calls"`
		Decisions  int                     `json:"decisions"`
		Rounds     int                     `json:"rounds"`
		Greedy     int                     `json:"greedy"`
		Dispatches int                     `json:"dispatches"`
		Orders     int                     `json:"orders"`
		Order      string                  `json:"order"`
		Violations int                     `json:"violations"`
		Found      map[audit.Kind]int      `json:"found"`
		Explained  map[audit.Exception]int `json:"explained"`
		All        int                     `json:"all_findings"`
		Findings   []finding               `json:"findings"`
	}{
		a.Facts, a.Last.String(), a.Calls, a.Decisions, a.Rounds, a.Greedy, a.Dispatches, a.Orders, a.order.String(),
		a.violations, found, a.Explained, a.all, findings,
	})
}

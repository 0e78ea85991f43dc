package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"callbox/assign"
	"callbox/assign/policy"
)

type policyCmd struct {
	Check policyCheckCmd `cmd:"" help:"Check policy files, and show their classes or all that is wrong with them."`
	List  policyListCmd  `cmd:"" help:"List the policies that are built in."`
	Show  policyShowCmd  `cmd:"" help:"Print the file of a policy that is built in."`
}

type policyCheckCmd struct {
	Policies []string `arg:"" name:"file" help:"Policy file, or the name of a policy that is built in."`
}

// Run prints what each policy says, or each of its mistakes as FILE:LINE: what.
func (c *policyCheckCmd) Run(p *program) error {
	bad := 0
	for _, name := range c.Policies {
		adopt, err := loadPolicy(name)
		var mistakes policy.Mistakes
		switch {
		case errors.As(err, &mistakes):
			bad++
			for _, m := range mistakes {
				place := name
				if m.Line > 0 {
					place = fmt.Sprintf("%s:%d", name, m.Line)
				}
				fmt.Fprintf(p.Out, "%s: %s\n", place, m.Detail)
			}
		case err != nil:
			return err
		default:
			if err := showPolicy(p.Out, name, adopt.Policy); err != nil {
				return err
			}
		}
	}
	switch {
	case bad == 0:
		return nil
	case len(c.Policies) == 1:
		return fmt.Errorf("%s has mistakes", c.Policies[0])
	}
	return fmt.Errorf("%d of %d policies have mistakes", bad, len(c.Policies))
}

// showPolicy prints the classes of a policy as a table, and how it decides.
func showPolicy(out io.Writer, file string, p *assign.Policy) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: ok, %s, %d classes, %d run cards\n", file, p.Version(), len(p.Classes), len(p.RunCards))
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  rank\tclass\tanswer\tclose\tweight\tpull limit\treserve\treach\ttravel\tmay\tis\tpromoted")
	for _, k := range p.Classes {
		fmt.Fprintf(t, "  %d\t%s\t%s\t%s\t%d\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n",
			k.Rank, k.Name, policy.Brief(k.Answer), policy.Brief(k.Close), k.Weight, orNone(k.PullLimit), k.Reserve, k.Reach, k.Profile,
			listed(when(k.MayDivert, "divert"), when(k.MayPreempt, "preempt")),
			listed(when(k.Divertible, "divertible"), when(k.Preemptible, "preemptible at "+policy.Brief(k.LeaveScene)), when(k.Protected, "protected")),
			promotion(k.Promote))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if aid := p.MutualAid; aid != nil {
		fmt.Fprintf(&b, "  mutual aid: %s at %s\n", strings.Join(aid.Areas, ", "), policy.Brief(aid.Cost))
	}
	how := "together"
	if !p.Solver.Together {
		how = "in turn, by class and then age over target"
	}
	if p.Solver.ByAge {
		how = "in turn, by age"
	}
	fmt.Fprintf(&b, "  decided %s; leaving the way %s, batch window %s, coverage %s, covered within %s\n",
		how, orNone(p.Solver.LeaveWay), orNone(p.Solver.BatchWindow), orNone(p.Solver.Coverage), policy.Brief(p.CoversWithin()))
	_, err := io.WriteString(out, b.String())
	return err
}

// listed are the words that are true, in this order.
func listed(words ...string) string {
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	return cmp.Or(strings.Join(words, ", "), "-")
}

func when(is bool, word string) string {
	if is {
		return word
	}
	return ""
}

func orNone(d time.Duration) string {
	if d == 0 {
		return "none"
	}
	return policy.Brief(d)
}

func promotion(p *assign.Promotion) string {
	if p == nil {
		return "-"
	}
	return fmt.Sprintf("to %s after %s", p.To, policy.Brief(p.After))
}

type policyListCmd struct{}

// Run prints the name of each policy that is built in and what it says of
// itself.
func (*policyListCmd) Run(p *program) error {
	t := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	for _, name := range policy.Builtin() {
		built, _, err := policy.Named(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(t, "%s\t%s\n", name, built.Description)
	}
	return t.Flush()
}

type policyShowCmd struct {
	Name string `arg:"" help:"Name of the policy."`
}

// Run prints the file, to be changed and used as one's own.
func (c *policyShowCmd) Run(p *program) error {
	_, text, err := policy.Named(c.Name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(p.Out, text)
	return err
}

// loadPolicy finds a policy by the name of one that is built in, or by the name
// of a file, which has a dot or a slash in it.
func loadPolicy(name string) (c assign.AdoptPolicy, err error) {
	if !strings.ContainsAny(name, "./\\") {
		if c.Policy, c.Source, err = policy.Named(name); err != nil {
			return c, fmt.Errorf("%w; name a file as ./%s", err, name)
		}
		return c, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return c, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, policy.MaxFile+1))
	if err != nil {
		return c, err
	}
	c.Source = string(text)
	if c.Policy, err = policy.Parse(text); err != nil {
		return c, fmt.Errorf("%s: %w; callbox policy check %s lists all mistakes", name, err, name)
	}
	return c, nil
}

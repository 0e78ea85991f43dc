package policy

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"callbox/assign"
)

// Default is the name of the policy that is in force where nobody chose one.
const Default = "911-first"

//go:embed *.yaml
var files embed.FS

// Builtin are the names of the policies that are built in, sorted.
func Builtin() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic("policy: the built-in files are missing: " + err.Error())
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	slices.Sort(names)
	return names
}

// Named gives a built-in policy and the text of its file.
func Named(name string) (p *assign.Policy, text string, err error) {
	b, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, "", fmt.Errorf("there is no built-in policy %q; there are %s", name, strings.Join(Builtin(), ", "))
	}
	p, err = Parse(b)
	return p, string(b), err
}

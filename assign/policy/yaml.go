package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
)

// readYAML reads a text as YAML: one document, of which it gives the content.
func readYAML(text []byte) (*yaml.Node, error) {
	if len(text) > MaxFile {
		return nil, Mistakes{{0, fmt.Sprintf("the file has %d bytes; a policy may have %d", len(text), MaxFile)}}
	}
	loader, err := yaml.NewLoader(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	var root, next yaml.Node
	if err := loader.Load(&root); err != nil && !errors.Is(err, io.EOF) {
		return nil, notYAML(err)
	}
	if root.Kind == yaml.DocumentNode {
		root = *root.Content[0]
	}
	if root.Kind == 0 || isNull(&root) {
		return nil, Mistakes{{0, "the file is empty; begin with a copy of one that is built in"}}
	}
	if err := loader.Load(&next); err == nil {
		return nil, Mistakes{{next.Line, "a second document begins here; a file holds one policy"}}
	} else if !errors.Is(err, io.EOF) {
		return nil, notYAML(err)
	}
	if left := MaxFile + MaxFile/64; !expandsWithin(&root, &left) { // without aliases, what a file says is no longer than the file
		return nil, Mistakes{{0, "the file is too large with its aliases (*name) written out; use fewer of them"}}
	}
	return &root, nil
}

// notYAML tells of a text that cannot be read as YAML at all.
func notYAML(err error) error {
	var e *yaml.LoadError
	switch {
	case !errors.As(err, &e):
		return Mistakes{{0, fmt.Sprintf("this is not YAML: %v", err)}}
	case e.ContextMsg != "":
		return Mistakes{{e.Mark.Line, fmt.Sprintf("this is not YAML: %s %s", e.Message, e.ContextMsg)}}
	}
	return Mistakes{{e.Mark.Line, "this is not YAML: " + e.Message}}
}

// unalias is what a node stands for, if it is an alias.
func unalias(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// written is what a scalar says, "" of anything else.
func written(n *yaml.Node) string { return unalias(n).Value }

func isNull(n *yaml.Node) bool {
	n = unalias(n)
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// expandsWithin reports whether a tree with its aliases written out takes no
// more than left bytes: one for each node, and those of its value. An alias
// inside of what it stands for has no end, and so is refused.
func expandsWithin(n *yaml.Node, left *int) bool {
	if n = unalias(n); n == nil {
		return true
	}
	*left -= 1 + len(n.Value)
	for _, c := range n.Content {
		if *left < 0 || !expandsWithin(c, left) {
			return false
		}
	}
	return *left >= 0
}

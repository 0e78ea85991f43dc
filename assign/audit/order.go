package audit

import (
	"fmt"
	"strings"
)

// Reference is the order of classes that the built-in policies name, highest
// first.
const Reference = "critical,serious,non-critical,other-911,311"

// Order is the order of classes by which inversions are judged. The zero value
// ranks nothing.
type Order struct {
	text string
	rank map[string]int // from 1, the highest
}

// ParseOrder reads class names, highest first, separated by commas, or by =
// where neither comes before the other: "critical,serious,other-911=311".
func ParseOrder(text string) (Order, error) {
	o := Order{text: text, rank: make(map[string]int)}
	for i, equals := range strings.Split(text, ",") {
		for _, class := range strings.Split(equals, "=") {
			switch class = strings.TrimSpace(class); {
			case class == "":
				return Order{}, fmt.Errorf("order %q: a class has no name; write names, highest first, with a comma or = between two", text)
			case o.rank[class] > 0:
				return Order{}, fmt.Errorf("order %q: class %q is there twice; name it once", text, class)
			}
			o.rank[class] = i + 1
		}
	}
	return o, nil
}

// String is the order as it was written.
func (o Order) String() string { return o.text }

// Package frametest draws frames for tests: every kind of fact, with anything in
// it that a field can hold.
package frametest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"callbox/assign"
)

// Kinds are the kinds of all facts, in the order of assign's source: whatever
// has a method Kind there. A kind that somebody adds is in every test.
func Kinds(t testing.TB) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), source(t), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Name.Name != "Kind" {
			continue
		}
		literal := f.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit)
		kind, err := strconv.Unquote(literal.Value)
		if err != nil || assign.NewFact(kind) == nil {
			t.Fatalf("assign.NewFact makes no %s, %v", literal.Value, err)
		}
		out = append(out, kind)
	}
	if len(out) < 21 {
		t.Fatalf("assign/fact.go has %d kinds; there were 21 once, and none may go", len(out))
	}
	return out
}

// source is the file that names all kinds, as seen from the test's folder.
func source(t testing.TB) string {
	name := filepath.Join("assign", "fact.go")
	for range 8 {
		if _, err := os.Stat(name); err == nil {
			return name
		}
		name = filepath.Join("..", name)
	}
	t.Fatal("assign/fact.go is not in a folder above")
	return ""
}

// History is the first n frames of one and the same random log.
func History(t testing.TB, n int) []assign.Frame {
	t.Helper()
	all, c := Kinds(t), Anything(1)
	frames, seq := make([]assign.Frame, n), uint64(1)
	for i := range frames {
		f := c.Frame(all, 1+c.IntN(5))
		f.Number = uint64(i + 1)
		for j := range f.Facts {
			f.Facts[j].Seq = seq
			seq++
		}
		frames[i] = f
	}
	return frames
}

// Chance draws values of any type. What it draws survives encoding: a list
// that is left out when empty is never empty without being nil.
type Chance struct {
	*rand.Rand
	next *int // if set, nothing is drawn: every value is the next number
	text int  // length of every string; -1: any, mostly short
	fill int  // items of every outer list, two at most of an inner one, and every pointer set; -1: any
}

// Anything draws whatever a field can hold.
func Anything(seed uint64) Chance { return Sized(seed, -1, -1) }

// Sized draws strings and lists of a certain length; -1: any.
func Sized(seed uint64, text, fill int) Chance {
	return Chance{Rand: rand.New(rand.NewPCG(seed, 7)), text: text, fill: fill}
}

// Full draws nothing: each field is set, to the next number.
func Full() Chance { return Chance{next: new(int), fill: 1} }

// Fact draws a fact of a kind.
func (c Chance) Fact(kind string) assign.Fact {
	f := assign.NewFact(kind)
	c.set(reflect.ValueOf(f).Elem(), false)
	return f
}

// Frame draws a frame of so many facts of those kinds, numbered anyhow.
func (c Chance) Frame(kinds []string, facts int) assign.Frame {
	f := assign.Frame{Number: c.Uint64N(1<<40) + 1, At: assign.Instant(c.integer(64))}
	first := c.Uint64N(1<<40) + 1
	for i := range facts {
		fact := c.Fact(kinds[c.IntN(len(kinds))])
		f.Facts = append(f.Facts, assign.Recorded{Seq: first + uint64(i), At: f.At, Fact: fact})
	}
	return f
}

func (c Chance) set(v reflect.Value, omitEmpty bool) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(c.string())
	case reflect.Bool:
		v.SetBool(c.next != nil || c.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(c.integer(v.Type().Bits()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(c.integer(v.Type().Bits())) << (64 - v.Type().Bits()) >> (64 - v.Type().Bits()))
	case reflect.Pointer:
		if c.fill >= 0 || c.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			c.set(v.Elem(), false)
		}
	case reflect.Slice:
		n := c.fill
		if n < 0 {
			n = c.IntN(5) - 1
		}
		if n < 0 || n == 0 && omitEmpty {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		c.fill = min(c.fill, 2)
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			c.set(v.Index(i), false)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			c.set(v.Field(i), strings.Contains(v.Type().Field(i).Tag.Get("json"), ",omitempty"))
		}
	default:
		panic("facts hold no " + v.Type().String())
	}
}

// integer draws a signed integer of so many bits: the limits, small ones, any.
func (c Chance) integer(bits int) int64 {
	if c.next != nil {
		*c.next++
		return int64(*c.next)
	}
	n := int64(c.Uint64() >> c.IntN(64))
	switch c.IntN(4) {
	case 0:
		n = []int64{0, 1, -1, math.MaxInt64 >> (64 - bits), math.MinInt64 >> (64 - bits)}[c.IntN(5)]
	case 1:
		n = int64(c.IntN(1000))
	}
	return n << (64 - bits) >> (64 - bits)
}

func (c Chance) string() string {
	if c.next != nil {
		return fmt.Sprint("s", c.integer(64))
	}
	if c.text >= 0 {
		return strings.Repeat("x", c.text)
	}
	runes := make([]rune, c.IntN(12))
	for i := range runes {
		runes[i] = []rune{'a', 'Z', '0', '-', ' ', '"', 0, 'é', '警', '\U0001F6A8', '\uFFFD'}[c.IntN(11)]
	}
	return string(runes)
}

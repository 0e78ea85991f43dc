package frame

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/data/journal/frame/frametest"
)

var update = flag.Bool("update", false, "write the golden frame anew; its format has been promised, so this is for a new version only")

// TestGolden reads a frame of each version that was written once and for all.
// That of the newest has every kind and every field in it; one of an older
// version all that it had.
func TestGolden(t *testing.T) {
	if *update {
		c := frametest.Full()
		f := assign.Frame{Number: 7, At: 1_766_016_000_000}
		for i, kind := range frametest.Kinds(t) {
			f.Facts = append(f.Facts, assign.Recorded{Seq: 40 + uint64(i), At: f.At, Fact: c.Fact(kind)})
		}
		b, err := Encode(f, link)
		if err != nil {
			t.Fatal(err)
		}
		write(t, golden(Version)+".hex", lines(b))
		e, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		write(t, golden(Version)+".json", inJSON(t, e))
	}
	for version := uint64(1); version <= Version; version++ {
		name := golden(version)
		want := read(t, name+".json")
		b := unhex(t, read(t, name+".hex"))
		e, err := Decode(b)
		if err != nil || uint64(b[1]) != version {
			t.Fatalf("%s is of version %d, %v", name, b[1], err)
		}
		if got := inJSON(t, e); got != want {
			t.Errorf("%s now reads\n%s\nand once read\n%s", name, got, want)
		}
		held := make(map[string]bool)
		for _, r := range e.Facts {
			held[r.Fact.Kind()] = true
		}
		for _, kind := range frametest.Kinds(t) {
			if since[kind] <= version && !held[kind] {
				t.Errorf("%s is not in %s; a new kind needs a new version and a golden frame of that", kind, name)
			}
		}
	}
}

func golden(version uint64) string { return fmt.Sprint("testdata/frame-v", version) }

// TestFormatIsDescribed compares FORMAT.md with the types of the facts: every
// kind and every part has a section, and every field a row with its type.
func TestFormatIsDescribed(t *testing.T) {
	sections := described(t)
	want := make(map[string][]string)
	for _, kind := range frametest.Kinds(t) {
		describe(reflect.TypeOf(assign.NewFact(kind)).Elem(), kind, want)
	}
	for name, rows := range want {
		if !slices.Equal(sections[name], rows) {
			t.Errorf("section %s of FORMAT.md has the fields\n%s\nit must have\n%s",
				name, strings.Join(sections[name], "\n"), strings.Join(rows, "\n"))
		}
	}
	for name := range sections {
		if want[name] == nil {
			t.Errorf("section %s of FORMAT.md describes nothing that is there", name)
		}
	}
}

// described is FORMAT.md's tables: by heading, the first three columns of each.
func described(t *testing.T) map[string][]string {
	t.Helper()
	sections := make(map[string][]string)
	name := ""
	for line := range strings.Lines(read(t, "../FORMAT.md")) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "### "):
			name = strings.Trim(line[4:], "`")
			sections[name] = []string{}
		case strings.HasPrefix(line, "#"):
			name = ""
		case strings.HasPrefix(line, "| `") && name != "":
			sections[name] = append(sections[name], strings.Join(strings.SplitN(line, "|", 5)[:4], "|"))
			if strings.TrimSpace(strings.SplitN(line, "|", 5)[4]) == "|" {
				t.Errorf("%s: %s says nothing", name, line)
			}
		}
	}
	return sections
}

// describe adds the rows of a struct, and of those in it, by name.
func describe(typ reflect.Type, name string, rows map[string][]string) {
	rows[name] = []string{}
	for i := range typ.NumField() {
		f := typ.Field(i)
		field, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if field == "" {
			field = f.Name
		}
		when := "always"
		if options == "omitempty" {
			when = "unless empty"
		}
		rows[name] = append(rows[name], fmt.Sprintf("| `%s` | %s | %s ", field, typeName(f.Type), when))
		part := f.Type
		for part.Kind() == reflect.Slice || part.Kind() == reflect.Pointer {
			part = part.Elem()
		}
		if part.Kind() == reflect.Struct && rows[part.Name()] == nil {
			describe(part, part.Name(), rows)
		}
	}
}

func typeName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[assign.Instant]():
		return "instant"
	case reflect.TypeFor[time.Duration]():
		return "duration"
	case reflect.TypeFor[[]byte]():
		return "bytes"
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "bool"
	case reflect.Slice:
		return "list of " + typeName(t.Elem())
	case reflect.Array:
		return fmt.Sprintf("%d of %s", t.Len(), typeName(t.Elem()))
	case reflect.Pointer:
		return typeName(t.Elem())
	case reflect.Struct:
		return t.Name()
	}
	return "integer"
}

// TestFormatExample decodes the frame that FORMAT.md takes apart byte by byte.
func TestFormatExample(t *testing.T) {
	text := read(t, "../FORMAT.md")
	block := regexp.MustCompile("(?s)```hex\n(.*?)```").FindStringSubmatch(text)
	if block == nil {
		t.Fatal("FORMAT.md has no example")
	}
	b := unhex(t, regexp.MustCompile("(?m)#.*$").ReplaceAllString(block[1], ""))
	want := assign.Frame{Number: 7, At: 1_766_016_000_000, Facts: []assign.Recorded{{
		Seq: 40, At: 1_766_016_000_000, Fact: &assign.UnitArrived{Unit: "75A1", Call: "c-9", At: 1_766_015_999_000},
	}}}
	l := Link{Shard: "1", Epoch: 3, Previous: Sum([]byte("a"))}
	if e, err := Decode(b); err != nil || !reflect.DeepEqual(e.Frame, want) || e.Link != l {
		right, _ := Encode(want, l)
		t.Errorf("the example gives %+v, %v; it should be\n%x", e, err, right)
	}
}

// inJSON writes a frame with all its fields for people to read.
func inJSON(t *testing.T, f Entry) string {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"number\": %d, \"at\": %d, ", f.Number, f.At)
	if f.Version >= linkedSince {
		fmt.Fprintf(&b, "\"shard\": %q, \"epoch\": %d, \"previous\": %q, ", f.Shard, f.Epoch, f.Previous)
	}
	b.WriteString("\"facts\": [\n")
	for i, r := range f.Facts {
		body, err := json.Marshal(r.Fact)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "{\"seq\": %d, \"kind\": %q, \"body\": %s}%s\n", r.Seq, r.Fact.Kind(), body, strings.Repeat(",", min(1, len(f.Facts)-1-i)))
	}
	b.WriteString("]}\n")
	return b.String()
}

func lines(b []byte) string {
	var s strings.Builder
	for part := range slices.Chunk(b, 40) {
		fmt.Fprintf(&s, "%x\n", part)
	}
	return s.String()
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

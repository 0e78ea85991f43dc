package osm

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"callbox/geo"
	"callbox/geo/road"
)

// mixture has a bit of everything.
var mixture = fmt.Sprintf(cross, turn(1, "restriction=no_left_turn", "1", "10", "3")+turn(2, "restriction=only_straight_on", "2", "10", "1")+
	`<node id="41" lat="0.02" lon="0"><tag k="barrier" v="gate"/></node><node id="42" lat="0.03" lon="0"/>
	 <way id="8"><nd ref="13"/><nd ref="41"/><nd ref="42"/><tag k="highway" v="primary"/></way>`)

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil || z.Close() != nil {
		panic("memory takes every byte")
	}
	return b.String()
}

// TestEveryForm reads one town in all forms, and with its objects in any order.
func TestEveryForm(t *testing.T) {
	want, report := mustRead(t, mixture)
	if report.Honoured != 2 || report.Barriers != 1 || report.Driven != 6 {
		t.Fatalf("%+v", report)
	}
	forms := map[string]string{
		"gzip":      gzipped(mixture),
		"BOM":       "\ufeff" + mixture,
		"pbf":       string((&pbfWriter{}).file(t, mixture)),
		"pbf, zlib": string((&pbfWriter{zlib: true, users: true}).file(t, mixture)),
		"pbf.gz":    gzipped(string((&pbfWriter{split: true}).file(t, mixture))),
	}
	objects := regexp.MustCompile(`(?s)<node[^>]*/>|<(node|way|relation) .*?</(node|way|relation)>`).FindAllString(mixture, -1)
	for i := range 20 {
		r := rand.New(rand.NewPCG(uint64(i), 1))
		r.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
		shuffled := `<osm version="0.6">` + strings.Join(objects, "") + "</osm>"
		forms[fmt.Sprint("shuffled ", i)] = shuffled
		forms[fmt.Sprint("shuffled pbf ", i)] = string((&pbfWriter{split: true, zlib: true}).file(t, shuffled))
	}
	for name, text := range forms {
		g, r, err := readText(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if g.Version() != want.Version() || !reflect.DeepEqual(r, report) {
			t.Errorf("%s: another graph: %+v", name, r)
		}
	}
}

// TestStreetsKeepTheirTwins: a street that can be driven both ways is one,
// whatever turns are forbidden at its ends.
func TestStreetsKeepTheirTwins(t *testing.T) {
	g, _ := mustRead(t, mixture)
	turns := 0
	for a := range road.Arc(g.Arcs()) {
		tail, head := g.Point(g.Tail(a)), g.Point(g.Head(a))
		switch twin := g.Twin(a); {
		case g.IsTurn(a):
			turns++
			if tail != head || g.Length(a) != 0 || g.Millis(a, geo.Emergency) != 0 {
				t.Errorf("turn %d leads from %v to %v", a, tail, head)
			}
		case twin == road.NoArc || g.Point(g.Tail(twin)) != head || g.Point(g.Head(twin)) != tail:
			t.Errorf("arc %d from %v to %v has the twin %d", a, tail, head, twin)
		case g.Length(a) != geo.Between(tail, head):
			t.Errorf("arc %d from %v to %v is %d mm long", a, tail, head, g.Length(a))
		}
	}
	if turns == 0 {
		t.Error("no turns")
	}
}

func TestDuplicatesAndGaps(t *testing.T) {
	twice := strings.Replace(mixture, "</osm>", `
	 <node id="10" version="2" lat="0.0001" lon="0"/>
	 <node id="10" version="1" lat="0.5" lon="0"/>
	 <way id="1" version="3"><nd ref="11"/><nd ref="11"/><nd ref="21"/><nd ref="10"/><tag k="highway" v="residential"/></way>
	 <way id="9"><nd ref="11"/><nd ref="98"/><nd ref="99"/><nd ref="12"/><nd ref="10"/><tag k="highway" v="primary"/></way></osm>`, 1)
	g, r := mustRead(t, twice)
	if r.Duplicates != 3 || r.Missing != 2 || r.Driven != 7 {
		t.Errorf("%+v", r)
	}
	if got, want := seconds(g, geo.Point{Lon: 0.01 * geo.E7}, geo.Point{Lat: 1000}, geo.Routine), taking(1, 36); got/want < 0.99 || got/want > 1.01 {
		t.Errorf("the rest of a way with gaps takes %.2f s, want %.2f", got, want)
	}
}

// TestDeleted: what an editor or the history of the map calls deleted is not
// there, in whatever order it comes, and hides no version after it.
func TestDeleted(t *testing.T) {
	want, report := mustRead(t, mixture)
	const shortcut = `<nd ref="11"/><nd ref="12"/><tag k="highway" v="motorway"/></way>`
	forbidden := turn(7, "restriction=no_straight_on", "1", "10", "2")
	for name, c := range map[string]struct {
		more       string
		duplicates int
	}{
		"visible":           {`<way id="71" visible="false">` + shortcut, 0},
		"action":            {`<way id="71" action="delete" visible="true">` + shortcut, 0},
		"history":           {`<way id="71" version="1">` + shortcut + `<way id="71" version="2" visible="false"/>`, 1},
		"backwards history": {`<way id="71" version="2" visible="false"/><way id="71" version="1" visible="true">` + shortcut, 1},
		"restored way":      {`<way id="1" version="-1" visible="false"/>`, 1},
		"restriction":       {strings.Replace(forbidden, "<relation", `<relation action="delete"`, 1), 0},
		"old restriction":   {forbidden + `<relation id="7" version="9" visible="false"/>`, 1},
		"node":              {`<node id="10" version="9" visible="false"/>`, 0},
		"node in place":     {`<node id="10" version="9" lat="95" lon="1" action="delete"/>`, 0},
		"stub of a node":    {`<node id="10" version="9"/>`, 0},
	} {
		for _, text := range []string{strings.Replace(mixture, "</osm>", c.more+"</osm>", 1), strings.Replace(mixture, "<node", c.more+"<node", 1)} {
			for _, text := range []string{text, gzipped(text)} {
				g, r, err := readText(text)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				r.Duplicates -= c.duplicates
				if g.Version() != want.Version() || !reflect.DeepEqual(r, report) {
					t.Errorf("%s: another graph: %+v", name, r)
				}
			}
		}
	}
}

// TestNodesWithoutAPlace are like those that the file does not have, and do not
// lie at 0.
func TestNodesWithoutAPlace(t *testing.T) {
	_, report := mustRead(t, mixture)
	node := `<node id="42" lat="0.03" lon="0"/>`
	for _, by := range []string{`<node id="42"/>`, `<node id="42" lat="0.03"/>`, `<node id="42" lon="0"/>`, `<node id="42" lat="" lon=""/>`} {
		g, r, err := readText(strings.Replace(mixture, node, by, 1))
		if err != nil || r.Missing != report.Missing+1 || r.Length >= report.Length {
			t.Errorf("%s: %v, %+v", by, err, r)
			continue
		}
		for n := range road.Node(g.Nodes()) {
			if g.Point(n) == (geo.Point{Lat: 0.03 * geo.E7}) {
				t.Errorf("%s: it is there", by)
			}
		}
	}
	_, _, err := readText(regexp.MustCompile(` (lat|lon)="[^"]*"`).ReplaceAllString(mixture, ""))
	if err == nil || !strings.Contains(err.Error(), "town.osm: roads: the nodes of its roads are missing") {
		t.Errorf("no places at all: %v", err)
	}
}

func TestDeadEndsAreReported(t *testing.T) {
	text := strings.Replace(mixture, "</osm>", `
	 <node id="51" lat="0.02" lon="0.02"/><node id="52" lat="0.03" lon="0.02"/><node id="53" lat="0.03" lon="0.03"/>
	 <way id="51"><nd ref="51"/><nd ref="52"/><tag k="highway" v="primary"/></way>
	 <way id="52"><nd ref="32"/><nd ref="53"/><tag k="highway" v="primary"/><tag k="access" v="private"/></way></osm>`, 1)
	_, before := mustRead(t, mixture)
	_, after := mustRead(t, text)
	if after.Dropped != before.Dropped+2 || after.Emergency != before.Emergency+1 {
		t.Errorf("before %+v, after %+v", before, after)
	}
	_, _, err := readText(fmt.Sprintf(block, "", xmlTags("highway=primary oneway=yes")))
	if err != nil {
		t.Errorf("a circuit of one-way streets: %v", err)
	}
}

func TestErrors(t *testing.T) {
	pbf := string((&pbfWriter{zlib: true}).file(t, mixture))
	header := string(frame("OSMHeader", message(nil, 4, []byte("DenseNodes"))))
	for _, c := range []struct{ name, text, rule, says string }{
		{"empty", "", RuleEmpty, "the file is empty"},
		{"text", "hello", RuleFormat, "no OpenStreetMap file"},
		{"other XML", `<?xml version="1.0"?><gpx></gpx>`, RuleFormat, "give an extract"},
		{"changes", `<osmChange version="0.6"></osmChange>`, RuleUnsupported, "a file of changes"},
		{"bzip2", "BZh91AY&SY", RuleUnsupported, "bzip2"},
		{"cut XML", mixture[:len(mixture)-200], RuleTruncated, "fetch it again"},
		{"bad XML", strings.Replace(mixture, "<way id=\"1\">", "<way id=1>", 1), RuleSyntax, "line 9: "},
		{"bad number", strings.Replace(mixture, `lat="0.005"`, `lat="north"`, 1), RuleSyntax, "north"},
		{"off the earth", strings.Replace(mixture, `lat="0.005"`, `lat="95"`, 1), RuleCoordinate, "node 23: latitude is outside"},
		{"cut gzip", gzipped(mixture)[:300], RuleTruncated, "gzip"},
		{"only the mark of gzip", "\x1f\x8b", RuleTruncated, "gzip"},
		{"damaged gzip", "\x1f\x8b\x07rubbish.....", RuleGzip, "damaged"},
		{"checksum of gzip", gzipped(mixture)[:len(gzipped(mixture))-8] + "rubbish.", RuleGzip, "damaged"},
		{"no objects", `<osm version="0.6"></osm>`, RuleRoads, "no highway in it"},
		{"footways only", strings.NewReplacer("residential", "footway", "track", "path", "primary", "steps").Replace(mixture), RuleRoads, "none of its highways"},
		{"no nodes", regexp.MustCompile(`<node[^>]*/>`).ReplaceAllString(fmt.Sprintf(cross, ""), ""), RuleRoads, "nodes of its roads are missing"},
		{"no way back", `<osm><node id="1" lat="0" lon="0"/><node id="2" lat="0" lon="1"/><way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="motorway"/></way></osm>`, RuleRoads, "left and reached again"},
		{"too long", `<osm><node id="1" lat="0" lon="0"/><node id="2" lat="0" lon="90"/><way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way></osm>`, RuleSize, "cut out the city"},
		{"cut PBF", pbf[:len(pbf)-7], RuleTruncated, "in the middle of block 1"},
		{"PBF cut in a size", header + "\x00\x00", RuleTruncated, "in the middle of block 1"},
		{"PBF cut after a size", header + "\x00\x00\x00\x0d", RuleTruncated, "in the middle of block 1"},
		{"PBF with a great size", header + "\x7f\x00\x00\x0d", RuleSyntax, "65536 are allowed"},
		{"two headers", header + header, RuleSyntax, "its only header"},
		{"history", string(frame("OSMHeader", message(nil, 4, []byte("HistoricalInformation")))), RuleUnsupported, "history"},
		{"new feature", string(frame("OSMHeader", message(nil, 4, []byte("Teleports")))), RuleUnsupported, `"Teleports"`},
		{"nodes that are not dense", header + string(frame("OSMData", message(nil, 2, message(nil, 1, nil)))), RuleUnsupported, "osmium"},
		{"LZMA", string(withHead("OSMHeader", message(nil, 4, []byte("packed")))), RuleUnsupported, "LZMA"},
		{"no strings", header + string(frame("OSMData", message(nil, 2, message(nil, 3, message(message(nil, 2, []byte{7}), 3, []byte{7}))))), RuleSyntax, "block 1 is damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, _, err := readText(c.text)
			var e *Error
			if !errors.As(err, &e) || g != nil {
				t.Fatalf("got %v, want an Error", err)
			}
			if e.File != "town.osm" || e.Rule != c.rule || !strings.Contains(e.Detail, c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v\nwant %s: %s", err, c.rule, c.says)
			}
		})
	}
}

func TestReadFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "town.osm.gz")
	if err := os.WriteFile(path, []byte(gzipped(mixture)), 0o600); err != nil {
		t.Fatal(err)
	}
	var steps []string
	_, _, err := ReadFile(path, func(step string, done, total int64) {
		if total > 0 && done > total {
			t.Errorf("%s: %d of %d", step, done, total)
		}
		steps = append(steps, step)
	})
	if want := "[reading ways reading nodes joining streets looking for dead ends]"; err != nil || fmt.Sprint(steps) != want {
		t.Errorf("%v, %v", steps, err)
	}
	_, _, err = ReadFile(path+"x", nil)
	if !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), path) != 1 {
		t.Errorf("got %v", err)
	}
	broken := errors.New("cable pulled")
	for _, text := range []string{mixture, string((&pbfWriter{}).file(t, mixture)), gzipped(mixture)} {
		_, _, err = Read("town", func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(text[:len(text)/2]), iotest.ErrReader(broken))), nil
		}, nil)
		var e *Error
		if !errors.Is(err, broken) || !errors.As(err, &e) || e.Rule != RuleRead {
			t.Errorf("got %v", err)
		}
	}
}

// TestDamagedPBF changes bits of blocks and puts the frame around them right: a
// decoder that panics would end the program.
func TestDamagedPBF(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	header := frame("OSMHeader", message(nil, 4, []byte("DenseNodes")))
	w := &pbfWriter{users: true}
	block := w.data(w.groups(t, strings.Replace(mixture, "<way", turn(9, "restriction=no_u_turn", "1", "10", "1")+"<way", 1))...)
	refused := 0
	for range 400 {
		bad := bytes.Clone(block)
		for range 1 + r.IntN(3) {
			bad[r.IntN(len(bad))] ^= 1 << r.IntN(8)
		}
		if _, _, err := readText(string(append(header[:len(header):len(header)], frame("OSMData", bad)...))); err != nil {
			refused++
		}
	}
	if refused < 100 || refused == 400 {
		t.Errorf("%d of 400 were refused: not much of a test", refused)
	}
}

func FuzzXML(f *testing.F) {
	f.Add([]byte(mixture))
	f.Add([]byte(fmt.Sprintf(block, "", xmlTags("highway=motorway maxspeed=30~mph oneway=-1"))))
	f.Add([]byte(gzipped(mixture)))
	f.Fuzz(func(t *testing.T, text []byte) { fuzz(t, text) })
}

// FuzzPBF changes what is in the blocks, and puts the frame around it right.
func FuzzPBF(f *testing.F) {
	for _, w := range []pbfWriter{{}, {users: true}, {split: true}} {
		text := w.file(f, mixture)
		f.Add(text)
		f.Add(w.data(w.groups(f, mixture)...))
	}
	header := frame("OSMHeader", message(nil, 4, []byte("DenseNodes")))
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzz(t, data)
		fuzz(t, append(header[:len(header):len(header)], frame("OSMData", data)...))
	})
}

func fuzz(t *testing.T, text []byte) {
	g, r, err := readText(string(text))
	if err != nil {
		var e *Error
		if !errors.As(err, &e) || e.Rule == "" || e.File == "" || e.Rule == RuleRead {
			t.Errorf("%v is not an Error that helps", err)
		}
		return
	}
	if _, dropped, err := road.LargestComponent(g); dropped != 0 || err != nil || r.Driven == 0 {
		t.Errorf("%d nodes dropped, %v; %+v", dropped, err, r)
	}
}

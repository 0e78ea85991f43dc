package frame

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"callbox/assign"
	"callbox/data/journal/frame/frametest"

	"github.com/fxamacker/cbor/v2"
)

// link is a link that holds.
var link = Link{Shard: "1", Epoch: 3, Previous: Sum([]byte("the frame before"))}

// frameWeight is what a frame takes beside its facts, at most.
const frameWeight = 128

func TestFramesSurvive(t *testing.T) {
	all := frametest.Kinds(t)
	for seed := range uint64(3000) {
		c := frametest.Anything(seed)
		f := c.Frame(all, 1+c.IntN(6))
		l := Link{Shard: "shard", Epoch: 1 + c.Uint64N(1<<40), Previous: Sum([]byte{byte(seed)})}
		b, err := Encode(f, l)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		back, err := Decode(b)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if want := (Entry{Frame: f, Link: l, Version: Version, Bytes: b, Hash: Sum(b)}); !reflect.DeepEqual(back, want) {
			t.Fatalf("seed %d:\n%+v came back as\n%+v", seed, want, back)
		}
		if again, err := Encode(back.Frame, back.Link); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("seed %d: the same frame gave other bytes, %v", seed, err)
		}
	}
}

func TestUnknownIsNotNone(t *testing.T) {
	for _, capabilities := range [][]string{nil, {}, {"patrol"}} {
		f := oneFact(&assign.UnitSignedOn{Unit: assign.Unit{ID: "75A1", Capabilities: capabilities}})
		b, err := Encode(f, link)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(b)
		if err != nil || !reflect.DeepEqual(back.Frame, f) {
			t.Errorf("%#v came back as %+v, %v", capabilities, back.Facts, err)
		}
	}
}

// TestWeightIsEnough draws every kind with strings and lists of every length
// at which the heads of CBOR grow.
func TestWeightIsEnough(t *testing.T) {
	for _, kind := range frametest.Kinds(t) {
		for _, text := range []int{0, 1, 23, 24, 128, 255, 256, 65535, 65536} {
			for _, fill := range []int{0, 1, 23, 24, 256} {
				if text > 256 && fill > 1 {
					continue
				}
				c := frametest.Sized(uint64(text), text, fill)
				for range 4 {
					fact := c.Fact(kind)
					var body bytes.Buffer
					if _, err := encodeFact(&body, fact); err != nil {
						t.Fatal(err)
					}
					r, err := cbor.Marshal(record{Kind: kind, Body: body.Bytes()})
					if err != nil {
						t.Fatal(err)
					}
					if w := assign.Weight(fact); len(r) > w {
						t.Fatalf("%s with strings of %d and lists of %d takes %d bytes, its weight is %d", kind, text, fill, len(r), w)
					}
				}
			}
		}
	}
}

func TestFrameIsNoHeavierThanItsFacts(t *testing.T) {
	all := frametest.Kinds(t)
	for seed := range uint64(500) {
		c := frametest.Anything(seed)
		f, weight := c.Frame(all, 1+c.IntN(300)), frameWeight
		for _, r := range f.Facts {
			weight += assign.Weight(r.Fact)
		}
		if b, err := Encode(f, link); err != nil || len(b) > weight {
			t.Fatalf("seed %d: %d bytes, weight %d, %v", seed, len(b), weight, err)
		}
	}
}

func TestEncodeRefusesWhatCannotBeReadBack(t *testing.T) {
	fact := &assign.UnitArrived{Unit: "75A1", Call: "c", At: 5}
	recorded := func(seq uint64, at assign.Instant, f assign.Fact) assign.Recorded {
		return assign.Recorded{Seq: seq, At: at, Fact: f}
	}
	areas := make([]string, maxList+1)
	for name, c := range map[string]struct {
		frame assign.Frame
		want  error
	}{
		"no facts":        {assign.Frame{Number: 1}, ErrFormat},
		"no number":       {assign.Frame{Facts: []assign.Recorded{recorded(1, 0, fact)}}, ErrFormat},
		"fact 0":          {assign.Frame{Number: 1, Facts: []assign.Recorded{recorded(0, 0, fact)}}, ErrFormat},
		"a gap":           {assign.Frame{Number: 1, Facts: []assign.Recorded{recorded(1, 0, fact), recorded(3, 0, fact)}}, ErrFormat},
		"another instant": {assign.Frame{Number: 1, At: 1, Facts: []assign.Recorded{recorded(1, 0, fact)}}, ErrFormat},
		"no fact":         {oneFact(nil), ErrFormat},
		"a nil fact":      {oneFact((*assign.UnitArrived)(nil)), ErrFormat},
		"not UTF-8":       {oneFact(&assign.CallReceived{Call: assign.Call{ID: "c", Note: "a\xffb"}}), ErrFormat},
		"a long list":     {oneFact(&assign.CallReceived{Call: assign.Call{ID: "c", Areas: areas}}), ErrFormat},
		"too large":       {oneFact(&assign.KeyUsed{Key: "k", Body: make([]byte, MaxSize)}), ErrTooLarge},
	} {
		b, err := Encode(c.frame, link)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %d bytes and %v, want %v", name, len(b), err, c.want)
		}
		var fault *Fault
		if !errors.As(err, &fault) || fault.Frame != c.frame.Number {
			t.Errorf("%s: %v does not name frame %d", name, err, c.frame.Number)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	enc, err := cbor.EncOptions{Sort: cbor.SortCoreDeterministic}.EncMode()
	if err != nil {
		t.Fatal(err)
	}
	marshal := func(v any) []byte {
		b, err := enc.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return append(b, check(b)...)
	}
	frame := func(version uint64, kind string, body any) []byte {
		return marshal([]any{version, 7, 100, 40, []any{[]any{"unit_arrived", map[string]any{"unit": "u", "call": "c", "at": 5}}, []any{kind, body}}})
	}
	good := map[string]any{"unit": "u", "call": "c", "at": 5}
	if _, err := Decode(frame(1, "unit_arrived", good)); err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(frame(2, "road_opened", map[string]any{"id": "x"})); err != nil {
		t.Fatal(err)
	}
	linked := func(version, shard, epoch, previous any) []byte {
		return marshal([]any{version, 7, 100, 40, shard, epoch, previous, []any{[]any{"unit_arrived", good}}})
	}
	zero := make([]byte, len(Hash{}))
	if _, err := Decode(linked(4, "1", 1, zero)); err != nil {
		t.Fatal(err)
	}
	with := func(name string, v any) map[string]any {
		m := map[string]any{"unit": "u", "call": "c", "at": 5}
		m[name] = v
		return m
	}
	raw := func(parts ...string) cbor.RawMessage { return cbor.RawMessage(strings.Join(parts, "")) }
	const at, call, unit = "\x62at\x05", "\x64call\x61c", "\x64unit\x61u"
	if _, err := Decode(frame(1, "unit_arrived", raw("\xa3", at, call, unit))); err != nil {
		t.Fatal(err)
	}
	deep := any("x")
	for range 40 {
		deep = []any{deep}
	}
	for name, c := range map[string]struct {
		bytes []byte
		want  error
		fact  uint64
	}{
		"nothing":                          {nil, ErrDamaged, 0},
		"a flipped bit":                    {flip(frame(1, "unit_arrived", good), 30), ErrDamaged, 0},
		"a flipped check":                  {flip(frame(1, "unit_arrived", good), len(frame(1, "unit_arrived", good))-1), ErrDamaged, 0},
		"a cut end":                        {frame(1, "unit_arrived", good)[:40], ErrDamaged, 0},
		"too large":                        {make([]byte, MaxSize+1), ErrTooLarge, 0},
		"no array":                         {marshal("frame"), ErrFormat, 0},
		"an empty array":                   {marshal([]any{}), ErrFormat, 0},
		"a version that is no number":      {marshal([]any{"one", 2}), ErrFormat, 0},
		"version 0":                        {frame(0, "unit_arrived", good), ErrVersion, 0},
		"a newer version":                  {frame(Version+1, "unit_arrived", good), ErrVersion, 0},
		"a newer version, other form":      {marshal([]any{Version + 1, "x"}), ErrVersion, 0},
		"a version higher than it must be": {frame(2, "unit_arrived", good), ErrFormat, 0},
		"a kind newer than the version":    {frame(1, "road_opened", map[string]any{"id": "x"}), ErrFormat, 0},
		"version 4 without a link":         {frame(4, "unit_arrived", good), ErrFormat, 0},
		"a link before version 4":          {linked(3, "1", 1, zero), ErrFormat, 0},
		"no shard":                         {linked(4, "", 1, zero), ErrFormat, 0},
		"a number for a shard":             {linked(4, 1, 1, zero), ErrFormat, 0},
		"epoch 0":                          {linked(4, "1", 0, zero), ErrFormat, 0},
		"a negative epoch":                 {linked(4, "1", -1, zero), ErrFormat, 0},
		"a short hash":                     {linked(4, "1", 1, zero[1:]), ErrFormat, 0},
		"a long hash":                      {linked(4, "1", 1, append(zero, 0)), ErrFormat, 0},
		"no hash":                          {linked(4, "1", 1, nil), ErrFormat, 0},
		"a hash in text":                   {linked(4, "1", 1, string(zero)), ErrFormat, 0},
		"four items":                       {marshal([]any{1, 7, 100, 40}), ErrFormat, 0},
		"no records":                       {marshal([]any{1, 7, 100, 40, []any{}}), ErrFormat, 0},
		"frame 0":                          {marshal([]any{1, 0, 100, 40, []any{[]any{"unit_arrived", good}}}), ErrFormat, 0},
		"fact 0":                           {marshal([]any{1, 7, 100, 0, []any{[]any{"unit_arrived", good}}}), ErrFormat, 0},
		"a kind of tomorrow":               {frame(1, "unit_teleported", good), ErrKind, 41},
		"an unknown field":                 {frame(1, "unit_arrived", with("speed", 3)), ErrFormat, 41},
		"a name in capitals":               {frame(1, "unit_arrived", map[string]any{"unit": "u", "call": "c", "AT": 5}), ErrFormat, 41},
		"a missing field":                  {frame(1, "unit_arrived", map[string]any{"unit": "u", "call": "c"}), ErrFormat, 0},
		"null for a string":                {frame(1, "unit_arrived", with("unit", nil)), ErrFormat, 0},
		"a float":                          {frame(1, "unit_arrived", with("at", 1.5)), ErrFormat, 41},
		"bytes for text":                   {frame(1, "unit_arrived", with("unit", []byte("u"))), ErrFormat, 41},
		"a number for text":                {frame(1, "unit_arrived", with("unit", 5)), ErrFormat, 41},
		"an instant too large":             {frame(1, "unit_arrived", with("at", uint64(1<<63))), ErrFormat, 41},
		"a list for a fact":                {frame(1, "unit_arrived", []any{1}), ErrFormat, 41},
		"null for a fact":                  {frame(1, "unit_arrived", nil), ErrFormat, 0},
		"a deep nest":                      {frame(1, "unit_arrived", with("unit", deep)), ErrFormat, 0},
		"a tag":                            {frame(1, "unit_arrived", with("unit", cbor.Tag{Number: 1, Content: "u"})), ErrFormat, 0},
		"not UTF-8":                        {frame(1, "unit_arrived", raw("\xa3", at, call, "\x64unit\x61\xff")), ErrFormat, 41},
		"a repeated field":                 {frame(1, "unit_arrived", raw("\xa4", at, at, call, unit)), ErrFormat, 0},
		"fields out of order":              {frame(1, "unit_arrived", raw("\xa3", call, at, unit)), ErrFormat, 0},
		"a number longer than it must be":  {frame(1, "unit_arrived", raw("\xa3", "\x62at\x18\x05", call, unit)), ErrFormat, 0},
		"a map without a length":           {frame(1, "unit_arrived", raw("\xbf", at, call, unit, "\xff")), ErrFormat, 0},
	} {
		f, err := Decode(c.bytes)
		var fault *Fault
		if !errors.Is(err, c.want) || !errors.As(err, &fault) {
			t.Errorf("%s: got %+v and %v, want %v", name, f, err, c.want)
		} else if fault.Fact != c.fact || c.fact != 0 && fault.Frame != 7 {
			t.Errorf("%s: %v is said of frame %d, fact %d; want fact %d", name, err, fault.Frame, fault.Fact, c.fact)
		}
	}
}

// TestAreaOrderIsOfThree: a fixed array must not be cut or filled up.
func TestAreaOrderIsOfThree(t *testing.T) {
	b, err := Encode(oneFact(&assign.PolicyAdopted{Policy: assign.Policy{AreaOrder: assign.AreaOrder{1, 2, 3}}}), link)
	if err != nil {
		t.Fatal(err)
	}
	b = b[:len(b)-checkSize]
	for _, other := range []string{"\x82\x01\x02", "\x84\x01\x02\x03\x04"} {
		bad := []byte(strings.Replace(string(b), "\x83\x01\x02\x03", other, 1))
		if _, err := Decode(append(bad, check(bad)...)); !errors.Is(err, ErrFormat) {
			t.Errorf("%x for an area order: %v", other, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	all := frametest.Kinds(f)
	for seed := range uint64(40) {
		c := frametest.Anything(seed)
		frame := c.Frame(all, 1+c.IntN(3))
		for _, least := range []uint64{1, linkedSince} {
			b, err := encode(frame, least, link)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b[:len(b)-checkSize])
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		// A fuzzer does not find checksums: one is given.
		b = append(b[:len(b):len(b)], check(b)...)
		e, err := Decode(b)
		if err != nil {
			var fault *Fault
			if !errors.As(err, &fault) {
				t.Fatalf("%v is no Fault", err)
			}
			return
		}
		if again, err := e.encode(); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%x was read, and written again as %x, %v", b, again, err)
		}
	})
}

func oneFact(f assign.Fact) assign.Frame {
	return assign.Frame{Number: 1, At: 5, Facts: []assign.Recorded{{Seq: 1, At: 5, Fact: f}}}
}

func flip(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 0x10
	return b
}

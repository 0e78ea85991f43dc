package audit_test

import (
	"encoding/binary"
	"reflect"
	"slices"
	"testing"

	"callbox/assign"
)

// drawn fills facts from bytes: IDs and words of a small vocabulary, so that
// facts meet, and numbers that are small or as large as can be.
type drawn struct{ rest []byte }

func (d *drawn) byte() byte {
	if len(d.rest) == 0 {
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

var words = []string{
	"", "u1", "u2", "c1", "c2", "c3", "critical", "311", "serious", "patrol", "k9", "75", "answer", "close",
	"available", "on_scene", "off_duty", "dispatched", "en_route", "cleared", "gave_back", "with_call",
	"capability", "pull_limit", "unreachable", "waiting", "assigned", "911-first", "partner_hold",
}

func (d *drawn) fill(v reflect.Value, depth int) {
	b := d.byte()
	switch v.Kind() {
	case reflect.String:
		v.SetString(words[int(b)%len(words)])
	case reflect.Bool:
		v.SetBool(b%2 == 1)
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int8:
		n := int64(int8(b))
		if b == 0x80 {
			var wide [8]byte
			for i := range wide {
				wide[i] = d.byte()
			}
			n = int64(binary.LittleEndian.Uint64(wide[:]))
		}
		v.SetInt(n)
	case reflect.Uint64, reflect.Uint32, reflect.Uint8:
		v.SetUint(uint64(b))
	case reflect.Slice:
		n := int(b) % 4
		if n == 0 || depth == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			d.fill(v.Index(i), depth-1)
		}
	case reflect.Array:
		for i := range v.Len() {
			d.fill(v.Index(i), depth-1)
		}
	case reflect.Pointer:
		if b%2 == 1 && depth > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			d.fill(v.Elem(), depth-1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			d.fill(v.Field(i), depth-1)
		}
	}
}

var kinds = []string{
	"unit_signed_on", "unit_status_changed", "call_received", "decision_made", "call_queued", "unit_dispatched",
	"unit_diverted", "unit_preempted", "unit_recalled", "call_promoted", "unit_en_route", "unit_arrived",
	"unit_cleared", "call_closed", "clock_warned", "clock_breached", "policy_adopted", "started", "key_used",
}

// fact draws a fact, now and then none.
func (d *drawn) fact() assign.Fact {
	b := d.byte()
	if b >= 250 {
		return nil
	}
	fact := assign.NewFact(kinds[int(b)%len(kinds)])
	d.fill(reflect.ValueOf(fact).Elem(), 5)
	return fact
}

// FuzzRead makes up logs.
func FuzzRead(f *testing.F) {
	f.Add([]byte{})
	for seed := range byte(16) {
		b := make([]byte, 600)
		for i := range b {
			b[i] = byte(i*i)*seed + byte(i>>3)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &drawn{b}
		var facts []assign.Recorded
		for seq, at := uint64(1), noon; len(d.rest) > 0; seq++ {
			at += assign.Instant(int8(d.byte()))
			facts = append(facts, assign.Recorded{Seq: seq, At: at, Fact: d.fact()})
		}
		steady(t, facts)
	})
}

// FuzzEdits cuts real logs to pieces: facts are left out, doubled, exchanged and
// made up.
func FuzzEdits(f *testing.F) {
	logs := [][]assign.Recorded{drive(f, 1, "911-first", 60), drive(f, 2, "311-first", 60)}
	f.Add([]byte{0, 0, 10, 0, 1, 20, 1, 0, 30, 2, 0, 40, 3, 5, 1, 1, 1, 1, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &drawn{b}
		facts := slices.Clone(logs[d.byte()%2])
		for len(d.rest) > 0 && len(facts) > 1 {
			i := (int(d.byte())<<8 + int(d.byte())) % len(facts)
			switch d.byte() % 4 {
			case 0:
				facts = slices.Delete(facts, i, i+1)
			case 1:
				facts = slices.Insert(facts, i, facts[i])
			case 2:
				j := (i + int(d.byte())) % len(facts)
				facts[i], facts[j] = facts[j], facts[i]
			case 3:
				facts = slices.Insert(facts, i, assign.Recorded{Seq: facts[i].Seq, At: facts[i].At, Fact: d.fact()})
			}
		}
		steady(t, facts)
	})
}

// steady checks that whatever the facts say, the auditor says what it thinks of
// them, does not panic, and says the same again.
func steady(t *testing.T, facts []assign.Recorded) {
	first, _ := judge(t, facts)
	again, r := judge(t, facts)
	if !reflect.DeepEqual(first, again) || r.Facts != len(facts) {
		t.Errorf("found %v and then %v", first, again)
	}
}

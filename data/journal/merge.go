package journal

import (
	"errors"
	"fmt"
	"iter"

	"callbox/data/journal/frame"
)

// copies are the two copies of a log that a mended one is made from. Each yields
// good frames by ascending number; some may be missing.
type copies struct {
	journal, export iter.Seq2[frame.Entry, error]
}

// Mending says what a mended log is made of.
type Mending struct {
	Frames       uint64     // that it has
	Facts        uint64     // likewise
	Head         frame.Hash // of its last frame
	FromExport   uint64     // frames that only the export has
	FirstFrom    uint64     // the first of those
	Journal      uint64     // last frame that is good in the journal
	Export       uint64     // last frame of the export
	Acknowledged uint64     // frames that were, at least
	Unmarked     error      // why that is not known
}

// Newest is the last frame that there is a trace of.
func (m *Mending) Newest() uint64 { return max(m.Journal, m.Export, m.Acknowledged) }

// merge yields frame after frame, from either copy, as long as one has the next.
// Its error is a *frame.Fault if the two have different ones of a number, or if
// one does not follow the one before. It notes in m what it does.
func (c copies) merge(m *Mending) iter.Seq2[frame.Entry, error] {
	return func(yield func(frame.Entry, error) bool) {
		j, endJ := pull(c.journal)
		defer endJ()
		e, endE := pull(c.export)
		defer endE()
		var chain frame.Chain
		for n := uint64(1); ; n++ {
			inJournal, err := j.at(n)
			if err != nil {
				yield(frame.Entry{}, err)
				return
			}
			inExport, err := e.at(n)
			if err != nil {
				yield(frame.Entry{}, err)
				return
			}
			next := inJournal
			switch {
			case inJournal == nil && inExport == nil:
				m.Journal, m.Export = j.last(), e.last()
				if err := errors.Join(j.err, e.err); err != nil {
					yield(frame.Entry{}, err)
				}
				return
			case inJournal == nil:
				if next = inExport; m.FromExport == 0 {
					m.FirstFrom = n
				}
				m.FromExport++
			case inExport != nil && inExport.Hash != inJournal.Hash:
				yield(frame.Entry{}, frame.Faulty(n, 0, frame.ErrDamaged,
					"it has hash %v in the journal, and %v in the export: these are two histories, and somebody must say which one is true",
					inJournal.Hash, inExport.Hash))
				return
			}
			if err := chain.Follow(*next); err != nil {
				yield(frame.Entry{}, err)
				return
			}
			m.Frames, m.Facts, m.Head = n, chain.Fact(), next.Hash
			if !yield(*next, nil) {
				return
			}
		}
	}
}

// pulled is a copy that is read step by step.
type pulled struct {
	next   func() (frame.Entry, error, bool)
	head   *frame.Entry // nil: before the first, or after the last
	newest uint64
	err    error
	ended  bool
}

func pull(s iter.Seq2[frame.Entry, error]) (*pulled, func()) {
	next, stop := iter.Pull2(s)
	return &pulled{next: next}, stop
}

// at gives frame number n, nil if the copy has none. It is asked for ascending
// numbers.
func (p *pulled) at(n uint64) (*frame.Entry, error) {
	for !p.ended && (p.head == nil || p.head.Number < n) {
		p.step()
	}
	if p.err != nil {
		return nil, p.err
	}
	if p.head == nil || p.head.Number != n {
		return nil, nil
	}
	return p.head, nil
}

func (p *pulled) step() {
	e, err, ok := p.next()
	switch {
	case !ok || err != nil:
		p.head, p.err, p.ended = nil, err, true
	case e.Number <= p.newest:
		p.head, p.ended = nil, true
		p.err = fmt.Errorf("frame %d comes after frame %d", e.Number, p.newest)
	default:
		p.head, p.newest = &e, e.Number
	}
}

// last reads to the end and gives the number of the last frame.
func (p *pulled) last() uint64 {
	for !p.ended {
		p.step()
	}
	return p.newest
}

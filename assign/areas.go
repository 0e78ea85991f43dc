package assign

import "fmt"

// Areas is a document of areas that was adopted over the city's own.
type Areas struct {
	Hash string // of Document
	Base string // hash of the city's own areas that it replaces
	// Document is GeoJSON, compressed by gzip.
	Document []byte
}

// staging is a document whose parts are coming in.
type staging struct {
	hash  string
	parts int
	bytes []byte
	next  int
}

// takes tells why a part cannot be the next, or nil. The first part of any
// document begins anew.
func (g *staging) takes(f *AreasStaged) error {
	if f.Part == 0 && f.Parts > 0 {
		return nil
	}
	if g.hash != f.Hash || g.parts != f.Parts || g.next != f.Part || f.Part >= f.Parts {
		return fmt.Errorf("part %d of %d of areas %.12s does not follow part %d of %d of areas %.12s", f.Part, f.Parts, f.Hash, g.next-1, g.parts, g.hash)
	}
	return nil
}

// holds reports whether all of a document is there.
func (g *staging) holds(hash string) bool { return g.parts > 0 && g.hash == hash && g.next == g.parts }

// StageAreas puts one part of a document of areas into the log.
type StageAreas struct {
	AreasStaged
}

// AdoptAreas puts the staged document in force; with an empty Hash, the city's
// own areas again.
type AdoptAreas struct {
	AreasAdopted
}

func (c *StageAreas) decide(s *State, _ Instant) ([]Fact, error) {
	staged := c.AreasStaged
	if err := s.staged.takes(&staged); err != nil {
		return nil, refuse(Conflict, "areas_not_staged", "", "%v; stage the document again from its first part", err)
	}
	return []Fact{&staged}, nil
}

func (c *AdoptAreas) decide(s *State, _ Instant) ([]Fact, error) {
	adopted := c.AreasAdopted
	if adopted.Hash != "" && !s.staged.holds(adopted.Hash) {
		return nil, refuse(Conflict, "areas_not_staged", "", "areas %s are not staged; stage each part of the document first", adopted.Hash)
	}
	return []Fact{&adopted}, nil
}

func (f *AreasStaged) apply(s *State, _ Recorded) error {
	if err := s.staged.takes(f); err != nil {
		return err
	}
	if f.Part == 0 {
		s.staged = staging{hash: f.Hash, parts: f.Parts}
	}
	s.staged.bytes = append(s.staged.bytes, f.Bytes...)
	s.staged.next++
	return nil
}

func (f *AreasAdopted) apply(s *State, _ Recorded) error {
	if f.Hash == "" { // back to the city's own
		s.areas = Areas{}
		return nil
	}
	if !s.staged.holds(f.Hash) {
		return fmt.Errorf("areas %s are not staged", f.Hash)
	}
	s.areas = Areas{Hash: f.Hash, Base: f.Base, Document: s.staged.bytes}
	s.staged = staging{}
	return nil
}

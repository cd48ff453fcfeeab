package store

import (
	"context"

	"dalil/corpus"
)

// Profiler works out of a passage what its reader needs for every question, as
// bytes that only the reader understands: its profile.
type Profiler interface {
	// ProfileName changes whenever a profile may.
	ProfileName() string
	// Profile returns the profile of a passage, whose Document and Sparse are set.
	// It depends on nothing else, and is safe for concurrent use.
	Profile(p *Point) []byte
}

// ProfileKeeper is a store that keeps a profile beside each passage, so that a
// question reads profiles and no texts. Fallback: the reader works profiles out of
// what [Reader.Chunks] returns, see [ProfileKeeperOf].
type ProfileKeeper interface {
	// KeepProfiles has the store keep the profiles of p: of each passage that is
	// written from now on, and in the background of those it holds. Profiles of
	// another name are dropped. A store that was opened for reading only uses what is
	// there.
	KeepProfiles(p Profiler)
	// Profiles fills to with the profiles of these passages. One that is gone, or not
	// worked out yet, or damaged, has none. What is filled in is right: its passage is
	// the one with this id, and its name that of KeepProfiles.
	Profiles(ctx context.Context, ids []corpus.ChunkID, to *Profiles) error
}

// Wrapper is a store around another one.
type Wrapper interface{ Unwrap() Store }

// ProfileKeeperOf returns the [ProfileKeeper] that r is or wraps; nil: there is
// none.
func ProfileKeeperOf(r Reader) ProfileKeeper {
	keeper, _ := able[ProfileKeeper](r)
	return keeper
}

// Profiles are the profiles of some passages, one after another in one block of
// memory.
type Profiles struct {
	bytes []byte
	ends  []int
}

// Reset makes it empty, and keeps its memory.
func (p *Profiles) Reset() { p.bytes, p.ends = p.bytes[:0], p.ends[:0] }

// Len is how many passages have been filled in, those without a profile too.
func (p *Profiles) Len() int { return len(p.ends) }

// At returns the i-th profile; nil: there is none. It is valid until Reset.
func (p *Profiles) At(i int) []byte {
	from := 0
	if i > 0 {
		from = p.ends[i-1]
	}
	if from == p.ends[i] {
		return nil
	}
	return p.bytes[from:p.ends[i]:p.ends[i]]
}

// Add fills in the next passage. fill appends its profile and reports whether it
// did; what it appended otherwise is taken back.
func (p *Profiles) Add(fill func([]byte) ([]byte, bool)) bool {
	filled, ok := fill(p.bytes)
	if ok {
		p.bytes = filled
	} else {
		p.bytes = filled[:len(p.bytes)]
	}
	p.ends = append(p.ends, len(p.bytes))
	return ok
}

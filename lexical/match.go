package lexical

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"dalil/vector"
)

// Place is the position of a word of the question in a passage.
type Place struct {
	At    int     // the number of the passage's word; below 0 in the title
	Word  int     // the number of the question's word, in Question.Groups
	Share float32 // how likely the one means the other, above 0 and at most 1
}

// Match is what a passage holds of a question. Its memory is used again by the
// next [Question.Match].
type Match struct {
	Held    []float64 // of each word of the question, the probability that the passage contains it, 0 to 1
	Certain []float64 // the same by how certain the forms are: see certainty.go
	Places  []Place   // of the question's words, by rising At and Word

	found []int32  // which of the passage's dimensions the question may have
	keys  []uint64 // see [Match.order]
	room  []Place
}

// Match compares a passage with the question. Its time is linear in the dimensions
// of the passage; the first call also arranges those of the question.
func (q *Question) Match(p Profile, m *Match) {
	m.Places = m.Places[:0]
	m.Held = slices.Grow(m.Held[:0], len(q.Groups))[:len(q.Groups)]
	clear(m.Held)
	m.Certain = slices.Grow(m.Certain[:0], len(q.Groups))[:len(q.Groups)]
	clear(m.Certain)
	parts, ok := p.parts()
	if !ok {
		return
	}
	f := q.finding()
	m.found = f.asked.Find(m.found[:0], parts.dimensions)
	first, next := 0, 0
	for _, at := range m.found {
		first += parts.positions(next, int(at))
		n, sparse := parts.counted(int(at))
		f.place(binary.LittleEndian.Uint32(parts.dimensions[4*at:]), &parts, first, n, sparse, m)
		first, next = first+n, int(at)+1
	}
	if len(q.percents) == 0 && m.order() {
		return
	}
	slices.SortFunc(m.Places, comparePlaces)
	if len(q.percents) > 0 {
		m.Places = q.joinPercents(m.Places)
	}
	// A word that matches another in several forms counts in its most probable one.
	m.Places = slices.CompactFunc(m.Places, func(a, b Place) bool { return a.At == b.At && a.Word == b.Word })
}

// order sorts the places, and leaves of those with one At and Word the most probable one. It
// sorts numbers, which takes less time than sorting places. False: there are too many
// places, and nothing is done.
func (m *Match) order() bool {
	const most = 1 << 16 // places and words
	if len(m.Places) > most {
		return false
	}
	m.keys = m.keys[:0]
	for i, p := range m.Places {
		at := p.At + math.MaxInt32
		if p.Word >= most || at < 0 || at > math.MaxUint32 {
			return false
		}
		m.keys = append(m.keys, uint64(at)<<32|uint64(p.Word)<<16|uint64(i))
	}
	slices.Sort(m.keys)
	sorted := m.room[:0]
	for i, key := range m.keys {
		p := m.Places[uint16(key)]
		if i > 0 && key>>16 == m.keys[i-1]>>16 {
			last := &sorted[len(sorted)-1]
			last.Share = max(last.Share, p.Share)
			continue
		}
		sorted = append(sorted, p)
	}
	m.Places, m.room = sorted, m.Places
	return true
}

// place adds the places of a dimension, n positions from the first on, to the match.
func (f *finder) place(dimension uint32, parts *profileParts, first, n int, sparse bool, m *Match) {
	of := dimension >> 24
	for at := f.starts[of]; at < f.starts[of+1]; at++ {
		w := &f.forms[at]
		if w.dimension != dimension {
			continue
		}
		if sparse && w.word != percentWord {
			m.Held[w.word] = max(m.Held[w.word], w.share)
			m.Certain[w.word] = max(m.Certain[w.word], w.certainty)
		}
		for place := first; place < first+n && place*parts.position < len(parts.places); place++ {
			m.Places = append(m.Places, Place{parts.at(place), w.word, float32(w.share)})
		}
	}
}

func comparePlaces(a, b Place) int {
	switch {
	case a.At != b.At:
		return a.At - b.At
	case a.Word != b.Word:
		return a.Word - b.Word
	}
	return cmp.Compare(b.Share, a.Share)
}

// finder looks up which words of the question a dimension means.
type finder struct {
	asked  vector.Among    // nearly all of a passage's dimensions are not asked for
	forms  []sought        // by the upper 8 bits of their dimensions
	starts [1<<8 + 1]int32 // of the forms with the same upper bits
}

// sought is a form of a word of the question.
type sought struct {
	dimension uint32
	word      int
	share     float64
	certainty float64
}

func (q *Question) finding() *finder {
	if q.finder != nil {
		return q.finder
	}
	f := &finder{}
	each := func(yield func(sought)) {
		for word := range q.Groups {
			g := &q.Groups[word]
			for i, d := range g.Dimensions {
				yield(sought{d, word, g.share(i), g.Certainties[i]})
			}
		}
		for _, d := range q.percents {
			yield(sought{d, percentWord, 1, 1})
		}
	}
	each(func(form sought) {
		f.asked.Add(form.dimension)
		f.starts[form.dimension>>24+1]++
	})
	for i := 1; i < len(f.starts); i++ {
		f.starts[i] += f.starts[i-1]
	}
	f.forms = make([]sought, f.starts[len(f.starts)-1])
	next := f.starts
	each(func(form sought) {
		at := &next[form.dimension>>24]
		f.forms[*at] = form
		*at++
	})
	q.finder = f
	return f
}

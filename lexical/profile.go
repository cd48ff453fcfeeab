package lexical

import (
	"encoding/binary"
	"math"
	"slices"

	"dalil/corpus"
)

// Profile is what the ranking needs to know of a passage: which dimensions it has,
// where each is among its words, and where the words are in the text. It is worked
// out once, when the passage is written, so that no question reads the text. It is
// a string of bytes that can be kept; [ProfileVersion] changes with its layout.
//
// The layout, little-endian: the bytes of a position (1, 2 or 4), those of a
// count (1 or 4), the [Script], a zero; the numbers of dimensions, of positions,
// of words of the title and of words of the text, four bytes each; the dimensions,
// rising; of each a count of positions, with the upper bit set if the sparse
// vector has the dimension; the positions, the title's words first; of each word
// of the text how far it begins behind the word before, as a varint, and its length
// as a uvarint.
type Profile []byte

// ProfileVersion names the layout and the meaning of a [Profile].
const ProfileVersion = "lexical-1"

// titleGap keeps the title's words away from the text's.
const titleGap = 1000

const (
	profileHeader = 20
	inSparse8     = 1 << 7
	inSparse32    = 1 << 31
)

// Profile reads a passage with its title. Positions count the words without stop
// words. passage is its sparse vector.
func (a *Analyzer) Profile(title, text string, passage corpus.Sparse) Profile {
	s := a.profiling.Get().(*profiling)
	defer a.profiling.Put(s)
	s.read = withoutStops(a.appendRead(s.read[:0], title), 0)
	n := len(s.read)
	var kept bool
	if s.read, kept = a.recent.appendTo(s.read, text); !kept {
		s.read = withoutStops(a.appendRead(s.read, text), n)
	}
	titled, words := s.read[:n], s.read[n:]
	s.places = appendPlaces(s.places[:0], s.read)
	slices.Sort(s.places)
	places := slices.Compact(s.places)
	w := profileWriter{places: places, sparse: passage.Dimensions}
	w.measure()
	position := width(uint64(len(titled) + len(words)))
	count := 1
	if w.most >= inSparse8 {
		count = 4
	}
	p := make(Profile, 0, profileHeader+w.dimensions*(4+count)+len(places)*position+2*len(words))
	p = append(p, byte(position), byte(count), byte(ScriptOf(text)), 0)
	for _, n := range []int{w.dimensions, len(places), len(titled), len(words)} {
		p = binary.LittleEndian.AppendUint32(p, uint32(n))
	}
	w.each(func(dimension uint32, _ int, _ bool) { p = binary.LittleEndian.AppendUint32(p, dimension) })
	w.each(func(_ uint32, n int, sparse bool) {
		switch {
		case count == 1 && sparse:
			p = append(p, byte(n)|inSparse8)
		case count == 1:
			p = append(p, byte(n))
		case sparse:
			p = binary.LittleEndian.AppendUint32(p, uint32(n)|inSparse32)
		default:
			p = binary.LittleEndian.AppendUint32(p, uint32(n))
		}
	})
	for _, place := range places {
		switch position {
		case 1:
			p = append(p, byte(place))
		case 2:
			p = binary.LittleEndian.AppendUint16(p, uint16(place))
		default:
			p = binary.LittleEndian.AppendUint32(p, uint32(place))
		}
	}
	start := 0
	for i := range words {
		span := words[i].span
		p = binary.AppendVarint(p, int64(span.Start-start))
		p = binary.AppendUvarint(p, uint64(span.End-span.Start))
		start = span.Start
	}
	clear(s.read) // so that rare words can be freed
	return p
}

// profiling is the memory that one profile needs while it is made.
type profiling struct {
	read   []occurrence
	places []uint64
}

// width is how many bytes hold numbers below n.
func width(n uint64) int {
	switch {
	case n <= 1<<8:
		return 1
	case n <= 1<<16:
		return 2
	}
	return 4
}

// appendPlaces appends the dimensions of words, each with the position of its word below
// it.
func appendPlaces(to []uint64, read []occurrence) []uint64 {
	capitals := anyUpper(read)
	for i := range read {
		o := &read[i]
		at := uint64(i)
		for _, word := range o.known.words {
			to = append(to, word&^math.MaxUint32|at)
		}
		for _, sound := range o.known.soundsOf(o.plain(capitals)) {
			to = append(to, uint64(sound)<<32|at)
		}
	}
	return to
}

// withoutStops removes the stop words from read[first:].
func withoutStops(read []occurrence, first int) []occurrence {
	kept := read[:first]
	for i := first; i < len(read); i++ {
		if !read[i].stop {
			kept = append(kept, read[i])
		}
	}
	return kept
}

// profileWriter merges places with the dimensions of the sparse vector.
type profileWriter struct {
	places     []uint64
	sparse     []uint32
	dimensions int
	most       int // positions of one dimension
}

func (w *profileWriter) measure() {
	w.each(func(_ uint32, n int, _ bool) {
		w.dimensions++
		w.most = max(w.most, n)
	})
}

// each visits the dimensions, rising, with how many positions each has.
func (w *profileWriter) each(do func(dimension uint32, n int, sparse bool)) {
	sparse := w.sparse
	for i := 0; i < len(w.places); {
		dimension := uint32(w.places[i] >> 32)
		for len(sparse) > 0 && sparse[0] < dimension {
			do(sparse[0], 0, true)
			sparse = sparse[1:]
		}
		from := i
		for i < len(w.places) && uint32(w.places[i]>>32) == dimension {
			i++
		}
		both := len(sparse) > 0 && sparse[0] == dimension
		if both {
			sparse = sparse[1:]
		}
		do(dimension, i-from, both)
	}
	for _, dimension := range sparse {
		do(dimension, 0, true)
	}
}

// profileParts are the arrays of a Profile.
type profileParts struct {
	position, count       int // bytes of each
	titled, words         int
	dimensions            []byte
	counts, places, spans []byte
}

// parts checks that the lengths fit together.
func (p Profile) parts() (parts profileParts, ok bool) {
	if len(p) < profileHeader {
		return parts, false
	}
	number := func(i int) int { return int(binary.LittleEndian.Uint32(p[4+4*i:])) }
	parts = profileParts{position: int(p[0]), count: int(p[1]), titled: number(2), words: number(3)}
	rest := p[profileHeader:]
	take := func(n, size int) []byte {
		if ok = ok && uint64(n)*uint64(size) <= uint64(len(rest)); !ok {
			return nil
		}
		part := rest[:n*size]
		rest = rest[n*size:]
		return part
	}
	ok = (parts.position == 1 || parts.position == 2 || parts.position == 4) && (parts.count == 1 || parts.count == 4)
	parts.dimensions, parts.counts = take(number(0), 4), take(number(0), parts.count)
	parts.places, parts.spans = take(number(1), parts.position), rest
	return parts, ok
}

// at is the position with the number i: below 0 in the title.
func (p *profileParts) at(i int) int {
	var at int
	switch p.position {
	case 1:
		at = int(p.places[i])
	case 2:
		at = int(binary.LittleEndian.Uint16(p.places[2*i:]))
	default:
		at = int(binary.LittleEndian.Uint32(p.places[4*i:]))
	}
	if at -= p.titled; at < 0 {
		at -= titleGap
	}
	return at
}

// counted is how many positions the dimension with the number i has.
func (p *profileParts) counted(i int) (n int, sparse bool) {
	if p.count == 1 {
		return int(p.counts[i] &^ inSparse8), p.counts[i]&inSparse8 != 0
	}
	c := binary.LittleEndian.Uint32(p.counts[4*i:])
	return int(c &^ inSparse32), c&inSparse32 != 0
}

// Terms is how many words the title and the text have, stop words left out.
func (p Profile) Terms() int {
	if len(p) < profileHeader {
		return 0
	}
	return int(binary.LittleEndian.Uint32(p[12:])) + int(binary.LittleEndian.Uint32(p[16:]))
}

// Script is what most of the text is written in.
func (p Profile) Script() Script {
	if len(p) < profileHeader {
		return Other
	}
	return Script(p[2])
}

// Spans returns the span of each place in the text, in their order; an empty one for a
// place in the title. It is linear in the words before the last place.
func (p Profile) Spans(text string, found []Place) []corpus.Span {
	spans := make([]corpus.Span, len(found))
	parts, ok := p.parts()
	if !ok {
		return spans
	}
	rest, span, next := parts.spans, corpus.Span{}, 0
	for i, f := range found {
		for ; next <= f.At; next++ {
			behind, n := binary.Varint(rest)
			length, m := binary.Uvarint(rest[max(n, 0):])
			span.Start += int(behind)
			if n <= 0 || m <= 0 || span.Start < 0 || span.Start > len(text) || length > uint64(len(text)-span.Start) {
				return spans // not the profile of this text
			}
			rest = rest[n+m:]
			span.End = span.Start + int(length)
		}
		if f.At >= 0 {
			spans[i] = span
		}
	}
	return spans
}

// Highlights returns the words of the text that found names, in reading order,
// in bytes and in UTF-16 code units. It is linear in len(text).
func (p Profile) Highlights(text string, found []Place) []corpus.Highlight {
	return HighlightsAt(text, found, p.Spans(text, found))
}

// HighlightsAt returns what [Profile.Highlights] returns, for the spans that
// [Profile.Spans] returned.
func HighlightsAt(text string, found []Place, spans []corpus.Span) []corpus.Highlight {
	words := make([]corpus.Span, 0, len(spans))
	for i, span := range spans {
		if span.Len() > 0 && (i == 0 || found[i-1].At != found[i].At) {
			words = append(words, span)
		}
	}
	return highlights(text, words)
}

package lexical

import (
	"encoding/binary"
	"math"
	"slices"

	"dalil/corpus"
	"dalil/radix"
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
	return a.AppendProfile(nil, title, text, passage)
}

// AppendProfile appends what [Analyzer.Profile] returns to dst.
func (a *Analyzer) AppendProfile(dst Profile, title, text string, passage corpus.Sparse) Profile {
	a.profiled.Store(true)
	if p, held := a.recent.appendProfile(dst, title, text, passage.Dimensions); held {
		return p
	}
	s := a.profiling.Get().(*profiling)
	defer a.profiling.Put(s)
	s.read = withoutStops(a.appendRead(s.read[:0], title), 0)
	titled := len(s.read)
	var kept bool
	if s.read, kept = a.recent.appendTo(s.read, text); !kept {
		s.read = withoutStops(a.appendRead(s.read, text), titled)
	}
	s.places = appendPlaces(s.places[:0], s.read, anyUpper(s.read))
	s.spare = slices.Grow(s.spare[:0], len(s.places))
	places := radix.Sort(s.places, s.spare[:len(s.places)])
	dst = s.appendTo(dst, places, passage.Dimensions, s.read, titled, ScriptOf(text))
	clear(s.read) // so that rare words can be freed
	return dst
}

// profiling is the memory that one profile needs while it is made.
type profiling struct {
	read   []occurrence
	places []uint64
	spare  []uint64

	dimensions []uint32
	counts     []uint32 // of positions, each with inSparse32
	positions  []uint32 // of all dimensions
}

// appendTo appends the profile of words, the first of which are those of the title. They are
// without stop words, and places are theirs, sorted, those of stop words aside. sparse are
// the dimensions of the passage.
func (s *profiling) appendTo(p Profile, places []uint64, sparse []uint32, words []occurrence, titled int, script Script) Profile {
	most := s.collect(places, sparse)
	position, count := width(uint64(len(words))), 1
	if most >= inSparse8 {
		count = 4
	}
	p = slices.Grow(p, profileHeader+len(s.dimensions)*(4+count)+len(s.positions)*position+3*len(words))
	p = append(p, byte(position), byte(count), byte(script), 0)
	for _, n := range []int{len(s.dimensions), len(s.positions), titled, len(words) - titled} {
		p = binary.LittleEndian.AppendUint32(p, uint32(n))
	}
	for _, d := range s.dimensions {
		p = binary.LittleEndian.AppendUint32(p, d)
	}
	for _, n := range s.counts {
		if count == 1 {
			p = append(p, byte(n)|byte(n>>24)) // the upper bit of both is that of the sparse vector
		} else {
			p = binary.LittleEndian.AppendUint32(p, n)
		}
	}
	for _, at := range s.positions {
		switch position {
		case 1:
			p = append(p, byte(at))
		case 2:
			p = binary.LittleEndian.AppendUint16(p, uint16(at))
		default:
			p = binary.LittleEndian.AppendUint32(p, at)
		}
	}
	start := 0
	for i := range words[titled:] {
		span := words[titled+i].span
		p = binary.AppendVarint(p, int64(span.Start-start))
		p = binary.AppendUvarint(p, uint64(span.End-span.Start))
		start = span.Start
	}
	return p
}

// collect merges places with the dimensions of the sparse vector. It returns the largest
// number of positions that a dimension has.
func (s *profiling) collect(places []uint64, sparse []uint32) (most int) {
	s.dimensions, s.counts, s.positions = s.dimensions[:0], s.counts[:0], s.positions[:0]
	for i := 0; i < len(places); {
		dimension := uint32(places[i] >> 32)
		for len(sparse) > 0 && sparse[0] < dimension {
			s.dimensions, s.counts = append(s.dimensions, sparse[0]), append(s.counts, inSparse32)
			sparse = sparse[1:]
		}
		first := len(s.positions)
		for ; i < len(places) && uint32(places[i]>>32) == dimension; i++ {
			at := uint32(places[i]) >> placeBits
			if uint32(places[i])&placeKind != placeOfStop && (len(s.positions) == first || s.positions[len(s.positions)-1] != at) {
				s.positions = append(s.positions, at)
			}
		}
		n := len(s.positions) - first
		most = max(most, n)
		count := uint32(n)
		if len(sparse) > 0 && sparse[0] == dimension {
			count |= inSparse32
			sparse = sparse[1:]
		}
		s.dimensions, s.counts = append(s.dimensions, dimension), append(s.counts, count)
	}
	for _, dimension := range sparse {
		s.dimensions, s.counts = append(s.dimensions, dimension), append(s.counts, inSparse32)
	}
	return most
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

// A place is a dimension in the upper half of a number, then the position of its word
// without stop words, and in the lowest byte the weight in percent, or one of these.
const (
	placeBits   = 8
	placeKind   = 1<<placeBits - 1
	placeOfStop = 101 // the form of a stop word, which has no position
	placeSound  = 102
	maxPlaces   = 1 << (32 - placeBits)
)

// appendPlaces appends the places of words. capitals says that the text has capitals.
func appendPlaces(to []uint64, read []occurrence, capitals bool) []uint64 {
	position := uint64(0)
	for i := range read {
		o := &read[i]
		if o.stop {
			to = append(to, o.known.form&^math.MaxUint32|placeOfStop)
			continue
		}
		at := position << placeBits & math.MaxUint32
		position++
		for _, word := range o.known.words {
			to = append(to, word|at)
		}
		for _, sound := range o.known.soundsOf(o.plain(capitals)) {
			to = append(to, uint64(sound)<<32|at|placeSound)
		}
	}
	return to
}

// stops counts stop words.
func stops(read []occurrence) (n int) {
	for i := range read {
		if read[i].stop {
			n++
		}
	}
	return n
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

// has reports whether these are the dimensions of the profile.
func (p Profile) has(dimensions []uint32) bool {
	if int(binary.LittleEndian.Uint32(p[4:])) != len(dimensions) {
		return false
	}
	for i, d := range dimensions {
		if binary.LittleEndian.Uint32(p[profileHeader+4*i:]) != d {
			return false
		}
	}
	return true
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

// positions is how many positions the dimensions from one to before another have together.
func (p *profileParts) positions(from, to int) (n int) {
	if p.count == 1 {
		counts := p.counts[from:to]
		for ; len(counts) >= 8; counts = counts[8:] { // eight are added at once
			eight := binary.LittleEndian.Uint64(counts) &^ (inSparse8 * 0x0101010101010101)
			pairs := eight&0x00ff00ff00ff00ff + eight>>8&0x00ff00ff00ff00ff
			n += int(pairs * 0x0001000100010001 >> 48)
		}
		for _, c := range counts {
			n += int(c &^ inSparse8)
		}
		return n
	}
	for ; from < to; from++ {
		more, _ := p.counted(from)
		n += more
	}
	return n
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

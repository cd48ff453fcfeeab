package static

import (
	"encoding/binary"
	"math"
	"slices"

	"dalil/corpus"
	"dalil/vector"
)

// A profile is what a candidate's text comes to, whatever the query: its known
// tokens, which of them end a word, and its sentences. It can be kept; ProfileName
// says what it belongs to.
//
// The layout, little-endian: the bytes of a token (2 or 4) and the number of
// sentences as a uvarint; of each sentence the number of its tokens as a uvarint
// and the length of the sum of their vectors as a float32; the tokens of all
// sentences, doubled, with 1 added to the last of each word.

// ProfileName names the profiles of this model: equal names, equal profiles for
// equal texts and sentences.
func (s *Scorer) ProfileName() string { return "static-1/" + s.e.model.Revision }

// Profile reads a text. The bytes are the caller's.
func (s *Scorer) Profile(text string) []byte {
	r := s.readers.Get().(*reader)
	defer s.readers.Put(r)
	return r.read(text, s.o.Sentences)
}

// reader works texts out.
type reader struct {
	e     *Embedder
	ids   []int32 // of the text; the last of each word is its complement
	ends  []int32 // of the words of a sentence
	found []sentence
	sum   []float32
}

// sentence is a run of ids up to end.
type sentence struct {
	end    int32
	length float32 // of the sum of its tokens' vectors
}

func (r *reader) read(text string, sentences func(string) []corpus.Span) []byte {
	r.ids, r.found = r.ids[:0], r.found[:0]
	t := r.e.recent.take(text)
	if t != nil {
		defer r.e.recent.done(t)
	}
	all := []corpus.Span{{End: len(text)}}
	if sentences != nil {
		all = sentences(text)
	}
	next := 0
	for _, s := range all {
		if t == nil || !r.copySentence(t, &next, s.Start+len(t.text)-len(text), s.End+len(t.text)-len(text)) {
			r.readSentence(text[s.Start:s.End])
		}
	}
	return r.encode()
}

// copySentence is readSentence of a piece of a text that was read before; next is the first
// of the text's parts that may be in it. False: the piece begins or ends inside a part, and
// nothing is done.
func (r *reader) copySentence(t *reading, next *int, start, end int) bool {
	first := *next
	for first < len(t.parts) && int(t.parts[first].End) <= start {
		first++
	}
	after := first
	for after < len(t.parts) && int(t.parts[after].End) <= end {
		after++
	}
	*next = after
	if first < len(t.parts) && int(t.parts[first].Start) < start || after < len(t.parts) && int(t.parts[after].Start) < end {
		return false
	}
	from := int32(0)
	if first > 0 {
		from = t.parts[first-1].IDs
	}
	begin, sentenceFrom := len(r.ids), from
	for i := first; i < after; i++ {
		to := t.parts[i].IDs
		r.ids = append(r.ids, t.ids[from:to]...)
		if to > from {
			r.ids[len(r.ids)-1] = ^r.ids[len(r.ids)-1]
		}
		from = to
	}
	clear(r.sum)
	r.e.sum(r.sum, t.ids[sentenceFrom:from])
	r.end(begin)
	return true
}

// end ends the sentence that begins at r.ids[begin], whose sum is r.sum.
func (r *reader) end(begin int) {
	length := math.Sqrt(float64(vector.DotFloat32(r.sum, r.sum)))
	if len(r.ids) > begin && length > 0 {
		r.found = append(r.found, sentence{int32(len(r.ids)), float32(length)})
	}
}

// readSentence appends a sentence to r.ids and r.found; one without known
// words is none.
func (r *reader) readSentence(s string) {
	begin := len(r.ids)
	r.ids, r.ends = r.e.tokens.AppendWordIDs(r.ids, r.ends[:0], s)
	clear(r.sum)
	at, start := begin, begin // at: where the next known token goes
	for _, end := range r.ends {
		first := at
		for _, id := range r.ids[start:end] {
			if id != r.e.unknown {
				r.ids[at] = id
				at++
			}
		}
		r.e.sum(r.sum, r.ids[first:at])
		if at > first {
			r.ids[at-1] = ^r.ids[at-1]
		}
		start = int(end)
	}
	r.ids = r.ids[:at]
	r.end(begin)
}

func (r *reader) encode() []byte {
	width := r.e.idWidth()
	b := make([]byte, 0, 2+6*len(r.found)+width*len(r.ids))
	b = append(b, byte(width))
	b = binary.AppendUvarint(b, uint64(len(r.found)))
	start := int32(0)
	for _, s := range r.found {
		b = binary.AppendUvarint(b, uint64(s.end-start))
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(s.length))
		start = s.end
	}
	for _, id := range r.ids {
		code := uint32(id) << 1
		if id < 0 {
			code = uint32(^id)<<1 | 1
		}
		if width == 2 {
			b = binary.LittleEndian.AppendUint16(b, uint16(code))
		} else {
			b = binary.LittleEndian.AppendUint32(b, code)
		}
	}
	return b
}

// idWidth is how many bytes a token has in a profile.
func (e *Embedder) idWidth() int {
	if e.tokens.Size() <= 1<<15 {
		return 2
	}
	return 4
}

// appendProfile appends the tokens of a profile, as they are there, and its sentences. Bytes
// that are no profile of this model append nothing.
func (e *Embedder) appendProfile(codes []int32, sentences []sentence, profile []byte) ([]int32, []sentence) {
	width := e.idWidth()
	if len(profile) == 0 || int(profile[0]) != width {
		return codes, sentences
	}
	rest := profile[1:]
	number := func() (n uint64, ok bool) {
		if len(rest) > 0 && rest[0] < 0x80 { // as nearly always
			n, rest = uint64(rest[0]), rest[1:]
			return n, true
		}
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > uint64(len(profile)) {
			return 0, false
		}
		rest = rest[size:]
		return n, true
	}
	count, ok := number()
	before := len(sentences)
	end := int32(len(codes))
	for range count {
		n, more := number()
		// The sum is bounded, too, because an int32 could not hold every one.
		if ok = ok && more && len(rest) >= 4 && n <= uint64(len(profile)-int(end)+len(codes)); !ok {
			return codes, sentences[:before]
		}
		end += int32(n)
		sentences = append(sentences, sentence{end, math.Float32frombits(binary.LittleEndian.Uint32(rest))})
		rest = rest[4:]
	}
	first, n := len(codes), len(rest)/width
	codes = slices.Grow(codes, n)[:first+n]
	most := copyCodes(codes[first:], rest, width)
	if !ok || int(end) > len(codes) || int(most>>1) >= e.tokens.Size() || n > 0 && codes[first+n-1]&1 == 0 {
		return codes[:first], sentences[:before]
	}
	return codes, sentences
}

// copyCodes sets codes to the first numbers of so many bytes, and returns the largest one.
func copyCodes(codes []int32, from []byte, width int) (most uint32) {
	if width == 4 {
		for i := range codes {
			code := binary.LittleEndian.Uint32(from[4*i:])
			codes[i], most = int32(code), max(most, code)
		}
		return most
	}
	for ; len(codes) >= 4; codes, from = codes[4:], from[8:] { // four are read at once
		x := binary.LittleEndian.Uint64(from)
		a, b, c, d := uint32(x&0xffff), uint32(x>>16&0xffff), uint32(x>>32&0xffff), uint32(x>>48)
		codes[0], codes[1], codes[2], codes[3] = int32(a), int32(b), int32(c), int32(d)
		most = max(most, max(a, b), max(c, d))
	}
	for i := range codes {
		code := uint32(binary.LittleEndian.Uint16(from[2*i:]))
		codes[i], most = int32(code), max(most, code)
	}
	return most
}

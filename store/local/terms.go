package local

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"sort"
	"time"

	"dalil/corpus"
)

// The values that filters can name are stored as terms. A term is a byte for the
// field and the value. For metadata it is a byte for the kind of the value, the
// length of the key, the key and the value. In byte order, the values of one field
// or key are neighbours.

// The kinds of metadata terms. Their bytes differ from those of corpus.Field.
const (
	stringTerm  = 0 // a string, or an item of a list
	numberTerm  = 0x40 + iota
	booleanTerm // 0 or 1
	momentTerm  // a string that is a time, as number of microseconds
	keyTerm     // the key alone
	decimalTerm // an untyped string that is a number
)

func fieldTerm(field corpus.Field, value string) []byte {
	return append([]byte{byte(field)}, value...)
}

func metadataPrefix(kind byte, key string) []byte {
	return append(binary.AppendUvarint([]byte{kind}, uint64(len(key))), key...)
}

// ordered encodes a number so that the order of bytes is that of numbers.
func ordered(x float64) []byte {
	bits := math.Float64bits(x + 0) // minus zero becomes zero
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	return binary.BigEndian.AppendUint64(nil, bits)
}

// orderedMoment encodes a time in microseconds in the same way.
func orderedMoment(t time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(t.UnixMicro())^1<<63)
}

// eachMetadataTerm yields the terms of one value.
func eachMetadataTerm(key string, v corpus.Value, do func(term []byte)) {
	do(metadataPrefix(keyTerm, key))
	switch v.Kind() {
	case corpus.NumberKind:
		do(append(metadataPrefix(numberTerm, key), ordered(v.Float())...))
	case corpus.BooleanKind:
		do(append(metadataPrefix(booleanTerm, key), byte(v.Float())))
	}
	for _, item := range v.Items() {
		do(append(metadataPrefix(stringTerm, key), item...))
		if t, is := corpus.Moment(item); is {
			do(append(metadataPrefix(momentTerm, key), orderedMoment(t)...))
		}
	}
	if x, is := v.Decimal(); is {
		do(append(metadataPrefix(decimalTerm, key), ordered(x)...))
	}
}

// eachTerm yields the terms of a document. The id is not among them, because ids have an
// order of their own. An empty field counts as missing; an empty metadata value counts as
// a value.
func eachTerm(d *corpus.Document, do func(term []byte)) {
	field := func(f corpus.Field, value string) {
		if value != "" {
			do(fieldTerm(f, value))
		}
	}
	field(corpus.FieldLanguage, d.Language)
	field(corpus.FieldSource, d.Source)
	field(corpus.FieldAuthor, d.Author)
	for _, tag := range d.Tags {
		field(corpus.FieldTag, tag)
	}
	ownerTerms(d, do)
	lifeTerms(d, do)
	for key, value := range d.Metadata {
		eachMetadataTerm(key, value, do)
	}
}

func (s *segment) term(i int) []byte { return s.termText[s.termStarts[i]:s.termStarts[i+1]] }

// termDocuments lists the documents of term i, ascending.
func (s *segment) termDocuments(i int) []uint32 {
	return s.termDocs[s.termLists[i]:s.termLists[i+1]]
}

func (s *segment) terms() int { return len(s.termStarts) - 1 }

// documentsOf lists the documents that have a term.
func (s *segment) documentsOf(term []byte) []uint32 {
	at, found := sort.Find(s.terms(), func(i int) int { return bytes.Compare(term, s.term(i)) })
	if !found {
		return nil
	}
	return s.termDocuments(at)
}

// eachValue visits the terms that begin with a prefix.
func (s *segment) eachValue(prefix []byte, do func(value []byte, documents []uint32)) {
	for at := s.firstTerm(prefix); at < s.terms() && bytes.HasPrefix(s.term(at), prefix); at++ {
		do(s.term(at)[len(prefix):], s.termDocuments(at))
	}
}

// between sets the documents of the terms that consist of the prefix and a value
// from low to high, both inclusive. If high is nil, there is no upper bound.
func (s *segment) between(prefix, low, high []byte, out bitmap) {
	first := s.firstTerm(slices.Concat(prefix, low))
	n := sort.Search(s.terms()-first, func(i int) bool {
		value, has := bytes.CutPrefix(s.term(first+i), prefix)
		return !has || high != nil && bytes.Compare(value, high) > 0
	})
	out.setAll(s.termDocs[s.termLists[first]:s.termLists[first+n]])
}

// firstTerm returns the index of the first term that is not before the given one.
func (s *segment) firstTerm(term []byte) int {
	return sort.Search(s.terms(), func(i int) bool { return bytes.Compare(s.term(i), term) >= 0 })
}

// bitmap has one bit per document. A nil bitmap is empty.
type bitmap []uint64

func newBitmap(n int) bitmap { return make(bitmap, (n+63)/64) }

func (b bitmap) has(i uint32) bool { return b != nil && b[i>>6]>>(i&63)&1 == 1 }
func (b bitmap) set(i uint32)      { b[i>>6] |= 1 << (i & 63) }
func (b bitmap) clone() bitmap     { return slices.Clone(b) }

func (b bitmap) setAll(documents []uint32) {
	for _, d := range documents {
		b.set(d)
	}
}

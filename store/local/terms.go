package local

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sort"

	"dalil/corpus"
)

// What filters name is kept as terms: a byte for the field and the value; for
// metadata the byte 0, the key with its length before it, and the value. In
// byte order the values of one field or key are neighbours.

const metadataTerm = 0

func fieldTerm(field corpus.Field, value string) []byte {
	return append([]byte{byte(field)}, value...)
}

func metadataPrefix(key string) []byte {
	return append(binary.AppendUvarint([]byte{metadataTerm}, uint64(len(key))), key...)
}

// eachTerm yields the terms of a document. Its id has an order of its own. An
// empty field is one that the document does not have; an empty metadata value is a value.
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
	for key, value := range d.Metadata {
		do(append(metadataPrefix(key), value...))
	}
}

func (s *segment) term(i int) []byte { return s.termText[s.termStarts[i]:s.termStarts[i+1]] }

// termDocuments lists the documents of term i, ascending.
func (s *segment) termDocuments(i int) []uint32 {
	return s.termDocs[s.termLists[i]:s.termLists[i+1]]
}

func (s *segment) terms() int { return len(s.termStarts) - 1 }

// documentsOf lists the documents that hold a term.
func (s *segment) documentsOf(term []byte) []uint32 {
	at, found := sort.Find(s.terms(), func(i int) int { return bytes.Compare(term, s.term(i)) })
	if !found {
		return nil
	}
	return s.termDocuments(at)
}

// eachValue visits the terms that begin with a prefix.
func (s *segment) eachValue(prefix []byte, do func(value []byte, documents []uint32)) {
	at := sort.Search(s.terms(), func(i int) bool { return bytes.Compare(s.term(i), prefix) >= 0 })
	for ; at < s.terms() && bytes.HasPrefix(s.term(at), prefix); at++ {
		do(s.term(at)[len(prefix):], s.termDocuments(at))
	}
}

// bitmap has one bit a document. A nil bitmap is empty.
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

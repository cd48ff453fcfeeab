package local

import (
	"bytes"
	"sort"
	"sync"
)

// forward has the terms of each document: what the lists of documents of the terms say,
// the other way round. Only facets need it, so it is made for the first facet that counts
// a document of the segment. It takes 4 bytes a document and 4 bytes a term of each.
type forward struct {
	once   sync.Once
	starts []uint32 // of the terms of a document; one more at the end
	terms  []uint32 // numbers, ascending within a document
}

// termsOf returns where the terms of each document start, and the terms.
func (s *segment) termsOf() (starts, terms []uint32) {
	f := &s.forward
	f.once.Do(func() {
		f.starts = make([]uint32, len(s.keys)+1)
		for _, d := range s.termDocs {
			f.starts[d+1]++
		}
		for i := range s.keys {
			f.starts[i+1] += f.starts[i]
		}
		f.terms = make([]uint32, len(s.termDocs))
		next := append([]uint32(nil), f.starts[:len(s.keys)]...)
		for t := range s.terms() {
			for _, d := range s.termDocuments(t) {
				f.terms[next[d]] = uint32(t)
				next[d]++
			}
		}
	})
	return f.starts, f.terms
}

// termsWith counts the terms that begin with a prefix, of which first is the first.
func (s *segment) termsWith(prefix []byte, first int) int {
	return sort.Search(s.terms()-first, func(i int) bool { return !bytes.HasPrefix(s.term(first+i), prefix) })
}

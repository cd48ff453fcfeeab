package local

import (
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"dalil/corpus"
	"dalil/store"
)

// Documents of a named tenant, and documents that list groups, have terms for that: one
// without a value, and one for the tenant or each group. So an index without tenants and
// groups has none of these terms, and no cost; what [corpus.Everyone] matches is the
// complement of the term without a value.

// ownerTerms yields the terms of a document's tenant and groups.
func ownerTerms(d *corpus.Document, do func(term []byte)) {
	if tenant, _ := corpus.SplitKey(d.ID); tenant != "" {
		do(fieldTerm(corpus.FieldTenant, ""))
		do(fieldTerm(corpus.FieldTenant, tenant))
	}
	if len(d.Groups) > 0 {
		do(fieldTerm(corpus.FieldReader, ""))
	}
	for _, group := range d.Groups {
		do(fieldTerm(corpus.FieldReader, group))
	}
}

// ofEveryone reports whether a value of a field stands for the documents that have no
// term of the field.
func ofEveryone(field corpus.Field, value string) bool {
	return value == corpus.Everyone && (field == corpus.FieldTenant || field == corpus.FieldReader)
}

// setEveryone sets the documents that have no term of the field.
func (s *segment) setEveryone(field corpus.Field, out bitmap) {
	others := newBitmap(len(s.keys))
	others.setAll(s.documentsOf(fieldTerm(field, "")))
	for i, word := range others {
		out[i] |= ^word
	}
}

// keepsAll reports whether a filter keeps all documents of the segment, for filters that
// a server without tenants gets: those about tenants and groups that no document has.
func (s *segment) keepsAll(f *corpus.Filter) bool {
	switch {
	case f.All != nil:
		return !slices.ContainsFunc(f.All, func(c corpus.Filter) bool { return !s.keepsAll(&c) })
	case f.In != nil:
		some := f.In.Field == corpus.FieldTenant && s.tenants || f.In.Field == corpus.FieldReader && s.groups
		return !some && slices.ContainsFunc(f.In.Values, func(v string) bool { return ofEveryone(f.In.Field, v) })
	}
	return f.IsZero()
}

// runs calls do with the ranges of neighbouring documents in the set that are among the
// first n.
func (b bitmap) runs(n uint32, do func(from, to uint32)) {
	from, open := uint32(0), false
	for i, word := range b {
		base := uint32(i) << 6
		if word == 0 || word == math.MaxUint64 { // whole words, for speed
			if set := word != 0; set != open {
				if open {
					do(from, base)
				}
				from, open = base, set
			}
			continue
		}
		for at := uint32(0); at < 64; {
			rest := word >> at
			if open {
				rest = ^rest
			}
			step := uint32(bits.TrailingZeros64(rest))
			if at+step >= 64 {
				break
			}
			at += step
			if open {
				do(from, base+at)
			}
			from, open = base+at, !open
		}
	}
	if open && from < n {
		do(from, n)
	}
}

// tenantsKept is for how many tenants a view keeps what was counted.
const tenantsKept = 256

// tenantParts are the parts of a view that were counted, by tenant.
type tenantParts struct {
	mu    sync.Mutex
	parts map[string]*tenantPart
}

// tenantPart is what a view has of one tenant.
type tenantPart struct {
	view      *view
	documents bitmap
	count     int      // of documents
	passages  int      // of these
	rows      []uint32 // of these; nil: there are many
	counted   counts
	once      sync.Once
	terms     []uint32 // dimensions, ascending
}

// manyRows is up to how many rows of a tenant a view lists.
const manyRows = 4096

// tenant returns what the view has of a tenant; nil: nothing. Documents that are deleted
// do not count.
func (v *view) tenant(tenant string) *tenantPart {
	v.parts.mu.Lock()
	defer v.parts.mu.Unlock()
	if p, known := v.parts.parts[tenant]; known {
		return p
	}
	own := *v // a pointer into a snapshot would keep all its segments
	p := &tenantPart{view: &own, documents: newBitmap(len(v.keys))}
	if tenant == "" {
		v.setEveryone(corpus.FieldTenant, p.documents)
	} else {
		p.documents.setAll(v.documentsOf(fieldTerm(corpus.FieldTenant, tenant)))
	}
	for i, word := range v.dead {
		p.documents[i] &^= word
	}
	p.documents.runs(uint32(len(v.keys)), func(from, to uint32) {
		p.count += int(to - from)
		p.passages += int(v.firsts[to] - v.firsts[from])
	})
	if p.passages <= manyRows {
		p.rows = make([]uint32, 0, p.passages)
		p.documents.runs(uint32(len(v.keys)), func(from, to uint32) {
			for row := v.firsts[from]; row < v.firsts[to]; row++ {
				p.rows = append(p.rows, row)
			}
		})
	}
	if p.count == 0 {
		p = nil
	}
	if len(v.parts.parts) >= tenantsKept {
		clear(v.parts.parts)
	}
	if v.parts.parts == nil {
		v.parts.parts = map[string]*tenantPart{}
	}
	v.parts.parts[tenant] = p
	return p
}

// frequencyOf returns how many of the passages have a dimension, whose postings are given.
func (p *tenantPart) frequencyOf(dimension uint32, postings span) int {
	if postings.from == postings.to {
		return 0
	}
	return p.counted.of(dimension, func() int {
		return counting(int(postings.to-postings.from), func() int { return p.among(postings.from, postings.to) })
	})
}

// among counts the postings in [from, to) of the passages.
func (p *tenantPart) among(from, to uint32) (n int) {
	defer runtime.KeepAlive(p) // see Search
	list := p.view.segment.rows[from:to]
	if p.rows != nil && len(p.rows)*bits.Len(uint(len(list))) < len(list) {
		eachShared(list, p.rows, func(_, _ int) { n++ })
		return n
	}
	for _, row := range list {
		if p.documents.has(p.view.owners[row]) {
			n++
		}
	}
	return n
}

// dimensions returns the dimensions of the passages, ascending.
func (p *tenantPart) dimensions() []uint32 {
	p.once.Do(func() {
		defer runtime.KeepAlive(p)
		v := p.view
		_ = estimate(func() {
			for i, d := range v.segment.dimensions {
				for _, row := range v.segment.rows[v.starts[i]:v.starts[i+1]] {
					if p.documents.has(v.owners[row]) {
						p.terms = append(p.terms, d)
						break
					}
				}
			}
		})
	})
	return p.terms
}

// eachShared calls do with the places of each row in both lists, which ascend. It looks
// each of rows up in list.
func eachShared(list []uint16, rows []uint32, do func(inList, inRows int)) {
	at := 0
	for i, row := range rows {
		skipped, held := slices.BinarySearch(list[at:], uint16(row))
		if at += skipped; at == len(list) {
			return
		}
		if held {
			do(at, i)
		}
	}
}

// ofTenant is the vocabulary of one tenant's passages.
type ofTenant struct {
	parts    []*tenantPart
	known    *known
	passages int
}

// Frequency, Frequencies and Passages make it a vocabulary.
func (t *ofTenant) Frequency(dimension uint32) int {
	n := [1]int{}
	t.Frequencies([]uint32{dimension}, n[:])
	return n[0]
}

func (t *ofTenant) Passages() int { return t.passages }

// tenants reports whether some documents are of a named tenant.
func (s *snapshot) tenants() bool {
	return slices.ContainsFunc(s.views, func(v view) bool { return v.segment.tenants })
}

// of returns the parts of a tenant.
func (s *snapshot) of(tenant string) *ofTenant {
	t := &ofTenant{known: s.known}
	for i := range s.views {
		if p := s.views[i].tenant(tenant); p != nil {
			t.parts = append(t.parts, p)
			t.passages += p.passages
		}
	}
	return t
}

// vocabulary returns the vocabulary of a tenant's passages.
func (s *snapshot) vocabulary(tenant string) store.BatchVocabulary {
	if tenant == "" && !s.tenants() {
		return s
	}
	return s.of(tenant)
}

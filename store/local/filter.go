package local

import (
	"math"
	"math/bits"
	"time"

	"dalil/corpus"
)

// matching returns the set of documents that a filter of a tenant keeps. It agrees with
// corpus.Filter.Match for every document that is not deleted; the bits of deleted
// ones have no meaning. The set must not be changed, because c may keep it.
func (s *segment) matching(f *corpus.Filter, tenant string, c clauses) bitmap {
	switch {
	case f.In != nil:
		return c.of(s, tenant, f, func(out bitmap) { s.matchIn(f.In, out) })
	case f.Published != nil:
		return c.of(s, tenant, f, func(out bitmap) { s.matchPublished(f.Published, out) })
	case f.Metadata != nil:
		return c.of(s, tenant, f, func(out bitmap) { s.matchMetadata(f.Metadata, out) })
	}
	out := newBitmap(len(s.keys))
	switch {
	case f.All != nil:
		fill(out)
		for i := range f.All {
			for j, word := range s.matching(&f.All[i], tenant, c) {
				out[j] &= word
			}
		}
	case f.Any != nil:
		for i := range f.Any {
			for j, word := range s.matching(&f.Any[i], tenant, c) {
				out[j] |= word
			}
		}
	case f.Not != nil:
		for j, word := range s.matching(f.Not, tenant, c) {
			out[j] = ^word
		}
	default:
		fill(out)
	}
	return out
}

func fill(b bitmap) {
	for i := range b {
		b[i] = math.MaxUint64
	}
}

func (s *segment) matchIn(in *corpus.In, out bitmap) {
	for _, value := range in.Values {
		switch {
		case value == "":
		case ofEveryone(in.Field, value):
			s.setEveryone(in.Field, out)
		case in.Field == corpus.FieldDocumentID:
			if d, found := s.documentByID(value); found {
				out.set(d)
			}
		default:
			out.setAll(s.documentsOf(fieldTerm(in.Field, value)))
		}
	}
}

func (s *segment) matchPublished(p *corpus.Published, out bitmap) {
	from, until := moment{unpublished + 1, 0}, moment{math.MaxInt64, 0}
	if !p.From.IsZero() {
		from = momentOf(p.From)
	}
	if !p.Until.IsZero() {
		until = momentOf(p.Until)
	}
	for d, seconds := range s.seconds {
		// For nearly all documents, the seconds are enough.
		if seconds < from.seconds || seconds > until.seconds {
			continue
		}
		if t := (moment{seconds, s.nanos[d]}); !t.before(from) && t.before(until) {
			out.set(uint32(d))
		}
	}
}

type moment struct {
	seconds int64
	nanos   int32
}

func momentOf(t time.Time) moment { return moment{t.Unix(), int32(t.Nanosecond())} }

func (m moment) before(other moment) bool {
	return m.seconds < other.seconds || m.seconds == other.seconds && m.nanos < other.nanos
}

func (s *segment) matchMetadata(m *corpus.MetadataMatch, out bitmap) {
	switch {
	case len(m.Values) > 0:
		for _, value := range m.Values {
			eachMetadataTerm(m.Key, value, func(term []byte) {
				if term[0] != keyTerm && term[0] != momentTerm && term[0] != decimalTerm {
					out.setAll(s.documentsOf(term))
				}
			})
		}
	case m.HasRange():
		var low, high []byte
		if m.Min != nil {
			low = ordered(*m.Min)
		}
		if m.Max != nil {
			high = ordered(*m.Max)
		}
		s.between(metadataPrefix(numberTerm, m.Key), low, high, out)
		s.between(metadataPrefix(decimalTerm, m.Key), low, high, out)
	case m.Prefix != "":
		s.between(append(metadataPrefix(stringTerm, m.Key), m.Prefix...), nil, nil, out)
	case m.HasPeriod():
		var low, high []byte
		if !m.From.IsZero() {
			low = orderedMoment(m.From)
		}
		if !m.Until.IsZero() {
			high = orderedMoment(m.Until.Truncate(time.Microsecond).Add(-time.Microsecond))
		}
		s.between(metadataPrefix(momentTerm, m.Key), low, high, out)
	default:
		out.setAll(s.documentsOf(metadataPrefix(keyTerm, m.Key)))
	}
}

// count returns the number of documents in the set that are among the first n.
func (b bitmap) count(n int) int {
	total := 0
	for i, word := range b {
		if left := n - 64*i; left < 64 {
			word &= 1<<left - 1
		}
		total += bits.OnesCount64(word)
	}
	return total
}

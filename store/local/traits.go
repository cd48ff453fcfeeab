package local

import (
	"context"
	"encoding/binary"
	"math"
	"runtime"
	"slices"
	"time"

	"dalil/corpus"
	"dalil/store"
)

var _ store.TraitReader = (*Store)(nil)

// Published returns when the documents of passages were published.
func (s *Store) Published(ctx context.Context, ids []corpus.ChunkID) ([]time.Time, error) {
	all := make([]time.Time, len(ids))
	err := s.eachPlace(ctx, ids, func(i int, p place) {
		if seconds := p.view.seconds[p.document]; seconds != unpublished {
			all[i] = time.Unix(seconds, int64(p.view.nanos[p.document])).UTC()
		}
	})
	return all, err
}

// Vectors returns the vectors of passages, rounded to 16 bits an element.
func (s *Store) Vectors(ctx context.Context, ids []corpus.ChunkID) (_ []corpus.Vector, err error) {
	defer s.blame(s.state.Load(), &err)
	all := make([]corpus.Vector, len(ids))
	width := s.options.Pipeline.Dimensions
	block := make(corpus.Vector, len(ids)*width)
	damaged := guard(func() {
		err = s.eachPlace(ctx, ids, func(i int, p place) {
			v := block[i*width : (i+1)*width : (i+1)*width]
			at := int(p.row) * p.view.stride
			scale, high, low := p.view.scales[p.row], p.view.high[at:at+width], p.view.low[at:at+width]
			for j := range v {
				v[j] = scale * float32(int32(high[j])<<8+int32(low[j]))
			}
			all[i] = v
		})
	})
	if damaged != nil {
		return nil, damaged
	}
	return all, err
}

// CountFacets counts the documents of passages by the values of fields.
func (s *Store) CountFacets(ctx context.Context, ids []corpus.ChunkID, fields []corpus.FacetField) ([][]corpus.FacetValue, error) {
	documents := make(map[*segment][]uint32)
	seen := make(map[int64]struct{}, len(ids))
	err := s.eachPlace(ctx, ids, func(_ int, p place) {
		key := p.view.keys[p.document]
		if _, twice := seen[key]; !twice {
			seen[key] = struct{}{}
			documents[p.view.segment] = append(documents[p.view.segment], p.document)
		}
	})
	if err != nil {
		return nil, err
	}
	counts := make([][]corpus.FacetValue, len(fields))
	for i, field := range fields {
		c := facetCounter{at: make(map[string]int)}
		for part, of := range documents {
			c.count(part, field, of)
		}
		counts[i] = c.values
	}
	runtime.KeepAlive(documents)
	return counts, ctx.Err()
}

// eachPlace calls do with the place of each passage that is not deleted. What a place
// names may be read while do runs.
func (s *Store) eachPlace(ctx context.Context, ids []corpus.ChunkID, do func(i int, p place)) error {
	select {
	case <-s.closing:
		return errClosed
	default:
	}
	state := s.state.Load()
	defer runtime.KeepAlive(state)
	for i, id := range ids {
		if p, held := state.find(id); held {
			do(i, p)
		}
	}
	return ctx.Err()
}

// facetCounter counts the values of one facet.
type facetCounter struct {
	at     map[string]int // by term; where the value is in values
	values []corpus.FacetValue
	terms  []uint32 // of documents, with repetitions
}

// add adds to the count of a term, whose value is made of what follows its prefix.
func (c *facetCounter) add(term []byte, prefix, n int, value func([]byte) corpus.Value) {
	i, known := c.at[string(term)]
	if !known {
		i = len(c.values)
		c.at[string(term)] = i
		c.values = append(c.values, corpus.FacetValue{Value: value(term[prefix:])})
	}
	c.values[i].Count += n
}

// facetFields are the fields of the facets that count one field of documents.
var facetFields = map[corpus.FacetKind]corpus.Field{
	corpus.FacetLanguage: corpus.FieldLanguage, corpus.FacetSource: corpus.FieldSource,
	corpus.FacetAuthor: corpus.FieldAuthor, corpus.FacetTag: corpus.FieldTag,
}

// count adds the values of documents of a segment, each of which is named once.
func (c *facetCounter) count(s *segment, f corpus.FacetField, documents []uint32) {
	switch f.Kind {
	case corpus.FacetYear:
		for _, d := range documents {
			if s.seconds[d] != unpublished {
				year := time.Unix(s.seconds[d], 0).UTC().Year()
				c.add(ordered(float64(year)), 0, 1, numberOf)
			}
		}
	case corpus.FacetMetadata:
		c.countTerms(s, metadataPrefix(stringTerm, f.Key), documents, textOf)
		c.countTerms(s, metadataPrefix(numberTerm, f.Key), documents, numberOf)
		c.countTerms(s, metadataPrefix(booleanTerm, f.Key), documents, booleanOf)
	default:
		c.countTerms(s, []byte{byte(facetFields[f.Kind])}, documents, textOf)
	}
}

// countTerms counts the terms of documents that begin with a prefix. value makes a value
// of what follows the prefix.
func (c *facetCounter) countTerms(s *segment, prefix []byte, documents []uint32, value func([]byte) corpus.Value) {
	first := uint32(s.firstTerm(prefix))
	last := first + uint32(s.termsWith(prefix, int(first)))
	if first == last {
		return
	}
	c.terms = c.terms[:0]
	starts, terms := s.termsOf()
	for _, d := range documents {
		for _, t := range terms[starts[d]:starts[d+1]] {
			if t >= last {
				break
			}
			if t >= first {
				c.terms = append(c.terms, t)
			}
		}
	}
	slices.Sort(c.terms)
	for i, n := 0, 0; i < len(c.terms); i += n {
		for n = 1; i+n < len(c.terms) && c.terms[i+n] == c.terms[i]; n++ {
		}
		term := s.term(int(c.terms[i]))
		c.add(term, len(prefix), n, value)
	}
}

func textOf(b []byte) corpus.Value    { return corpus.String(string(b)) }
func numberOf(b []byte) corpus.Value  { return corpus.Number(unordered(b)) }
func booleanOf(b []byte) corpus.Value { return corpus.Boolean(b[0] == 1) }

// unordered reads a number that ordered wrote.
func unordered(b []byte) float64 {
	bits := binary.BigEndian.Uint64(b)
	if bits>>63 == 1 {
		bits &^= 1 << 63
	} else {
		bits = ^bits
	}
	return math.Float64frombits(bits)
}

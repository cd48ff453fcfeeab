package lexical

import (
	"slices"
	"sync"

	"dalil/corpus"
)

// BM25's constants (Robertson and Zaragoza, "The Probabilistic Relevance
// Framework", 2009): k1 saturates repeats, b says how much length counts.
const (
	bm25K1 = 1.2
	bm25B  = 0.75
)

// DefaultAverageLength is the mean passage length, in terms with the title, that
// BM25 assumes unless it is configured. Measured means: 58 to 82 over paragraphs
// of encyclopedias in Arabic and English, 126 over news articles cut at the
// default length, 14 over single sentences. From 70 to 120 the nDCG@10 of the
// judged sets moves by .003 at most.
const DefaultAverageLength = 90

// Encoder turns passages into sparse vectors. It is safe for concurrent use.
type Encoder struct {
	analyzer *Analyzer
	average  float64
	scratch  sync.Pool
}

// NewEncoder returns an encoder for a collection whose passages have
// averageLength terms in the mean, which must be above 0.
func NewEncoder(a *Analyzer, averageLength float64) *Encoder {
	e := &Encoder{analyzer: a, average: averageLength}
	e.scratch.New = func() any { return new(encoding) }
	return e
}

// encoding is what one passage needs while it is encoded.
type encoding struct {
	terms []Term
	words []uint32 // hash of every term, repeats and all
	keys  []uint32 // of the skeletons
	bones []string
}

// Length is the number of terms in a passage with its title, stop words left
// out: what BM25 calls document length.
func (e *Encoder) Length(title, text string) int {
	s := e.scratch.Get().(*encoding)
	defer e.scratch.Put(s)
	s.terms = e.analyzer.AppendTerms(s.terms[:0], title)
	s.terms = e.analyzer.AppendTerms(s.terms, text)
	n := len(s.terms)
	clear(s.terms)
	return n
}

// Passage encodes a passage with its title: per stem BM25's term weight
//
//	tf·(k1+1) / (tf + k1·(1 - b + b·length/average))
//
// under the stem's hash. The inverse document frequency is the store's, so
// weights never go stale. Stems that share a hash count as one. The skeletons of
// the words (see [SoundHash]) are there with weight 1 and count in no length.
func (e *Encoder) Passage(title, text string) corpus.Sparse {
	s := e.scratch.Get().(*encoding)
	defer e.scratch.Put(s)
	s.terms = e.analyzer.AppendTerms(s.terms[:0], title)
	s.terms = e.analyzer.AppendTerms(s.terms, text)
	s.words, s.keys = s.words[:0], s.keys[:0]
	for i := range s.terms {
		t := &s.terms[i]
		s.words = append(s.words, Hash(t.Stem))
		s.bones = skeletons(s.bones[:0], t.Word, t.Script)
		for _, key := range s.bones {
			s.keys = append(s.keys, SoundHash(t.Script, key))
		}
	}
	clear(s.terms) // lets go of the text
	slices.Sort(s.words)
	norm := bm25K1 * (1 - bm25B + bm25B*float64(len(s.words))/e.average)
	slices.Sort(s.keys)
	s.keys = slices.Compact(s.keys)
	out := corpus.Sparse{
		Dimensions: make([]uint32, 0, len(s.words)+len(s.keys)), Weights: make([]float32, 0, len(s.words)+len(s.keys)),
	}
	keys := s.keys
	for i := 0; i < len(s.words); {
		for len(keys) > 0 && keys[0] < s.words[i] {
			out.Dimensions, out.Weights = append(out.Dimensions, keys[0]), append(out.Weights, 1)
			keys = keys[1:]
		}
		j := i + 1
		for j < len(s.words) && s.words[j] == s.words[i] {
			j++
		}
		if len(keys) > 0 && keys[0] == s.words[i] {
			keys = keys[1:] // a collision: the stem is worth more
		}
		tf := float64(j - i)
		out.Dimensions = append(out.Dimensions, s.words[i])
		out.Weights = append(out.Weights, float32(tf*(bm25K1+1)/(tf+norm)))
		i = j
	}
	for _, key := range keys {
		out.Dimensions, out.Weights = append(out.Dimensions, key), append(out.Weights, 1)
	}
	return out
}

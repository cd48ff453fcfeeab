package static

import (
	"context"
	"math"
	"sync"

	"dalil/corpus"
)

// Scores are the scores of one candidate, both about 0 to 1, higher is
// better.
type Scores struct {
	Late     float32 // late interaction of words; see ScorerOptions
	Sentence float32 // similarity of the query and the candidate's best sentence
	Together float32 // the late interaction with the best single sentence, at most Late
	// Words has, for each of the query's words, its highest cosine with a word of
	// the candidate, 0 to 1.
	Words []float32
	// Query describes the same words; the candidates of a call share it.
	Query *QueryWords
}

// QueryWords are the words of a query that have known letters, in their order.
type QueryWords struct {
	Spans   []corpus.Span // where they are in the query
	Lengths []float32     // of their vectors; words without meaning have short ones
	// Surprisals has -ln p of each word in the text that the vocabulary was learned
	// from (nats, 0 or more): rare words have high ones. nil: the vocabulary has no probabilities.
	Surprisals []float32
}

// Weighting says what each query word counts in late interaction.
type Weighting uint8

// The weightings. Each divides by the sum over the query.
const (
	// Rarity is an inverse document frequency among the candidates themselves:
	// a word counts in a candidate as much as its best match does there, so
	// it works across languages.
	Rarity Weighting = iota
	// Length is the length of the word's vector. Training makes the vectors of words
	// without meaning short.
	Length
	// Equal counts each word once.
	Equal
)

// ScorerOptions tune a [Scorer]; the zero value works.
type ScorerOptions struct {
	// Sentences cuts a text into sentences; nil: a text is one sentence. Words
	// outside every span have no part in either score.
	Sentences func(string) []corpus.Span
	// Exponent is the power that a word's best similarity is raised to: good
	// matches count, and a crowd of vague ones does not. 0: 3.
	Exponent float64
	Weighting
	// IDF returns a function that weighs the words of one query from outside, in place
	// of Weighting; it gets the word as the query has it.
	IDF func(ctx context.Context) (func(word string) float64, error)
}

// Scorer reads candidates word by word and sentence by sentence, with the
// vectors of a static model.
//
// Late interaction (after ColBERT, Khattab and Zaharia, SIGIR 2020): for each
// query word the highest cosine with any word of the candidate, none below 0,
// to the power of Exponent; the weighted mean of these. A word's vector is the
// mean of its tokens' vectors. It is safe for concurrent use.
type Scorer struct {
	e       *Embedder
	o       ScorerOptions
	known   *passages
	scratch sync.Pool // *scoring
	readers sync.Pool // *reader
}

// NewScorer makes a Scorer of the model's vectors.
func (e *Embedder) NewScorer(o ScorerOptions) *Scorer {
	if o.Exponent == 0 {
		o.Exponent = 3
	}
	e.scored.Store(true)
	s := &Scorer{e: e, o: o, known: newPassages()}
	s.scratch.New = func() any { return newScoring(e) }
	s.readers.New = func() any { return &reader{e: e, sum: make([]float32, e.model.Dimensions)} }
	return s
}

// Score gives the scores of each text for one query, in order. The scores of a
// text depend on the other texts only through [Rarity]. A query or a text
// without known words has scores of 0. A cancelled context ends it.
func (s *Scorer) Score(ctx context.Context, query string, texts []string) ([]Scores, error) {
	profiles := make([][]byte, len(texts))
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		profiles[i] = s.remembered(text)
	}
	return s.ScoreProfiles(ctx, query, profiles, nil)
}

// ScoreProfiles is [Scorer.Score] of the texts that the profiles were made of. A
// profile of another model, or a damaged one, scores as a text without known words. idf
// returns the weight of a word of the query; nil: as the options say.
func (s *Scorer) ScoreProfiles(ctx context.Context, query string, profiles [][]byte, idf func(word string) float64) ([]Scores, error) {
	w := s.scratch.Get().(*scoring)
	defer s.scratch.Put(w)
	defer w.reset()
	w.setQuery(query)
	scores := make([]Scores, len(profiles))
	if w.queryWords() == 0 {
		return scores, ctx.Err()
	}
	w.read(profiles)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	best := w.bestWords() // of each text for each query word
	if idf == nil && s.o.IDF != nil {
		var err error
		if idf, err = s.o.IDF(ctx); err != nil {
			return nil, err
		}
	}
	weights := s.weigh(idf, query, best, w)
	described := w.describe()
	words := len(weights)
	for i := range scores {
		scores[i] = Scores{
			Late: float32(s.late(best[i*words:], weights)), Sentence: w.bestSentence(i), Together: s.together(w, i, weights),
			Words: best[i*words : (i+1)*words : (i+1)*words], Query: described,
		}
	}
	return scores, nil
}

// remembered returns the profile of a text, from memory where it was met before.
func (s *Scorer) remembered(text string) []byte {
	known, key := s.known.find(text)
	if known != nil {
		return known
	}
	p := s.Profile(text)
	s.known.put(key, text, p)
	return p
}

// late is the weighted mean of the similarities' powers. None is below 0.
func (s *Scorer) late(similar []float32, weights []float64) (late float64) {
	if s.o.Exponent == 3 {
		for q, x := range similar[:len(weights)] {
			x := float64(x)
			late += weights[q] * (x * x * x)
		}
		return late
	}
	for q, weight := range weights {
		late += weight * s.power(similar[q])
	}
	return late
}

// together gives the highest late interaction of one sentence of text i.
func (s *Scorer) together(w *scoring, i int, weights []float64) float32 {
	var best float64
	from, to := w.sentencesOf(i)
	run := int(w.texts[i].firstRun) * w.lanes
	for range to - from {
		most := w.most[run:]
		if len(w.laneOf) > w.whole { // words are repeated
			w.similar = w.similar[:0]
			for _, lane := range w.laneOf {
				w.similar = append(w.similar, most[lane])
			}
			most = w.similar
		}
		best = max(best, s.late(most, weights))
		run += w.lanes
	}
	return float32(best)
}

func (s *Scorer) power(similarity float32) float64 {
	x := float64(similarity)
	switch {
	case x <= 0:
		return 0
	case s.o.Exponent == 3:
		return x * x * x
	}
	return math.Pow(x, s.o.Exponent)
}

// weigh gives the weights of the query's words, of sum 1. outside may be nil.
func (s *Scorer) weigh(outside func(word string) float64, query string, best []float32, w *scoring) []float64 {
	weights := make([]float64, w.queryWords())
	texts := len(best) / len(weights)
	var sum float64
	for q := range weights {
		switch {
		case outside != nil:
			weights[q] = max(0, outside(w.queryWord(query, q)))
		case s.o.Weighting == Length:
			weights[q] = w.lengths[q]
		case s.o.Weighting == Equal:
			weights[q] = 1
		default:
			var matches float64
			for i := range texts {
				matches += s.power(best[i*len(weights)+q])
			}
			weights[q] = corpus.IDF(float64(texts), matches)
		}
		sum += weights[q]
	}
	for q := range weights {
		if sum > 0 {
			weights[q] /= sum
		}
	}
	return weights
}

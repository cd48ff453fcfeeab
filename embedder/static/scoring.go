package static

import (
	"math"
	"slices"
	"unicode"

	"dalil/corpus"
	"dalil/vector"
)

// scoring is the work of one Score call. Every distinct token and word of all
// candidates is looked at once: a word's inner product with the query is the
// sum of its tokens', so only distinct tokens are multiplied.
type scoring struct {
	e     *Embedder
	width int

	spans      []span           // of the query's words with known tokens
	laneOf     []int32          // of each of these words, its lane; words that are written alike have one lane
	laneOfWord map[string]int32 // the lanes, by the word
	query      []float32        // the unit vectors of the lanes' words, the whole query's, and zeros up to a multiple of 4
	lengths    []float64        // of the words' vectors before that
	surprisals []float32        // of the words, or empty: see [QueryWords]
	lanes      int              // len(query) / width
	whole      int              // the whole query's lane, and how many words are different

	codes  []int32   // of all candidates: their tokens, doubled, with 1 added to the last of each word
	seen   []int32   // of each token of the vocabulary: 1 + its place in tokens
	tokens []int32   // distinct tokens
	words  []word    // distinct words of several tokens
	parts  []int32   // of words: places in tokens
	index  wordIndex // finds words

	texts     []text
	firstWord int32      // the place of the first of words; those of tokens are below it
	inText    []int32    // words of the texts, one text after another: the place of a token or of a word
	sentences []sentence // of the texts; their ends are places in inText
	runs      []int32    // of inText, their ends: the sentences of each text, then its words that are in none

	ids     []int32   // of one text or word
	sum     []float32 // of vectors
	at      []int32   // of the tokens, their rows in the model
	places  []int32   // the memory of at, where rows are not tokens
	weights []float32 // of the tokens
	rows    []float32 // of each place, the inner product of its token or word with each lane
	scales  []float32 // of each place, 1 / the length of its token or word
	most    []float32 // of each run, the highest cosine of its words with each lane
	sums    []float32 // of each run, the sum of its rows
	cosines []float32 // of each sentence with the whole query
	similar []float32 // of one sentence, the highest cosine with each word of the query
}

type span struct{ start, end int }

// word is a run of parts.
type word struct {
	start, end int32
}

// text says where the codes, sentences and runs of a text end; those of the first begin at 0.
type text struct{ codes, sentences, runs, firstRun int32 }

func newScoring(e *Embedder) *scoring {
	width := e.model.Dimensions
	return &scoring{e: e, width: width, laneOfWord: map[string]int32{}, seen: make([]int32, e.tokens.Size()), sum: make([]float32, width)}
}

func (w *scoring) queryWords() int { return len(w.spans) }

func (w *scoring) queryWord(query string, i int) string {
	return query[w.spans[i].start:w.spans[i].end]
}

// mostLanes is how many different words of a query are compared. It bounds the time of
// a query of very short words. 4 KB of prose have 280 to 400.
const mostLanes = 512

// setQuery works the query's vectors out.
func (w *scoring) setQuery(query string) {
	w.spans, w.laneOf, w.query, w.lengths, w.surprisals = w.spans[:0], w.laneOf[:0], w.query[:0], w.lengths[:0], w.surprisals[:0]
	clear(w.laneOfWord)
	eachWord(query, func(start, end int) { w.addWord(query[start:end], span{start, end}) })
	w.ids = w.known(w.e.tokens.AppendIDs(w.ids[:0], query))
	length := w.add(w.ids)
	for _, x := range w.sum {
		if length > 0 {
			x = float32(float64(x) / length)
		}
		w.query = append(w.query, x)
	}
	w.whole = len(w.laneOfWord)
	w.lanes = (w.whole + 1 + 3) &^ 3
	for len(w.query) < w.lanes*w.width {
		w.query = append(w.query, 0)
	}
}

// addWord adds a word of the query that has a vector.
func (w *scoring) addWord(word string, at span) {
	if lane, met := w.laneOfWord[word]; met {
		first := slices.Index(w.laneOf, lane)
		w.spans, w.laneOf, w.lengths = append(w.spans, at), append(w.laneOf, lane), append(w.lengths, w.lengths[first])
		if len(w.surprisals) > 0 {
			w.surprisals = append(w.surprisals, w.surprisals[first])
		}
		return
	}
	if len(w.laneOfWord) == mostLanes {
		return
	}
	w.ids = w.e.tokens.AppendIDs(w.ids[:0], word)
	likely, probable := w.e.tokens.LogProbability(w.ids)
	all := len(w.ids)
	w.ids = w.known(w.ids)
	length := w.add(w.ids)
	if length == 0 {
		return
	}
	lane := int32(len(w.laneOfWord))
	w.laneOfWord[word] = lane
	w.spans, w.laneOf, w.lengths = append(w.spans, at), append(w.laneOf, lane), append(w.lengths, length)
	if probable {
		w.surprisals = append(w.surprisals, float32(-likely))
	}
	if len(w.ids) < all && slices.Equal(w.ids, w.e.start) {
		length = math.Inf(1) // it is like no word, not even like others without a known letter
	}
	for _, x := range w.sum {
		w.query = append(w.query, float32(float64(x)/length))
	}
}

// eachWord gives the runs of letters, marks and digits.
func eachWord(s string, yield func(start, end int)) {
	start := -1
	for i, r := range s {
		switch inside := unicode.In(r, unicode.L, unicode.M, unicode.N); {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			yield(start, i)
			start = -1
		}
	}
	if start >= 0 {
		yield(start, len(s))
	}
}

func (w *scoring) known(ids []int32) []int32 {
	return slices.DeleteFunc(ids, func(id int32) bool { return id == w.e.unknown })
}

// add leaves the weighted sum of tokens in w.sum and gives its length.
func (w *scoring) add(ids []int32) (length float64) {
	clear(w.sum)
	w.e.sum(w.sum, ids)
	return math.Sqrt(float64(vector.DotFloat32(w.sum, w.sum)))
}

// describe copies what the query's words are.
func (w *scoring) describe() *QueryWords {
	q := &QueryWords{Spans: make([]corpus.Span, len(w.spans)), Lengths: make([]float32, len(w.spans))}
	for i, s := range w.spans {
		q.Spans[i], q.Lengths[i] = corpus.Span{Start: s.start, End: s.end}, float32(w.lengths[i])
	}
	q.Surprisals = append(q.Surprisals, w.surprisals...)
	return q
}

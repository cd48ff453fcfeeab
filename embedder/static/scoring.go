package static

import (
	"math"
	"slices"
	"sync/atomic"
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

	spans   []span    // of the query's words with known tokens
	query   []float32 // their unit vectors, the whole query's, and zeros up to a multiple of 4
	lengths []float64 // of their vectors before that
	lanes   int       // len(query) / width
	whole   int       // the whole query's lane

	seen   []int32   // of each token of the vocabulary: 1 + its place in tokens
	alone  []int32   // of each token of the vocabulary: 1 + the number of the word that is this token alone
	tokens []int32   // distinct tokens
	words  []word    // distinct words
	parts  []int32   // of words: places in tokens
	index  wordIndex // finds words of several tokens

	texts     []text
	inText    []int32    // words of the texts, one text after another
	profiled  []int32    // tokens of the texts
	sentences []sentence // of the texts; their ends are places in profiled

	ids     []int32   // of one text or word
	sum     []float32 // of vectors
	row     []float32 // of the query's words with one sentence
	dots    []float32 // of each token with each lane
	similar []float32 // of each word with each lane
}

type span struct{ start, end int }

// word is a run of parts.
type word struct {
	start, end int32
}

// text is a run of inText, of profiled and of sentences.
type text struct {
	start, end          int32
	tokens              int32 // where its tokens begin
	sentences, sentence int32 // from and to
}

func newScoring(e *Embedder) *scoring {
	width := e.model.Dimensions
	return &scoring{
		e: e, width: width,
		seen: make([]int32, e.tokens.Size()), alone: make([]int32, e.tokens.Size()), sum: make([]float32, width),
	}
}

func (w *scoring) queryWords() int { return len(w.spans) }

func (w *scoring) queryWord(query string, i int) string {
	return query[w.spans[i].start:w.spans[i].end]
}

// setQuery works the query's vectors out.
func (w *scoring) setQuery(query string) {
	w.spans, w.query, w.lengths = w.spans[:0], w.query[:0], w.lengths[:0]
	eachWord(query, func(start, end int) {
		w.ids = w.known(w.e.tokens.AppendIDs(w.ids[:0], query[start:end]))
		length := w.add(w.ids)
		if length == 0 {
			return
		}
		w.spans = append(w.spans, span{start, end})
		w.lengths = append(w.lengths, length)
		for _, x := range w.sum {
			w.query = append(w.query, float32(float64(x)/length))
		}
	})
	w.ids = w.known(w.e.tokens.AppendIDs(w.ids[:0], query))
	length := w.add(w.ids)
	for _, x := range w.sum {
		if length > 0 {
			x = float32(float64(x) / length)
		}
		w.query = append(w.query, x)
	}
	w.whole = len(w.spans)
	w.lanes = (w.whole + 1 + 3) &^ 3
	for len(w.query) < w.lanes*w.width {
		w.query = append(w.query, 0)
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

// reset forgets the candidates.
func (w *scoring) reset() {
	for _, id := range w.tokens {
		w.seen[id], w.alone[id] = 0, 0
	}
	w.tokens, w.words, w.parts, w.texts, w.inText = w.tokens[:0], w.words[:0], w.parts[:0], w.texts[:0], w.inText[:0]
	w.profiled, w.sentences = w.profiled[:0], w.sentences[:0]
	w.index.reset()
}

// read takes one candidate's profile in.
func (w *scoring) read(profile []byte) {
	t := text{start: int32(len(w.inText)), tokens: int32(len(w.profiled)), sentences: int32(len(w.sentences))}
	w.profiled, w.sentences = w.e.appendProfile(w.profiled, w.sentences, profile)
	start := int(t.tokens)
	for i := start; i < len(w.profiled); i++ {
		id := w.profiled[i]
		if id >= 0 {
			continue
		}
		id = ^id
		w.profiled[i] = id
		number := int32(0)
		if i > start {
			number = w.wordOf(w.profiled[start : i+1])
		} else if number = w.alone[id] - 1; number < 0 {
			number = w.newWord(w.profiled[i : i+1])
			w.alone[id] = number + 1
		}
		w.inText = append(w.inText, number)
		start = i + 1
	}
	t.end, t.sentence = int32(len(w.inText)), int32(len(w.sentences))
	w.texts = append(w.texts, t)
}

// wordOf returns the number of a word of several tokens, a new one if it was not
// met before.
func (w *scoring) wordOf(ids []int32) int32 {
	place, known := w.index.find(ids, func(word int32) bool {
		known := w.words[word]
		parts := w.parts[known.start:known.end]
		if len(parts) != len(ids) {
			return false
		}
		for i, part := range parts {
			if w.tokens[part] != ids[i] {
				return false
			}
		}
		return true
	})
	if known >= 0 {
		return known
	}
	number := w.newWord(ids)
	w.index.put(place, number)
	return number
}

func (w *scoring) newWord(ids []int32) int32 {
	start := int32(len(w.parts))
	for _, id := range ids {
		if w.seen[id] == 0 {
			w.tokens = append(w.tokens, id)
			w.seen[id] = int32(len(w.tokens))
		}
		w.parts = append(w.parts, w.seen[id]-1)
	}
	w.words = append(w.words, word{start, int32(len(w.parts))})
	return int32(len(w.words)) - 1
}

// bestWords gives, for each text and query word, the highest cosine of the
// text's words, none below 0.
func (w *scoring) bestWords() []float32 {
	w.multiply()
	w.compare()
	queries := len(w.spans)
	best := make([]float32, len(w.texts)*queries)
	for i, t := range w.texts {
		row := best[i*queries:][:queries]
		for _, number := range w.inText[t.start:t.end] {
			similar := w.similar[int(number)*w.lanes:][:len(row)]
			for q, x := range similar {
				if x > row[q] {
					row[q] = x
				}
			}
		}
	}
	return best
}

// multiply fills the inner products of tokens and query words.
func (w *scoring) multiply() {
	w.dots = slices.Grow(w.dots[:0], len(w.tokens)*w.lanes)[:len(w.tokens)*w.lanes]
	for i, id := range w.tokens {
		row, weight := w.e.place(id), w.e.weight(id)
		ahead := w.e.place(w.tokens[min(i+2, len(w.tokens)-1)])
		for lane := 0; lane < w.lanes; lane += 4 {
			products := w.e.rows.dot4(w.query[lane*w.width:][:4*w.width], row, ahead)
			for k, x := range products {
				w.dots[i*w.lanes+lane+k] = x * weight
			}
		}
	}
}

// compare fills the cosines of words and query words.
func (w *scoring) compare() {
	w.similar = slices.Grow(w.similar[:0], len(w.words)*w.lanes)[:len(w.words)*w.lanes]
	clear(w.similar)
	for number := range w.words {
		word := &w.words[number]
		similar := w.similar[number*w.lanes:][:w.lanes]
		w.ids = w.ids[:0]
		for _, part := range w.parts[word.start:word.end] {
			w.ids = append(w.ids, w.tokens[part])
			for q, x := range w.dots[int(part)*w.lanes:][:w.lanes] {
				similar[q] += x
			}
		}
		scale := w.scale(w.ids)
		for q := range similar {
			similar[q] *= scale
		}
	}
}

// scale is 1 / the length of the sum of tokens; 0: they have none. That of one token
// is remembered.
func (w *scoring) scale(ids []int32) float32 {
	var known *atomic.Uint32
	if len(ids) == 1 {
		known = &w.e.scales[ids[0]]
		if bits := known.Load(); bits != 0 {
			return math.Float32frombits(bits)
		}
	}
	length := w.add(ids)
	if length == 0 {
		return 0
	}
	scale := float32(1 / length)
	if known != nil {
		known.Store(math.Float32bits(scale))
	}
	return scale
}

// describe copies what the query's words are.
func (w *scoring) describe() *QueryWords {
	q := &QueryWords{Spans: make([]corpus.Span, len(w.spans)), Lengths: make([]float32, len(w.spans))}
	for i, s := range w.spans {
		q.Spans[i], q.Lengths[i] = corpus.Span{Start: s.start, End: s.end}, float32(w.lengths[i])
	}
	return q
}

// bestTogether gives the highest late interaction of one sentence of text i.
func (w *scoring) bestTogether(i int, weights []float64, power func(float32) float64) float32 {
	t := &w.texts[i]
	words := w.inText[t.start:t.end]
	w.row = slices.Grow(w.row[:0], len(weights))[:len(weights)]
	var best float64
	at := t.tokens
	for _, s := range w.sentences[t.sentences:t.sentence] {
		clear(w.row)
		for len(words) > 0 && at < s.end {
			word := &w.words[words[0]]
			at += word.end - word.start
			for q, x := range w.similar[int(words[0])*w.lanes:][:len(w.row)] {
				if x > w.row[q] {
					w.row[q] = x
				}
			}
			words = words[1:]
		}
		var late float64
		for q, weight := range weights {
			late += weight * power(w.row[q])
		}
		best = max(best, late)
	}
	return float32(best)
}

// bestSentence gives the highest cosine of a sentence of text i and the query;
// 0: no sentence has known words. A sentence's inner product with the query is
// the sum of its tokens', too.
func (w *scoring) bestSentence(i int) float32 {
	t := &w.texts[i]
	best, at := float32(0), t.tokens
	for n, s := range w.sentences[t.sentences:t.sentence] {
		var sum float32
		for _, id := range w.profiled[at:s.end] {
			sum += w.dots[int(w.seen[id]-1)*w.lanes+w.whole]
		}
		at = s.end
		if similarity := sum / s.length; n == 0 || similarity > best {
			best = similarity
		}
	}
	return best
}

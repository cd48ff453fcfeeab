package static

import (
	"math"
	"slices"
	"unicode"

	"dalil/corpus"
)

// scoring is the work of one Score call. Every distinct token and word of all
// candidates is looked at once: a word's inner product with the query is the
// sum of its tokens', so only distinct tokens are multiplied.
type scoring struct {
	e     *Embedder
	width int

	spans   []span    // of the query's words with known tokens
	query   []float32 // their unit vectors and zeros up to a multiple of 4
	lengths []float64 // of their vectors before that
	whole   []float32 // the query's own unit vector; no length: it has none
	lanes   int       // len(query) / width

	seen    []int32   // of each token of the vocabulary: 1 + its place in tokens
	tokens  []int32   // distinct tokens
	words   []word    // distinct words
	parts   []int32   // of words: places in tokens
	index   wordIndex // finds words
	texts   []text
	inText  []int32   // words of the texts, one text after another
	ids     []int32   // of one sentence
	ends    []int32   // of its words
	sum     []float32 // of its vectors
	dots    []float32 // of each token with each lane
	similar []float32 // of each word with each lane
}

type span struct{ start, end int }

// word is a run of parts.
type word struct {
	start, end int32
}

// text is a run of inText.
type text struct {
	start, end int32
	sentence   float32 // similarity of the best one; 0: none has known words
}

func newScoring(e *Embedder) *scoring {
	width := e.model.Dimensions
	return &scoring{
		e: e, width: width,
		seen: make([]int32, e.tokens.Size()), whole: make([]float32, width), sum: make([]float32, width),
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
	w.lanes = (len(w.spans) + 3) &^ 3
	w.query = slices.Grow(w.query, (w.lanes-len(w.spans))*w.width)
	for len(w.query) < w.lanes*w.width {
		w.query = append(w.query, 0)
	}
	w.ids = w.known(w.e.tokens.AppendIDs(w.ids[:0], query))
	w.add(w.ids)
	copy(w.whole, w.sum)
	if !normalise(w.whole) {
		clear(w.whole)
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
	return math.Sqrt(squares(w.sum))
}

func squares(v []float32) float64 { return float64(dot(v, v)) }

// dot keeps four sums so that the processor need not wait for one.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s [4]float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s[0] += a[i] * b[i]
		s[1] += a[i+1] * b[i+1]
		s[2] += a[i+2] * b[i+2]
		s[3] += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s[0] += a[i] * b[i]
	}
	return s[0] + s[1] + s[2] + s[3]
}

// reset forgets the candidates.
func (w *scoring) reset() {
	for _, id := range w.tokens {
		w.seen[id] = 0
	}
	w.tokens, w.words, w.parts, w.texts, w.inText = w.tokens[:0], w.words[:0], w.parts[:0], w.texts[:0], w.inText[:0]
	w.index.reset()
}

// read takes one candidate in.
func (w *scoring) read(s string, sentences func(string) []corpus.Span) {
	t := text{start: int32(len(w.inText))}
	found := false
	sentence := func(s string) {
		if similarity, ok := w.readSentence(s); ok && (!found || similarity > t.sentence) {
			t.sentence, found = similarity, true
		}
	}
	if sentences == nil {
		sentence(s)
	} else {
		for _, span := range sentences(s) {
			sentence(s[span.Start:span.End])
		}
	}
	t.end = int32(len(w.inText))
	w.texts = append(w.texts, t)
}

// readSentence notes the sentence's words and gives its similarity to the
// query; false: it has no known words.
func (w *scoring) readSentence(s string) (similarity float32, ok bool) {
	w.ids, w.ends = w.e.tokens.AppendWordIDs(w.ids[:0], w.ends[:0], s)
	start := int32(0)
	clear(w.sum)
	for _, end := range w.ends {
		ids := w.ids[start:end]
		start = end
		if slices.Contains(ids, w.e.unknown) {
			ids = w.known(ids)
		}
		if len(ids) > 0 {
			w.e.sum(w.sum, ids)
			w.inText = append(w.inText, w.wordOf(ids))
		}
	}
	length := math.Sqrt(squares(w.sum))
	if length == 0 {
		return 0, false
	}
	return float32(float64(dot(w.sum, w.whole)) / length), true
}

// wordOf gives the number of a word, a new one if it was not met before.
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
	start := int32(len(w.parts))
	for _, id := range ids {
		if w.seen[id] == 0 {
			w.tokens = append(w.tokens, id)
			w.seen[id] = int32(len(w.tokens))
		}
		w.parts = append(w.parts, w.seen[id]-1)
	}
	number := int32(len(w.words))
	w.words = append(w.words, word{start, int32(len(w.parts))})
	w.index.put(place, number)
	return number
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
		for lane := 0; lane < w.lanes; lane += 4 {
			products := w.e.rows.dot4(w.query[lane*w.width:][:4*w.width], row)
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
		length := w.add(w.ids)
		scale := float32(0)
		if length > 0 {
			scale = float32(1 / length)
		}
		for q := range similar {
			similar[q] *= scale
		}
	}
}

func (w *scoring) bestSentence(i int) float32 { return w.texts[i].sentence }

package static

import (
	"math"
	"slices"

	"dalil/vector"
)

// resized gives a slice of n elements in the memory of s; their values are undefined.
func resized[E any](s []E, n int) []E { return slices.Grow(s[:0], n)[:n] }

// bestWords compares all words with the query. It gives, for each text and query word,
// the highest cosine of the text's words, none below 0.
func (w *scoring) bestWords() []float32 {
	w.multiply()
	w.join()
	return w.pool()
}

// multiply fills the rows and scales of the tokens.
func (w *scoring) multiply() {
	n, all := len(w.tokens), len(w.tokens)+len(w.words)
	w.rows, w.scales = resized(w.rows, all*w.lanes), resized(w.scales, all)
	for i, id := range w.tokens {
		w.scales[i] = w.tokenScale(id)
	}
	w.e.rows.dotsAt(w.query, w.places, w.weights, w.rows[:n*w.lanes])
}

// join fills the rows and scales of the words of several tokens.
func (w *scoring) join() {
	n := len(w.tokens)
	for i := range w.words {
		parts := w.parts[w.words[i].start:w.words[i].end]
		row := w.rows[(n+i)*w.lanes:][:w.lanes]
		copy(row, w.rows[int(parts[0])*w.lanes:])
		for _, part := range parts[1:] {
			for q, x := range w.rows[int(part)*w.lanes:][:len(row)] {
				row[q] += x
			}
		}
		w.scales[n+i] = w.wordScale(parts)
	}
	for i, number := range w.inText {
		if number < 0 {
			w.inText[i] = int32(n) + ^number
		}
	}
}

// pool fills most and cosines of the sentences. A sentence's inner product with the
// query is the sum of its tokens', too.
func (w *scoring) pool() []float32 {
	queries := len(w.spans)
	best := make([]float32, len(w.texts)*queries)
	w.most, w.cosines, w.pooled = resized(w.most, (len(w.sentences)+1)*w.lanes), resized(w.cosines, len(w.sentences)), resized(w.pooled, w.lanes)
	clear(w.most)
	behind := w.most[len(w.sentences)*w.lanes:] // of the words of a text that are in no sentence
	word, sentence := int32(0), int32(0)
	for i, t := range w.texts {
		of := best[i*queries:][:queries]
		for ; sentence < t.sentences; sentence++ {
			s, most := &w.sentences[sentence], w.most[int(sentence)*w.lanes:][:w.lanes]
			clear(w.pooled)
			vector.PoolAt(w.rows, w.scales, w.inText[word:s.end], most, w.pooled)
			w.cosines[sentence] = w.pooled[w.whole] / s.length
			word = s.end
			raise(of, most)
		}
		if word < t.words {
			clear(behind)
			vector.PoolAt(w.rows, w.scales, w.inText[word:t.words], behind, w.pooled)
			word = t.words
			raise(of, behind)
		}
	}
	return best
}

// raise makes each element at least that of other.
func raise(to, other []float32) {
	for i, x := range other[:len(to)] {
		to[i] = max(to[i], x)
	}
}

// tokenScale is 1 / the length of a token's vector; 0: it has none. It is remembered.
func (w *scoring) tokenScale(id int32) float32 {
	known := &w.e.factors[id].scale
	if bits := known.Load(); bits != 0 {
		return math.Float32frombits(bits)
	}
	w.ids = append(w.ids[:0], id)
	scale := inverse(w.add(w.ids))
	known.Store(math.Float32bits(scale))
	return scale
}

// fewParts is up to how many tokens of a word are multiplied in pairs.
const fewParts = 4

// wordScale is 1 / the length of the sum of the tokens' vectors; 0: it has none. The square
// of the length is the sum of the products of all pairs, which costs less than adding the
// vectors where the tokens are few.
func (w *scoring) wordScale(parts []int32) float32 {
	if len(parts) > fewParts {
		w.ids = w.ids[:0]
		for _, part := range parts {
			w.ids = append(w.ids, w.tokens[part])
		}
		return inverse(w.add(w.ids))
	}
	var squares, all float64
	for i, a := range parts {
		if scale := float64(w.scales[a]); scale > 0 {
			squares += 1 / (scale * scale)
		}
		for _, b := range parts[:i] {
			product := 2 * float64(w.weights[a]) * float64(w.weights[b]) * w.e.rows.dot(w.places[a], w.places[b])
			squares += product
			all += math.Abs(product)
		}
	}
	if squares <= 1e-6*all { // vectors that cancel each other, and the rounding of their lengths
		return 0
	}
	return inverse(math.Sqrt(squares))
}

// inverse is 1 / length, and 0 for 0.
func inverse(length float64) float32 {
	if length == 0 {
		return 0
	}
	return float32(1 / length)
}

// sentencesOf says which sentences are those of text i.
func (w *scoring) sentencesOf(i int) (from, to int) {
	if i > 0 {
		from = int(w.texts[i-1].sentences)
	}
	return from, int(w.texts[i].sentences)
}

// bestSentence gives the highest cosine of a sentence of text i and the query;
// 0: no sentence has known words.
func (w *scoring) bestSentence(i int) float32 {
	from, to := w.sentencesOf(i)
	if from == to {
		return 0
	}
	return slices.Max(w.cosines[from:to])
}

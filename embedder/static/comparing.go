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
	n, all := len(w.tokens), int(w.firstWord)+len(w.words)
	w.rows, w.scales, w.weights = resized(w.rows, all*w.lanes), resized(w.scales, all), resized(w.weights, n)
	for i, id := range w.tokens {
		w.weights[i], w.scales[i] = w.e.weight(id), w.tokenScale(id)
	}
	w.at = w.tokens
	if w.e.row != nil {
		w.at = w.e.appendPlaces(w.places[:0], w.tokens)
		w.places = w.at
	}
	w.e.rows.dotsAt(w.query, w.at, w.weights, w.rows[:n*w.lanes])
}

// join fills the rows and scales of the words of several tokens.
func (w *scoring) join() {
	first := int(w.firstWord)
	for i := range w.words {
		parts := w.parts[w.words[i].start:w.words[i].end]
		row := w.rows[(first+i)*w.lanes:][:w.lanes]
		copy(row, w.rows[int(parts[0])*w.lanes:])
		for _, part := range parts[1:] {
			for q, x := range w.rows[int(part)*w.lanes:][:len(row)] {
				row[q] += x
			}
		}
		w.scales[first+i] = w.wordScale(parts)
	}
}

// pool fills most and cosines of the sentences. A sentence's inner product with the
// query is the sum of its tokens', too. Words in no sentence are a run of their own.
func (w *scoring) pool() []float32 {
	queries := w.whole
	best := make([]float32, len(w.texts)*queries)
	w.most, w.sums, w.cosines = resized(w.most, len(w.runs)*w.lanes), resized(w.sums, len(w.runs)*w.lanes), resized(w.cosines, len(w.sentences))
	vector.PoolRuns(w.rows, w.scales, w.lanes, w.inText, w.runs, w.most, w.sums)
	run, sentence := 0, int32(0)
	for i := range w.texts {
		t := &w.texts[i]
		t.firstRun = int32(run)
		of := best[i*queries:][:queries]
		for ; run < int(t.runs); run++ {
			raise(of, w.most[run*w.lanes:])
			if sentence < t.sentences {
				w.cosines[sentence] = w.sums[run*w.lanes+w.whole] / w.sentences[sentence].length
				sentence++
			}
		}
	}
	return w.perWord(best)
}

// perWord turns a number for each text and different word of the query into one for each
// text and word.
func (w *scoring) perWord(of []float32) []float32 {
	if len(w.laneOf) == w.whole {
		return of
	}
	all := make([]float32, 0, len(w.texts)*len(w.laneOf))
	for i := range w.texts {
		row := of[i*w.whole:][:w.whole]
		for _, lane := range w.laneOf {
			all = append(all, row[lane])
		}
	}
	return all
}

// raise makes each element at least that of other. Both are 0 or more, so that their bits
// rise as they do, and whole numbers are compared in less time.
func raise(to, other []float32) {
	for i, x := range other[:len(to)] {
		to[i] = math.Float32frombits(uint32(max(int32(math.Float32bits(to[i])), int32(math.Float32bits(x)))))
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
			product := 2 * float64(w.weights[a]) * float64(w.weights[b]) * w.e.rows.dot(w.at[a], w.at[b])
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

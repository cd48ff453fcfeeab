package static

import "runtime"

// reset forgets the candidates.
func (w *scoring) reset() {
	for _, id := range w.tokens {
		w.seen[id] = 0
	}
	w.tokens, w.places, w.weights = w.tokens[:0], w.places[:0], w.weights[:0]
	w.words, w.parts, w.texts, w.inText, w.sentences = w.words[:0], w.parts[:0], w.texts[:0], w.inText[:0], w.sentences[:0]
	w.index.reset()
}

// read takes one candidate's profile in. A word belongs to the sentence in which it
// begins. The vectors of its new tokens are asked for meanwhile.
func (w *scoring) read(profile []byte) {
	open, known := len(w.sentences), len(w.tokens)
	w.ids, w.sentences = w.e.appendProfile(w.ids[:0], w.sentences, profile)
	w.touch()
	for start := 0; start < len(w.ids); {
		for open < len(w.sentences) && int(w.sentences[open].end) <= start {
			w.sentences[open].end = int32(len(w.inText))
			open++
		}
		end := start
		for w.ids[end] >= 0 {
			end++
		}
		w.ids[end] = ^w.ids[end] // the last token of a word
		end++
		if end-start == 1 {
			w.inText = append(w.inText, w.placeOf(w.ids[start]))
		} else {
			w.inText = append(w.inText, ^w.wordOf(w.ids[start:end]))
		}
		start = end
	}
	for ; open < len(w.sentences); open++ {
		w.sentences[open].end = int32(len(w.inText))
	}
	for _, id := range w.tokens[known:] { // together, so that the processor waits for many at a time
		w.places, w.weights = append(w.places, int32(w.e.place(id))), append(w.weights, w.e.weight(id))
	}
	w.e.rows.prefetch(w.places[known:])
	w.texts = append(w.texts, text{int32(len(w.inText)), int32(len(w.sentences))})
}

// touch reads where placeOf will look. Nothing in it depends on what it reads, so that the
// processor waits for many places in memory at once.
func (w *scoring) touch() {
	var touched int32
	for _, id := range w.ids {
		touched += w.seen[max(id, ^id)]
	}
	runtime.KeepAlive(touched)
}

// placeOf returns the place of a token, a new one if it was not met before.
func (w *scoring) placeOf(id int32) int32 {
	if w.seen[id] == 0 {
		w.tokens = append(w.tokens, id)
		w.seen[id] = int32(len(w.tokens))
	}
	return w.seen[id] - 1
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
	start := int32(len(w.parts))
	for _, id := range ids {
		w.parts = append(w.parts, w.placeOf(id))
	}
	w.words = append(w.words, word{start, int32(len(w.parts))})
	number := int32(len(w.words)) - 1
	w.index.put(place, number)
	return number
}

package static

import (
	"slices"

	"dalil/vector"
)

// read takes the profiles of the candidates in. A word belongs to the sentence in which it
// begins. What is looked up of a text's tokens is asked for while the text before it is
// read, and the vectors of new tokens as soon as they are known.
func (w *scoring) read(profiles [][]byte) {
	for _, profile := range profiles {
		w.codes, w.sentences = w.e.appendProfile(w.codes, w.sentences, profile)
		w.texts = append(w.texts, text{codes: int32(len(w.codes)), sentences: int32(len(w.sentences))})
	}
	w.firstWord = int32(len(w.codes))
	w.inText = resized(w.inText, len(w.codes))
	read, from, sentence := 0, int32(0), int32(0)
	for i := range w.texts {
		t := &w.texts[i]
		next := w.texts[min(i+1, len(w.texts)-1)].codes
		vector.PrefetchEach(w.seen, w.codes[t.codes:next], 1)
		known := len(w.tokens)
		for ; sentence < t.sentences; sentence++ {
			s := &w.sentences[sentence]
			from, read = w.readWords(from, s.end, read)
			s.end = int32(read)
			w.runs = append(w.runs, s.end)
		}
		if from < t.codes { // words that are in no sentence
			from, read = w.readWords(from, t.codes, read)
			w.runs = append(w.runs, int32(read))
		}
		t.runs = int32(len(w.runs))
		vector.PrefetchEach(w.e.factors, w.tokens[known:], 0)
		w.e.prefetch(w.tokens[known:])
	}
	w.inText = w.inText[:read]
}

// readWords takes the words in that begin in a run of codes. It returns where the next word
// begins, and how many words have been read.
func (w *scoring) readWords(from, to int32, read int) (int32, int) {
	codes, seen, inText, tokens := w.codes, w.seen, w.inText, w.tokens
	for from < to {
		code := codes[from]
		from++
		id := code >> 1
		place := seen[id]
		if place == 0 {
			tokens = append(tokens, id)
			place = int32(len(tokens))
			seen[id] = place
		}
		if code&1 == 0 { // the word has more tokens
			w.tokens = tokens
			place, from = w.readLong(place, from)
			tokens = w.tokens
		}
		inText[read] = place - 1
		read++
	}
	w.tokens = tokens
	return from, read
}

// readLong takes a word of several tokens in: the one with the place before, and those from
// a code on. It returns the place of the word, and where the next word begins.
func (w *scoring) readLong(place, from int32) (word, next int32) {
	start := int32(len(w.parts))
	w.parts = append(w.parts, place-1)
	hash := hashPart(hashBasis, place)
	for more := true; more; from++ {
		code := w.codes[from]
		place := w.placeOf(code >> 1)
		w.parts = append(w.parts, place-1)
		hash = hashPart(hash, place)
		more = code&1 == 0
	}
	return 1 + w.firstWord + w.wordOf(start, uint32(hash^hash>>32)), from
}

// placeOf returns 1 + the place of a token, a new one if it was not met before.
func (w *scoring) placeOf(id int32) int32 {
	if w.seen[id] == 0 {
		w.tokens = append(w.tokens, id)
		w.seen[id] = int32(len(w.tokens))
	}
	return w.seen[id]
}

// wordOf returns the number of the word whose parts are the last ones, from start on. If it
// was met before, they are taken away again.
func (w *scoring) wordOf(start int32, hash uint32) int32 {
	parts := w.parts[start:]
	w.index.room(len(w.words))
	at := hash
	for ; ; at++ {
		slot := w.index.at(at)
		if slot.number == 0 {
			*slot = wordSlot{hash, int32(len(w.words)) + 1}
			w.words = append(w.words, word{start, int32(len(w.parts))})
			return int32(len(w.words)) - 1
		}
		if slot.hash != hash {
			continue
		}
		known := w.words[slot.number-1]
		if slices.Equal(w.parts[known.start:known.end], parts) {
			w.parts = w.parts[:start]
			return slot.number - 1
		}
	}
}

// reset forgets the candidates. It is called when they have been scored, while what it
// clears is in the caches of the processor.
func (w *scoring) reset() {
	for _, id := range w.tokens {
		w.seen[id] = 0
	}
	w.index.reset(len(w.words))
	w.codes, w.tokens, w.words, w.parts = w.codes[:0], w.tokens[:0], w.words[:0], w.parts[:0]
	w.texts, w.sentences, w.runs = w.texts[:0], w.sentences[:0], w.runs[:0]
}

package searcher

import (
	"slices"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/searcher/snippet"
)

// memory is what a run works in, apart from its candidates. The next run uses it again.
type memory struct {
	one       lexical.Match
	held      []float64
	places    []lexical.Place
	ends      []int
	signs     []signed
	numbers   []float64 // see [memory.floats]
	columns   []float32 // of the ranker: the scores, and then each feature of all candidates
	chunks    numbered  // of the candidates, by their places
	documents numbered  // of the candidates, by the place of their first one
	cutter    snippet.Cutter
	spans     []corpus.Span // of sentences
	// likeliest is, of each word of the question, the likeliest match in one sentence.
	likeliest []float32
}

// memory returns the memory of the run.
func (r *run) memory() *memory {
	if r.room == nil {
		r.room = r.rooms.Get().(*memory)
	}
	return r.room
}

// reset empties the memory.
func (m *memory) reset() {
	m.held, m.places, m.signs, m.numbers, m.spans = m.held[:0], m.places[:0], m.signs[:0], m.numbers[:0], m.spans[:0]
}

// floats returns n zeros.
func (m *memory) floats(n int) []float64 {
	if cap(m.numbers)-len(m.numbers) < n {
		m.numbers = make([]float64, 0, max(2*cap(m.numbers), n)) // what was taken keeps the old memory
	}
	from := len(m.numbers)
	m.numbers = m.numbers[:from+n]
	taken := m.numbers[from : from+n : from+n]
	clear(taken)
	return taken
}

// signsOf returns the signs of n candidates, all zero.
func (m *memory) signsOf(n int) []signed {
	m.signs = slices.Grow(m.signs[:0], n)[:n]
	clear(m.signs)
	return m.signs
}

// end gives the memory of the candidates, their profiles and the run back.
func (r *run) end() {
	if r.candidates != nil {
		clear(r.candidates)
		all := r.candidates[:0]
		r.slabs.Put(&all)
	}
	if r.kept != nil {
		r.kept.Reset()
		r.profiles.Put(r.kept)
	}
	if r.room != nil {
		r.room.reset()
		r.rooms.Put(r.room)
		r.room = nil
	}
}

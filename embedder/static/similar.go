package static

import "dalil/vector"

// Similar returns the cosine similarity, -1 to 1, of the text of a profile with each
// of the others. Bytes that are no profile of this model are similar to nothing: 0.
func (s *Scorer) Similar(profile []byte, others [][]byte) []float32 {
	w := s.scratch.Get().(*scoring)
	defer s.scratch.Put(w)
	mean := make([]float32, w.width)
	similar := make([]float32, len(others))
	if !w.mean(mean, profile) {
		return similar
	}
	other := make([]float32, w.width)
	for i, p := range others {
		if w.mean(other, p) {
			similar[i] = vector.DotFloat32(mean, other)
		}
	}
	return similar
}

// mean sets v to the mean vector of a profile's tokens, of unit length; false: it has none.
func (w *scoring) mean(v []float32, profile []byte) bool {
	w.ids, w.sentences = w.e.appendProfile(w.ids[:0], w.sentences[:0], profile)
	for i, id := range w.ids {
		if id < 0 { // the last token of a word
			w.ids[i] = ^id
		}
	}
	clear(v)
	w.e.sum(v, w.ids)
	return normalise(v)
}

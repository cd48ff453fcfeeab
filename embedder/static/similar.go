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
	defer w.reset()
	w.codes, w.sentences = w.e.appendProfile(w.codes[:0], w.sentences[:0], profile)
	w.ids = w.ids[:0]
	for _, code := range w.codes {
		w.ids = append(w.ids, code>>1)
	}
	clear(v)
	w.e.sum(v, w.ids)
	return normalise(v)
}

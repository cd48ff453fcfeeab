package searcher

import (
	"context"
	"slices"
)

// match finds the question's words in the best candidates. What they hold lies in the
// memory of the run until it ends.
func (r *run) match(_ context.Context, candidates []candidate) ([]candidate, error) {
	if !r.lexical {
		return candidates, nil
	}
	m := r.memory()
	best := r.best(candidates)
	words := len(r.question.Groups)
	m.held, m.ends = slices.Grow(m.held, 2*len(best)*words), m.ends[:0]
	from, first := len(m.places), len(m.held)
	for i := range best {
		if best[i].profile != nil {
			r.question.Match(best[i].profile.words, &m.one)
			m.held, m.places = append(append(m.held, m.one.Held...), m.one.Certain...), append(m.places, m.one.Places...)
		} else {
			m.held = m.held[:len(m.held)+2*words]
		}
		m.ends = append(m.ends, len(m.places))
	}
	held := m.held[first:]
	for i, end := range m.ends {
		if best[i].profile != nil {
			of := held[2*i*words:]
			best[i].held, best[i].certain = of[:words:words], of[words:2*words:2*words]
			best[i].places = m.places[from:end:end]
		}
		from = end
	}
	return candidates, nil
}

// cover computes how much of the question each of the best candidates contains.
func (r *run) cover(_ context.Context, candidates []candidate) ([]candidate, error) {
	if !r.lexical {
		return candidates, nil
	}
	best := r.best(candidates)
	coverages := make([]float32, len(best))
	for i := range best {
		if best[i].held != nil {
			coverages[i] = r.question.CoverageOf(best[i].held)
			best[i].scores.Coverage = &coverages[i]
		}
	}
	return candidates, nil
}

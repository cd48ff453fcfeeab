package searcher

import (
	"context"

	"dalil/lexical"
)

// match finds the question's words in the best candidates.
func (r *run) match(_ context.Context, candidates []candidate) ([]candidate, error) {
	if !r.lexical {
		return candidates, nil
	}
	best := r.best(candidates)
	words := len(r.question.Groups)
	held := make([]float64, 0, len(best)*words)
	var places []lexical.Place
	var m lexical.Match
	ends := make([]int, len(best))
	for i := range best {
		if best[i].profile != nil {
			r.question.Match(best[i].profile.words, &m)
			held, places = append(held, m.Held...), append(places, m.Places...)
		} else {
			held = held[:len(held)+words]
		}
		ends[i] = len(places)
	}
	from := 0
	for i := range best {
		if best[i].profile != nil {
			best[i].held = held[i*words : (i+1)*words : (i+1)*words]
			best[i].places = places[from:ends[i]:ends[i]]
		}
		from = ends[i]
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

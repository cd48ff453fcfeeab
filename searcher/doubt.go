package searcher

import (
	"context"
	"math"
	"slices"
	"time"

	"dalil/corpus"
	"dalil/lexical"
)

// reading is one way to understand a question: as it is, or with words of the conversation.
type reading struct {
	question  lexical.Question
	vector    corpus.Vector
	asked     string
	followsUp bool
}

func (r *run) asRead() reading { return reading{r.question, r.vector, r.asked, r.followsUp} }

func (r *run) readAs(as reading) {
	r.question, r.vector, r.asked, r.followsUp = as.question, as.vector, as.asked, as.followsUp
}

// clearlyAnswers is the relevance from which a passage shows that a question stands alone, if the
// question finds nothing more relevant with the words of the conversation.
const clearlyAnswers = 0.7

// settle decides how a question is read if the gate is not sure. The more probable reading
// leads, or the plain one if its best passage clearly answers. The best passage of the other
// reading becomes the second of the answer, so that a wrong decision does not hide it.
func (r *run) settle(ctx context.Context, plain, joined reading, followsUp bool) error {
	defer func() { r.clock.lap(corpus.StageConversation) }()
	leading, other := plain, joined
	if followsUp {
		leading, other = joined, plain
	}
	best, err := r.tried(ctx, other)
	if err != nil {
		return err
	}
	if followsUp && best.relevance > clearlyAnswers {
		with, err := r.tried(ctx, joined)
		if err != nil {
			return err
		}
		if with.relevance < best.relevance {
			leading, best = plain, with
		}
	}
	r.readAs(leading)
	r.alternative = best.first
	return nil
}

// attempt is what a reading of the question finds.
type attempt struct {
	first     *candidate // nil: it finds nothing
	relevance float32    // the highest among its best passages; 0: unknown
}

// tried searches with a reading of the question. The run does not change.
func (r *run) tried(ctx context.Context, as reading) (attempt, error) {
	trial := *r
	trial.readAs(as)
	trial.clock = clock{last: time.Now()}
	defer trial.end()
	if err := trial.retrieve(ctx); err != nil {
		return attempt{}, err
	}
	if err := trial.rank(ctx); err != nil {
		return attempt{}, err
	}
	var t attempt
	if best, known := trial.mostRelevant(); known {
		t.relevance = best
	}
	if len(trial.candidates) > 0 {
		first := trial.candidates[0]
		first.profile, first.places, first.held = nil, nil, nil // they belong to the trial
		t.first = &first
	}
	return t, nil
}

// insure puts the best passage of the other reading second, if it is not among the first two.
func (r *run) insure() {
	if r.alternative == nil {
		return
	}
	i := slices.IndexFunc(r.candidates, func(c candidate) bool { return c.hit.ID == r.alternative.hit.ID })
	if i == 0 || i == 1 {
		return
	}
	if i < 0 {
		i = len(r.candidates)
		r.candidates = append(r.candidates, *r.alternative)
	}
	if i == 0 { // the leading reading found nothing
		return
	}
	second := r.candidates[i]
	second.final = math.Nextafter(r.candidates[0].final, math.Inf(-1))
	copy(r.candidates[2:], r.candidates[1:i])
	r.candidates[1] = second
}

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

// clearlyAnswers is the relevance from which a passage shows that a question stands alone. If the question as it is
// leads, nothing else is searched for then. Otherwise it leads from there on, if nothing more relevant is found
// with the words of the conversation.
const clearlyAnswers = 0.6

// The other reading of a question gives one passage to the answer. So each arm gives it trialDepth
// candidates, and trialRerank of them are reranked: a fraction of the time of a whole search.
const (
	trialDepth  = 12
	trialRerank = 6
)

// leastInsured is the least relevance of a passage of the other reading, as a share of that of the passage
// whose place it takes.
const leastInsured = 0.5

// settle decides how a question is read if the gate is not sure. The more probable reading
// leads, or the plain one if its best passage clearly answers. The best passage of the other
// reading becomes the second of the answer, so that a wrong decision does not hide it. What the leading
// reading finds stays for [run.seek].
func (r *run) settle(ctx context.Context, plain, joined reading, followsUp bool) error {
	leading, other := plain, joined
	if followsUp {
		leading, other = joined, plain
	}
	r.readAs(leading)
	r.clock.lap(corpus.StageConversation)
	if err := r.seek(ctx); err != nil {
		return err
	}
	r.sought = true
	found := r.attempted()
	if !followsUp && found.relevance > clearlyAnswers {
		return nil
	}
	best, err := r.tried(ctx, other)
	if err != nil {
		return err
	}
	if followsUp && best.relevance > clearlyAnswers && found.relevance < best.relevance {
		r.forget()
		r.readAs(plain)
		r.alternative = found.first
		return nil
	}
	if best.first != nil && r.deserves(best.first) {
		r.alternative = best.first
	}
	return nil
}

// deserves reports whether a passage of the other reading is relevant enough for the second place. Where nothing is
// known about its relevance, it is.
func (r *run) deserves(first *candidate) bool {
	if len(r.candidates) < 2 {
		return true
	}
	own, second := r.relevance(first), r.relevance(&r.candidates[1])
	return own == nil || second == nil || *own >= leastInsured**second
}

// attempt is what a reading of the question finds.
type attempt struct {
	first     *candidate // nil: it finds nothing
	relevance float32    // the highest among its best passages; 0: unknown
}

// attempted is what the run found.
func (r *run) attempted() attempt {
	var a attempt
	if best, known := r.mostRelevant(); known {
		a.relevance = best
	}
	if len(r.candidates) > 0 {
		first := r.candidates[0]
		first.profile, first.places, first.held = nil, nil, nil // they belong to the run, as the signs
		if first.signs != nil {
			signs := *first.signs
			first.signs = &signs
		}
		a.first = &first
	}
	return a
}

// tried searches with a reading of the question, less deep. The run does not change.
func (r *run) tried(ctx context.Context, as reading) (attempt, error) {
	trial := *r
	trial.reset()
	trial.depth, trial.rerankDepth = min(r.depth, trialDepth), min(r.rerankDepth, trialRerank)
	trial.readAs(as)
	trial.clock = clock{last: time.Now()}
	defer trial.end()
	if err := trial.seek(ctx); err != nil {
		return attempt{}, err
	}
	return trial.attempted(), nil
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

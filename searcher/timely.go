package searcher

import (
	"context"
	"fmt"
	"math"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/timex"
)

// timelyRaise is what a passage gains whose document was published in the time that the
// question names, in standard deviations of the scores of the best candidates. It decides
// between passages that answer about equally well.
const timelyRaise = 0.5

// leastDeviation lets the time decide between passages whose scores are nearly equal. The
// scores of a mix are sums of standardised signals.
func (r *run) leastDeviation() float64 {
	if r.query.Fusion.Method == corpus.Mix && !r.asksExternal() {
		return 1
	}
	return 1e-6
}

// readTime finds the time that the question names, unless the query turns that off.
func (r *run) readTime() {
	if r.query.AnyTime {
		return
	}
	now := r.query.Now
	if now.IsZero() {
		now = time.Now()
	}
	if read, found := timex.Read(r.query.Text, now); found {
		r.time = &corpus.Published{From: read.From, Until: read.Until}
	}
}

// timely returns arms that search for passages of the time that the question names, so
// that they are among the candidates in a large index too. The arms of the whole index score
// what these find, so these need not score what others find. There are none if the question
// names no time.
func (r *run) timely(arms []store.ArmQuery) []store.ArmQuery {
	if r.time == nil {
		return nil
	}
	also := make([]store.ArmQuery, len(arms))
	for i, arm := range arms {
		arm.Filter = r.inTime(arm.Filter)
		arm.Limit = (arm.Limit + 1) / 2
		arm.Union = false
		also[i] = arm
	}
	return also
}

// inTime adds the time that the question names to a filter.
func (r *run) inTime(f corpus.Filter) corpus.Filter {
	published := corpus.Filter{Published: r.time}
	if f.IsZero() {
		return published
	}
	return corpus.Filter{All: []corpus.Filter{f, published}}
}

// markTimely marks the candidates whose documents were published in the time that the
// question names. Every candidate has a score of the first arm: the dense one finds every
// passage, and without it all were found by their words.
func (r *run) markTimely(ctx context.Context, first store.ArmQuery) error {
	if r.time == nil || len(r.candidates) == 0 {
		return nil
	}
	first.IDs, first.Limit, first.Min, first.Filter = idsOf(r.candidates), len(r.candidates), nil, r.inTime(first.Filter)
	found, err := r.deps.Store.Search(ctx, []store.ArmQuery{first})
	if err != nil {
		return fmt.Errorf("look for %d passages in the time of the question: %w", len(first.IDs), err)
	}
	fits := make(map[corpus.ChunkID]bool, len(found[0]))
	for _, h := range found[0] {
		fits[h.ID] = true
	}
	for i := range r.candidates {
		r.candidates[i].timely = fits[r.candidates[i].hit.ID]
	}
	return nil
}

// raise raises the marked candidates: among all before the best are reranked, so that they
// are among these, and among the best after all other steps. It excludes none.
func (r *run) raise(candidates []candidate) {
	if r.time == nil {
		return
	}
	raise := timelyRaise * max(deviation(candidates), r.leastDeviation())
	for i := range candidates {
		if candidates[i].timely {
			candidates[i].final += raise
		}
	}
	sortCandidates(candidates)
}

// deviation is the standard deviation of the candidates' scores.
func deviation(candidates []candidate) float64 {
	var mean, variance float64
	n := float64(len(candidates))
	for i := range candidates {
		mean += candidates[i].final / n
	}
	for i := range candidates {
		d := candidates[i].final - mean
		variance += d * d / n
	}
	return math.Sqrt(variance)
}

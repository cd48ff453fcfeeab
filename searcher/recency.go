package searcher

import (
	"context"
	"fmt"
	"math"
	"time"

	"dalil/corpus"
	"dalil/store"
)

const (
	// recencyTop is the number of best passages whose scores set the unit of recency, and
	// recencyUnits the number of units between the first and the last of them.
	recencyTop, recencyUnits = 10, 3
	// recencyLeast is the smallest unit, so that the age decides between equal scores.
	recencyLeast = 1e-6
	// oldest is the number of half-lives from which on an age makes no difference, so that
	// scores stay finite.
	oldest = 20
)

// recent adds to the scores of passages of new documents, and subtracts from those of old
// ones: unit · ln(1 + weight · (2 · 2^(−age/half-life) − 1)), where a unit is a third of the
// difference between the scores of the best passage and the tenth. A document without a date
// gets 0, as one of the age of one half-life. A date in the future counts as now.
func (r *run) recent(ctx context.Context, candidates []candidate) ([]candidate, error) {
	if len(candidates) < 2 {
		return candidates, nil
	}
	published, err := store.Published(ctx, r.deps.Store, idsOf(candidates))
	if err != nil {
		return nil, fmt.Errorf("read the dates of %d passages: %w", len(candidates), err)
	}
	now := r.query.Now
	if now.IsZero() {
		now = time.Now()
	}
	tenth := candidates[min(recencyTop, len(candidates))-1].final
	unit := max((candidates[0].final-tenth)/recencyUnits, recencyLeast)
	for i := range candidates {
		if !published[i].IsZero() {
			candidates[i].final += unit * math.Log(recencyFactor(published[i], now, r.query.Recency))
		}
	}
	sortCandidates(candidates)
	return candidates, nil
}

// recencyFactor is how much a passage that was published at a time counts; 1: as without
// recency.
func recencyFactor(published, now time.Time, r *corpus.Recency) float64 {
	age := float64(now.Unix()-published.Unix()) + float64(now.Nanosecond()-published.Nanosecond())/1e9
	halvings := min(max(age/r.HalfLife.Seconds(), 0), oldest)
	return 1 + float64(r.Weight)*(2*math.Exp2(-halvings)-1)
}

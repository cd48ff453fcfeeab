package standin

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	sdk "github.com/qdrant/go-client/qdrant"
)

// QueryBatch answers dense and lexical queries by comparing all points.
func (p points) QueryBatch(_ context.Context, r *sdk.QueryBatchPoints) (*sdk.QueryBatchResponse, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	c, err := p.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	answer := &sdk.QueryBatchResponse{}
	for _, q := range r.GetQueryPoints() {
		result, err := p.query(c, q)
		if err != nil {
			return nil, err
		}
		answer.Result = append(answer.Result, &sdk.BatchResult{Result: result})
	}
	return answer, nil
}

func (s *Server) query(c *collection, q *sdk.QueryPoints) ([]*sdk.ScoredPoint, error) {
	if err := errors.Join(c.checkLimit(q.GetLimit()), c.checkFilter(q.GetFilter())); err != nil {
		return nil, err
	}
	var err error
	nearest := q.GetQuery().GetNearest()
	var score func(*point) (float32, bool)
	switch {
	case q.GetPrefetch() != nil || q.GetOffset() != 0 || q.GetWithPayload().GetEnable() || q.GetWithVectors() != nil || q.ScoreThreshold != nil:
		return nil, unknown("this query")
	case q.GetUsing() == "dense" && nearest.GetDense() != nil:
		vector := slices.Clone(nearest.GetDense().GetData())
		if uint64(len(vector)) != c.size {
			return nil, invalid("Vector dimension error: expected dim: %d, got %d", c.size, len(vector))
		}
		normalise(vector)
		score = func(one *point) (float32, bool) { return dot(vector, one.dense), one.dense != nil }
	case q.GetUsing() == "lexical" && nearest.GetSparse() != nil:
		population := q.GetParams().GetIdf().GetCorpus()
		if s.minor() < 19 { // it does not have the field
			population = nil
		}
		if score, err = c.lexical(nearest.GetSparse(), population); err != nil {
			return nil, err
		}
	default:
		return nil, unknown("a query that is unknown; use dense or lexical")
	}
	found, err := c.matching(q.GetFilter())
	if err != nil {
		return nil, err
	}
	var scored []*sdk.ScoredPoint
	for _, one := range found {
		if s, hit := score(one); hit {
			scored = append(scored, &sdk.ScoredPoint{Id: pointID(one.id), Score: s})
		}
	}
	// Which of equal scores come first is not promised.
	slices.SortFunc(scored, func(a, b *sdk.ScoredPoint) int {
		return cmp.Or(cmp.Compare(b.GetScore(), a.GetScore()), strings.Compare(backwards(key(a.GetId())), backwards(key(b.GetId()))))
	})
	return scored[:min(len(scored), int(q.GetLimit()))], nil
}

func backwards(id string) string {
	reversed := []byte(id)
	slices.Reverse(reversed)
	return string(reversed)
}

func dot(a, b []float32) float32 {
	var sum float32
	for i := range min(len(a), len(b)) {
		sum += a[i] * b[i]
	}
	return sum
}

// lexical scores by Σ idf × query weight × point weight, with the server's own
// ln(1 + (N−n+½)/(n+½)), where N and n count the points of the population; nil: all.
func (c *collection) lexical(asked *sdk.SparseVector, population *sdk.Filter) (func(*point) (float32, bool), error) {
	weights := make(map[uint32]float64, len(asked.GetIndices()))
	total, frequency := 0.0, map[uint32]float64{}
	for _, one := range c.points {
		if !one.lexical {
			continue
		}
		if counts, err := matches(population, one); err != nil {
			return nil, err
		} else if !counts {
			continue
		}
		total++
		for _, d := range one.indices {
			frequency[d]++
		}
	}
	for i, d := range asked.GetIndices() {
		n := frequency[d]
		weights[d] = float64(asked.GetValues()[i]) * math.Log(1+(total-n+0.5)/(n+0.5))
	}
	return func(one *point) (float32, bool) {
		sum, hit := 0.0, false
		for i, d := range one.indices {
			if w, shared := weights[d]; shared {
				sum += w * float64(one.weights[i])
				hit = true
			}
		}
		return float32(sum), hit
	}, nil
}

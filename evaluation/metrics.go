package evaluation

import (
	"math"
	"slices"
)

// Metrics are means over the queries of a set, each between 0 and 1.
type Metrics struct {
	Queries  int     `json:"queries"`
	NDCG10   float64 `json:"ndcg@10"`
	Recall1  float64 `json:"recall@1"`
	Recall3  float64 `json:"recall@3"`
	Recall10 float64 `json:"recall@10"`
	MRR10    float64 `json:"mrr@10"`
}

// Measure judges one ranked list of document ids per query. A document counts
// once, at its best place: repeats are taken out before the cuts at 1, 3 and
// 10. Gains are exponential (2^gain - 1) and discounts log2(rank+1), as in
// Burges et al., ICML 2005.
func Measure(queries []Judged, ranked [][]string) Metrics {
	var sum Metrics
	for i, q := range queries {
		m := measureOne(q.Relevant, ranked[i])
		sum.NDCG10 += m.NDCG10
		sum.Recall1 += m.Recall1
		sum.Recall3 += m.Recall3
		sum.Recall10 += m.Recall10
		sum.MRR10 += m.MRR10
	}
	n := float64(max(len(queries), 1))
	return Metrics{
		Queries: len(queries), NDCG10: sum.NDCG10 / n, Recall1: sum.Recall1 / n,
		Recall3: sum.Recall3 / n, Recall10: sum.Recall10 / n, MRR10: sum.MRR10 / n,
	}
}

func measureOne(relevant map[string]int, ranked []string) Metrics {
	var m Metrics
	seen := make(map[string]bool, len(ranked))
	rank, found := 0, 0
	for _, id := range ranked {
		if seen[id] {
			continue
		}
		seen[id] = true
		if rank++; rank > 10 {
			break
		}
		gain := relevant[id]
		if gain <= 0 {
			continue
		}
		m.NDCG10 += discounted(gain, rank)
		if found++; found == 1 {
			m.MRR10 = 1 / float64(rank)
		}
		share := 1 / float64(len(relevant))
		if rank <= 1 {
			m.Recall1 += share
		}
		if rank <= 3 {
			m.Recall3 += share
		}
		m.Recall10 += share
	}
	m.NDCG10 /= ideal(relevant)
	return m
}

func ideal(relevant map[string]int) float64 {
	gains := make([]int, 0, len(relevant))
	for _, gain := range relevant {
		gains = append(gains, gain)
	}
	slices.SortFunc(gains, func(a, b int) int { return b - a })
	var sum float64
	for i, gain := range gains[:min(len(gains), 10)] {
		sum += discounted(gain, i+1)
	}
	return sum
}

func discounted(gain, rank int) float64 {
	return (math.Exp2(float64(gain)) - 1) / math.Log2(float64(rank)+1)
}

package evaluation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Rank answers a question with document ids, best first. A document may appear once
// for each of its passages. At least ten different ones are needed.
type Rank func(ctx context.Context, question string) ([]string, error)

// Report has the measures of one ranker on one set.
type Report struct {
	Name string `json:"name"`
	Metrics
	Tags      map[string]Metrics `json:"tags,omitempty"` // of the queries that carry each tag
	Documents int                `json:"documents"`
	// OwnFirst is set for sets in several languages.
	OwnFirst *OwnFirst `json:"own_language_first,omitempty"`
	// Questions is the nDCG@10 of each question, for comparison with another run.
	Questions map[string]float64 `json:"-"`
	// MeanMilliseconds and P95Milliseconds are the duration of one query for its
	// caller.
	MeanMilliseconds float64 `json:"mean_ms"`
	P95Milliseconds  float64 `json:"p95_ms"`
}

// Judge runs every query of the set, one after the other, and measures the answers.
func Judge(ctx context.Context, set Set, rank Rank) (Report, error) {
	report := Report{Name: set.Name, Documents: len(set.Documents)}
	ranked := make([][]string, len(set.Queries))
	times := make([]time.Duration, len(set.Queries))
	var total time.Duration
	for i, q := range set.Queries {
		start := time.Now()
		ids, err := rank(ctx, q.Text)
		if err != nil {
			return Report{}, fmt.Errorf("%s: query %s: %w", set.Name, q.ID, err)
		}
		times[i] = time.Since(start)
		total += times[i]
		ranked[i] = ids
	}
	report.Metrics = Measure(set.Queries, ranked)
	report.Tags = byTag(set.Queries, ranked)
	report.OwnFirst = MeasureOwn(set, ranked)
	report.Questions = make(map[string]float64, len(set.Queries))
	for i, q := range set.Queries {
		report.Questions[q.ID] = measureOne(q.Relevant, ranked[i]).NDCG10
	}
	if n := len(times); n > 0 {
		slices.Sort(times)
		report.MeanMilliseconds = milliseconds(total) / float64(n)
		report.P95Milliseconds = milliseconds(times[min(n*95/100, n-1)])
	}
	return report, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func byTag(queries []Judged, ranked [][]string) map[string]Metrics {
	places := map[string][]int{}
	for i, q := range queries {
		for _, tag := range q.Tags {
			places[tag] = append(places[tag], i)
		}
	}
	if len(places) == 0 {
		return nil
	}
	metrics := make(map[string]Metrics, len(places))
	for _, tag := range slices.Sorted(maps.Keys(places)) {
		var some []Judged
		var lists [][]string
		for _, i := range places[tag] {
			some, lists = append(some, queries[i]), append(lists, ranked[i])
		}
		metrics[tag] = Measure(some, lists)
	}
	return metrics
}

package observe

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/searcher"
)

// rerankerMetrics count the calls of an external reranker.
type rerankerMetrics struct {
	requests *prometheus.CounterVec
	duration prometheus.Observer
}

func newRerankerMetrics(r prometheus.Registerer) *rerankerMetrics {
	m := &rerankerMetrics{
		requests: counter(r, "dalil_reranker_requests_total", "Calls of the reranker of search.reranker, by result.", "result"),
		duration: histogram(r, "dalil_reranker_request_duration_seconds", "Time of one call of the reranker.", seconds).WithLabelValues(),
	}
	for _, result := range append(reasons(), "ok") {
		m.requests.WithLabelValues(result)
	}
	return m
}

// External counts the calls of e.
func (m *Metrics) External(e searcher.External) searcher.External {
	return &observedExternal{e, m.reranker}
}

type observedExternal struct {
	searcher.External
	metrics *rerankerMetrics
}

func (o *observedExternal) Scores(ctx context.Context, query string, texts []string) ([]float32, error) {
	start := time.Now()
	scores, err := o.External.Scores(ctx, query, texts)
	o.metrics.duration.Observe(time.Since(start).Seconds())
	result := "ok"
	if err != nil {
		// The deadline of the call is a timeout of Dalil itself, after which the order does not change.
		result = reason(context.WithoutCancel(ctx), err)
	}
	o.metrics.requests.WithLabelValues(result).Inc()
	return scores, err
}

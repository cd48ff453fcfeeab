package observe

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/corpus"
)

var outcomes = []corpus.Outcome{corpus.Indexed, corpus.Unchanged, corpus.Failed, corpus.Deleted, corpus.Stale}

// ingestMetrics count the outcomes of documents on the write path.
type ingestMetrics struct {
	documents             map[corpus.Outcome]prometheus.Counter
	passages, tokens, cut prometheus.Counter
	failures              *prometheus.CounterVec
}

func newIngestMetrics(r prometheus.Registerer) *ingestMetrics {
	documents := counter(r, "dalil_ingest_documents_total", "Documents, by outcome.", "outcome")
	m := &ingestMetrics{
		documents: map[corpus.Outcome]prometheus.Counter{},
		passages:  counter(r, "dalil_ingest_passages_total", "Passages written.").WithLabelValues(),
		tokens:    counter(r, "dalil_ingest_tokens_total", "Tokens embedded for documents, as the model counts them.").WithLabelValues(),
		cut:       counter(r, "dalil_ingest_cut_passages_total", "Passages that were too long for the model, which read only their beginning.").WithLabelValues(),
		failures:  counter(r, "dalil_ingest_failures_total", "Documents that failed, by the kind of failure.", "reason"),
	}
	for _, outcome := range outcomes {
		m.documents[outcome] = documents.WithLabelValues(outcome.String())
	}
	for _, name := range reasons() {
		m.failures.WithLabelValues(name)
	}
	return m
}

// Receipt counts the outcome of one document in a call with ctx, and records a
// failure for the log.
func (m *Metrics) Receipt(ctx context.Context, r corpus.Receipt) {
	if documents, known := m.ingest.documents[r.Outcome]; known {
		documents.Inc()
	}
	if r.Outcome == corpus.Failed {
		why := reason(ctx, r.Err)
		m.ingest.failures.WithLabelValues(why).Inc()
		m.failures.note(why, r.Err)
	}
	if r.Outcome == corpus.Indexed {
		m.ingest.passages.Add(float64(r.Chunks))
	}
	m.ingest.tokens.Add(float64(r.Tokens))
	m.ingest.cut.Add(float64(r.Cut))
}

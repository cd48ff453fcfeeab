package observe

import (
	"github.com/prometheus/client_golang/prometheus"

	"dalil/corpus"
)

// contextMetrics measure the contexts for language models.
type contextMetrics struct {
	tokens   prometheus.Observer
	blocks   prometheus.Observer
	evidence map[corpus.Evidence]prometheus.Counter
	dropped  map[corpus.DropReason]prometheus.Counter
	flags    map[corpus.ContextFlag]prometheus.Counter
}

func newContextMetrics(r prometheus.Registerer) *contextMetrics {
	m := &contextMetrics{
		evidence: map[corpus.Evidence]prometheus.Counter{}, dropped: map[corpus.DropReason]prometheus.Counter{},
		flags: map[corpus.ContextFlag]prometheus.Counter{},
		tokens: histogram(r, "dalil_context_tokens", "Tokens of a context.",
			[]float64{0, 100, 200, 400, 700, 1000, 2000, 4000, 8000, 16000, 32000}).WithLabelValues(),
		blocks: histogram(r, "dalil_context_blocks", "Blocks of a context.", []float64{0, 1, 2, 3, 5, 8, 12, 20, 50, 100}).WithLabelValues(),
	}
	evidence := counter(r, "dalil_context_evidence_total", "Contexts, by what the evidence for an answer was.", "evidence")
	for _, e := range corpus.Evidences() {
		m.evidence[e] = evidence.WithLabelValues(e.String())
	}
	dropped := counter(r, "dalil_context_dropped_total", "Passages that were found and left out of a context, by reason.", "reason")
	for _, reason := range corpus.DropReasons() {
		m.dropped[reason] = dropped.WithLabelValues(reason.String())
	}
	flags := counter(r, "dalil_context_flags_total", "Blocks of contexts whose text has a flag.", "flag")
	for _, f := range corpus.ContextFlags() {
		m.flags[f] = flags.WithLabelValues(f.String())
	}
	return m
}

// Context counts one context, and the search that it came from.
func (m *Metrics) Context(a corpus.ContextAnswer) {
	m.answer(a.Answer, len(a.Blocks)+len(a.Dropped))
	c := m.context
	c.tokens.Observe(float64(a.Tokens))
	c.blocks.Observe(float64(len(a.Blocks)))
	c.evidence[a.Evidence].Inc()
	for _, d := range a.Dropped {
		if counter, known := c.dropped[d.Reason]; known {
			counter.Inc()
		}
	}
	for _, b := range a.Blocks {
		for _, f := range b.Flags {
			if counter, known := c.flags[f]; known {
				counter.Inc()
			}
		}
	}
}

package observe

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/corpus"
)

var stages = []corpus.Stage{
	corpus.StageExpand, corpus.StageEmbed, corpus.StageStore, corpus.StageFuse, corpus.StageRerank, corpus.StageHydrate,
	corpus.StageContext, corpus.StageArrange, corpus.StageConversation,
}

// searchMetrics measure the read path. They also show, without judgements, how good
// its answers may be: how many questions find nothing, or nothing similar.
type searchMetrics struct {
	stages     map[corpus.Stage]prometheus.Observer
	results    prometheus.Observer
	candidates prometheus.Observer
	zero       prometheus.Counter
	similarity prometheus.Observer
	evidence   map[corpus.Evidence]prometheus.Counter
	degraded   map[corpus.Arm]prometheus.Counter
	failed     map[corpus.Stage]prometheus.Counter // stages that failed
	batched    *prometheus.CounterVec
}

func newSearchMetrics(r prometheus.Registerer) *searchMetrics {
	duration := histogram(r, "dalil_search_stage_duration_seconds", "Time of one stage of the read path.", seconds, "stage")
	degraded := counter(r, "dalil_search_degraded_total", "Questions that one arm could not answer, while the other arm did.", "arm")
	m := &searchMetrics{
		stages: map[corpus.Stage]prometheus.Observer{}, degraded: map[corpus.Arm]prometheus.Counter{},
		results: histogram(r, "dalil_search_results", "Passages on an answered page.",
			[]float64{0, 1, 2, 5, 10, 20, 50, 100}).WithLabelValues(),
		candidates: histogram(r, "dalil_search_candidates", "Passages that the arms found for a question, after thresholds.",
			[]float64{0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}).WithLabelValues(),
		zero: counter(r, "dalil_search_zero_results_total", "Questions that found nothing at all.").WithLabelValues(),
		similarity: histogram(r, "dalil_search_top_dense_similarity", "Cosine similarity of the dense arm's best candidate.",
			[]float64{0, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1}).WithLabelValues(),
	}
	m.batched = counter(r, "dalil_search_batch_requests_total", "Requests of batches that were searched for, by result.", "result")
	for _, result := range append(reasons(), "ok") {
		m.batched.WithLabelValues(result)
	}
	evidence := counter(r, "dalil_search_evidence_total", "Answered questions, by whether their passages answer them.", "evidence")
	m.evidence = map[corpus.Evidence]prometheus.Counter{}
	for _, e := range corpus.Evidences() {
		m.evidence[e] = evidence.WithLabelValues(e.String())
	}
	for _, stage := range stages {
		m.stages[stage] = duration.WithLabelValues(string(stage))
	}
	failed := counter(r, "dalil_search_degraded_stages_total", "Questions that were answered without this stage because it failed.", "stage")
	m.failed = map[corpus.Stage]prometheus.Counter{corpus.StageRerank: failed.WithLabelValues(string(corpus.StageRerank))}
	for _, arm := range arms {
		m.degraded[arm] = degraded.WithLabelValues(arm.String())
	}
	return m
}

// Answer counts one answered question.
func (m *Metrics) Answer(a corpus.Answer) { m.answer(a, len(a.Passages)) }

// Batch returns a function that counts the answers and errors of a batch, and passes
// them to report.
func (m *Metrics) Batch(ctx context.Context, report func(int, corpus.Answer, error)) func(int, corpus.Answer, error) {
	return func(i int, a corpus.Answer, err error) {
		result := "ok"
		if err == nil {
			m.Answer(a)
		} else {
			result = reason(ctx, err)
		}
		m.search.batched.WithLabelValues(result).Inc()
		report(i, a, err)
	}
}

// answer counts a question that was answered with a number of passages.
func (m *Metrics) answer(a corpus.Answer, results int) {
	s := m.search
	for _, t := range a.Timings {
		if stage, known := s.stages[t.Stage]; known {
			stage.Observe(t.Duration.Seconds())
		}
		if t.Stage == corpus.StageConversation { // it had a history
			m.past.count(a.FollowsUp)
		}
	}
	s.results.Observe(float64(results))
	s.candidates.Observe(float64(a.Candidates))
	if a.Candidates == 0 {
		s.zero.Inc()
	}
	if counter, known := s.evidence[a.Evidence]; known {
		counter.Inc()
	}
	if a.TopDense != nil {
		s.similarity.Observe(float64(*a.TopDense))
	}
	for _, stage := range a.DegradedStages {
		if counter, known := s.failed[stage]; known {
			counter.Inc()
		}
	}
	for _, arm := range a.Degraded {
		if counter, known := s.degraded[arm]; known {
			counter.Inc()
		}
	}
}

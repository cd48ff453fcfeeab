package observe

import (
	"context"
	"math"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/embedder"
)

type embedderMetrics struct {
	requests  *prometheus.CounterVec
	roles     map[embedder.Role]*roleMetrics
	hit, miss prometheus.Counter
	match     prometheus.Gauge
}

// roleMetrics has the series of one role.
type roleMetrics struct {
	ok, tokens, cut prometheus.Counter
	duration, texts prometheus.Observer
}

func newEmbedderMetrics(r prometheus.Registerer) *embedderMetrics {
	requests := counter(r, "dalil_embedder_requests_total", "Calls of the model, by result.", "role", "result")
	tokens := counter(r, "dalil_embedder_tokens_total", "Tokens embedded, as the model counts them.", "role")
	cut := counter(r, "dalil_embedder_cut_texts_total", "Texts that were too long for the model, which read only their beginning.", "role")
	duration := histogram(r, "dalil_embedder_request_duration_seconds", "Time of one call of the model.", seconds, "role")
	texts := histogram(r, "dalil_embedder_batch_texts", "Texts in one call of the model.",
		[]float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}, "role")
	cache := counter(r, "dalil_embedder_cache_requests_total", "Questions looked up in the cache of vectors.", "result")
	m := &embedderMetrics{
		requests: requests, roles: map[embedder.Role]*roleMetrics{},
		hit: cache.WithLabelValues("hit"), miss: cache.WithLabelValues("miss"),
	}
	m.match = prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "dalil_embedder_fingerprint_match", Help: "1 if the model embeds the probe texts as when the collection was created, 0 if it does not, NaN before it could be compared.",
	})
	r.MustRegister(m.match)
	m.match.Set(math.NaN())
	for _, role := range []embedder.Role{embedder.Passage, embedder.Query} {
		name := role.String()
		for _, result := range reasons() {
			requests.WithLabelValues(name, result)
		}
		m.roles[role] = &roleMetrics{
			ok: requests.WithLabelValues(name, "ok"), tokens: tokens.WithLabelValues(name), cut: cut.WithLabelValues(name),
			duration: duration.WithLabelValues(name), texts: texts.WithLabelValues(name),
		}
	}
	return m
}

// FingerprintMatch sets whether the model is still the one that built the
// collection.
func (m *Metrics) FingerprintMatch(same bool) {
	m.embedder.match.Set(0)
	if same {
		m.embedder.match.Set(1)
	}
}

// Embedder counts the calls of e. It must be the innermost wrapper: a look-up in
// the cache is no call of the model, but each retry is one.
func (m *Metrics) Embedder(e embedder.Embedder) embedder.Embedder {
	return &observedEmbedder{e, m.embedder}
}

type observedEmbedder struct {
	embedder.Embedder
	metrics *embedderMetrics
}

func (o *observedEmbedder) Unwrap() embedder.Embedder { return o.Embedder }

func (o *observedEmbedder) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	m, known := o.metrics.roles[role]
	if !known {
		m, role = o.metrics.roles[embedder.Passage], embedder.Passage
	}
	start := time.Now()
	answer, err := o.Embedder.Embed(ctx, role, texts)
	m.duration.Observe(time.Since(start).Seconds())
	m.texts.Observe(float64(len(texts)))
	if err != nil {
		o.metrics.requests.WithLabelValues(role.String(), reason(ctx, err)).Inc()
		return answer, err
	}
	m.ok.Inc()
	m.tokens.Add(float64(answer.Tokens))
	m.cut.Add(float64(len(answer.Cut)))
	return answer, nil
}

// CacheSeen counts one look-up in the query cache. It is a function for
// embedder.CacheOptions.
func (m *Metrics) CacheSeen(hit bool) {
	if hit {
		m.embedder.hit.Inc()
	} else {
		m.embedder.miss.Inc()
	}
}

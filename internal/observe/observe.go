// Package observe exports Prometheus metrics of the service: wrappers around the
// contracts, interceptors for the server, and the admin endpoints. It is the only
// package that imports Prometheus. Start with [New].
//
// Rules: every name begins with dalil_, except for the go_ and process_ metrics of
// the usual collectors. Times are in seconds and sizes in bytes. Label values are
// fixed in the code and never contain a question or a passage. docs/metrics.md
// lists all metrics.
package observe

import (
	"regexp"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"dalil/corpus"
)

// Build is the program that runs.
type Build struct{ Version, Commit, GoVersion string }

// Metrics has the metrics of one service in a registry of its own, so that two
// services in one process do not mix.
type Metrics struct {
	registry  *prometheus.Registry
	rpc       *rpcMetrics
	http      *httpMetrics
	search    *searchMetrics
	context   *contextMetrics
	past      *conversationMetrics
	grounding *groundingMetrics
	reranker  *rerankerMetrics
	ingest    *ingestMetrics
	embedder  *embedderMetrics
	store     *storeMetrics
	expiry    *Expiry
	index     *indexCollector
	health    *healthCollector
	access    *accessMetrics
	quota     *quotaCollector
	failures  failureLog
}

// New returns Metrics whose counters are 0.
func New(build Build) *Metrics {
	registry := prometheus.NewRegistry()
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "dalil_build_info", Help: "The program that runs; always 1.",
		ConstLabels: prometheus.Labels{"version": build.Version, "commit": build.Commit, "go_version": build.GoVersion},
	})
	info.Set(1)
	registry.MustRegister(info)
	// Common dashboards use go_ and process_, so these names are unchanged.
	registry.MustRegister(
		collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(runtimeMetrics()...)),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	index, health, quotas := &indexCollector{}, &healthCollector{}, &quotaCollector{}
	registry.MustRegister(index, health, quotas)
	return &Metrics{
		registry: registry, index: index, health: health, quota: quotas,
		rpc: newRPCMetrics(registry), http: newHTTPMetrics(registry), search: newSearchMetrics(registry), context: newContextMetrics(registry),
		past: newConversationMetrics(registry), grounding: newGroundingMetrics(registry), reranker: newRerankerMetrics(registry), ingest: newIngestMetrics(registry),
		embedder: newEmbedderMetrics(registry), store: newStoreMetrics(registry), access: newAccessMetrics(registry), expiry: newExpiry(registry),
	}
}

// runtimeMetrics are those of the Go runtime beside the usual ones: how long goroutines
// wait for a processor, and how long everything stops for a collection of garbage.
func runtimeMetrics() []collectors.GoRuntimeMetricsRule {
	return []collectors.GoRuntimeMetricsRule{
		{Matcher: regexp.MustCompile(`^/sched/latencies:seconds$`)}, {Matcher: regexp.MustCompile(`^/sched/pauses/total/gc:seconds$`)},
	}
}

// seconds are the bucket bounds of all histograms of time. A local search takes
// less than one millisecond, a remote model seconds.
var seconds = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

func counter(r prometheus.Registerer, name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	r.MustRegister(c)
	return c
}

func gauge(r prometheus.Registerer, name, help string, labels ...string) *prometheus.GaugeVec {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	r.MustRegister(g)
	return g
}

func histogram(r prometheus.Registerer, name, help string, bounds []float64, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: bounds}, labels)
	r.MustRegister(h)
	return h
}

var arms = []corpus.Arm{corpus.Dense, corpus.Lexical}

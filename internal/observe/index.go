package observe

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/corpus"
)

// counts is the part of a store that reports its size.
type counts interface {
	Stats(ctx context.Context) (corpus.Stats, error)
}

// indexCollector asks the store when it is scraped: a gauge that is set after
// writes would be wrong after a restart and blind to other writers. A store
// that can't answer shows no gauges, and an error of the operation "stats".
type indexCollector struct{ source atomic.Pointer[counts] }

// statsTimeout keeps a slow store from taking the other metrics with it.
const statsTimeout = 2 * time.Second

var indexMetrics = struct{ documents, passages, terms, disk, written *prometheus.Desc }{
	documents: prometheus.NewDesc("dalil_index_documents", "Documents that the index holds.", nil, nil),
	passages:  prometheus.NewDesc("dalil_index_passages", "Passages that the index holds.", nil, nil),
	terms:     prometheus.NewDesc("dalil_index_terms", "Distinct dimensions of the lexical arm.", nil, nil),
	disk:      prometheus.NewDesc("dalil_index_disk_bytes", "Bytes on disk; absent if the store does not report them.", nil, nil),
	written: prometheus.NewDesc("dalil_index_last_write_timestamp_seconds",
		"When the newest write happened, in seconds since 1970; absent before the first.", nil, nil),
}

func (c *indexCollector) watch(source counts) { c.source.Store(&source) }

// Describe implements prometheus.Collector.
func (c *indexCollector) Describe(to chan<- *prometheus.Desc) {
	m := indexMetrics
	for _, d := range []*prometheus.Desc{m.documents, m.passages, m.terms, m.disk, m.written} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *indexCollector) Collect(to chan<- prometheus.Metric) {
	source := c.source.Load()
	if source == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), statsTimeout)
	defer cancel()
	stats, err := (*source).Stats(ctx)
	if err != nil {
		return
	}
	gauge := func(d *prometheus.Desc, v float64) { to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	m := indexMetrics
	gauge(m.documents, float64(stats.Documents))
	gauge(m.passages, float64(stats.Passages))
	gauge(m.terms, float64(stats.Terms))
	if stats.DiskBytes > 0 {
		gauge(m.disk, float64(stats.DiskBytes))
	}
	if !stats.UpdatedAt.IsZero() {
		gauge(m.written, float64(stats.UpdatedAt.UnixNano())/1e9)
	}
}

package observe

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/corpus"
)

// counts has the method of a store that reports its size.
type counts interface {
	Stats(ctx context.Context) (corpus.Stats, error)
}

// indexCollector reads the counts from the store at each scrape. Gauges that are
// set after writes would be wrong after a restart and would not include other
// writers. If the store does not answer, there are no gauges, and the operation
// "stats" counts an error.
type indexCollector struct{ source atomic.Pointer[counts] }

// statsTimeout is short, so that a slow store does not make the whole scrape fail.
const statsTimeout = 2 * time.Second

var indexMetrics = struct{ documents, passages, terms, disk, written *prometheus.Desc }{
	documents: prometheus.NewDesc("dalil_index_documents", "Documents in the index.", nil, nil),
	passages:  prometheus.NewDesc("dalil_index_passages", "Passages in the index.", nil, nil),
	terms:     prometheus.NewDesc("dalil_index_terms", "Distinct dimensions of the lexical arm.", nil, nil),
	disk:      prometheus.NewDesc("dalil_index_disk_bytes", "Bytes on disk; absent if the store does not report them.", nil, nil),
	written: prometheus.NewDesc("dalil_index_last_write_timestamp_seconds",
		"When the index was last written to, in seconds since 1970; absent before the first write.", nil, nil),
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

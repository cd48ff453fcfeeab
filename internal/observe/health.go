package observe

import (
	"context"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// healthCollector checks at each scrape whether questions can be answered, how much
// space is free on the disk of the data folder, and how many failed documents are kept.
type healthCollector struct {
	failed atomic.Pointer[func() int]
	ready  atomic.Pointer[func(context.Context) error]
	disk   atomic.Pointer[func() (free, size uint64, err error)]
}

var healthMetrics = struct{ ready, free, size, failed *prometheus.Desc }{
	ready: prometheus.NewDesc("dalil_ready", "1 if questions can be answered, otherwise 0; /readyz gives the reason.", nil, nil),
	free: prometheus.NewDesc("dalil_data_free_bytes",
		"Bytes that are free for an ordinary user on the disk of the data folder; absent if unknown.", nil, nil),
	size:   prometheus.NewDesc("dalil_data_size_bytes", "Size of the disk of the data folder in bytes; absent if unknown.", nil, nil),
	failed: prometheus.NewDesc("dalil_ingest_failed_documents", "Documents that this server could not write and lists until they are written or deleted.", nil, nil),
}

// WatchFailed sets the function that returns how many failed documents are kept.
func (m *Metrics) WatchFailed(count func() int) { m.health.failed.Store(&count) }

// WatchDisk sets the function that returns the free bytes and the size of the data folder's disk.
func (m *Metrics) WatchDisk(measure func() (free, size uint64, err error)) {
	m.health.disk.Store(&measure)
}

// Describe implements prometheus.Collector.
func (c *healthCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{healthMetrics.ready, healthMetrics.free, healthMetrics.size, healthMetrics.failed} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *healthCollector) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64) { to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	if ready := c.ready.Load(); ready != nil {
		ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
		defer cancel()
		answers := 1.0
		if (*ready)(ctx) != nil {
			answers = 0
		}
		gauge(healthMetrics.ready, answers)
	}
	if failed := c.failed.Load(); failed != nil {
		gauge(healthMetrics.failed, float64((*failed)()))
	}
	if disk := c.disk.Load(); disk != nil {
		if free, size, err := (*disk)(); err == nil {
			gauge(healthMetrics.free, float64(free))
			gauge(healthMetrics.size, float64(size))
		}
	}
}

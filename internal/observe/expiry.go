package observe

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Expiry counts what becomes of documents that expire. It is the watcher of package
// expiry.
type Expiry struct {
	removed  prometheus.Counter
	failures *prometheus.CounterVec
	swept    *prometheus.GaugeVec // without a series before the first sweep
}

func newExpiry(r prometheus.Registerer) *Expiry {
	e := &Expiry{
		removed:  counter(r, "dalil_expiry_documents_removed_total", "Documents that were removed because they had expired.").WithLabelValues(),
		failures: counter(r, "dalil_expiry_failures_total", "Sweeps for expired documents that failed, by the kind of failure.", "reason"),
		swept:    gauge(r, "dalil_expiry_last_sweep_timestamp_seconds", "When no expired document was left last."),
	}
	for _, name := range reasons() {
		e.failures.WithLabelValues(name)
	}
	return e
}

// Expiry returns the watcher of the removal of expired documents.
func (m *Metrics) Expiry() *Expiry { return m.expiry }

// Removed counts documents that were removed.
func (e *Expiry) Removed(n int) { e.removed.Add(float64(n)) }

// Swept notes the end of a sweep.
func (e *Expiry) Swept(ctx context.Context, at time.Time, err error) {
	if err != nil {
		e.failures.WithLabelValues(reason(ctx, err)).Inc()
		return
	}
	e.swept.WithLabelValues().Set(float64(at.UnixNano()) / 1e9)
}

package observe

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/server"
)

// accessMetrics has what callers were refused, how the audit log does, and what ends.
type accessMetrics struct {
	refusals                *prometheus.CounterVec
	waited, records, failed prometheus.Counter
	writable                prometheus.Gauge
	stale                   *prometheus.GaugeVec
	ends                    map[string]*atomic.Pointer[func() time.Time]
}

// The kinds of what ends, for [Metrics.WatchExpiry].
const (
	ExpiryOfKeys        = "key"
	ExpiryOfCertificate = "certificate"
)

func newAccessMetrics(r prometheus.Registerer) *accessMetrics {
	m := &accessMetrics{
		refusals: counter(r, "dalil_access_refusals_total",
			"Calls that were refused because of their caller: a missing or wrong credential, a missing right, a limit of the caller.", "kind", "reason"),
		waited:   counter(r, "dalil_access_waited_seconds_total", "Time that ingest streams waited because their caller had used up its tokens.").WithLabelValues(),
		records:  counter(r, "dalil_audit_records_total", "Records that were written to the audit log.").WithLabelValues(),
		failed:   counter(r, "dalil_audit_failures_total", "Attempts to write to the audit log that failed.").WithLabelValues(),
		writable: gauge(r, "dalil_audit_writable", "0 if the last attempt to write to the audit log failed, else 1.").WithLabelValues(),
		ends:     map[string]*atomic.Pointer[func() time.Time]{ExpiryOfKeys: {}, ExpiryOfCertificate: {}},
	}
	m.writable.Set(1)
	m.stale = gauge(r, "dalil_access_stale", "1 while the file of the API keys (keys) or the issuer's keys (jwks) cannot be read, and the earlier ones are in use; else 0.", "source")
	for _, source := range []string{SourceKeys, SourceJWKS} {
		m.stale.WithLabelValues(source)
	}
	for _, one := range server.Refusals() {
		m.refusals.WithLabelValues(kindReasons[one.Kind], one.Reason)
	}
	for kind, ends := range m.ends {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "dalil_access_expiry_timestamp_seconds", Help: "When the first valid API key, or the certificate of the server, ends; +Inf if none does.",
			ConstLabels: prometheus.Labels{"kind": kind},
		}, func() float64 {
			if at := ends.Load(); at != nil && !(*at)().IsZero() {
				return float64((*at)().Unix())
			}
			return math.Inf(1)
		}))
	}
	return m
}

// The sources of what callers are known by, for [Metrics.Reloaded].
const (
	SourceKeys = "keys" // the file of the API keys
	SourceJWKS = "jwks" // the issuer's keys
)

// Reloaded notes whether the newest content of a source is in use, or why not.
func (m *Metrics) Reloaded(source string, err error) {
	stale := 0.0
	if err != nil {
		stale = 1
	}
	m.access.stale.WithLabelValues(source).Set(stale)
}

// Refused counts a refused call.
func (m *Metrics) Refused(r server.Refusal) {
	m.access.refusals.WithLabelValues(kindReasons[r.Kind], r.Reason).Inc()
}

// Waited counts the time that a stream waited because of the limits of its caller.
func (m *Metrics) Waited(d time.Duration) { m.access.waited.Add(d.Seconds()) }

// Audited counts an attempt to write records to the audit log.
func (m *Metrics) Audited(records int, err error) {
	if err != nil {
		m.access.failed.Inc()
		m.access.writable.Set(0)
		return
	}
	m.access.records.Add(float64(records))
	m.access.writable.Set(1)
}

// WatchExpiry reports when the first of a kind ends, at each scrape. The zero time means
// that none ends.
func (m *Metrics) WatchExpiry(kind string, ends func() time.Time) { m.access.ends[kind].Store(&ends) }

package observe

import (
	"cmp"
	"slices"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/corpus"
	"dalil/quota"
	"dalil/store"
)

// quotaCollector reports what tenants use of their quotas, at each scrape.
type quotaCollector struct{ source atomic.Pointer[quotaSource] }

type quotaSource struct {
	used func() []quota.Used
	most int
}

// limitedStore is a store whose tenants have quotas, such as a [quota.Store].
type limitedStore interface{ Used() []quota.Used }

var (
	quotaUsed  = prometheus.NewDesc("dalil_quota_used", "What a tenant uses of a resource with a limit.", []string{"tenant", "resource"}, nil)
	quotaLimit = prometheus.NewDesc("dalil_quota_limit", "The limit of a tenant.", []string{"tenant", "resource"}, nil)
)

// WatchQuotas reports the quotas of s, if it is a [quota.Store] or wraps one, for the tenants
// that have the least left, at most so many. The labels have the names of tenants.
func (m *Metrics) WatchQuotas(s store.Store, most int) {
	m.quota.source.Store(nil)
	if most <= 0 {
		return
	}
	for {
		if limited, is := s.(limitedStore); is {
			m.quota.source.Store(&quotaSource{limited.Used, most})
			return
		}
		wrapper, wraps := s.(store.Wrapper)
		if !wraps {
			return
		}
		s = wrapper.Unwrap()
	}
}

// Describe implements prometheus.Collector.
func (c *quotaCollector) Describe(to chan<- *prometheus.Desc) {
	to <- quotaUsed
	to <- quotaLimit
}

// Collect implements prometheus.Collector.
func (c *quotaCollector) Collect(to chan<- prometheus.Metric) {
	source := c.source.Load()
	if source == nil {
		return
	}
	all := source.used()
	slices.SortFunc(all, func(a, b quota.Used) int {
		return cmp.Or(cmp.Compare(fullest(b), fullest(a)), cmp.Compare(a.Tenant, b.Tenant))
	})
	for _, u := range all[:min(len(all), source.most)] {
		for _, r := range resources(u) {
			if r.limit > 0 {
				to <- prometheus.MustNewConstMetric(quotaUsed, prometheus.GaugeValue, float64(r.used), u.Tenant, r.name)
				to <- prometheus.MustNewConstMetric(quotaLimit, prometheus.GaugeValue, float64(r.limit), u.Tenant, r.name)
			}
		}
	}
}

type resource struct {
	name        string
	used, limit int64
}

func resources(u quota.Used) []resource {
	q := corpus.Usage(u.Quota)
	return []resource{
		{"documents", u.Usage.Documents, q.Documents},
		{"passages", u.Usage.Passages, q.Passages},
		{"bytes", u.Usage.Bytes, q.Bytes},
		{"versions", u.Usage.Versions, q.Versions},
	}
}

// fullest returns the largest part of a limit that is used.
func fullest(u quota.Used) (part float64) {
	for _, r := range resources(u) {
		if r.limit > 0 {
			part = max(part, float64(r.used)/float64(r.limit))
		}
	}
	return part
}

package observe

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// page serves the metrics in the format that the scraper requests.
//
// The Go collector has a gauge go_memstats_alloc_bytes and a counter
// go_memstats_alloc_bytes_total. In OpenMetrics both are the family
// go_memstats_alloc_bytes, which a strict parser refuses; there the gauge is
// left out, as go_memstats_heap_alloc_bytes has the same value.
func (m *Metrics) page() http.Handler {
	options := promhttp.HandlerOpts{
		// A metric that cannot be gathered must not hide the others.
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 8, EnableOpenMetrics: true,
	}
	classic, open := promhttp.HandlerFor(m.registry, options), promhttp.HandlerFor(withoutTwins(m.registry), options)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if expfmt.NegotiateAccept(r.Header, expfmt.DefaultOpenMetricsAcceptedFormats()...).FormatType() == expfmt.TypeOpenMetrics {
			open.ServeHTTP(w, r)
			return
		}
		classic.ServeHTTP(w, r)
	})
}

// withoutTwins gathers the families whose names are unique if the _total of
// counters is ignored.
func withoutTwins(from prometheus.Gatherer) prometheus.Gatherer {
	return prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		families, err := from.Gather()
		counters := map[string]bool{}
		for _, f := range families {
			if f.GetType() == dto.MetricType_COUNTER {
				counters[f.GetName()] = true
			}
		}
		kept := families[:0]
		for _, f := range families {
			if !counters[f.GetName()+"_total"] {
				kept = append(kept, f)
			}
		}
		return kept, err
	})
}

package observe

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dalil/corpus"
)

// ClaimChecker checks whether sources support an answer.
type ClaimChecker interface {
	CheckClaims(ctx context.Context, answer string, sources []corpus.Source) (corpus.Grounding, error)
}

// The outcomes of a claim. Each claim has one: the first that fits, in this order.
const (
	claimNeedsNone    = "needs_no_support"
	claimMismatched   = "mismatched"
	claimUnsupported  = "unsupported"
	claimCitedWrongly = "cited_wrongly"
	claimSupported    = "supported"
)

// groundingMetrics measure the checks of answers.
type groundingMetrics struct {
	duration   prometheus.Observer
	support    prometheus.Observer
	claims     map[string]prometheus.Counter
	mismatches map[corpus.MismatchKind]prometheus.Counter
}

func newGroundingMetrics(r prometheus.Registerer) *groundingMetrics {
	m := &groundingMetrics{
		duration: histogram(r, "dalil_grounding_duration_seconds", "Time of the comparison of an answer with its sources.", seconds).WithLabelValues(),
		support: histogram(r, "dalil_grounding_support", "Support of an answer.",
			[]float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, 1}).WithLabelValues(),
		claims: map[string]prometheus.Counter{}, mismatches: map[corpus.MismatchKind]prometheus.Counter{},
	}
	claims := counter(r, "dalil_grounding_claims_total", "Sentences of answers that were checked, by outcome.", "outcome")
	for _, outcome := range []string{claimNeedsNone, claimMismatched, claimUnsupported, claimCitedWrongly, claimSupported} {
		m.claims[outcome] = claims.WithLabelValues(outcome)
	}
	mismatches := counter(r, "dalil_grounding_mismatches_total", "Facts of answers that the supporting sentence contradicts or does not have, by kind.", "kind")
	for _, kind := range corpus.MismatchKinds() {
		m.mismatches[kind] = mismatches.WithLabelValues(kind.String())
	}
	return m
}

// Claims measures a checker.
func (m *Metrics) Claims(inner ClaimChecker) ClaimChecker { return &observedClaims{inner, m.grounding} }

type observedClaims struct {
	inner   ClaimChecker
	metrics *groundingMetrics
}

func (o *observedClaims) CheckClaims(ctx context.Context, answer string, sources []corpus.Source) (corpus.Grounding, error) {
	start := time.Now()
	g, err := o.inner.CheckClaims(ctx, answer, sources)
	if err != nil {
		return g, err
	}
	o.metrics.duration.Observe(time.Since(start).Seconds())
	if g.Support != nil {
		o.metrics.support.Observe(float64(*g.Support))
	}
	for i := range g.Claims {
		o.metrics.claims[outcomeOf(&g.Claims[i])].Inc()
		for _, mismatch := range g.Claims[i].Mismatches {
			if counter, known := o.metrics.mismatches[mismatch.Kind]; known {
				counter.Inc()
			}
		}
	}
	return g, nil
}

func outcomeOf(c *corpus.Claim) string {
	switch {
	case !c.NeedsSupport:
		return claimNeedsNone
	case len(c.Mismatches) > 0:
		return claimMismatched
	case c.Support < corpus.SupportedClaim:
		return claimUnsupported
	case c.CitedWrongly:
		return claimCitedWrongly
	}
	return claimSupported
}

package observe_test

import (
	"errors"
	"math"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"

	"dalil/corpus"
	"dalil/internal/observe"
	"dalil/server"
)

func TestAccessMetrics(t *testing.T) {
	m := observe.New(build())
	value := func(name string, labels ...string) float64 {
		t.Helper()
		for _, one := range scrape(t, m)[name].GetMetric() {
			if matches(one, labels) {
				return one.GetCounter().GetValue() + one.GetGauge().GetValue()
			}
		}
		t.Fatalf("there is no %s%v", name, labels)
		return 0
	}
	for _, one := range server.Refusals() { // each exists from the start
		m.Refused(one)
	}
	if n := len(scrape(t, m)["dalil_access_refusals_total"].GetMetric()); n != len(server.Refusals()) {
		t.Errorf("%d series of refusals, want one for each of %d", n, len(server.Refusals()))
	}
	m.Refused(server.Refusal{Kind: corpus.ErrRateLimited, Reason: corpus.LimitTokens})
	if n := value("dalil_access_refusals_total", "rate_limited", "tokens_per_second"); n != 2 {
		t.Errorf("%v refusals are counted, want 2", n)
	}
	if ends := value("dalil_access_expiry_timestamp_seconds", "key"); !math.IsInf(ends, 1) {
		t.Errorf("without keys, the first ends at %v, want +Inf", ends)
	}
	m.WatchExpiry(observe.ExpiryOfCertificate, func() time.Time { return time.Unix(1000, 0) })
	if ends := value("dalil_access_expiry_timestamp_seconds", "certificate"); ends != 1000 {
		t.Errorf("the certificate ends at %v, want 1000", ends)
	}
	for _, err := range []error{nil, errors.New("broken"), nil} {
		m.Reloaded(observe.SourceKeys, err)
		if stale := value("dalil_access_stale", "keys") == 1; stale != (err != nil) {
			t.Errorf("after %v, the keys are stale: %v", err, stale)
		}
	}
	if value("dalil_access_stale", "jwks") != 0 {
		t.Error("the issuer's keys are stale without an issuer")
	}
	m.Audited(3, nil)
	if value("dalil_audit_records_total") != 3 || value("dalil_audit_writable") != 1 {
		t.Error("records of the audit log are not counted")
	}
	m.Audited(0, errors.New("the disk is full"))
	if value("dalil_audit_failures_total") != 1 || value("dalil_audit_writable") != 0 {
		t.Error("a failure of the audit log is not counted")
	}
	m.Waited(2 * time.Second)
	if value("dalil_access_waited_seconds_total") != 2 {
		t.Error("the time that streams waited is not counted")
	}
}

// matches reports whether a series has these values of labels, in the order of their names.
func matches(m *dto.Metric, values []string) bool {
	for i, want := range values {
		if i >= len(m.GetLabel()) || m.GetLabel()[i].GetValue() != want {
			return false
		}
	}
	return true
}

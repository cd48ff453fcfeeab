package serving

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"dalil/access/rates"
	"dalil/audit"
	"dalil/corpus"
	"dalil/internal/authn"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/server"
)

// NewUsage returns the table of what callers use, with the limits of the configuration.
func NewUsage(c config.Limits, m *observe.Metrics) *rates.Table {
	return rates.New(rates.Options{Defaults: corpus.Rates{Requests: c.Requests, Tokens: c.Tokens, Streams: c.Streams}, Waited: m.Waited})
}

// OpenAudit opens the audit log that the configuration names; nil: it names none. lazy is
// for commands that may only read.
func OpenAudit(c config.Audit, m *observe.Metrics, lazy bool) (*audit.Log, error) {
	if c.File == "" {
		return nil, nil
	}
	l, err := audit.Open(c.File, audit.Options{Flush: c.Flush, Lazy: lazy, Observe: m.Audited})
	if err != nil {
		return nil, fmt.Errorf("audit.file: %w", err)
	}
	return l, nil
}

// openAudit opens the audit log. If it cannot be opened and is not required, it is
// opened when it can be.
func (f *Front) openAudit(lazy bool) (err error) {
	c := f.config.Audit
	f.audit, err = OpenAudit(c, f.metrics, lazy)
	if err != nil && !c.Required {
		f.log.Error("the audit log cannot be written; nothing is recorded until it can be", "cause", err.Error())
		f.audit, err = OpenAudit(c, f.metrics, true)
	}
	if f.audit != nil {
		f.close = append(f.close, func() {
			if err := f.audit.Close(); err != nil {
				f.log.Error("the audit log is incomplete", "cause", err.Error())
			}
		})
	}
	return err
}

// limit adds what limits and records callers to the options of a server.
func (f *Front) limit(o *server.Options) {
	o.Rates, o.Audit, o.AuditRequired, o.Refused = f.usage, f.audit, f.config.Audit.Required, f.metrics.Refused
	o.AuditUser = f.user
	if o.Searches = f.config.Limits.Searches; o.Searches == 0 && f.authenticator != nil {
		o.Searches = 2 * runtime.GOMAXPROCS(0)
		if f.remote || !f.config.Embedder.InProcess() || f.config.Search.Reranker.URL != "" { // searches wait for others
			o.Searches *= 32
		}
	}
}

// watchExpiry reports when keys and certificates end.
func (f *Front) watchExpiry(a *authn.Authenticator) {
	if a != nil {
		f.metrics.WatchExpiry(observe.ExpiryOfKeys, func() time.Time { at, _ := a.KeyEnds(); return at })
	}
	if f.certificate != nil {
		f.metrics.WatchExpiry(observe.ExpiryOfCertificate, f.certificate.NotAfter)
	}
}

// ignoreHangup keeps the process from ending on SIGHUP, which programs that rotate logs
// send. The audit log needs no signal: it notices that its file was renamed.
func (f *Front) ignoreHangup() (stop func()) {
	if f.audit == nil {
		return func() {}
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	return func() { signal.Stop(hangups) }
}

// Package doctor checks what a healthy service needs, and says what to do about
// each problem. Start with [Examine].
package doctor

import (
	"context"
	"fmt"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/store"
)

// Finding is what one check found.
type Finding struct {
	Check  string `json:"check"`
	State  string `json:"state"` // ok, warning, failed
	Detail string `json:"detail"`
	Advice string `json:"advice,omitempty"` // what to do about it
}

// Deps has what the checks examine.
type Deps struct {
	Ports     []Port
	Access    Access
	TLS       TLS
	StoreName string
	Driver    store.Driver
	// Embedder opens the configured provider, without wrappers. Errors name settings.
	Embedder func() (embedder.Embedder, error)
	// Open opens the active collection for reading.
	Open func(context.Context) (*Index, error)
}

// checks is the table of all checks, in order. A check that needs what an earlier
// one could not open does nothing.
var checks = []func(context.Context, *examination){
	ports,
	callers,
	certificate,
	limits,
	disk,
	embeds,
	prefixes,
	cuts,
	integrity,
	opens,
	schema,
	clock,
	whole,
	length,
	recall,
}

// Examine runs every check and returns the findings in the order of the checks.
func Examine(ctx context.Context, deps Deps) []Finding {
	x := &examination{Deps: deps}
	defer x.close()
	for _, check := range checks {
		check(ctx, x)
	}
	return x.findings
}

// examination is the state that the checks of one run share.
type examination struct {
	Deps
	findings []Finding

	model               embedder.Embedder // nil: the embedder does not answer
	questions, passages []corpus.Vector   // of sanity

	index    *Index // nil: the collection is not open, or is empty
	settings store.Settings
	written  time.Time // of the newest write
	closers  []func() error
}

func (x *examination) close() {
	for _, c := range x.closers {
		if err := c(); err != nil {
			x.fail("store", "see the log of the store's server", err)
		}
	}
}

func (x *examination) ok(check, detail string, args ...any) {
	x.findings = append(x.findings, Finding{Check: check, State: "ok", Detail: fmt.Sprintf(detail, args...)})
}

func (x *examination) warn(check, advice, detail string, args ...any) {
	x.findings = append(x.findings, Finding{check, "warning", fmt.Sprintf(detail, args...), advice})
}

func (x *examination) fail(check, advice string, err error) {
	x.findings = append(x.findings, Finding{check, "failed", err.Error(), advice})
}

package quota

import (
	"context"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// account is what a tenant uses.
type account struct {
	tenant string
	limit  corpus.Quota

	// counting is held for reading while a write is in progress, and for writing while
	// the documents are counted, so that a count never includes half of a write.
	counting sync.RWMutex

	mu        sync.Mutex
	used      corpus.Usage // with what is reserved
	counted   time.Time    // zero: not counted yet
	uncertain bool         // it is not known whether a write took effect
}

// known reports whether the documents were counted.
func (a *account) known() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return !a.counted.IsZero()
}

// old reports whether the count is uncertain or older than age.
func (a *account) old(now time.Time, age time.Duration) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.uncertain || now.Sub(a.counted) > age
}

func (a *account) usage() corpus.Usage {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.used
}

// reserve adds what a document grows by, or returns the limit that does not allow it.
func (a *account) reserve(grown corpus.Usage) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.over(a.used, grown); err != nil {
		return err
	}
	a.used = a.used.Plus(positive(grown))
	return nil
}

// refuses returns the limit that does not allow a document to grow, after others that grow
// by more.
func (a *account) refuses(more, grown corpus.Usage) error {
	return a.over(a.usage().Plus(more), grown)
}

// over returns the limit that does not allow a document to grow.
func (a *account) over(used, grown corpus.Usage) error {
	versions := grown.Versions
	if grown.Documents > 0 && versions == 0 {
		versions = 1 // when it is deleted, which is never refused
	}
	for _, r := range []struct {
		name               string
		limit, used, grown int64
	}{
		{"documents", a.limit.Documents, used.Documents, grown.Documents},
		{"passages", a.limit.Passages, used.Passages, grown.Passages},
		{"bytes", a.limit.Bytes, used.Bytes, grown.Bytes},
		{"versions", a.limit.Versions, used.Versions, versions},
	} {
		if r.limit > 0 && r.grown > 0 && r.used+r.grown > r.limit {
			return &corpus.QuotaError{Tenant: a.tenant, Resource: r.name, Limit: r.limit, Used: r.used, Wanted: r.grown}
		}
	}
	return nil
}

// settle ends a reservation. What a document shrank by is given back when it was
// written, and what it would have grown by when it was not.
func (a *account) settle(grown corpus.Usage, done, uncertain bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case uncertain:
		a.uncertain = true
	case done:
		a.used = a.used.Minus(positive(corpus.Usage{}.Minus(grown)))
	default:
		a.used = a.used.Minus(positive(grown))
	}
}

// add adds what is used now and was not reserved. It may be negative.
func (a *account) add(more corpus.Usage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.used = a.used.Plus(more)
}

func positive(u corpus.Usage) corpus.Usage {
	return corpus.Usage{Documents: max(u.Documents, 0), Passages: max(u.Passages, 0), Bytes: max(u.Bytes, 0), Versions: max(u.Versions, 0)}
}

// count counts the tenant's documents, unless another call has done so meanwhile. No
// write is in progress while it does.
func (a *account) count(ctx context.Context, s store.Reader, now func() time.Time, age time.Duration) error {
	a.counting.Lock()
	defer a.counting.Unlock()
	if a.known() && (age == 0 || !a.old(now(), age)) {
		return nil
	}
	used, err := Count(ctx, s, a.tenant)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.used, a.counted, a.uncertain = used, now(), false
	return nil
}

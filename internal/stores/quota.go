package stores

import (
	"time"

	"dalil/internal/config"
	"dalil/quota"
	"dalil/store"
)

// recount is how often the documents of a tenant are counted again in a store that other
// processes may write to.
const recount = 5 * time.Minute

// WithQuotas returns a store of d that enforces the quotas, or s if there are none.
func WithQuotas(s store.Store, d store.Driver, q config.Quota) store.Store {
	if q.IsZero() {
		return s
	}
	o := quota.Options{Of: q.Of()}
	if store.IsRemote(d) {
		o.Recount = recount
	}
	return quota.New(s, o)
}

package store

import (
	"context"

	"dalil/corpus"
)

// oneTenant is a reader whose listing has one tenant's documents.
type oneTenant struct {
	Reader
	tenant string
}

// OfTenant returns a reader that lists the documents of one tenant only. Their ids are
// keys, as in r. It has none of the abilities of r, so [Entries] of it is no snapshot.
func OfTenant(r Reader, tenant string) Reader { return oneTenant{r, tenant} }

// OfCaller returns a reader of the tenant of the context's principal, or r if that has no
// tenant.
func OfCaller(ctx context.Context, r Reader) Reader {
	if p, known := corpus.PrincipalOf(ctx); known && p.Tenant != "" {
		return OfTenant(r, p.Tenant)
	}
	return r
}

// Documents lists documents of the tenant after a key.
func (o oneTenant) Documents(ctx context.Context, after string, limit int) ([]Record, error) {
	_, id := corpus.SplitKey(after)
	page, err := TenantDocuments(ctx, o.Reader, o.tenant, id, limit)
	return page, err
}

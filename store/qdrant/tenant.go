package qdrant

import (
	"context"
	"slices"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// The id of a document in this package is its key (corpus.TenantKey). Passages,
// manifests and term counts of a tenant have its name in their payload, and so they are
// found without reading others. Those of the tenant without a name have no such field, as
// in collections of earlier versions.

var _ store.TenantEraser = (*Store)(nil)

// tenantOf returns the tenant that a filter is bound to, and the rest of the filter. It
// is bound by a clause about corpus.FieldTenant with one value, which is the filter or
// one of its All.
func tenantOf(f corpus.Filter) (tenant string, rest corpus.Filter, bound bool) {
	clauses := f.All
	if f.All == nil {
		clauses = []corpus.Filter{f}
	}
	var others []corpus.Filter
	for _, c := range clauses {
		if !bound && c.In != nil && c.In.Field == corpus.FieldTenant && len(c.In.Values) == 1 {
			tenant, bound = c.In.Values[0], true
		} else {
			others = append(others, c)
		}
	}
	if tenant == corpus.Everyone {
		tenant = ""
	}
	switch {
	case !bound:
		return "", f, false
	case len(others) == 0:
		return tenant, corpus.Filter{}, true
	}
	return tenant, corpus.Filter{All: others}, true
}

// ofTenant is the condition that a point belongs to a tenant.
func ofTenant(tenant string) *sdk.Condition {
	if tenant == "" {
		return sdk.NewIsEmpty(keyTenant)
	}
	return sdk.NewMatchKeyword(keyTenant, tenant)
}

// tenantField adds the tenant of a document to a payload.
func tenantField(documentID string, payload map[string]*sdk.Value) {
	if tenant, _ := corpus.SplitKey(documentID); tenant != "" {
		payload[keyTenant] = sdk.NewValueString(tenant)
	}
}

// oneOf is the condition that a field has one of the values, where corpus.Everyone
// stands for a point without the field.
func oneOf(key string, values []string) *sdk.Condition {
	named := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == corpus.Everyone })
	switch {
	case len(named) == len(values):
		return sdk.NewMatchKeywords(key, named...)
	case len(named) == 0:
		return sdk.NewIsEmpty(key)
	}
	return sdk.NewFilterAsCondition(should(sdk.NewIsEmpty(key), sdk.NewMatchKeywords(key, named...)))
}

// shares notes that the collection has documents of named tenants. Without them, a
// query of the tenant without a name needs no condition; the manifest of every hit is
// checked in any case.
func (s *Store) shares(documentID string) {
	if tenant, _ := corpus.SplitKey(documentID); tenant != "" {
		s.shared.Store(true)
	}
}

// noteTenants reads whether there are named tenants, from the description of the
// collection.
func (s *Store) noteTenants(info *sdk.CollectionInfo) {
	if info.GetPayloadSchema()[keyTenant].GetPoints() > 0 {
		s.shared.Store(true)
	}
}

// lookForTenants reads it again, because another process may have written the first
// document of a named tenant.
func (s *Store) lookForTenants(ctx context.Context) error {
	name := s.Collection()
	if name == "" || s.shared.Load() {
		return nil
	}
	info, err := s.info(ctx, s.asking(), name)
	if err == nil {
		s.noteTenants(info)
	}
	return err
}

// accessFields are the fields by which a caller's documents are selected.
var accessFields = []string{keyTenant, keyGroups}

// ensureAccess creates the indexes of accessFields in a collection of an earlier
// version. Filters work without them, only slower.
func (s *Store) ensureAccess(ctx context.Context, name string, info *sdk.CollectionInfo) {
	missing := slices.DeleteFunc(missingFields(s.fields(), info), func(f *sdk.CreateFieldIndexCollection) bool {
		return !slices.Contains(accessFields, f.GetFieldName())
	})
	for _, f := range missing {
		f.CollectionName, f.Wait = name, sdk.PtrOf(true)
		err := s.call(ctx, s.asking(), "index field "+f.GetFieldName(), func(ctx context.Context) error {
			_, err := s.client.CreateFieldIndex(ctx, f)
			return err
		})
		if err != nil {
			s.options.Log.Warn("a field of access could not be indexed; searches of tenants and groups are slower until the next write", "field", f.GetFieldName(), "error", err)
			return
		}
	}
}

// Tenants lists the named tenants that have documents.
func (s *Store) Tenants(ctx context.Context) ([]string, error) {
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return nil, err
	}
	var hits []*sdk.FacetHit
	err = s.read(ctx, "list tenants", func(ctx context.Context) (err error) {
		hits, err = s.client.Facet(ctx, &sdk.FacetCounts{
			CollectionName: name, Key: keyTenant, Filter: must(kind(kindDocument)), Exact: sdk.PtrOf(true), Limit: sdk.PtrOf(uint64(tenantsMost)),
		})
		return err
	})
	tenants := make([]string, len(hits))
	for i, h := range hits {
		tenants[i] = h.GetValue().GetStringValue()
	}
	slices.Sort(tenants)
	return tenants, err
}

// tenantsMost is the largest number of tenants that are listed.
const tenantsMost = 1 << 20

// EraseTenant removes the term counts of a tenant, and passages that no manifest names.
// The ids of deleted documents are kept for a while, because of late writers.
func (s *Store) EraseTenant(ctx context.Context, tenant string) error {
	name, err := s.at(ctx, s.writing())
	if err != nil || name == "" {
		return err
	}
	if tenant == "" {
		return corpus.Invalid("tenant", "is empty")
	}
	held, err := s.count(ctx, s.reading(), name, kind(kindDocument), ofTenant(tenant))
	if err != nil {
		return err
	}
	if held > 0 {
		return corpus.Refused("tenant %s has %d documents; delete them first", tenant, held)
	}
	s.vocabularies.drop(tenant)
	return s.deletePoints(ctx, name, must(sdk.NewMatchKeywords(keyKind, kindVocabulary, kindPassage), ofTenant(tenant)))
}

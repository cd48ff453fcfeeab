package server

import (
	"context"
	"log/slog"
	"sort"
	"time"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Tenants lists, counts and deletes tenants.
type Tenants interface {
	// Names returns the tenants that have documents, in ascending order.
	Names(ctx context.Context) ([]string, error)
	// Usage counts what a tenant keeps, and returns its limits.
	Usage(ctx context.Context, tenant string) (corpus.Usage, corpus.Quota, error)
	// Erase deletes everything of a tenant and returns the number of documents. It
	// returns an error if anything is left. With dryRun it only counts.
	Erase(ctx context.Context, tenant string, dryRun bool, progress func(corpus.Progress)) (documents int, err error)
}

func (s *adminService) tenants() (Tenants, error) {
	if s.deps.Tenants == nil {
		return nil, corpus.Errorf(corpus.ErrUnsupported, "this server has no tenants")
	}
	return s.deps.Tenants, nil
}

// ListTenants returns one page of the tenants that have documents.
func (s *adminService) ListTenants(ctx context.Context, req *dalilv1.ListTenantsRequest) (*dalilv1.ListTenantsResponse, error) {
	tenants, err := s.tenants()
	if err != nil {
		return nil, err
	}
	size, after := s.listSize(req.GetPageSize()), ""
	if token := req.GetPageToken(); token != "" {
		place, err := open(tenantPages, token, nil)
		if err != nil {
			return nil, err
		}
		after = string(place)
	}
	names, err := tenants.Names(ctx)
	if err != nil {
		return nil, err
	}
	answer := &dalilv1.ListTenantsResponse{TotalSize: toCount(len(names))}
	rest := names[sort.Search(len(names), func(i int) bool { return names[i] > after }):]
	for _, name := range rest[:min(size, len(rest))] {
		answer.Tenants = append(answer.Tenants, &dalilv1.Tenant{Tenant: valid(name)})
	}
	if len(rest) > size {
		answer.NextPageToken = seal(tenantPages, []byte(rest[size-1]), nil)
	}
	return answer, nil
}

// GetTenantUsage counts what a tenant keeps.
func (s *adminService) GetTenantUsage(ctx context.Context, req *dalilv1.GetTenantUsageRequest) (*dalilv1.GetTenantUsageResponse, error) {
	tenants, err := s.tenants()
	if err != nil {
		return nil, err
	}
	used, quota, err := tenants.Usage(ctx, req.GetTenant())
	if err != nil {
		return nil, err
	}
	count := func(n int64) *int32 {
		if n == 0 {
			return nil
		}
		limit := toCount(int(n))
		return &limit
	}
	var bytes *int64
	if quota.Bytes != 0 {
		bytes = &quota.Bytes
	}
	return &dalilv1.GetTenantUsageResponse{
		Usage: &dalilv1.TenantUsage{Documents: toCount(int(used.Documents)), Passages: toCount(int(used.Passages)), TextBytes: used.Bytes, DeletedVersions: toCount(int(used.Versions))},
		Quota: &dalilv1.TenantQuota{Documents: count(quota.Documents), Passages: count(quota.Passages), TextBytes: bytes, DeletedVersions: count(quota.Versions)},
	}, nil
}

// DeleteTenant starts the deletion of a tenant. With validate_only it counts the
// documents before it returns.
func (s *adminService) DeleteTenant(ctx context.Context, req *dalilv1.DeleteTenantRequest) (*dalilv1.DeleteTenantResponse, error) {
	tenants, err := s.tenants()
	if err != nil {
		return nil, err
	}
	const kind = dalilv1.OperationKind_OPERATION_KIND_DELETE_TENANT
	tenant, began := req.GetTenant(), time.Now()
	result := func(documents int) func(*dalilv1.Operation) {
		to := &dalilv1.TenantDeletion{Tenant: tenant, Documents: toCount(documents)}
		return func(op *dalilv1.Operation) { op.Result = &dalilv1.Operation_TenantDeletion{TenantDeletion: to} }
	}
	counted, err := tenants.Erase(ctx, tenant, true, func(corpus.Progress) {}) // also checks the name
	if err != nil {
		return nil, err
	}
	if req.GetValidateOnly() {
		return &dalilv1.DeleteTenantResponse{Operation: s.operations.ended(ctx, kind, began, result(counted))}, nil
	}
	op, err := s.operations.start(ctx, kind, func(ctx context.Context, progress func(corpus.Progress)) (func(*dalilv1.Operation), error) {
		documents, err := tenants.Erase(ctx, tenant, false, progress)
		if err == nil && s.deps.Failures != nil {
			s.deps.Failures.Erase(tenant)
		}
		level, attributes := slog.LevelInfo, []slog.Attr{
			slog.String("kind", kind.String()), slog.Duration("duration", time.Since(began)), slog.String("tenant", tenant), slog.Int("documents", documents),
		}
		if err != nil {
			level, attributes = slog.LevelError, append(attributes, slog.String("error", err.Error()))
		}
		s.options.Log.LogAttrs(ctx, level, "operation ended", attributes...)
		return result(documents), err
	})
	if err != nil {
		return nil, err
	}
	return &dalilv1.DeleteTenantResponse{Operation: op}, nil
}

package corpus

import "fmt"

// Usage is how much of a store a tenant uses.
type Usage struct {
	Documents int64
	Passages  int64
	Bytes     int64 // of the text of all documents
	Versions  int64 // source versions of deleted documents, see store.VersionsKept
}

// Plus returns the sum of two usages.
func (u Usage) Plus(v Usage) Usage {
	return Usage{u.Documents + v.Documents, u.Passages + v.Passages, u.Bytes + v.Bytes, u.Versions + v.Versions}
}

// Minus returns the difference of two usages.
func (u Usage) Minus(v Usage) Usage {
	return Usage{u.Documents - v.Documents, u.Passages - v.Passages, u.Bytes - v.Bytes, u.Versions - v.Versions}
}

// Quota limits the usage of a tenant. A limit of 0 does not apply.
type Quota Usage

// IsZero reports whether no limit applies.
func (q Quota) IsZero() bool { return q == Quota{} }

// QuotaError is the error of a write that would exceed the quota of a tenant. The
// document was not written, or not deleted. Callers may read its text. It matches
// [ErrExhausted], but trying again soon does not help.
type QuotaError struct {
	Tenant   string
	Resource string // documents, passages, bytes or versions
	Limit    int64
	Used     int64 // before the write, with what other writes have reserved
	Wanted   int64 // what the write adds
}

// Subject returns whose quota it is, as google.rpc.QuotaFailure names it: "tenant:news".
func (e *QuotaError) Subject() string { return "tenant:" + e.Tenant }

// Description returns the limit and what is used.
func (e *QuotaError) Description() string {
	resource := e.Resource
	if resource == "versions" {
		resource = "source versions of deleted documents"
	}
	return fmt.Sprintf("the limit is %d %s; %d are used, and this document adds %d", e.Limit, resource, e.Used, e.Wanted)
}

func (e *QuotaError) Error() string {
	whose := "tenant " + e.Tenant
	if e.Tenant == "" {
		whose = "the tenant without a name"
	}
	remedy := "delete documents"
	if e.Resource == "versions" {
		remedy = "wait, because each is kept for seven days"
	}
	return fmt.Sprintf("the quota of %s is used up: %s; %s, or have an administrator raise quota.%s", whose, e.Description(), remedy, e.Resource)
}

// Is reports that every QuotaError is an [ErrExhausted].
func (e *QuotaError) Is(target error) bool { return target == ErrExhausted }

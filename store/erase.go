package store

import "context"

// TenantEraser is a store that keeps things of a tenant beside its documents.
// Fallback: it keeps nothing else.
type TenantEraser interface {
	// EraseTenant removes what is kept of a tenant that has no documents any more. It
	// refuses a tenant that has some.
	EraseTenant(ctx context.Context, tenant string) error
}

// EraseTenant is [TenantEraser.EraseTenant] for every store.
func EraseTenant(ctx context.Context, r Reader, tenant string) error {
	for {
		if able, is := r.(TenantEraser); is {
			return able.EraseTenant(ctx, tenant)
		}
		wrapper, wraps := r.(Wrapper)
		if !wraps {
			return nil
		}
		r = wrapper.Unwrap()
	}
}

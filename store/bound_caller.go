package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"dalil/corpus"
)

// caller is the principal of one call, with the ways between its ids and the keys of
// the store.
type caller struct {
	corpus.Principal
	after, until string // of the tenant's keys, see corpus.TenantRange
}

var errNobody = corpus.Errorf(corpus.ErrInternal, "the call has no principal, so that nothing may be read or written")

// callerOf returns the caller of a context. A context without a principal is refused.
func callerOf(ctx context.Context) (*caller, error) {
	p, known := corpus.PrincipalOf(ctx)
	if !known {
		return nil, errNobody
	}
	if wrong := corpus.TenantViolations("tenant", p.Tenant); len(wrong) > 0 {
		return nil, &corpus.InvalidError{Violations: wrong}
	}
	c := &caller{Principal: p}
	c.after, c.until = corpus.TenantRange(p.Tenant)
	return c, nil
}

// owns reports whether a key is that of a document of the tenant.
func (c *caller) owns(key string) bool { return key > c.after && (c.until == "" || key < c.until) }

// key returns the key of an id. False: no document of the tenant has this id.
func (c *caller) key(id string) (string, bool) {
	key := corpus.TenantKey(c.Tenant, id)
	return key, c.owns(key)
}

// keys returns the keys of ids, without ids that no document has.
func (c *caller) keys(ids []string) []string {
	if c.Tenant == "" && !slices.ContainsFunc(ids, func(id string) bool { return !c.owns(id) }) {
		return ids
	}
	keys := make([]string, 0, len(ids))
	for _, id := range ids {
		if key, possible := c.key(id); possible {
			keys = append(keys, key)
		}
	}
	return keys
}

// id returns the id of a key of the tenant.
func (c *caller) id(key string) string {
	if c.Tenant == "" {
		return key
	}
	return strings.TrimPrefix(key, c.after)
}

// sees reports whether the caller sees a document of its tenant. The document has its
// id, not its key.
func (c *caller) sees(d *corpus.Document) bool {
	if !c.All && len(d.Groups) > 0 && !slices.ContainsFunc(d.Groups, func(g string) bool { return slices.Contains(c.Groups, g) }) {
		return false
	}
	return c.Filter.Match(d)
}

// filter returns the filter that keeps what f keeps of the documents that the caller
// sees.
func (c *caller) filter(f corpus.Filter) corpus.Filter {
	in := func(field corpus.Field, values ...string) corpus.Filter {
		return corpus.Filter{In: &corpus.In{Field: field, Values: values}}
	}
	tenant := c.Tenant
	if tenant == "" {
		tenant = corpus.Everyone
	}
	all := []corpus.Filter{in(corpus.FieldTenant, tenant)}
	if !c.All {
		all = append(all, in(corpus.FieldReader, append([]string{corpus.Everyone}, c.Groups...)...))
	}
	for _, f := range []corpus.Filter{c.Filter, f} {
		if !f.IsZero() {
			all = append(all, c.keyed(f))
		}
	}
	return corpus.Filter{All: all}
}

// keyed returns a filter with keys instead of ids.
func (c *caller) keyed(f corpus.Filter) corpus.Filter {
	if c.Tenant == "" {
		return f
	}
	each := func(clauses []corpus.Filter) []corpus.Filter {
		clauses = slices.Clone(clauses)
		for i := range clauses {
			clauses[i] = c.keyed(clauses[i])
		}
		return clauses
	}
	f.All, f.Any = each(f.All), each(f.Any)
	if f.Not != nil {
		not := c.keyed(*f.Not)
		f.Not = &not
	}
	if f.In != nil && f.In.Field == corpus.FieldDocumentID {
		in := corpus.In{Field: f.In.Field, Values: make([]string, len(f.In.Values))}
		for i, id := range f.In.Values {
			in.Values[i] = corpus.TenantKey(c.Tenant, id)
		}
		f.In = &in
	}
	return f
}

// record returns a record of the store as the caller sees it.
func (c *caller) record(r Record) Record {
	if c.Tenant != "" {
		r.First = r.ChunkID(0)
		r.Document.ID = c.id(r.Document.ID)
	}
	return r
}

// reworded returns an error of the store with ids instead of keys.
func (c *caller) reworded(err error) error {
	if err == nil || c.Tenant == "" {
		return err
	}
	var failed *PutError
	var unmet *corpus.ConditionError
	var stale *corpus.StaleError
	switch {
	case errors.As(err, &failed):
		ids := make(map[string]error, len(failed.Failed))
		for key, why := range failed.Failed {
			ids[c.id(key)] = c.reworded(why)
		}
		return &PutError{Failed: ids, Cause: c.reworded(failed.Cause)}
	case errors.As(err, &unmet):
		return &corpus.ConditionError{DocumentID: c.id(unmet.DocumentID), Reason: unmet.Reason}
	case errors.As(err, &stale):
		return &corpus.StaleError{DocumentID: c.id(stale.DocumentID), Held: stale.Held, Got: stale.Got}
	}
	escaped := strings.Trim(strconv.Quote(c.after), `"`)
	if text := strings.NewReplacer(c.after, "", escaped, "").Replace(err.Error()); text != err.Error() {
		return &rewordedError{text, err}
	}
	return err
}

// rewordedError is an error with another text.
type rewordedError struct {
	text  string
	cause error
}

func (e *rewordedError) Error() string        { return e.text }
func (e *rewordedError) Is(target error) bool { return errors.Is(e.cause, target) }
func (e *rewordedError) As(target any) bool   { return errors.As(e.cause, target) }

func notFound(id string) error {
	return corpus.Errorf(corpus.ErrNotFound, "%w: there is no document %q", corpus.ErrNotFound, id)
}

func forbidden(id string) error {
	return corpus.Errorf(corpus.ErrForbidden, "the credential does not allow writing the document %q", id)
}

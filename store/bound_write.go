package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dalil/corpus"
)

// A caller that does not see all documents of its tenant must not replace or delete one
// that it does not see. Its writes have a condition for that: the document is the one
// that was looked at, or there is none. If another write comes first, it looks again, at
// most guardTries times.
const guardTries = 16

func (b *bound) Create(ctx context.Context, settings Settings) (Settings, error) {
	if _, err := callerOf(ctx); err != nil {
		return Settings{}, err
	}
	return b.inner.Create(ctx, settings)
}

func (b *bound) Put(ctx context.Context, entries []Entry) error {
	c, err := callerOf(ctx)
	if err != nil {
		return err
	}
	keyed := make([]Entry, len(entries))
	for i := range entries {
		if keyed[i], err = c.entry(&entries[i]); err != nil {
			return fmt.Errorf("put %q: %w", entries[i].Document.ID, err)
		}
	}
	if !c.Restricted() {
		return c.reworded(b.inner.Put(ctx, keyed))
	}
	return c.guarded(len(entries), guarding{
		id: func(i int) string { return entries[i].Document.ID },
		condition: func(i int) (corpus.Condition, error) {
			if !c.Filter.Match(&entries[i].Document) {
				return corpus.Condition{}, forbidden(entries[i].Document.ID)
			}
			cond, err := b.guard(ctx, c, entries[i].Document.ID, entries[i].If)
			if errors.Is(err, errHidden) {
				err = forbidden(entries[i].Document.ID)
			}
			return cond, err
		},
		write: func(numbers []int, conditions []corpus.Condition) error {
			some := make([]Entry, len(numbers))
			for j, i := range numbers {
				some[j] = keyed[i]
				some[j].If = conditions[j]
			}
			return b.inner.Put(ctx, some)
		},
	})
}

// entry returns an entry of the caller with keys.
func (c *caller) entry(e *Entry) (Entry, error) {
	key, possible := c.key(e.Document.ID)
	if !possible {
		if e.Document.ID == "" {
			return Entry{}, corpus.Invalid("document.id", "is empty")
		}
		return Entry{}, corpus.Invalid("document.id", "begins with a control character")
	}
	if c.Tenant == "" {
		return *e, nil
	}
	keyed := *e
	keyed.Document.ID = key
	keyed.Points = slices.Clone(e.Points)
	for i := range keyed.Points {
		chunk := &keyed.Points[i].Chunk
		id := corpus.NewChunkID(key, chunk.Revision, chunk.Ordinal)
		// A caller computes the id from the document's id, or has read it.
		if chunk.DocumentID != e.Document.ID || chunk.ID != id && chunk.ID != corpus.NewChunkID(e.Document.ID, chunk.Revision, chunk.Ordinal) {
			return Entry{}, corpus.Invalid(fmt.Sprintf("points[%d]", i), "has an id that is not that of its document, revision and ordinal")
		}
		chunk.DocumentID, chunk.ID = key, id
	}
	return keyed, nil
}

func (b *bound) Delete(ctx context.Context, documentIDs []string) error {
	deletions := make([]corpus.Deletion, len(documentIDs))
	for i, id := range documentIDs {
		deletions[i].ID = id
	}
	return b.DeleteIf(ctx, deletions)
}

func (b *bound) DeleteIf(ctx context.Context, deletions []corpus.Deletion) error {
	c, err := callerOf(ctx)
	if err != nil {
		return err
	}
	keyed, allPossible := slices.Clone(deletions), true
	for i := range keyed {
		key, possible := c.key(keyed[i].ID)
		keyed[i].ID, allPossible = key, allPossible && possible
	}
	if !c.Restricted() && allPossible {
		return c.reworded(b.inner.DeleteIf(ctx, keyed))
	}
	return c.guarded(len(deletions), guarding{
		id: func(i int) string { return deletions[i].ID },
		condition: func(i int) (corpus.Condition, error) {
			id := deletions[i].ID
			cond, err := b.guard(ctx, c, id, deletions[i].If)
			if errors.Is(err, errHidden) {
				err = deletions[i].If.Check(id, "")
			}
			if err != nil || cond.ETag != "" {
				return cond, err
			}
			return cond, b.deletable(ctx, c, id)
		},
		write: func(numbers []int, conditions []corpus.Condition) error {
			some := make([]corpus.Deletion, len(numbers))
			for j, i := range numbers {
				some[j] = keyed[i]
				some[j].If = conditions[j]
			}
			return b.inner.DeleteIf(ctx, some)
		},
	})
}

// Edit edits a document that the caller sees.
func (b *bound) Edit(ctx context.Context, e Edit) error {
	c, err := callerOf(ctx)
	if err != nil {
		return err
	}
	id := e.Document.ID
	key, possible := c.key(id)
	if !possible {
		return notFound(id)
	}
	keyed := e
	keyed.Document.ID = key
	edit := func() error {
		err := EditDocument(ctx, b.inner, keyed)
		if errors.Is(err, corpus.ErrNotFound) {
			return notFound(id)
		}
		return err
	}
	if !c.Restricted() {
		return c.reworded(edit())
	}
	return c.guarded(1, guarding{
		id: func(int) string { return id },
		condition: func(int) (corpus.Condition, error) {
			cond, err := b.guard(ctx, c, id, e.If)
			switch {
			case errors.Is(err, errHidden) || err == nil && cond.Absent:
				return cond, notFound(id)
			case err == nil && !c.Filter.Match(&e.Document):
				return cond, forbidden(id)
			}
			return cond, err
		},
		write: func(_ []int, conditions []corpus.Condition) error {
			keyed.If = conditions[0]
			return edit()
		},
	})
}

// deletable returns nil if a caller may delete what is there of a document that does not
// exist or has expired: the expired document, or the version of one that was deleted. A
// version that is kept for an id that never was a document would block it for others,
// so that is errNothing.
func (b *bound) deletable(ctx context.Context, c *caller, id string) error {
	_, sees, err := b.document(ctx, c, id)
	switch {
	case err == nil && sees:
		return nil
	case err == nil:
		return errNothing
	case !errors.Is(err, corpus.ErrNotFound):
		return err
	}
	key, possible := c.key(id)
	if !possible {
		return errNothing
	}
	kept, err := b.inner.Versions(ctx, []string{key})
	if _, deleted := kept[key]; err == nil && !deleted {
		return errNothing
	}
	return err
}

var (
	errHidden  = errors.New("the document is hidden from the caller")
	errNothing = errors.New("there is nothing to do")
)

// guard returns the condition with which a caller may write a document: its etag, or
// that there is none. The error is errHidden if the caller does not see the document, or
// that of the caller's own condition.
func (b *bound) guard(ctx context.Context, c *caller, id string, own corpus.Condition) (corpus.Condition, error) {
	if _, possible := c.key(id); !possible {
		return own, errHidden
	}
	r, sees, err := b.document(ctx, c, id)
	there := err == nil && !r.Expired
	switch {
	case err != nil && !errors.Is(err, corpus.ErrNotFound):
		return own, err
	case there && !sees:
		return own, errHidden
	case there:
		return corpus.Condition{ETag: r.Document.ETag}, own.Check(id, r.Document.ETag)
	}
	return corpus.Condition{Absent: true}, own.Check(id, "")
}

// guarding is a write of several documents, which have numbers.
type guarding struct {
	id        func(i int) string
	condition func(i int) (corpus.Condition, error) // errNothing: the document is left alone
	write     func(numbers []int, conditions []corpus.Condition) error
}

// guarded writes documents with the conditions under which the caller may write them.
func (c *caller) guarded(documents int, g guarding) error {
	failed, first := map[string]error{}, ""
	fail := func(i int, err error) {
		if len(failed) == 0 {
			first = g.id(i)
		}
		failed[g.id(i)] = c.reworded(err)
	}
	left := make([]int, documents)
	for i := range left {
		left[i] = i
	}
	for try := 0; len(left) > 0; try++ {
		var numbers []int
		var conditions []corpus.Condition
		for _, i := range left {
			condition, err := g.condition(i)
			switch kind := corpus.KindOf(err); {
			case err == nil:
				numbers, conditions = append(numbers, i), append(conditions, condition)
			case errors.Is(err, errNothing):
			case kind == corpus.ErrConflict || kind == corpus.ErrForbidden || kind == corpus.ErrNotFound:
				fail(i, err)
			default:
				return c.reworded(err)
			}
		}
		left = nil
		if len(numbers) == 0 {
			break
		}
		refused, err := failures(g.write(numbers, conditions), len(numbers), func() string { return corpus.TenantKey(c.Tenant, g.id(numbers[0])) })
		if err != nil {
			return c.reworded(err)
		}
		for _, i := range numbers {
			why := refused[corpus.TenantKey(c.Tenant, g.id(i))]
			var unmet *corpus.ConditionError
			switch {
			case why == nil:
			case errors.As(why, &unmet) && try < guardTries: // another write came first
				left = append(left, i)
			default:
				fail(i, why)
			}
		}
	}
	return Failure(failed, first, documents)
}

// failures returns the documents that a write of several did not write, by key, or the
// error of the whole call. first returns the key of the only document.
func failures(err error, documents int, first func() string) (map[string]error, error) {
	var some *PutError
	switch kind := corpus.KindOf(err); {
	case err == nil:
		return nil, nil
	case errors.As(err, &some):
		return some.Failed, nil
	case documents == 1 && (kind == corpus.ErrConflict || kind == corpus.ErrStale || kind == corpus.ErrNotFound):
		return map[string]error{first(): err}, nil
	}
	return nil, err
}

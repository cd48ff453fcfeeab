package indexer

import (
	"context"
	"errors"
	"fmt"

	"dalil/corpus"
)

// heldElsewhere is the failure of a document whose id the index holds from
// another root.
func heldElsewhere(d corpus.Document, held string) error {
	return corpus.Refused("the index holds the id %q from %s, this document is from %s; replace it (--replace), or give the ids a prefix (--id-prefix)",
		d.ID, rootName(held), rootName(d.Root))
}

func rootName(root string) string {
	if root == StandardInput {
		return "standard input"
	}
	return root
}

// ofThisRoot fails the documents that the index holds from another root, and
// returns the others. Content that has not changed is no conflict: nothing
// would be lost.
func (w *writer) ofThisRoot(ctx context.Context, batch []*prepared, held map[string]string) []*prepared {
	kept := make([]*prepared, 0, len(batch))
	for _, p := range batch {
		switch other, err := w.otherRoot(ctx, p, held[p.document.ID]); {
		case err != nil:
			w.failAll([]*prepared{p}, fmt.Errorf("read the root of %q: %w", p.document.ID, err))
		case other == "":
			kept = append(kept, p)
		case p.replaceRoot:
			p.moved = true
			kept = append(kept, p)
		default:
			w.failAll([]*prepared{p}, heldElsewhere(p.document, other))
		}
	}
	return kept
}

// otherRoot is the root that a document is held from, where it is known and
// another than the given one's. fingerprint is of what is held, empty: nothing.
func (w *writer) otherRoot(ctx context.Context, p *prepared, fingerprint string) (string, error) {
	if p.document.Root == "" || fingerprint == "" || fingerprint == p.fingerprint && !p.replaceRoot {
		return "", nil
	}
	info, err := w.deps.Store.Document(ctx, p.document.ID)
	if errors.Is(err, corpus.ErrNotFound) {
		return "", nil // deleted meanwhile
	}
	if err != nil || info.Document.Root == p.document.Root {
		return "", err
	}
	return info.Document.Root, nil
}

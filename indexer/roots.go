package indexer

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"dalil/corpus"
)

// heldElsewhere is the failure of a document whose id the index holds from
// another place.
func heldElsewhere(id, held, given string) error {
	return corpus.Refused("the index holds the id %q from %s, this document is from %s; replace it (--replace), or give the ids a prefix (--id-prefix)",
		id, held, given)
}

// places name where a document is held from and where another one with its id
// comes from, where these are two: two roots, or two files of one root that
// differ in their extension. Records name their ids themselves, so a later file
// of records of the same root may hold a newer one.
func places(held, given corpus.Document) (from, to string, two bool) {
	switch {
	case held.Root == "":
		return "", "", false
	case held.Root != given.Root:
		return rootName(held.Root), rootName(given.Root), true
	case (isFile(held.Source) || isFile(given.Source)) && held.Source != "" && path.Base(held.Source) != path.Base(given.Source):
		return held.Source, given.Source, true
	}
	return "", "", false
}

// isFile reports whether a source is a file whose name gave the id.
func isFile(source string) bool {
	return source != "" && !isJSON(source) && !strings.Contains(path.Base(source), ":")
}

func rootName(root string) string {
	if root == StandardInput {
		return "standard input"
	}
	return root
}

// inPlace fails the documents that the index holds from another place, and
// returns the others. Content that has not changed is not a conflict: nothing would
// be lost.
func (w *writer) inPlace(ctx context.Context, batch []*prepared, held map[string]string) []*prepared {
	kept := make([]*prepared, 0, len(batch))
	for _, p := range batch {
		there, err := w.heldDocument(ctx, p, held[p.document.ID])
		if err != nil {
			w.failAll([]*prepared{p}, fmt.Errorf("read the root of %q: %w", p.document.ID, err))
			continue
		}
		from, to, two := places(there, p.document)
		if two && !p.replaceRoot {
			w.failAll([]*prepared{p}, heldElsewhere(p.document.ID, from, to))
			continue
		}
		p.moved = two
		kept = append(kept, p)
	}
	return kept
}

// heldDocument is the document that the index holds under an id, as far as its
// place matters: where the given one has a root and would be written.
func (w *writer) heldDocument(ctx context.Context, p *prepared, fingerprint string) (corpus.Document, error) {
	if p.document.Root == "" || fingerprint == "" || fingerprint == p.fingerprint && !p.replaceRoot {
		return corpus.Document{}, nil
	}
	info, err := w.deps.Store.Document(ctx, p.document.ID)
	if errors.Is(err, corpus.ErrNotFound) { // deleted meanwhile
		return corpus.Document{}, nil
	}
	return info.Document, err
}

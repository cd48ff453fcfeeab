package indexer

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

// heldElsewhere is the error of a document whose id the index already has from
// another place.
func heldElsewhere(id, held, given string) error {
	return corpus.Refused("the index already has the id %q from %s, and this document is from %s; replace it (--replace), or give the ids a prefix (--id-prefix)",
		id, held, given)
}

// places returns the place of the document in the index and that of the new
// document with the same id, if they differ: two roots, or two files of one root
// with different extensions. Records contain their own ids, so another file of
// records of the same root may have a newer version.
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

// inPlace makes documents fail whose ids the index has from another place, and
// returns the others. Unchanged content is no conflict, because nothing would be
// lost.
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

// heldDocument returns the document of an id in the index. It reads it only if its
// place matters: if the new document has a root and would be written.
func (w *writer) heldDocument(ctx context.Context, p *prepared, fingerprint string) (corpus.Document, error) {
	if p.document.Root == "" || fingerprint == "" || store.Same(fingerprint, p.fingerprint) && !p.replaceRoot {
		return corpus.Document{}, nil
	}
	info, err := w.deps.Store.Document(ctx, p.document.ID)
	if errors.Is(err, corpus.ErrNotFound) { // deleted meanwhile
		return corpus.Document{}, nil
	}
	return info.Document, err
}

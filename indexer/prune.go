package indexer

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"strings"
)

// Prune deletes the documents that came from below the paths and are not among
// the seen ids, and returns what it deleted (or, in a dry run, would). Where a
// document came from is its source; documents of other sources stay.
func (x *Indexer) Prune(ctx context.Context, paths []string, seen map[string]bool) ([]string, error) {
	below, err := Below(paths)
	if err != nil {
		return nil, err
	}
	var gone []string
	for after := ""; ; {
		page, err := x.deps.Store.Documents(ctx, after, 1000)
		if err != nil {
			return nil, fmt.Errorf("list documents: %w", err)
		}
		for _, info := range page {
			after = info.Document.ID
			if !seen[after] && below(after, info.Document.Source) {
				gone = append(gone, after)
			}
		}
		if len(page) < 1000 {
			break
		}
	}
	if x.options.DryRun || len(gone) == 0 {
		return gone, nil
	}
	if err := x.deps.Store.Delete(ctx, gone); err != nil {
		return nil, fmt.Errorf("delete %d documents: %w", len(gone), err)
	}
	return gone, nil
}

// Below returns the test whether a walk of one of the paths gave a document:
// its source lies there and, for a file of its own, its id follows from the
// path. A document that a client wrote under the same source name does not
// pass.
func Below(paths []string) (func(id, source string) bool, error) {
	var roots []string
	for _, p := range paths {
		if p == "-" || strings.ContainsAny(p, `*?[`) {
			return nil, fmt.Errorf("can't prune under %q: only under files and folders", p)
		}
		roots = append(roots, filepath.ToSlash(filepath.Clean(p)))
	}
	return func(id, source string) bool {
		for _, root := range roots {
			relative, ok := within(source, root)
			if !ok {
				continue
			}
			if file, _, record := strings.Cut(relative, ":"); record && isJSONLines(file) {
				return true
			}
			if strings.TrimSuffix(relative, path.Ext(relative)) == id {
				return true
			}
		}
		return false
	}, nil
}

// within is source relative to root; for a root that is a file, its base name.
func within(source, root string) (string, bool) {
	switch {
	case root == ".":
		return source, !path.IsAbs(source) && !strings.HasPrefix(source, "../")
	case source == root || strings.HasPrefix(source, root+":"):
		return strings.TrimPrefix(source, strings.TrimSuffix(root, path.Base(root))), true
	}
	return strings.CutPrefix(source, strings.TrimSuffix(root, "/")+"/")
}

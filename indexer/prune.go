package indexer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"dalil/corpus"
)

// Prune deletes the documents that were indexed from below the paths with the given
// prefix of ids, and that are not among the seen ids. It returns the ids that it
// deleted or, in a dry run, would delete. Other documents stay; see [Below].
func (x *Indexer) Prune(ctx context.Context, paths []string, prefix string, seen map[string]bool) ([]string, error) {
	below, err := Below(paths, prefix)
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
			if !seen[after] && below(info.Document) {
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

// Below returns a function that reports whether a document was found by a walk of
// one of the paths with the given prefix of ids. If the document's root is known,
// the root decides. Otherwise its source must be below the path and, if it is a
// file of its own, its id must be the one of that path. So a document that a client
// wrote with the same source name does not count.
func Below(paths []string, prefix string) (func(corpus.Document) bool, error) {
	if err := prunable(paths); err != nil {
		return nil, err
	}
	var places []pruned
	for _, p := range paths {
		one := pruned{given: filepath.ToSlash(filepath.Clean(p))}
		var err error
		if one.root, err = Root(p); err != nil {
			return nil, err
		}
		if info, err := os.Stat(p); err == nil && !info.IsDir() {
			one.file = path.Base(one.given)
		}
		places = append(places, one)
	}
	return func(d corpus.Document) bool {
		return strings.HasPrefix(d.ID, prefix) && slices.ContainsFunc(places, func(p pruned) bool { return p.gave(d, prefix) })
	}, nil
}

// prunable returns an error if one of the paths does not say which documents it has.
func prunable(paths []string) error {
	for _, p := range paths {
		switch {
		case p == StandardInput:
			return errors.New("--prune cannot be combined with -: standard input does not tell which documents are gone; give files or folders")
		case strings.ContainsAny(p, `*?[{`):
			return fmt.Errorf("--prune cannot be combined with the glob %q; give files or folders", p)
		}
	}
	return nil
}

// pruned is one PATH whose documents are pruned.
type pruned struct {
	given string // slash path
	root  string
	file  string // the base name if the PATH is a file
}

func (p *pruned) gave(d corpus.Document, prefix string) bool {
	if d.Root != "" {
		source := path.Base(d.Source)
		return d.Root == p.root && (p.file == "" || source == p.file || strings.HasPrefix(source, p.file+":"))
	}
	relative, ok := within(d.Source, p.given)
	if !ok {
		return false
	}
	file, _, record := strings.Cut(relative, ":")
	return record && isJSONLines(file) || isJSON(relative) || shortened(prefix+fileID(relative)) == d.ID
}

// within returns source relative to root or, if the root is a file, its base name.
func within(source, root string) (string, bool) {
	switch {
	case root == ".":
		return source, !path.IsAbs(source) && !strings.HasPrefix(source, "../")
	case source == root || strings.HasPrefix(source, root+":"):
		return strings.TrimPrefix(source, strings.TrimSuffix(root, path.Base(root))), true
	}
	return strings.CutPrefix(source, strings.TrimSuffix(root, "/")+"/")
}

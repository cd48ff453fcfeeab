package indexer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"dalil/corpus"
)

// StandardInput is the root of documents from standard input.
const StandardInput = "-"

// extensions are removed from a file's name to make its id. Any other ending is a
// part of the name, as in "notes 2024.05.01".
var extensions = map[string]bool{
	".txt": true, ".text": true, ".md": true, ".markdown": true, ".html": true, ".htm": true, ".xhtml": true, ".json": true, ".csv": true, ".tsv": true,
}

// fileID returns the id of the document of a file at a slash path below the root.
func fileID(relative string) string {
	if extension := path.Ext(relative); extensions[strings.ToLower(extension)] && len(extension) < len(path.Base(relative)) {
		return strings.TrimSuffix(relative, extension)
	}
	return relative
}

// shortened limits an id to corpus.MaxIDBytes. The end of a longer id is replaced by a
// hash of the whole id, so that different ids stay different.
func shortened(id string) string {
	if len(id) <= corpus.MaxIDBytes {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	digits := hex.EncodeToString(sum[:16])
	cut := corpus.MaxIDBytes - len(digits) - 1
	for cut > 0 && !utf8.RuneStart(id[cut]) {
		cut--
	}
	return id[:cut] + "-" + digits
}

// Root returns the folder from which a PATH is read. It is absolute and without
// symbolic links, so that all spellings of a folder give the same root. For a file
// it is the file's folder, for a glob the part without wildcards.
func Root(p string) (string, error) {
	if p == StandardInput {
		return StandardInput, nil
	}
	folder := p
	if info, err := os.Stat(p); err != nil {
		folder = globRoot(p)
	} else if !info.IsDir() {
		folder = filepath.Dir(p)
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(absolute)
	if errors.Is(err, fs.ErrNotExist) {
		real, err = absolute, nil
	}
	if err != nil {
		return "", err
	}
	return filepath.ToSlash(real), nil
}

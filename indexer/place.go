package indexer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
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

// contentID returns the id of a record that has neither an id nor a permanent place.
func contentID(d corpus.Document) string {
	d.ID, d.Source = "", ""
	encoded, err := json.Marshal(d)
	if err != nil { // a Document always marshals
		panic(err)
	}
	sum := sha256.Sum256(encoded)
	return "sha256-" + hex.EncodeToString(sum[:16])
}

// placeID matches an id that the parser made from a record's place: the source and
// the line.
var placeID = regexp.MustCompile(`^:[0-9]+$`)

// lineOf returns the ":line" of an id that is a place in source.
func lineOf(id, source string) (string, bool) {
	line, ok := strings.CutPrefix(id, source)
	return line, ok && placeID.MatchString(line)
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

package indexer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"dalil/corpus"
	"dalil/parser"
)

// file yields one file, or the records of a JSON Lines file.
func (w *walker) file(p, relative string) bool {
	if w.ctx.Err() != nil {
		return false
	}
	info, err := os.Stat(p)
	if err != nil {
		return w.fail(p, err)
	}
	if !info.Mode().IsRegular() {
		return w.fail(p, fmt.Errorf("is not a regular file (%v)", info.Mode().Type()))
	}
	if w.again(p, relative) {
		return true
	}
	f, err := os.Open(p)
	if err != nil {
		return w.fail(p, err)
	}
	defer f.Close()
	slash := filepath.ToSlash(filepath.Clean(p))
	if isJSONLines(slash) {
		return w.jsonLines(f, slash, filepath.ToSlash(relative))
	}
	body, err := io.ReadAll(io.LimitReader(f, corpus.MaxDocumentBytes+1))
	if err != nil {
		return w.fail(p, err)
	}
	if len(body) > corpus.MaxDocumentBytes {
		n := max(len(body), int(info.Size())) // it may have grown in the meantime
		return w.fail(p, errors.New(corpus.TooLong("", n, corpus.MaxDocumentBytes).Description))
	}
	raw := corpus.Raw{
		Document:  corpus.Document{ID: fileID(filepath.ToSlash(relative)), Source: slash},
		MediaType: parser.MediaType(slash, body),
		Body:      body,
	}
	if isJSON(slash) {
		raw.Document.ID = w.ownID(raw)
	}
	return w.found(raw, nil)
}

// ownID returns the id in a record, or else the one of its file.
func (w *walker) ownID(raw corpus.Raw) string {
	given := raw.Document.ID
	raw.Document.ID = ""
	read, err := w.records.Parse(w.ctx, raw)
	if err != nil || read.Document.ID == "" {
		return given
	}
	return read.Document.ID
}

// found yields a document with its final id.
func (w *walker) found(raw corpus.Raw, err error) bool {
	if raw.Document.ID != "" {
		raw.Document.ID = shortened(w.options.Prefix + raw.Document.ID)
	}
	raw.Document.Root, raw.ReplaceRoot, raw.If = w.root, w.options.Replace, w.options.If
	return w.yield(raw, err)
}

func isJSONLines(name string) bool {
	extension := strings.ToLower(path.Ext(name))
	return extension == ".jsonl" || extension == ".ndjson"
}

func isJSON(name string) bool { return strings.EqualFold(path.Ext(name), ".json") }

// jsonLines yields the records of r. A record without an id gets its place as id:
// the slash path below the root and the line. On standard input it gets an id from
// its content, so a record that occurs twice is one document.
func (w *walker) jsonLines(r io.Reader, source, relative string) bool {
	seen := map[string]bool{}
	for raw, err := range parser.JSONLines(r, source) {
		if w.ctx.Err() != nil {
			return false
		}
		if line, place := parser.PlaceOf(raw.Document.ID, source); place && err == nil {
			raw.Document.ID = relative + line
			if w.root == StandardInput {
				if raw.Document.ID = parser.ContentID(raw.Document); seen[raw.Document.ID] {
					continue
				}
				seen[raw.Document.ID] = true
			}
		}
		if !w.found(raw, err) {
			return false
		}
	}
	return true
}

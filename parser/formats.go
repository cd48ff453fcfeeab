package parser

import (
	"io"
	"iter"
	"slices"

	"dalil/corpus"
	"dalil/parser/csv"
	"dalil/parser/format"
	"dalil/parser/html"
	"dalil/parser/json"
	"dalil/parser/markdown"
	"dalil/parser/plain"
)

// formats are all media types that are read: the extensions of files that have one,
// and its reader. Nothing else names a format.
var formats = []struct {
	mediaType  string
	extensions []string // lower case; of a file whose media type nobody declares
	read       format.Reader
}{
	{"text/plain", []string{".txt", ".text"}, plain.Read},
	{"text/markdown", []string{".md", ".markdown"}, markdown.Read},
	{"text/x-markdown", nil, markdown.Read},
	{"text/html", []string{".html", ".htm"}, html.Read},
	{"application/xhtml+xml", []string{".xhtml"}, html.Read},
	{"application/json", []string{".json"}, json.Read},
	{"application/x-ndjson", nil, json.Read}, // one line of a stream, see JSONLines
	{"text/csv", []string{".csv"}, csv.Read},
	{"text/tab-separated-values", []string{".tsv"}, csv.ReadTSV},
}

// readerOf returns the reader of a media type; nil where none reads it.
func readerOf(mediaType string) format.Reader {
	for _, f := range formats {
		if f.mediaType == mediaType {
			return f.read
		}
	}
	return nil
}

// typeOf returns the media type of files with an extension; "" where none has it.
func typeOf(extension string) string {
	for _, f := range formats {
		if slices.Contains(f.extensions, extension) {
			return f.mediaType
		}
	}
	return ""
}

// JSONLines splits a stream into raws, one for every line that is not blank; see
// [json.Lines].
func JSONLines(r io.Reader, source string) iter.Seq2[corpus.Raw, error] {
	return json.Lines(r, source)
}

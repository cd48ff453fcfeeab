// Package backup writes the content of a store to one archive, and restores it into
// any store without embedding anything again. Start with [Write].
//
// An archive is a tar file (POSIX.1-2001, readable with any tar program):
//
//	dalil-backup.json       a [Header]: format, when and by what, the settings
//	documents/00000001.jsonl  one document a line, see document
//	documents/00000002.jsonl  ...
//	end.json                an [End]: counts, and the SHA-256 of every file before
//
// An archive is refused if it has no end, or if its files differ from the checksums
// in the end. In format 1, metadata had only strings. Before format 3, documents had no
// groups and belonged to no tenant; since then, the id of a document is its key (see
// [corpus.TenantKey]). A reader refuses a format with a larger number than its own.
package backup

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/store"
)

// Format is the number of the format that this package writes.
const Format = 3

const (
	headerName = "dalil-backup.json"
	endName    = "end.json"
)

// Header is the first file of an archive.
type Header struct {
	Format    int       `json:"format"`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by"` // name and version of the program
	// Schema is the schema version of the embedded store that was backed up; 0:
	// another store, or an older program. Restoring does not depend on it.
	Schema   int      `json:"schema,omitempty"`
	Settings Settings `json:"settings"`
}

// Settings are the settings of the collection.
type Settings struct {
	Pipeline      corpus.Pipeline `json:"pipeline"`
	AverageLength float64         `json:"average_length"`
	Probes        []string        `json:"probes,omitempty"` // vectors, see document
	CreatedAt     time.Time       `json:"created_at"`
}

// End is the last file of an archive.
type End struct {
	Documents int    `json:"documents"`
	Passages  int    `json:"passages"`
	Files     []File `json:"files"`
}

// File is one file of an archive.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// document is one line. Vectors are little-endian numbers in base64: a dense one
// its float32s, a sparse one its uint32 dimensions and its float32 weights.
type document struct {
	ID          string                  `json:"id"`
	Title       string                  `json:"title,omitempty"`
	URL         string                  `json:"url,omitempty"`
	Source      string                  `json:"source,omitempty"`
	Root        string                  `json:"root,omitempty"`
	Language    string                  `json:"language,omitempty"`
	Author      string                  `json:"author,omitempty"`
	Tags        []string                `json:"tags,omitempty"`
	Groups      []string                `json:"groups,omitempty"`
	PublishedAt *time.Time              `json:"published_at,omitempty"`
	Metadata    map[string]corpus.Value `json:"metadata,omitempty"`
	ExpiresAt   time.Time               `json:"expires_at,omitzero"`
	VisibleFrom time.Time               `json:"visible_from,omitzero"`
	// SourceVersion orders the writes of the document; nil: none.
	SourceVersion *int64 `json:"source_version,omitempty"`
	// Untyped is set if strings of the metadata may be numbers (corpus.Untyped).
	Untyped bool `json:"untyped,omitempty"`
	// Raw has the bytes of fields that are not UTF-8, by the name of the field. The
	// name of a file on disk need not be UTF-8.
	Raw         map[string][]byte `json:"raw,omitempty"`
	Fingerprint string            `json:"fingerprint"`
	Revision    string            `json:"revision,omitempty"`
	UpdatedAt   time.Time         `json:"updated_at"`
	Passages    []passage         `json:"passages,omitempty"`
}

type passage struct {
	Start      int      `json:"start"` // bytes in the document's text
	End        int      `json:"end"`
	Text       string   `json:"text"`
	Headings   []string `json:"headings,omitempty"`
	Dense      string   `json:"dense"`
	Dimensions string   `json:"dimensions,omitempty"`
	Weights    string   `json:"weights,omitempty"`
}

// texts are the fields of one string, by name.
func (d *document) texts() map[string]*string {
	return map[string]*string{
		"id": &d.ID, "title": &d.Title, "url": &d.URL, "source": &d.Source, "root": &d.Root, "language": &d.Language, "author": &d.Author,
	}
}

func toDocument(e *store.Entry) (*document, error) {
	d := &e.Document
	line := &document{
		ID: d.ID, Title: d.Title, URL: d.URL, Source: d.Source, Root: d.Root, Language: d.Language, Author: d.Author, Tags: d.Tags, Groups: d.Groups,
		Metadata: d.Metadata, Fingerprint: e.Fingerprint, UpdatedAt: e.UpdatedAt, Passages: make([]passage, len(e.Points)),
		ExpiresAt: d.ExpiresAt, VisibleFrom: d.VisibleFrom, SourceVersion: d.SourceVersion,
	}
	if !d.PublishedAt.IsZero() {
		line.PublishedAt = &d.PublishedAt
	}
	for name, text := range line.texts() {
		if !utf8.ValidString(*text) {
			if line.Raw == nil {
				line.Raw = map[string][]byte{}
			}
			line.Raw[name] = []byte(*text)
		}
	}
	texts := slices.Concat(d.Tags, d.Groups)
	for key, value := range d.Metadata {
		texts = append(append(texts, key), value.Items()...)
		line.Untyped = line.Untyped || value.IsUntyped()
	}
	for i := range e.Points {
		p := &e.Points[i]
		line.Revision = p.Chunk.Revision
		line.Passages[i] = passage{
			Start: p.Chunk.Span.Start, End: p.Chunk.Span.End, Text: p.Chunk.Text, Headings: p.Chunk.Headings,
			Dense: floats(p.Dense), Dimensions: integers(p.Sparse.Dimensions), Weights: floats(p.Sparse.Weights),
		}
		texts = append(append(texts, p.Chunk.Text), p.Chunk.Headings...)
	}
	for _, text := range texts {
		if !utf8.ValidString(text) { // JSON cannot represent it
			return nil, corpus.Errorf(corpus.ErrCorrupt, "document %q holds text that is not UTF-8", d.ID)
		}
	}
	return line, nil
}

func (d *document) entry() (e store.Entry, err error) {
	texts := d.texts()
	for name, raw := range d.Raw {
		if text, known := texts[name]; known {
			*text = string(raw)
		}
	}
	e = store.Entry{Document: corpus.Document{
		ID: d.ID, Title: d.Title, URL: d.URL, Source: d.Source, Root: d.Root, Language: d.Language, Author: d.Author, Tags: d.Tags, Groups: d.Groups, Metadata: d.Metadata,
		ExpiresAt: d.ExpiresAt.UTC(), VisibleFrom: d.VisibleFrom.UTC(), SourceVersion: d.SourceVersion,
	}, Fingerprint: d.Fingerprint, UpdatedAt: d.UpdatedAt, Points: make([]store.Point, len(d.Passages))}
	for key, value := range d.Metadata {
		if d.Untyped && value.Kind() == corpus.StringKind {
			d.Metadata[key] = corpus.Untyped(value.Text())
		}
	}
	if d.PublishedAt != nil {
		e.Document.PublishedAt = d.PublishedAt.UTC()
	}
	for i, p := range d.Passages {
		point := &e.Points[i]
		point.Chunk = corpus.Chunk{
			ID: corpus.NewChunkID(d.ID, d.Revision, i), DocumentID: d.ID, Revision: d.Revision, Ordinal: i,
			Span: corpus.Span{Start: p.Start, End: p.End}, Text: p.Text, Headings: p.Headings,
		}
		if point.Dense, err = readFloats(p.Dense); err != nil {
			return e, err
		}
		if point.Sparse.Dimensions, err = readIntegers(p.Dimensions); err != nil {
			return e, err
		}
		if point.Sparse.Weights, err = readFloats(p.Weights); err != nil {
			return e, err
		}
	}
	return e, nil
}

func (s *Settings) settings() (store.Settings, error) {
	held := store.Settings{Pipeline: s.Pipeline, AverageLength: s.AverageLength, CreatedAt: s.CreatedAt}
	for _, probe := range s.Probes {
		v, err := readFloats(probe)
		if err != nil {
			return held, err
		}
		held.Probes = append(held.Probes, v)
	}
	return held, nil
}

func floats(v []float32) string {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return base64.StdEncoding.EncodeToString(b)
}

func integers(v []uint32) string {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	return base64.StdEncoding.EncodeToString(b)
}

func readIntegers(s string) ([]uint32, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b)%4 != 0 {
		return nil, fmt.Errorf("%w: a vector is not base64 of 32-bit numbers", corpus.ErrCorrupt)
	}
	v := make([]uint32, len(b)/4)
	for i := range v {
		v[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return v, nil
}

func readFloats(s string) ([]float32, error) {
	bits, err := readIntegers(s)
	v := make([]float32, len(bits))
	for i, b := range bits {
		v[i] = math.Float32frombits(b)
	}
	return v, err
}

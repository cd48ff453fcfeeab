// Package corpus defines the types that all packages share (Raw, Document, Chunk,
// Query, Passage, Receipt) and the kinds of errors. It imports the standard
// library only. Start with [Document] and [Query].
package corpus

import (
	"maps"
	"slices"
	"time"
)

// Raw is the input of the write path: bytes with a media type, and the fields of
// the document that the caller sets.
type Raw struct {
	// Document has the fields that the caller sets: an id, a source, metadata.
	// Fields that are not empty override those that the parser finds. If Body is
	// nil, Document.Text is the clean text and nothing is parsed.
	Document Document
	// MediaType is an RFC 9110 media type, parameters allowed
	// ("text/html; charset=windows-1256"). Empty: guessed from the source's
	// extension, then from the bytes.
	MediaType string
	Body      []byte
	// ReplaceRoot allows the document to replace one from another root.
	ReplaceRoot bool
	// If is the condition of the write.
	If Condition
	// Content is the hash of the content if the document is carried from another
	// collection; empty: it is computed.
	Content string
	// Warnings say what was guessed, repaired or left out so far. The receipt
	// repeats them.
	Warnings []string
}

// Document is an article's clean text with its metadata. Text is valid UTF-8, and
// all offsets count its bytes.
type Document struct {
	ID          string
	Title       string
	Text        string
	URL         string // canonical address, if any
	Source      string // where it came from: a path or the name of a feed
	Language    string // BCP 47 primary subtag ("ar", "en"); empty: undetermined
	Author      string
	Tags        []string
	Groups      []string         `json:",omitempty"` // that may read the document; empty: everyone who sees the tenant's documents
	PublishedAt time.Time        // zero: unknown
	Metadata    map[string]Value // the caller's own keys
	// Root is the absolute path of the folder that the document was read from.
	// Empty: unknown, because the client did not set it. It distinguishes equal ids
	// from two folders. It is not part of the content, and is never returned.
	Root string `json:"-"`
	// ExpiresAt is when the document expires: from then on it is not found, and it is
	// removed. Zero: never. VisibleFrom is when the document becomes visible. Zero: at
	// once. Both are whole microseconds.
	ExpiresAt   time.Time `json:",omitzero"`
	VisibleFrom time.Time `json:",omitzero"`
	// SourceVersion orders the writes of the document as its source does: a write with
	// an older version than the current one is refused. Nil: unknown. It is not part of
	// the content.
	SourceVersion *int64 `json:"-"`
	// ETag identifies the content: everything except Root and SourceVersion. It has 32
	// hexadecimal digits. Stores set it when they read a document, and ignore it in
	// writes.
	ETag string `json:"-"`
}

// MetadataBytes returns the bytes of a document's fields other than id and text.
func (d *Document) MetadataBytes() int {
	n := len(d.Title) + len(d.URL) + len(d.Source) + len(d.Language) + len(d.Author)
	for _, tag := range d.Tags {
		n += len(tag) + 2
	}
	for _, group := range d.Groups {
		n += len(group) + 2
	}
	for k, v := range d.Metadata {
		n += len(k) + v.Bytes() + 2
	}
	return n
}

// Clone returns a copy that shares no slice or map with d.
func (d Document) Clone() Document {
	d.Tags = slices.Clone(d.Tags)
	d.Groups = slices.Clone(d.Groups)
	d.Metadata = maps.Clone(d.Metadata)
	if d.SourceVersion != nil {
		version := *d.SourceVersion
		d.SourceVersion = &version
	}
	return d
}

// Span is a half-open range of bytes, [Start, End).
type Span struct{ Start, End int }

// Len returns the number of bytes in the span.
func (s Span) Len() int { return s.End - s.Start }

// Chunk is a piece of one document with its place in the clean text. The
// chunks of a document, in order, concatenate to its text byte for byte.
type Chunk struct {
	ID         ChunkID
	DocumentID string
	Revision   string // revision of the document that the chunk was cut from
	Ordinal    int    // 0 for the first chunk
	Span       Span   // in the document's clean text
	Text       string
	// Headings is the path of headings of the chunk, outermost first. A heading has
	// no line breaks. Nil: none.
	Headings []string
}

// Chunks cuts text at the spans and gives the pieces their ids. The spans must be
// in order and cover the text without a gap.
func Chunks(documentID, revision, text string, spans []Span) []Chunk {
	chunks := make([]Chunk, len(spans))
	for i, s := range spans {
		chunks[i] = Chunk{
			ID: NewChunkID(documentID, revision, i), DocumentID: documentID, Revision: revision,
			Ordinal: i, Span: s, Text: text[s.Start:s.End],
		}
	}
	return chunks
}

// Vector is a dense vector. Every vector in a point or a query has unit length.
type Vector []float32

// Sparse is a sparse vector. Dimensions are in ascending order without duplicates.
// Weights are those of the dimensions; they are finite and not zero.
type Sparse struct {
	Dimensions []uint32
	Weights    []float32
}

// Len returns the number of dimensions.
func (s Sparse) Len() int { return len(s.Dimensions) }

// Package store defines how points are kept and found: the [Store] contract, which
// the embedded store and Qdrant implement. storetest has its conformance tests.
package store

import (
	"context"
	"io"
	"slices"
	"time"

	"dalil/corpus"
)

// Entry is one whole document as it is written.
type Entry struct {
	Document    corpus.Document // Text is ignored: the points carry it
	Fingerprint string          // of text, metadata and pipeline
	Points      []Point         // in reading order; all of one document and revision
	// If is what must hold for the write.
	If corpus.Condition
	// UpdatedAt is when it was written, of an entry that is restored; zero: now. A
	// store that orders writes by its own clock ignores it.
	UpdatedAt time.Time
}

// Point is a chunk with its vectors.
type Point struct {
	Chunk    corpus.Chunk
	Document *corpus.Document // set by Chunks with WithDocument, without Text; ignored by Put
	Dense    corpus.Vector
	Sparse   corpus.Sparse
}

// ArmQuery is one search. Exactly one of Dense and Sparse is set (Sparse by its
// Dimensions not being nil); a Sparse without dimensions finds nothing. A dense
// arm finds every point, a sparse one those that share a dimension with it. An
// arm that is malformed (of another width, not finite, dimensions that do not
// rise, a negative limit, a filter that does not validate) is
// corpus.ErrInvalid and fails the whole call.
type ArmQuery struct {
	Dense  corpus.Vector
	Sparse corpus.Sparse
	Limit  int      // hits at most, also with IDs; 0: none
	Min    *float32 // hits that score less are left out
	Filter corpus.Filter
	IDs    []corpus.ChunkID // not nil: score exactly these, whatever their rank; the filter still holds
	Exact  bool             // scan, don't approximate
	Effort int              // of an approximate index; 0: the store's setting
}

// Hit is one candidate of one arm.
type Hit struct {
	ID         corpus.ChunkID
	DocumentID string
	Revision   string
	Score      float32 // cosine similarity, or the sum of idf × query weight × passage weight
}

// Fields says what Chunks returns beside ids, ordinals and spans.
type Fields uint8

// The fields, to be or-ed.
const (
	WithText Fields = 1 << iota // and headings
	WithDocument
	WithDense
	WithSparse
	// WithHidden reads passages of documents that are not visible too, as whoever
	// carries, backs up or edits them needs.
	WithHidden
)

// Vocabulary is a snapshot of how many passages hold each sparse dimension. It
// is in memory, never fetched per query, and may lag behind writes: it only
// weighs.
type Vocabulary interface {
	Frequency(dimension uint32) int
	Passages() int
}

// VersionsKept is how long the source version of a deleted document is remembered at
// least.
const VersionsKept = 7 * 24 * time.Hour

// Settings are fixed when a collection is created.
type Settings struct {
	Pipeline      corpus.Pipeline
	AverageLength float64         // terms in a passage, for BM25
	Probes        []corpus.Vector // of embedder probe texts, to notice a silently changed model
	CreatedAt     time.Time
}

// Clone returns a copy that shares no vector with s.
func (s Settings) Clone() Settings {
	s.Probes = slices.Clone(s.Probes)
	for i := range s.Probes {
		s.Probes[i] = slices.Clone(s.Probes[i])
	}
	return s
}

// Record is what a store returns about one document.
type Record struct {
	Document    corpus.Document // without its text
	Fingerprint string
	Revision    string
	Chunks      int // ids are corpus.NewChunkID(id, revision, 0..Chunks-1)
	UpdatedAt   time.Time
	Expired     bool // by the store's clock
}

// Reader is the read half.
//
// Documents that have expired or are not visible yet, by the store's clock, are not
// found by Search, and not read by Chunks unless WithHidden asks for them. The other
// calls show them, but Fingerprints leaves out those that have expired. The ETag of
// every document that is read is [Content] of its fingerprint.
//
// Laws: an answer never shows two revisions of one document. Hits are ordered by
// falling score, ties by rising id. Every later call sees a write that was
// acknowledged. A cancelled context ends the call with its error.
type Reader interface {
	// Search answers all arms in one round trip; result i belongs to arm i. No
	// text is sent. Reading an empty collection finds nothing and is not an error.
	Search(ctx context.Context, arms []ArmQuery) ([][]Hit, error)
	// Chunks returns the points with these ids in the order asked; ids that are
	// gone are left out.
	Chunks(ctx context.Context, ids []corpus.ChunkID, with Fields) ([]Point, error)
	// Vocabulary returns the newest snapshot.
	Vocabulary(ctx context.Context) (Vocabulary, error)
	// Settings returns corpus.ErrNotReady until Create has been called.
	Settings(ctx context.Context) (Settings, error)
	// Documents lists by rising id, byte by byte, after the id given ("" for the
	// first page; it need not be held), at most limit, which is above 0. A document
	// that is there throughout a listing is listed once, whatever is written
	// meanwhile.
	Documents(ctx context.Context, after string, limit int) ([]Record, error)
	// Document returns corpus.ErrNotFound where there is none.
	Document(ctx context.Context, id string) (Record, error)
	// Fingerprints returns those of the ids that are held; others are absent.
	Fingerprints(ctx context.Context, ids []string) (map[string]string, error)
	// Versions returns the source versions of those of the ids that have one, also of
	// documents that were deleted within [VersionsKept].
	Versions(ctx context.Context, ids []string) (map[string]int64, error)
	// Expired returns ids of documents that have expired, at most limit, which is above
	// 0.
	Expired(ctx context.Context, limit int) ([]string, error)
	Stats(ctx context.Context) (corpus.Stats, error)
}

// Writer is the write half. When a call returns nil, what it wrote survives a
// crash of the process and of the machine.
type Writer interface {
	// Create fixes the settings; of several calls the first wins, and each
	// returns what is held. Put before Create is corpus.ErrNotReady.
	Create(ctx context.Context, settings Settings) (Settings, error)
	// Put replaces, per entry, all that is held for its document, atomically
	// for readers; of two entries for one document the later one stays. Vectors
	// of another width or not finite, and points that are not of their entry's
	// document, of one revision, with ordinals 0, 1, 2, … and the ids that
	// follow from these, are corpus.ErrInvalid. An error may leave some of the
	// entries written, each whole; writing again is safe. An entry without
	// points keeps the document, findable by listing only.
	//
	// An entry whose condition does not hold, or whose source version is older than the
	// one held, is not written: a corpus.ConditionError or corpus.StaleError, which is
	// that entry's alone ([PutError]). Of several writers with one condition, one wins.
	// An entry without a source version leaves the document without one.
	Put(ctx context.Context, entries []Entry) error
	// Delete removes documents. Deleting a document that does not exist succeeds.
	Delete(ctx context.Context, documentIDs []string) error
	// DeleteIf removes each document whose condition holds, and whose source version is
	// not newer than that of the deletion. The errors are those of Put.
	DeleteIf(ctx context.Context, deletions []corpus.Deletion) error
}

// Store is one collection opened for one pipeline. Opening it for another is a
// corpus.MismatchError.
type Store interface {
	Reader
	Writer
	// Ready returns nil when searches can be answered and writes be taken, else
	// the reason.
	Ready(ctx context.Context) error
	io.Closer
}

// Package store defines how points are stored and found. Start with [Store], the
// contract that the embedded store and Qdrant implement. Package storetest has its
// conformance tests.
package store

import (
	"context"
	"io"
	"slices"
	"time"

	"dalil/corpus"
)

// Entry is one complete document to write.
type Entry struct {
	Document    corpus.Document // Text is ignored, because the points have it
	Fingerprint string          // hash of text, metadata and pipeline
	Points      []Point         // in reading order, all of the same document and revision
	// If is the condition of the write.
	If corpus.Condition
	// UpdatedAt is when a restored entry was written; zero: now. A store that
	// orders writes by its own clock ignores it.
	UpdatedAt time.Time
}

// Point is a chunk with its vectors.
type Point struct {
	Chunk    corpus.Chunk
	Document *corpus.Document // set by Chunks with WithDocument, without Text; ignored by Put
	Dense    corpus.Vector
	Sparse   corpus.Sparse
}

// ArmQuery is the search of one arm. Exactly one of Dense and Sparse is set; Sparse
// counts as set if its Dimensions are not nil. A Sparse without dimensions finds
// nothing. A dense arm finds every point. A sparse arm finds the points that share
// a dimension with it. If an arm is malformed, the whole call fails with
// corpus.ErrInvalid. An arm is malformed if it has another width, values that are
// not finite, dimensions that do not ascend, a negative limit or an invalid filter.
type ArmQuery struct {
	Dense  corpus.Vector
	Sparse corpus.Sparse
	Limit  int      // largest number of hits, also with IDs; 0: none
	Min    *float32 // hits with a lower score are left out
	Filter corpus.Filter
	IDs    []corpus.ChunkID // not nil: score exactly these points, whatever their rank; the filter still applies
	Exact  bool             // compare all vectors instead of using an approximate index
	Effort int              // effort of an approximate search; 0: the store's setting
	// Union also returns what only the other arms of the call found, with the scores of
	// this arm, whatever their rank; the filter and Min still apply. These hits are marked
	// [Hit.Other], and need not name their documents, because another arm does. They follow
	// the others and do not count towards Limit.
	Union bool
}

// Hit is a candidate of one arm.
type Hit struct {
	ID         corpus.ChunkID
	DocumentID string
	Revision   string
	Score      float32 // cosine similarity, or the sum of idf × query weight × passage weight
	Other      bool    // only another arm found it, see ArmQuery.Union
}

// Fields says what Chunks returns in addition to ids, ordinals and spans.
type Fields uint8

// The fields. They can be combined with |.
const (
	WithText Fields = 1 << iota // and headings
	WithDocument
	WithDense
	WithSparse
	// WithHidden also reads passages of documents that are not visible. It is for
	// callers that carry, back up or edit documents.
	WithHidden
	// WithoutCopies reads only where documents are kept for good, not copies of it that
	// make answers fast. It is for what is written elsewhere, such as an export: damage
	// must be found there, not hidden.
	WithoutCopies
)

// Vocabulary is a snapshot of how many passages contain each sparse dimension. It
// is in memory, is never fetched for a query, and may be older than the last
// writes, because it only affects weights.
type Vocabulary interface {
	Frequency(dimension uint32) int
	Passages() int
}

// BatchVocabulary is a vocabulary that looks up many dimensions in less time than one after
// the other. Fallback: [Vocabulary.Frequency] of each.
type BatchVocabulary interface {
	Vocabulary
	// Frequencies sets the frequency of each dimension. Both slices have the same length.
	Frequencies(dimensions []uint32, frequencies []int)
}

// VersionsKept is how long the source version of a deleted document is kept at
// least.
const VersionsKept = 7 * 24 * time.Hour

// Settings are fixed when a collection is created.
type Settings struct {
	Pipeline      corpus.Pipeline
	AverageLength float64         // mean number of terms in a passage, for BM25
	Probes        []corpus.Vector // vectors of the probe texts, to detect a model that changed silently
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

// Record describes one document in a store.
type Record struct {
	Document    corpus.Document // without its text
	Fingerprint string
	Revision    string
	Chunks      int // their ids are ChunkID(0), …, ChunkID(Chunks-1)
	UpdatedAt   time.Time
	Expired     bool // by the store's clock
	// First is the id of the first chunk. Zero: it follows from the document's id, which
	// is the case unless the store is bound to the caller.
	First corpus.ChunkID
}

// ChunkID returns the id of a chunk of the document.
func (d *Record) ChunkID(ordinal int) corpus.ChunkID {
	if d.First == (corpus.ChunkID{}) {
		return corpus.NewChunkID(d.Document.ID, d.Revision, ordinal)
	}
	return d.First.At(ordinal)
}

// ChunkIDs returns the ids of all chunks of the document.
func (d *Record) ChunkIDs() []corpus.ChunkID {
	ids := make([]corpus.ChunkID, d.Chunks)
	if len(ids) > 0 {
		ids[0] = d.ChunkID(0)
	}
	for i := range ids {
		ids[i] = ids[0].At(i)
	}
	return ids
}

// Reader has the reading methods of a store.
//
// Documents that have expired or are not visible yet, by the store's clock, are not
// found by Search, and Chunks reads them only with WithHidden. The other calls
// return them, but Fingerprints leaves out expired ones. The ETag of every document
// that is read is [Content] of its fingerprint.
//
// Rules: an answer never has two revisions of one document. Hits are in descending
// order of score, those of a union apart; hits with equal scores are in ascending order
// of ids. Every later call takes an acknowledged write into account. If the context is cancelled, the
// call ends with its error.
type Reader interface {
	// Search runs all arms in one round trip; result i belongs to arm i. It returns
	// no texts. Searching an empty collection finds nothing and is not an error.
	Search(ctx context.Context, arms []ArmQuery) ([][]Hit, error)
	// Chunks returns the points with these ids in the order of ids. Ids that no
	// longer exist are left out.
	Chunks(ctx context.Context, ids []corpus.ChunkID, with Fields) ([]Point, error)
	// Vocabulary returns the newest snapshot.
	Vocabulary(ctx context.Context) (Vocabulary, error)
	// Settings returns the settings of Create, or corpus.ErrNotReady before it.
	Settings(ctx context.Context) (Settings, error)
	// Documents lists at most limit documents (above 0) after the given id, in
	// ascending byte order of ids. The id need not exist; "" means the first page.
	// A document that exists throughout a listing is listed exactly once, even if
	// others are written meanwhile.
	Documents(ctx context.Context, after string, limit int) ([]Record, error)
	// Document returns a document, or corpus.ErrNotFound.
	Document(ctx context.Context, id string) (Record, error)
	// Fingerprints returns the fingerprints of the documents that exist; others are absent.
	Fingerprints(ctx context.Context, ids []string) (map[string]string, error)
	// Versions returns the source versions of documents that have one, and of
	// documents that were deleted within [VersionsKept].
	Versions(ctx context.Context, ids []string) (map[string]int64, error)
	// Expired returns the ids of expired documents, at most limit (above 0).
	Expired(ctx context.Context, limit int) ([]string, error)
	Stats(ctx context.Context) (corpus.Stats, error)
}

// Writer has the writing methods of a store. When a call returns nil, its writes
// survive a crash of the process and of the machine.
type Writer interface {
	// Create sets the settings. Of several calls, only the first takes effect; each
	// returns the settings that apply. Put before Create returns
	// corpus.ErrNotReady.
	Create(ctx context.Context, settings Settings) (Settings, error)
	// Put replaces documents, each atomically for readers. Of two entries for one
	// document, the later one remains. Vectors must have the collection's width and
	// be finite. The points of an entry must belong to its document and one
	// revision, with ordinals 0, 1, 2, … and the ids derived from these. Otherwise
	// Put returns corpus.ErrInvalid. After an error, some entries may be written,
	// each completely; writing again is safe. An entry without points keeps the
	// document, which then only listings return.
	//
	// An entry is not written if its condition does not hold, or if its source version
	// is older than the current one. The error is then a corpus.ConditionError or
	// corpus.StaleError of that entry alone ([PutError]). Of several writers with the
	// same condition, one succeeds. After an entry without a source version, the
	// document has none.
	Put(ctx context.Context, entries []Entry) error
	// Delete deletes documents. Deleting a document that does not exist succeeds.
	Delete(ctx context.Context, documentIDs []string) error
	// DeleteIf deletes each document whose condition holds and whose source version is
	// not newer than that of the deletion. Its errors are those of Put.
	DeleteIf(ctx context.Context, deletions []corpus.Deletion) error
}

// Store is one collection that was opened for one pipeline. Opening a collection
// for a pipeline that did not build it returns a corpus.MismatchError.
type Store interface {
	Reader
	Writer
	// Ready returns nil if the store can answer searches and accept writes,
	// otherwise the reason.
	Ready(ctx context.Context) error
	io.Closer
}

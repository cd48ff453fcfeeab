package corpus

import "time"

// Outcome is what became of one document on the write path.
type Outcome uint8

// The outcomes.
const (
	Indexed   Outcome = 1 + iota // written; its old passages are gone
	Unchanged                    // same fingerprint; nothing was embedded
	Failed                       // nothing was written and old passages stay, unless Err is an UnknownError
	Deleted                      // removed, by request or by pruning
	Stale                        // an older source version than the one held; nothing was written
)

func (o Outcome) String() string {
	switch o {
	case Indexed:
		return "indexed"
	case Unchanged:
		return "unchanged"
	case Failed:
		return "failed"
	case Deleted:
		return "deleted"
	case Stale:
		return "stale"
	}
	return "unknown"
}

// Receipt says what happened to one document.
type Receipt struct {
	DocumentID string
	Source     string // the file or line that it came from
	Outcome    Outcome
	Revision   string // of what the store now holds; empty where it failed
	ETag       string // of what the store now holds; empty where it failed or is stale
	Err        error  // why it failed or is stale
	Chunks     int    // written
	Tokens     int    // embedded, as the embedder counts them
	Cut        int    // chunks that the provider says it truncated; should be 0
	// Warnings are what was guessed, repaired or left out of the document, each
	// one sentence that holds none of its text.
	Warnings []string
}

// Stats counts what a store holds.
type Stats struct {
	Documents int
	Passages  int
	Terms     int            // distinct sparse dimensions
	Languages map[string]int // documents by language; "" is undetermined
	DiskBytes int64          // 0: the store does not report it
	UpdatedAt time.Time      // of the newest write; zero: never
}

// Limits are what a server accepts; a larger request is refused, never cut.
type Limits struct {
	QueryBytes      int
	PageSize        int
	DocumentBytes   int
	MetadataBytes   int // of a document's fields beside its text or body
	FilterClauses   int
	FilterBytes     int // of a filter's values, all together
	Neighbours      int
	DocumentIDBytes int
	ContextTokens   int // of a context
	HistoryTurns    int // of a conversation
	HistoryBytes    int // of their texts, all together
}

// Info is what a server says of itself.
type Info struct {
	Version, Commit, GoVersion string
	Store, Embedder            string // the fillers' names
	Pipeline                   Pipeline
	Collection                 string
	MaxTokens                  int // of the model, 0: unlimited
	Limits                     Limits
	StartedAt                  time.Time
	Arms                       []Arm
	Approximate                *Approximate // of the dense arm; nil: it is exact
}

// Approximate is how the dense arm looks for neighbours where it does not compare
// all passages.
type Approximate struct {
	Effort       int     // candidates kept in sight (hnsw_ef) unless Query.Effort says otherwise
	Oversampling float64 // candidates by quantised vectors for each one that full vectors score
}

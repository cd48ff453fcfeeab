package corpus

import "time"

// Outcome is the result of writing or deleting one document.
type Outcome uint8

// The outcomes.
const (
	Indexed   Outcome = 1 + iota // written; its old passages are deleted
	Unchanged                    // same fingerprint; nothing was embedded
	Failed                       // nothing was written and the old passages stay, unless Err is an UnknownError
	Deleted                      // deleted, by request or by pruning
	Stale                        // an older source version than the current one; nothing was written
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
	Source     string // the file or line that the document came from
	Outcome    Outcome
	Revision   string // revision of the document in the store; empty if it failed
	ETag       string // etag of the document in the store; empty if it failed or is stale
	Err        error  // why it failed or is stale
	Chunks     int    // written
	Tokens     int    // embedded tokens, as the embedder counts them
	Cut        int    // chunks that the provider truncated; should be 0
	// Warnings say what was guessed, repaired or left out. Each is one sentence
	// without text of the document.
	Warnings []string
	Mark     Mark // a state of the index that has the write; zero: unknown
}

// Stats has the counts of a store.
type Stats struct {
	Documents int
	Passages  int
	Terms     int            // distinct sparse dimensions
	Languages map[string]int // documents by language; "" is undetermined
	DiskBytes int64          // 0: the store does not report it
	UpdatedAt time.Time      // time of the newest write; zero: never
}

// Limits are the limits of a server. A larger request is refused, never cut.
type Limits struct {
	QueryBytes      int
	PageSize        int
	DocumentBytes   int
	MetadataBytes   int // bytes of a document's fields other than text and body
	FilterClauses   int
	FilterBytes     int // bytes of a filter's values, all together
	Neighbours      int
	DocumentIDBytes int
	ContextTokens   int // of a context
	HistoryTurns    int // of a conversation
	HistoryBytes    int // of their texts, all together
	AnswerBytes     int // of an answer whose grounding is checked
	GroundingBytes  int // of the texts that it is checked against, all together
	Batch           int // requests of one batch
	SimilarBytes    int // of the text of a similar query
}

// Info describes a server.
type Info struct {
	Version, Commit, GoVersion string
	Store, Embedder            string // names of analyzer, chunker and store
	Pipeline                   Pipeline
	Collection                 string
	MaxTokens                  int // of the model, 0: unlimited
	Limits                     Limits
	StartedAt                  time.Time
	Arms                       []Arm
	Approximate                *Approximate // of the dense arm; nil: it is exact
}

// Approximate has the settings of the dense arm's approximate search.
type Approximate struct {
	Effort       int     // number of candidates of a search (hnsw_ef), unless Query.Effort is set
	Oversampling float64 // candidates of the quantised search for each one that is scored with full vectors
}

package corpus

import "time"

// Arm is one way of finding candidates.
type Arm uint8

// The arms. The zero Arm is none.
const (
	Dense   Arm = 1 + iota // nearest vectors
	Lexical                // sparse vectors of stems with BM25 weights
)

func (a Arm) String() string {
	switch a {
	case Dense:
		return "dense"
	case Lexical:
		return "lexical"
	}
	return "unknown"
}

// FusionMethod is how the arms' scores become one.
type FusionMethod uint8

// The fusion methods.
const (
	Mix FusionMethod = iota // weighted mean of standardised scores; the default
	RRF                     // reciprocal rank fusion (Cormack et al., SIGIR 2009)
)

// Fusion says how the arms are fused. The zero value is the measured default.
type Fusion struct {
	Method FusionMethod
	// DenseWeight and LexicalWeight are relative, 0 to MaxWeight, not both 0; nil:
	// the default for the method.
	DenseWeight, LexicalWeight *float32
	K                          int // RRF's constant; 0: 60
}

// MaxWeight bounds the weights of a fusion, so that scores stay finite.
const MaxWeight = 1000

// Query is one question.
type Query struct {
	Text string
	// History is what was said before the question, oldest first.
	History []Turn
	Limit   int // passages wanted; 0: 10
	Offset  int // passages to skip, for paging; candidate depth does not depend on it
	Filter  Filter
	Arms    []Arm // empty: all
	Fusion  Fusion

	MinDense    *float32 // least cosine similarity, -1..1, for the dense arm to keep a candidate
	MinCoverage *float32 // least share of the question's idf weight, 0..1, for the lexical arm to keep one

	Neighbours int   // chunks of context wanted on each side, 0..5
	Rerank     *bool // nil: the server's default
	// AnyLanguage switches off that of passages that hold as much of the question
	// those in its language come first.
	AnyLanguage bool
	Exact       bool // dense arm: scan instead of an approximate index
	Effort      int  // dense arm: search effort of an approximate index (hnsw_ef); 0: the store's default
	Debug       bool // explain expansion in the answer
}

// Scores are the scores of a passage. A nil field means
// that the arm did not score it; it is never filled in.
type Scores struct {
	Dense       *float32 // cosine similarity, -1..1
	Lexical     *float32 // BM25 sum, ≥ 0
	Coverage    *float32 // share of the question's idf weight that the passage holds, 0..1
	Rerank      *float32 // of the reranker; comparable within one answer only
	Fused       float32  // orders this answer only; not comparable between questions
	DenseRank   int      // 1 for the arm's best; 0: not among the arm's candidates
	LexicalRank int
}

// Feature is one of the numbers that ranked a passage.
type Feature struct {
	Name  string
	Value float32
	Moved float32 // what it moved the score by
}

// Highlight is a matched word in a passage's text: in bytes of UTF-8 and in
// UTF-16 code units (what browsers and Java count). Half-open.
type Highlight struct{ Start, End, UTF16Start, UTF16End int }

// Passage is one answer: a chunk with its scores and its citation.
type Passage struct {
	Rank       int // 1 for the best
	Chunk      Chunk
	Document   Document // without its text
	Scores     Scores
	Relevance  *float32  // probability that it answers, 0..1; nil: not computed
	Features   []Feature // what ranked it, with Query.Debug only
	Highlights []Highlight
	Before     []Chunk // neighbours, in reading order
	After      []Chunk
}

// Stage names a step of the read path whose time is measured.
type Stage string

// The stages of the read path. StageContext is that of contexts alone.
const (
	StageExpand  Stage = "expand"
	StageEmbed   Stage = "embed"
	StageStore   Stage = "store"
	StageFuse    Stage = "fuse"
	StageRerank  Stage = "rerank"
	StageHydrate Stage = "hydrate"
	StageContext Stage = "context"
)

// Timing is how long one stage took.
type Timing struct {
	Stage    Stage
	Duration time.Duration
}

// Translation is one expansion of a question's word.
type Translation struct {
	Term   string  // the stem asked for
	Weight float32 // of the word's own weight, 0..1
	Sound  bool    // matched by sound key, not by the lexicon
}

// Explanation lists the forms and translations that a word of the question was searched by.
type Explanation struct {
	Word         string  // as written
	Term         string  // its stem
	Held         bool    // whether the index holds the stem itself
	Weight       float32 // of the word's own dimension
	Translations []Translation
}

// Answer is the ranked passages for a query and how they came about.
type Answer struct {
	Interpreted string // what was asked for: the question, and words of the conversation that joined it
	FollowsUp   bool   // the question was read as one that leans on the conversation
	Passages    []Passage
	Candidates  int  // in the union of the arms, after thresholds
	More        bool // passages remain behind this page
	Timings     []Timing
	Degraded    []Arm // arms that were asked for and could not answer
	// DegradedStages could not do their part: with StageRerank, the order is kept
	// without a reranker that was asked.
	DegradedStages []Stage
	Evidence       Evidence // whether the passages answer, the same on every page
	TopDense       *float32
	Explanations   []Explanation // with Query.Debug only
}

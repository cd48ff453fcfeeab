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

// FusionMethod is how the scores of the arms are combined.
type FusionMethod uint8

// The fusion methods.
const (
	Mix FusionMethod = iota // weighted mean of standardised scores; the default
	RRF                     // reciprocal rank fusion (Cormack et al., SIGIR 2009)
)

// Fusion says how the scores of the arms are combined. The zero value is the default that measured best.
type Fusion struct {
	Method FusionMethod
	// DenseWeight and LexicalWeight are relative, 0 to MaxWeight, not both 0; nil:
	// the default for the method.
	DenseWeight, LexicalWeight *float32
	K                          int // RRF's constant; 0: 60
}

// MaxWeight is the largest weight of a fusion, so that scores stay finite.
const MaxWeight = 1000

// Query is one question.
type Query struct {
	Text string
	// History is the conversation before the question, oldest turn first.
	History []Turn
	Limit   int // number of passages, or with PerDocument of documents; 0: 10
	Offset  int // number of passages or documents to skip, for paging; the number of candidates does not depend on it
	Filter  Filter
	Arms    []Arm // empty: all
	Fusion  Fusion

	MinDense    *float32 // lowest cosine similarity of a candidate of the dense arm, -1 to 1
	MinCoverage *float32 // lowest coverage of a candidate of the lexical arm, 0 to 1

	Neighbours int   // number of neighbouring chunks on each side, 0 to 5
	Rerank     *bool // nil: the server's default
	// AnyLanguage turns off the preference for passages in the question's language
	// among those that contain as much of the question.
	AnyLanguage bool
	Exact       bool // dense arm: compare all vectors instead of using an approximate index
	Effort      int  // dense arm: search effort of an approximate index (hnsw_ef); 0: the store's default
	Debug       bool // add explanations to the answer
	Since       Mark // the search uses this state of the index or a newer one; zero: the current one
	View        View // how much of each passage is read and returned

	// Syntax reads quotation marks and minus signs: words in quotation marks must stand
	// together in a passage, and a word or phrase behind a minus must not be in it. Without
	// it they are plain text.
	Syntax bool
	// AnyTime turns off the preference for documents of the time that the question names
	// ("last week").
	AnyTime bool
	// Now is the moment from which ages and such times are counted; zero: the clock.
	Now         time.Time
	Recency     *Recency // raise newer documents; nil: do not
	Collapse    bool     // of passages with nearly the same text, keep the best
	Diversity   float32  // 0 to 1, how much a passage that resembles better ones loses
	Order       Order
	PerDocument int // group the passages by document, with at most this many of each; 0: do not group
	Facets      []FacetRequest
}

// View says how much of a passage is read and returned.
type View uint8

// The views.
const (
	FullView    View = iota // everything
	SnippetView             // everything but neighbours; the text is read for the snippet
	IDsView                 // ids, ordinals and scores; no text is read to fill the page
	TextView                // everything but best sentence and snippet, and the matches
)

// Scores are the scores of a passage. A nil field means that the score was not
// computed.
type Scores struct {
	Dense       *float32 // cosine similarity, -1..1
	Lexical     *float32 // BM25 sum, ≥ 0
	Coverage    *float32 // share of the question's idf weight that the passage has, 0..1
	Rerank      *float32 // score of the reranker; comparable within one answer only
	Fused       float32  // orders the passages of this answer; not comparable between questions
	DenseRank   int      // 1 for the arm's best; 0: not among the arm's candidates
	LexicalRank int
}

// Feature is one of the ranker's inputs for a passage.
type Feature struct {
	Name  string
	Value float32
	Moved float32 // how much it changed the score
}

// Highlight is a matched word in a passage's text: in bytes of UTF-8 and in
// UTF-16 code units (what browsers and Java count). Half-open.
type Highlight struct{ Start, End, UTF16Start, UTF16End int }

// Match is a word of a passage's text that stands for a word of the question.
type Match struct {
	Span   Span    // in the text
	Word   int     // the number of the question's word
	Weight float32 // its share of the question's word weight, 0 to 1
}

// Passage is one answer: a chunk with its scores and its citation.
type Passage struct {
	Rank       int // 1 for the best
	Chunk      Chunk
	Document   Document // without its text
	Scores     Scores
	Relevance  *float32  // probability that it answers the question, 0..1; nil: not computed
	Features   []Feature // features of the ranker, with Query.Debug only
	Signs      []Feature // what Relevance is computed from, with Query.Debug only
	Highlights []Highlight
	Matches    []Match // in the text view alone, in reading order
	// BestSentence is the sentence that matches the question best, in the chunk's text;
	// empty: there is no question.
	BestSentence Span
	// Snippet is the stretch of at most MaxSnippet code points around what matched, exactly
	// as it is in the chunk's text.
	Snippet string
	Before  []Chunk // neighbours, in reading order
	After   []Chunk
	// Duplicates are the passages that Query.Collapse left out because of this one, best first.
	Duplicates []ChunkID
}

// MaxSnippet is how many code points a snippet has at most.
const MaxSnippet = 200

// Stage is a step of the read path whose time is measured.
type Stage string

// The stages of the read path. StageConversation is that of questions with a history,
// StageArrange that of questions with options that arrange the answer, StageContext that
// of contexts.
const (
	StageExpand       Stage = "expand"
	StageEmbed        Stage = "embed"
	StageStore        Stage = "store"
	StageFuse         Stage = "fuse"
	StageRerank       Stage = "rerank"
	StageArrange      Stage = "arrange"
	StageHydrate      Stage = "hydrate"
	StageContext      Stage = "context"
	StageConversation Stage = "conversation"
)

// Timing is how long one stage took.
type Timing struct {
	Stage    Stage
	Duration time.Duration
}

// Translation is one expansion of a question's word.
type Translation struct {
	Term   string  // the stem that is searched
	Weight float32 // weight relative to that of the word itself, 0..1
	Sound  bool    // found by its sound key instead of in the lexicon
}

// Explanation lists the forms and translations that a word of the question was searched by.
type Explanation struct {
	Word         string  // as written
	Term         string  // its stem
	Held         bool    // whether the index contains the stem itself
	Weight       float32 // weight of the word's own dimension
	Translations []Translation
}

// Answer has the ranked passages for a query, and how they were found.
type Answer struct {
	Interpreted string // the question that was searched, with the words that were added from the conversation
	Own         string // the question in its own words, with which sentences are compared; Interpreted if none of them says anything
	FollowsUp   bool   // the question depends on the conversation
	// Phrases and Excluded are what a passage must have, and must not have. Cut: not all
	// passages that may meet this were looked at.
	Phrases, Excluded []string
	Cut               bool
	// Time is the time that the question names; nil: none. One end may be zero.
	Time *Published
	// Passages are in order. With Query.PerDocument, those of one document are together.
	Passages   []Passage
	Facets     []Facet // in the order of the request
	Candidates int     // in the union of the arms, after thresholds
	More       bool    // there are further passages, or groups, after this page
	Timings    []Timing
	Degraded   []Arm // requested arms that could not answer
	// DegradedStages are the stages that failed. With StageRerank, the order is the
	// one without the external reranker.
	DegradedStages []Stage
	Evidence       Evidence // whether the passages answer the question; the same on every page
	TopDense       *float32
	Explanations   []Explanation // with Query.Debug only
	Mark           Mark          // a state of the index that the answer has seen
}

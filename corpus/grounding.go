package corpus

// Source is a text that may support an answer.
type Source struct {
	Citation   string  // what [n] in the answer names it by; empty: its place, from 1
	ChunkID    ChunkID // of the passage; zero: a text of the request
	DocumentID string
	Text       string
}

// Claim is one sentence of an answer.
type Claim struct {
	Span         Span // in the answer
	NeedsSupport bool // a greeting, a question or a hedge does not
	// Support is how far the best sentence of the sources says the same, 0..1.
	Support      float32
	Citations    []ClaimCitation // the sentences that support it, best first
	CitedWrongly bool            // it is supported, and its own [n] names other sources
	Mismatches   []Mismatch
}

// SupportedClaim is the support from which a claim counts as supported.
const SupportedClaim = 0.5

// ClaimCitation is a sentence of a source that supports a claim.
type ClaimCitation struct {
	Source  int  // which one, from 0
	Span    Span // of the sentence in the source's text
	Support float32
}

// MismatchKind is what does not agree.
type MismatchKind uint8

// The kinds of mismatches.
const (
	MismatchNumber MismatchKind = 1 + iota
	MismatchDate
	MismatchName
	MismatchNegation
)

func (k MismatchKind) String() string {
	switch k {
	case MismatchNumber:
		return "number"
	case MismatchDate:
		return "date"
	case MismatchName:
		return "name"
	case MismatchNegation:
		return "negation"
	}
	return "unknown"
}

// MismatchKinds returns every kind.
func MismatchKinds() []MismatchKind {
	return []MismatchKind{MismatchNumber, MismatchDate, MismatchName, MismatchNegation}
}

// Mismatch is a number, a date or a name of a claim that its supporting sentence
// does not have or contradicts, or a word that only one of both negates.
type Mismatch struct {
	Kind   MismatchKind
	Claim  Span  // in the answer
	Source int   // of the supporting sentence, from 0
	Found  *Span // what the source's text has instead; nil: it has nothing of the kind
}

// Grounding is how well the sources support an answer.
type Grounding struct {
	Claims  []Claim
	Support *float32 // of the claims that need support, weighted by their words, 0..1; nil: none needs it
}

// Limits of a check.
const (
	MaxAnswerBytes = 32 << 10  // of an answer
	MaxSources     = 100       // passages or texts
	MaxSourceBytes = 512 << 10 // of all texts together
)

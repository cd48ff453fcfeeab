package corpus

// ContextOrder is the order of the blocks of a context.
type ContextOrder uint8

// The orders.
const (
	ByRank     ContextOrder = iota // best first; the default
	ByDocument                     // best document first, in reading order within a document
	ByEdges                        // best first, second best last, the weakest in the middle
)

// ContextFormat is the form of a context's text.
type ContextFormat uint8

// The formats.
const (
	FormatBlocks        ContextFormat = iota // citation and text; the default
	FormatMarkdown                           // headings and quotations
	FormatXML                                // one element a block
	FormatSearchResults                      // JSON: content blocks of type search_result
)

// ContextQuery is a question and the size of the context that it needs.
type ContextQuery struct {
	Query                       // Limit, Offset and Neighbours are set by who builds the context
	MaxTokens      int          // that the text may have; 0: 1000
	MaxPerDocument int          // passages of one document; 0: no limit
	Order          ContextOrder // of the blocks
	Format         ContextFormat
	Around         *int     // passages that may be added on each side of one that was found, 0 to 5; nil: 1
	MinEvidence    Evidence // of a context that is not empty; EvidenceUnknown: no limit
}

// DefaultContextTokens is the size of a context whose caller sets none.
const DefaultContextTokens = 1000

// ContextFlag is a property of a block's text that a chatbot should know.
type ContextFlag uint8

// The flags.
const (
	HiddenCharacters ContextFlag = 1 + iota // controls, overrides of direction, characters of no width
	InstructionLike                         // it contains instructions to a language model
	MixedDirection                          // it has letters of both directions
)

// ContextFlags lists every flag.
func ContextFlags() []ContextFlag {
	return []ContextFlag{HiddenCharacters, InstructionLike, MixedDirection}
}

func (f ContextFlag) String() string {
	switch f {
	case HiddenCharacters:
		return "hidden_characters"
	case InstructionLike:
		return "instruction_like"
	case MixedDirection:
		return "mixed_direction"
	}
	return "unknown"
}

// ContextBlock is whole sentences of one passage, or of several that follow each
// other in a document.
type ContextBlock struct {
	Citation   string // "1" for the first block
	Document   Document
	Revision   string
	Passages   []ChunkID // in reading order
	Span       Span      // in the document's clean text
	Text       string    // exactly that span
	Tokens     int
	Relevance  *float32 // of its best passage; nil: not known
	Highlights []Highlight
	Flags      []ContextFlag
}

// DropReason says why a passage that was found is not in a context.
type DropReason uint8

// The reasons.
const (
	DroppedBudget        DropReason = 1 + iota // no space was left for a sentence of it
	DroppedDuplicate                           // better passages have nearly all of its text
	DroppedDocumentLimit                       // its document has as many passages as it may have
	DroppedNoEvidence                          // it does not seem to answer
)

// DropReasons lists every reason.
func DropReasons() []DropReason {
	return []DropReason{DroppedBudget, DroppedDuplicate, DroppedDocumentLimit, DroppedNoEvidence}
}

func (r DropReason) String() string {
	switch r {
	case DroppedBudget:
		return "budget"
	case DroppedDuplicate:
		return "duplicate"
	case DroppedDocumentLimit:
		return "document_limit"
	case DroppedNoEvidence:
		return "no_evidence"
	}
	return "unknown"
}

// Dropped is a passage that was found and is not in the context.
type Dropped struct {
	Passage ChunkID
	Reason  DropReason
}

// ContextAnswer is a context for a language model.
type ContextAnswer struct {
	Blocks  []ContextBlock // in the order of Text
	Text    string         // rendered; empty without blocks
	Tokens  int            // of Text
	Counter string         // what counted them
	Dropped []Dropped      // best first
	// Answer is what the read path says; its passages are not set.
	Answer
}

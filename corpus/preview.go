package corpus

// Preview is what a write of a document would put into the index.
type Preview struct {
	Document Document // without its text
	Revision string
	Outcome  Outcome // Indexed, Unchanged or Stale: what a write without conditions would do now
	Passages []PreviewPassage
	Total    int      // number of passages of the whole document
	Warnings []string // see Receipt.Warnings
}

// PreviewPassage is a passage that a document would be cut into.
type PreviewPassage struct {
	Chunk    Chunk
	Embedded string // what the embedder would get
	Tokens   *int   // of Embedded; nil: the model's tokenizer is not known
	Words    []PreviewWord
}

// PreviewWord is a word of a passage, as the lexical arm reads it.
type PreviewWord struct {
	Word string // normalised
	Term string // its stem, which is indexed
	Span Span   // in the passage's text
	Stop bool   // a stop word
}

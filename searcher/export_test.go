package searcher

// These let the property tests reach the functions alone.
var (
	Snippet   = snippet
	FirstWord = firstWord
)

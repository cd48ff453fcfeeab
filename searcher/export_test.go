package searcher

// Snippet lets the property tests reach the function alone.
var Snippet = snippet

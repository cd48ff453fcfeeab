package indexer

// ContentOf is for tests.
var ContentOf = contentOf

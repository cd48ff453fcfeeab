package local

import (
	"github.com/maypok86/otter/v2"

	"dalil/corpus"
)

// documentCache keeps the documents of recent results, by key. A key always means
// the same version of a document, so an entry never becomes invalid.
type documentCache = otter.Cache[int64, *corpus.Document]

// cachedDocuments is the largest number of cached documents.
const cachedDocuments = 3072

func newDocumentCache() *documentCache {
	return otter.Must(&otter.Options[int64, *corpus.Document]{
		MaximumSize: cachedDocuments,
		// In the caller's goroutine, because nothing would wait for another one.
		Executor: func(maintain func()) { maintain() },
	})
}

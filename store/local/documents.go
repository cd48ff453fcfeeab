package local

import (
	"github.com/maypok86/otter/v2"

	"dalil/corpus"
)

// documentCache keeps the documents of recent winners, by key. A key means one state
// of a document for ever, so nothing in it is ever wrong.
type documentCache = otter.Cache[int64, *corpus.Document]

// cachedDocuments bounds it.
const cachedDocuments = 3072

func newDocumentCache() *documentCache {
	return otter.Must(&otter.Options[int64, *corpus.Document]{
		MaximumSize: cachedDocuments,
		// In the caller's goroutine, not in one of its own that nobody waits for.
		Executor: func(maintain func()) { maintain() },
	})
}

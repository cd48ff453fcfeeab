package local

import (
	"sync"

	"dalil/corpus"
)

// documentCache keeps the documents of recent winners. A key means one state
// of a document for ever, so nothing in it is ever wrong. It has two halves:
// when the young one is full it becomes the old one, which is forgotten.
type documentCache struct {
	mu         sync.Mutex
	young, old map[int64]*corpus.Document
}

// cachedDocuments bounds each half.
const cachedDocuments = 2048

func newDocumentCache() *documentCache {
	return &documentCache{young: map[int64]*corpus.Document{}}
}

func (c *documentCache) get(key int64) (*corpus.Document, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d, held := c.young[key]; held {
		return d, true
	}
	d, held := c.old[key]
	if held {
		c.keep(key, d)
	}
	return d, held
}

func (c *documentCache) put(key int64, d *corpus.Document) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(key, d)
}

func (c *documentCache) keep(key int64, d *corpus.Document) {
	if len(c.young) >= cachedDocuments {
		c.old, c.young = c.young, make(map[int64]*corpus.Document, cachedDocuments)
	}
	c.young[key] = d
}

package local

import (
	"math/rand/v2"
	"testing"

	"dalil/corpus"
)

// The cache holds what was asked for often, and no more than its bound.
func TestDocumentCacheIsBounded(t *testing.T) {
	cache := newDocumentCache()
	often := &corpus.Document{ID: "often"}
	for key := range int64(4 * cachedDocuments) {
		cache.Set(0, often)
		cache.GetIfPresent(0)
		if key > 0 {
			cache.Set(key, &corpus.Document{})
		}
	}
	if n := cache.EstimatedSize(); n > cachedDocuments {
		t.Errorf("%d documents are held, the bound is %d", n, cachedDocuments)
	}
	if d, held := cache.GetIfPresent(0); !held || d != often {
		t.Errorf("the document that was asked for most often is gone: %v", d)
	}
}

// BenchmarkDocumentCache measures a hit, and questions whose winners follow Zipf's
// law over 100,000 documents.
func BenchmarkDocumentCache(b *testing.B) {
	b.Run("hit", func(b *testing.B) {
		cache := newDocumentCache()
		for key := range int64(1000) {
			cache.Set(key, &corpus.Document{})
		}
		b.ReportAllocs()
		for key := int64(0); b.Loop(); key++ {
			if _, held := cache.GetIfPresent(key % 1000); !held {
				b.Fatal("a document that was just cached is gone")
			}
		}
	})
	b.Run("zipf", func(b *testing.B) {
		cache := newDocumentCache()
		winners := rand.NewZipf(rand.New(rand.NewPCG(1, 2)), 1.05, 1, 100_000)
		hits, document := 0, &corpus.Document{}
		b.ReportAllocs()
		for b.Loop() {
			key := int64(winners.Uint64())
			if _, held := cache.GetIfPresent(key); held {
				hits++
			} else {
				cache.Set(key, document)
			}
		}
		b.ReportMetric(float64(hits)/float64(b.N), "hits/op")
	})
}

package hash_test

import (
	"context"
	"testing"

	"dalil/embedder"
	"dalil/embedder/embedtest"
	"dalil/embedder/hash"
)

func TestLaws(t *testing.T) {
	embedtest.Run(t, func(*testing.T) embedder.Embedder { return hash.New(hash.Options{}) })
}

func TestWrappersKeepTheLaws(t *testing.T) {
	adapter := func() embedder.Embedder { return hash.New(hash.Options{Dimensions: 64, MaxBatch: 7}) }
	wrappers := map[string]func() embedder.Embedder{
		"checked":   func() embedder.Embedder { return embedder.Checked(adapter()) },
		"batched":   func() embedder.Embedder { return embedder.Batched(adapter(), embedder.BatchOptions{Bytes: 300}) },
		"coalesced": func() embedder.Embedder { return embedder.Coalesced(adapter()) },
		"cached":    func() embedder.Embedder { return embedder.Cached(adapter(), embedder.CacheOptions{}) },
		"charged": func() embedder.Embedder {
			return embedder.Charged(adapter(), func(context.Context, int) {})
		},
		"all": func() embedder.Embedder {
			e := embedder.Batched(embedder.Checked(adapter()), embedder.BatchOptions{})
			return embedder.Cached(embedder.Coalesced(e), embedder.CacheOptions{Bytes: 1 << 20})
		},
	}
	for name, open := range wrappers {
		t.Run(name, func(t *testing.T) {
			embedtest.Run(t, func(*testing.T) embedder.Embedder { return open() })
		})
	}
}

func TestSharedLettersBringWordsNear(t *testing.T) {
	answer, err := hash.New(hash.Options{}).Embed(t.Context(), embedder.Passage,
		[]string{"والتعاون الدولي", "التعاون الدولية", "pizza in Naples"})
	if err != nil {
		t.Fatal(err)
	}
	dot := func(a, b int) (sum float32) {
		for i, x := range answer.Vectors[a] {
			sum += x * answer.Vectors[b][i]
		}
		return sum
	}
	if near, far := dot(0, 1), dot(0, 2); near < far+0.3 {
		t.Errorf("cosine %.2f of inflected words, %.2f of unrelated ones", near, far)
	}
}

func BenchmarkEmbed(b *testing.B) {
	e := hash.New(hash.Options{})
	text := "تعزيز الشبكات الدولية للمنظمات غير الحكومية للتعاون في الحد من الفقر وتجميع قوة المجتمع المدني"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := e.Embed(b.Context(), embedder.Passage, []string{text}); err != nil {
			b.Fatal(err)
		}
	}
}

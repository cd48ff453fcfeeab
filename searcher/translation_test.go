package searcher_test

import (
	"context"
	"testing"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/lexical"
	"dalil/searcher"
)

// comparing is a reranker that scores all texts alike and knows which texts are
// translations of each other.
type comparing struct {
	indifferent
	translations map[string]string
}

func (c comparing) ProfileName() string        { return "comparing" }
func (c comparing) Profile(text string) []byte { return []byte(text) }
func (c comparing) RerankProfiles(ctx context.Context, query string, profiles [][]byte, _ func(string) float64) ([]searcher.Reranking, error) {
	return c.Rerank(ctx, query, make([]string, len(profiles)))
}

func (c comparing) Similar(profile []byte, others [][]byte) []float32 {
	similar := make([]float32, len(others))
	for i, other := range others {
		if c.translations[string(other)] == string(profile) {
			similar[i] = .9
		}
	}
	return similar
}

// level is an embedder whose questions are about equally far from all passages.
type level struct{ embedder.Embedder }

func (l level) Embed(_ context.Context, _ embedder.Role, texts []string) (embedder.Embeddings, error) {
	vectors := make([]corpus.Vector, len(texts))
	for i := range vectors {
		vectors[i] = make(corpus.Vector, l.Model().Dimensions)
		vectors[i][0] = 1
	}
	return embedder.Embeddings{Vectors: vectors}, nil
}

// Where the first passage is in another language, its translation comes before it,
// although it has other words than the question.
func TestATranslationComesBeforeTheFirstPassage(t *testing.T) {
	const free, bread, original = "He writes on free talk in the capital.", "Freedom costs bread in the capital.", "حرية التعبير في العاصمة."
	a := lexical.NewAnalyzer()
	data, err := lexical.EncodeLexicon(a.Name(), []lexical.Entry{
		{Source: a.Stem("freedom"), Target: a.Stem("حرية"), Weight: 1}, {Source: a.Stem("speech"), Target: a.Stem("التعبير"), Weight: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := lexical.LoadLexicon(data)
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, map[string][]string{"free": {free}, "bread": {bread}, "original": {original}})
	f.deps.Expander = lexical.NewExpander(a, l, lexical.ExpandOptions{})
	f.deps.Embedder = level{f.deps.Embedder}
	order := func(r searcher.Reranker, q corpus.Query) []string {
		f.deps.Reranker = r
		var ids []string
		for _, p := range search(t, searcher.New(f.deps, searcher.Options{}), q).Passages {
			ids = append(ids, p.Document.ID)
		}
		return ids
	}
	knows := comparing{translations: map[string]string{"On free\n" + free: "On original\n" + original}}
	q := corpus.Query{Text: "freedom of speech"}
	if got := order(knows, q); len(got) != 3 || got[0] != "free" || got[1] != "original" {
		t.Errorf("the order is %v, want the translation before the passage that it translates, and both before the rest", got)
	}
	if got := order(comparing{}, q); got[0] != "original" {
		t.Errorf("the order is %v without translations, want the passage with all words first", got)
	}
	q.AnyLanguage = true
	if got := order(knows, q); got[0] != "original" {
		t.Errorf("the order is %v where the language does not matter, want the passage with all words first", got)
	}
}

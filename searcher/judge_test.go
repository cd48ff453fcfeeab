package searcher_test

import (
	"context"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/searcher"
	"dalil/searcher/relevance"
	"dalil/searcher/trees"
)

// exact is a reranker whose words are near what has the same letters.
type exact struct{}

func (exact) Rerank(_ context.Context, query string, texts []string) ([]searcher.Reranking, error) {
	var spans []corpus.Span
	for at, word := 0, ""; ; at += len(word) + 1 {
		var rest bool
		if word, _, rest = strings.Cut(query[at:], " "); true {
			spans = append(spans, corpus.Span{Start: at, End: at + len(word)})
		}
		if !rest {
			break
		}
	}
	ranked := make([]searcher.Reranking, len(texts))
	for i, text := range texts {
		r := &ranked[i]
		for _, s := range spans {
			near := float32(0)
			if strings.Contains(strings.ToLower(text), query[s.Start:s.End]) {
				near = 1
			}
			r.Words, r.Lengths = append(r.Words, near), append(r.Lengths, 1)
			r.Late += near / float32(len(spans))
		}
		r.Spans, r.Sentence, r.Together = spans, r.Late, r.Late
	}
	return ranked, nil
}

// byConcepts says that a passage answers when it has most of the question.
func byConcepts(t *testing.T) *relevance.Table {
	t.Helper()
	names := searcher.SignNames()
	at := -1
	for i, name := range names {
		if name == "concepts" {
			at = i
		}
	}
	tree := trees.Tree{Features: [trees.Depth]int{at, at, at}, Thresholds: [trees.Depth]float32{.3, .6, .95}}
	tree.Leaves = [1 << trees.Depth]float32{-4, -1, -1, 1, -1, -1, -1, 4}
	return relevance.New("test", trees.New(names, []trees.Tree{tree}), nil, 0, relevance.Limits{Weak: .1, Sufficient: .6})
}

func TestEvidenceFollowsTheBestPassage(t *testing.T) {
	f := newFixture(t, nature)
	f.deps.Reranker = exact{}
	s := searcher.New(f.deps, searcher.Options{Relevance: byConcepts(t)})
	for _, c := range []struct {
		question string
		want     corpus.Evidence
	}{
		{"rivers flood spring", corpus.EvidenceSufficient},
		{"elephants bank loan", corpus.EvidenceNone},
		{"snow mountains elephants", corpus.EvidenceWeak},
	} {
		answer := search(t, s, corpus.Query{Text: c.question})
		if answer.Evidence != c.want {
			t.Errorf("%q: evidence %v, want %v", c.question, answer.Evidence, c.want)
		}
		best := float32(0)
		for _, p := range answer.Passages {
			if p.Relevance == nil || *p.Relevance < 0 || *p.Relevance > 1 {
				t.Fatalf("%q: relevance %v, want 0 to 1", c.question, p.Relevance)
			}
			best = max(best, *p.Relevance)
		}
		if got := byConcepts(t).Grade(best); got != answer.Evidence {
			t.Errorf("%q: the best passage says %v, the answer %v", c.question, got, answer.Evidence)
		}
		second := search(t, s, corpus.Query{Text: c.question, Limit: 1, Offset: 1})
		if second.Evidence != answer.Evidence {
			t.Errorf("%q: evidence %v on the second page, %v on the first", c.question, second.Evidence, answer.Evidence)
		}
	}
	alone := newFixture(t, map[string][]string{"one": {"Rivers flood."}})
	alone.deps.Reranker = exact{}
	if got := search(t, searcher.New(alone.deps, searcher.Options{Relevance: byConcepts(t)}), corpus.Query{Text: "rivers flood"}).Evidence; got != corpus.EvidenceSufficient {
		t.Errorf("the only passage of an index answers: evidence %v", got)
	}
}

func TestEvidenceIsUnknownWhereItWasNotComputed(t *testing.T) {
	f := newFixture(t, nature)
	f.deps.Reranker = exact{}
	off, zero := false, float32(0)
	table := byConcepts(t)
	known := searcher.New(f.deps, searcher.Options{Relevance: table})
	without := searcher.New(f.deps, searcher.Options{})
	f.deps.Reranker = failing{}
	broken := searcher.New(f.deps, searcher.Options{Relevance: table})
	f.deps.Reranker = reversing{} // it has no words
	wordless := searcher.New(f.deps, searcher.Options{Relevance: table})
	for name, c := range map[string]struct {
		searcher *searcher.Searcher
		query    corpus.Query
	}{
		"no table":               {without, corpus.Query{}},
		"a reranker that fails":  {broken, corpus.Query{}},
		"a reranker of no words": {wordless, corpus.Query{}},
		"no reranking":           {known, corpus.Query{Rerank: &off}},
		"words alone":            {known, corpus.Query{Arms: []corpus.Arm{corpus.Lexical}}},
		"vectors alone":          {known, corpus.Query{Arms: []corpus.Arm{corpus.Dense}}},
		"ranks":                  {known, corpus.Query{Fusion: corpus.Fusion{Method: corpus.RRF}}},
		"weights":                {known, corpus.Query{Fusion: corpus.Fusion{DenseWeight: &zero}}},
	} {
		c.query.Text = "rivers in spring"
		answer := search(t, c.searcher, c.query)
		if answer.Evidence != corpus.EvidenceUnknown {
			t.Errorf("%s: evidence %v, want unknown", name, answer.Evidence)
		}
		for _, p := range answer.Passages {
			if p.Relevance != nil {
				t.Errorf("%s: relevance %.3f, want none", name, *p.Relevance)
			}
		}
	}
	nothing := search(t, without, corpus.Query{Text: "rivers", Filter: corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{"no such tag"}}}})
	if nothing.Evidence != corpus.EvidenceNone {
		t.Errorf("nothing was found: evidence %v, want none", nothing.Evidence)
	}
}

// TestAWordWithoutTranslationIsNotMissed asks in English; the second word has no
// translation, the third has one that the passages lack.
func TestAWordWithoutTranslationIsNotMissed(t *testing.T) {
	f := newFixture(t, map[string][]string{"arabic": {"تجري الأنهار إلى البحر."}, "english": {"Rivers run to the sea."}})
	f.deps.Reranker = exact{}
	data, err := lexical.EncodeLexicon(f.deps.Analyzer.Name(), []lexical.Entry{
		{Source: f.deps.Analyzer.Stem("rivers"), Target: f.deps.Analyzer.Stem("الأنهار"), Weight: 1},
		{Source: f.deps.Analyzer.Stem("elephants"), Target: f.deps.Analyzer.Stem("الفيلة"), Weight: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	lexicon, err := lexical.LoadLexicon(data)
	if err != nil {
		t.Fatal(err)
	}
	f.deps.Expander = lexical.NewExpander(f.deps.Analyzer, lexicon, lexical.ExpandOptions{})
	s := searcher.New(f.deps, searcher.Options{Relevance: byConcepts(t)})
	for _, c := range []struct {
		question, document string
		known, unknown     func(float32) bool
	}{
		{"rivers", "arabic", over(.8), under(.01)},
		{"rivers zzyzx", "arabic", over(.8), over(.3)},
		{"rivers elephants", "arabic", under(.7), under(.01)},
		{"rivers zzyzx", "english", under(.7), under(.01)},
	} {
		found := false
		for _, p := range search(t, s, corpus.Query{Text: c.question, Debug: true}).Passages {
			if p.Chunk.DocumentID != c.document {
				continue
			}
			signs := map[string]float32{}
			for _, x := range p.Signs {
				signs[x.Name] = x.Value
			}
			found = true
			if !c.known(signs["known"]) || !c.unknown(signs["unknown"]) {
				t.Errorf("%q, %s: known %.2f, unknown %.2f", c.question, c.document, signs["known"], signs["unknown"])
			}
		}
		if !found {
			t.Errorf("%q did not find %s", c.question, c.document)
		}
	}
}

func over(limit float32) func(float32) bool  { return func(x float32) bool { return x > limit } }
func under(limit float32) func(float32) bool { return func(x float32) bool { return x < limit } }

package app_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"dalil/corpus"
	"dalil/embedder/tokenizer"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// seeds indexes the five articles, and the documents.
func seeds(t *testing.T, a *app.App, documents ...corpus.Document) {
	t.Helper()
	var raws []corpus.Raw
	for raw, err := range indexer.Walk(operator(t), []string{"../../seeds"}, indexer.WalkOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		raws = append(raws, raw)
	}
	for _, d := range documents {
		raws = append(raws, corpus.Raw{Document: d})
	}
	if err := a.IndexAll(operator(t), raws); err != nil {
		t.Fatal(err)
	}
}

func build(t *testing.T, a *app.App, q corpus.ContextQuery) corpus.ContextAnswer {
	t.Helper()
	answer, err := a.BuildContext(operator(t), q)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func documents(answer corpus.ContextAnswer) (ids []string) {
	for _, b := range answer.Blocks {
		if !slices.Contains(ids, b.Document.ID) {
			ids = append(ids, b.Document.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// TestTwoArticlesOnOneForumAreNoDuplicates: two articles report on one meeting
// and quote the same people; a copy of the second with another headline is a
// duplicate.
func TestTwoArticlesOnOneForumAreNoDuplicates(t *testing.T) {
	a := open(t, settings(t, nil))
	text, err := os.ReadFile("../../seeds/003_e2547493d83c1110.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, report, _ := strings.Cut(string(text), "\n")
	seeds(t, a, corpus.Document{ID: "copy", Title: "نقلا عن وكالة الأنباء", Text: "(وكالات) - خاص.\n" + strings.Replace(report, "الماضي", "الفائت", 1)})
	answer := build(t, a, corpus.ContextQuery{Query: corpus.Query{Text: "الدورة الثالثة لمنتدى المدن العربية والصينية"}, MaxTokens: 4000})
	ids := documents(answer)
	if !slices.Contains(ids, "002_2691a08cecb6fce4") || slices.Contains(ids, "003_e2547493d83c1110") == slices.Contains(ids, "copy") {
		t.Errorf("the context is of %v", ids)
	}
	duplicates := 0
	for _, d := range answer.Dropped {
		if d.Reason == corpus.DroppedDuplicate {
			duplicates++
			p, err := a.Passages(operator(t), []corpus.ChunkID{d.Passage}, 0, corpus.FullView)
			if err != nil || len(p) != 1 || p[0].Chunk.DocumentID != "copy" && p[0].Chunk.DocumentID != "003_e2547493d83c1110" {
				t.Errorf("%v is dropped as a duplicate: %v, %v", d.Passage, p, err)
			}
		}
	}
	if duplicates == 0 {
		t.Errorf("nothing is a duplicate; dropped %v", answer.Dropped)
	}
}

// TestBlocksAreTheDocumentsText reads the clean texts and compares.
func TestBlocksAreTheDocumentsText(t *testing.T) {
	a := open(t, settings(t, nil))
	seeds(t, a)
	texts := map[string]string{}
	for _, question := range []string{"التعاون للحد من الفقر", "Who founded the forum in 2014?", "vaccines", "كم دولة وقعت اتفاقيات تعاون مع الصين؟"} {
		for _, tokens := range []int{30, 150, 400, 1500, 10_000} {
			answer := build(t, a, corpus.ContextQuery{Query: corpus.Query{Text: question}, MaxTokens: tokens})
			if answer.Tokens > tokens {
				t.Errorf("%q: %d tokens, the budget is %d", question, answer.Tokens, tokens)
			}
			for _, b := range answer.Blocks {
				if texts[b.Document.ID] == "" {
					d, err := a.Document(operator(t), b.Document.ID, true)
					if err != nil {
						t.Fatal(err)
					}
					texts[b.Document.ID] = d.Document.Text
				}
				if got := texts[b.Document.ID][b.Span.Start:b.Span.End]; got != b.Text {
					t.Errorf("%s at %v is %q, the block %q", b.Document.ID, b.Span, got, b.Text)
				}
				for _, h := range b.Highlights {
					if h.Start < 0 || h.End > len(b.Text) || h.Start >= h.End || strings.ContainsAny(b.Text[h.Start:h.End], "\n،.") {
						t.Errorf("%q has a highlight at %+v", b.Text, h)
					}
				}
			}
		}
	}
}

// TestTheBudgetIsThatOfTheNamedTokenizer counts with a tokenizer.json that takes
// text apart into bytes.
func TestTheBudgetIsThatOfTheNamedTokenizer(t *testing.T) {
	golden, err := os.ReadFile("../../embedder/tokenizer/testdata/bpe-bytes.json")
	if err != nil {
		t.Fatal(err)
	}
	var wrapped struct{ Tokenizer json.RawMessage }
	if err := json.Unmarshal(golden, &wrapped); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "tokenizer.json")
	if err := os.WriteFile(file, wrapped.Tokenizer, 0o600); err != nil {
		t.Fatal(err)
	}
	own, err := tokenizer.Load(wrapped.Tokenizer)
	if err != nil {
		t.Fatal(err)
	}
	a := open(t, settings(t, func(c *config.Config) { c.Context.Tokenizer = file }))
	seeds(t, a)
	estimated := open(t, settings(t, nil))
	seeds(t, estimated)
	rapid.Check(t, func(r *rapid.T) {
		tokens := rapid.IntRange(1, 6000).Draw(r, "tokens")
		format := corpus.ContextFormat(rapid.IntRange(0, 3).Draw(r, "format"))
		question := rapid.SampledFrom([]string{"الفقر", "digital cooperation between cities", "[1] <b> & vaccines"}).Draw(r, "question")
		answer := build(t, a, corpus.ContextQuery{Query: corpus.Query{Text: question}, MaxTokens: tokens, Format: format})
		if n := own.Count(answer.Text); n != answer.Tokens || n > tokens || !strings.Contains(answer.Counter, "tokenizer.json@") {
			r.Fatalf("%d tokens by the tokenizer, %d by %s, the budget is %d", n, answer.Tokens, answer.Counter, tokens)
		}
		if answer := build(t, estimated, corpus.ContextQuery{Query: corpus.Query{Text: question}, MaxTokens: tokens, Format: format}); answer.Tokens > tokens {
			r.Fatalf("%d tokens by %s, the budget is %d", answer.Tokens, answer.Counter, tokens)
		}
	})
	c := settings(t, func(c *config.Config) { c.Context.Tokenizer = t.TempDir() + "/missing.json" })
	if _, err := app.Open(t.Context(), c, quiet); err == nil || !strings.Contains(err.Error(), "context.tokenizer") {
		t.Errorf("a tokenizer that is not there: %v", err)
	}
}

// TestContextsAreCounted reads the metrics after contexts over the wire, and a
// filter that keeps nothing.
func TestContextsAreCounted(t *testing.T) {
	a := open(t, settings(t, nil))
	seeds(t, a)
	connection, admin := serve(t, a)
	client := dalilv1.NewSearchServiceClient(connection)
	none := &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_SOURCE, Values: []string{"nowhere"}}}}
	empty, err := client.BuildContext(t.Context(), &dalilv1.BuildContextRequest{Query: "poverty", Filter: none})
	if err != nil || empty.GetText() != "" || len(empty.GetBlocks()) != 0 || empty.GetEvidence() != dalilv1.Evidence_EVIDENCE_NONE || empty.GetTokens() != 0 {
		t.Errorf("a filter that keeps nothing: %v, %v", empty, err)
	}
	full, err := client.BuildContext(t.Context(), &dalilv1.BuildContextRequest{Query: "poverty"})
	if err != nil || len(full.GetBlocks()) == 0 || full.GetInterpretedQuery() != "poverty" {
		t.Fatal(full, err)
	}
	stage := full.GetTimings()[len(full.GetTimings())-1]
	if stage.GetStage() != dalilv1.Stage_STAGE_CONTEXT || stage.GetDuration().AsDuration() <= 0 {
		t.Errorf("the last stage is %v", stage)
	}
	_, page := get(t, admin+"/metrics")
	for _, want := range []string{
		`dalil_context_evidence_total{evidence="none"} 1`, "dalil_context_tokens_count 2", `dalil_context_dropped_total{reason="budget"}`,
		`dalil_search_stage_duration_seconds_count{stage="context"} 2`, "dalil_search_zero_results_total 1",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the metrics do not contain %s", want)
		}
	}
}

package app_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/tokenizer"
	"dalil/internal/app"
	"dalil/internal/config"
)

// Nothing that is sent is longer than the model reads, whatever the documents
// and their titles are, and every text is there in the end.
func TestNothingIsLongerThanTheModelReads(t *testing.T) {
	const file = "../../embedder/static/default/tokenizer.json"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	exact, err := tokenizer.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	const limit, special = 64, 2
	for name, test := range map[string]struct {
		tokenizer, unit string
		count           func(string) int
	}{
		"by the estimate":       {"", "estimate-1-", embedder.EstimateTokens},
		"by the tokenizer.json": {file, "tokens-", exact.Count},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var sent []string
			provider := startProvider(t, func(texts []string) bool {
				mu.Lock()
				defer mu.Unlock()
				sent = append(sent, texts...)
				return true
			})
			a := open(t, settings(t, func(c *config.Config) {
				c.Embedder = config.Embedder{
					Name: "openai", URL: provider + "/v1", Model: "m", Dimensions: 32, MaxTokens: limit, Tokenizer: test.tokenizer,
					PassagePrefix: "passage: ", QueryPrefix: "query: ",
				}
			}))
			indexSeeds(t, a)
			long := strings.Repeat("عنوان طويل جدا ", 40)
			ingest(t, a,
				corpus.Document{ID: "title", Title: long, Text: "نص قصير."},
				corpus.Document{ID: "word", Title: strings.Repeat("x", 900), Text: strings.Repeat("بلا", 400)},
				corpus.Document{ID: "sentence", Text: strings.Repeat("one sentence that never ends and ", 90)},
			)
			for _, text := range sent {
				if n := test.count(text); n > limit-special {
					t.Errorf("%d tokens were sent, the model reads %d: %q", n+special, limit, text)
				}
			}
			if !slices.ContainsFunc(sent, func(text string) bool { return test.count(text) > limit/2 }) {
				t.Error("no text fills half of what the model reads")
			}
			for id, want := range map[string]string{"title": "نص قصير.", "sentence": strings.Repeat("one sentence that never ends and ", 90)} {
				if d, err := a.Document(operator(t), id, true); err != nil || strings.TrimSpace(d.Document.Text) != strings.TrimSpace(want) {
					t.Errorf("%s: got %q, %v", id, d.Document.Text, err)
				}
			}
			if chunker := a.Info().Pipeline.Chunker; !strings.Contains(chunker, test.unit) {
				t.Errorf("the pipeline's chunker is %q, want %q in it", chunker, test.unit)
			}
		})
	}
}

func TestALimitThatLeavesNoTokens(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*config.Embedder)
		want   string
	}{
		"not set":              {func(e *config.Embedder) { e.MaxTokens = 0 }, "embedder.preset"},
		"too small":            {func(e *config.Embedder) { e.MaxTokens = 12 }, "embedder.max_tokens"},
		"no tokenizer there":   {func(e *config.Embedder) { e.Tokenizer = "nowhere.json" }, "embedder.tokenizer"},
		"not a tokenizer.json": {func(e *config.Embedder) { e.Tokenizer = "fit_test.go" }, "embedder.tokenizer"},
	} {
		c := settings(t, func(c *config.Config) {
			c.Embedder = config.Embedder{Name: "openai", URL: "http://127.0.0.1:1/v1", Model: "m", Dimensions: 32, MaxTokens: -1}
			test.change(&c.Embedder)
		})
		if _, err := app.Open(t.Context(), c, quiet); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s named", name, err, test.want)
		}
	}
}

// A question longer than the model reads never reaches it.
func TestALongQuestionIsAnsweredByWords(t *testing.T) {
	longest := atomic.Int64{}
	provider := startProvider(t, func(texts []string) bool {
		for _, text := range texts {
			longest.Store(max(longest.Load(), int64(len(text))))
		}
		return true
	})
	a := open(t, settings(t, func(c *config.Config) {
		c.Embedder = config.Embedder{Name: "openai", URL: provider + "/v1", Model: "m", Dimensions: 32, MaxTokens: 512}
	}))
	indexSeeds(t, a)
	longest.Store(0)
	question := "poverty reduction " + strings.Repeat("cooperation ", 400)
	answer, err := a.Search(operator(t), corpus.Query{Text: question, Limit: 3})
	if err != nil || len(answer.Passages) != 3 || !slices.Equal(answer.Degraded, []corpus.Arm{corpus.Dense}) {
		t.Errorf("%d passages, degraded %v, %v; want three by words", len(answer.Passages), answer.Degraded, err)
	}
	if n := longest.Load(); n != 0 {
		t.Errorf("the model was sent %d bytes", n)
	}
	if _, err := a.Search(operator(t), corpus.Query{Text: question, Arms: []corpus.Arm{corpus.Dense}}); !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "tokens") {
		t.Errorf("dense alone: %v, want the question refused with its length", err)
	}
}

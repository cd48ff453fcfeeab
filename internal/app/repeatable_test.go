package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/app"
)

// The same input gives the same index: two builds of the same documents, in
// another order and at another pace on a busy machine, answer every judged
// question with the same passages and the same scores.
func TestTheSameDocumentsGiveTheSameIndex(t *testing.T) {
	raws := paragraphs(t)
	questions := append(judged(t, "../../seeds"), "poverty reduction cooperation", "رقمنة المدن")
	first := answers(t, built(t, raws), questions)

	busy(t)
	shuffled := append([]corpus.Raw{raw("short", "Rivers.")}, raws...) // one short document arrives first
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(shuffled)-1, func(i, j int) { shuffled[i+1], shuffled[j+1] = shuffled[j+1], shuffled[i+1] })
	b := built(t, shuffled)
	if err := b.Delete(operator(t), []string{"short"}); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(first, answers(t, b, questions)); diff != "" {
		t.Errorf("answers (-in order +shuffled, under load):\n%s", diff)
	}
}

func raw(id, text string) corpus.Raw {
	return corpus.Raw{Document: corpus.Document{ID: id}, Body: []byte(text), MediaType: "text/plain"}
}

// paragraphs are the paragraphs of the seeds, each a document.
func paragraphs(t *testing.T) (raws []corpus.Raw) {
	t.Helper()
	files, err := filepath.Glob("../../seeds/*.txt")
	if err != nil || len(files) != 5 {
		t.Fatalf("%d seeds, error %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range strings.Split(string(data), "\n") {
			if p = strings.TrimSpace(p); p != "" {
				raws = append(raws, raw(fmt.Sprintf("%s-%02d", filepath.Base(file), i), p))
			}
		}
	}
	return raws
}

func judged(t *testing.T, dir string) (questions []string) {
	t.Helper()
	queries, err := evaluation.LoadQueries(filepath.Join(dir, "queries.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range queries {
		questions = append(questions, q.Text)
	}
	return questions
}

// built is an index of the documents, written as a stream of a server writes.
func built(t *testing.T, raws []corpus.Raw) *app.App {
	t.Helper()
	a := open(t, settings(t, nil))
	in := make(chan corpus.Raw)
	go func() {
		defer close(in)
		for i, r := range raws {
			in <- r
			for range i % 7 * 100 { // an uneven pace
				runtime.Gosched()
			}
		}
	}()
	err := a.Ingest(operator(t), in, func(_ int, r corpus.Receipt) {
		if r.Outcome != corpus.Indexed {
			t.Errorf("receipt of %s: %s, error %v", r.DocumentID, r.Outcome, r.Err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func answers(t *testing.T, a *app.App, questions []string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, q := range questions {
		answer, err := a.Search(operator(t), corpus.Query{Text: q})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range answer.Passages {
			all[q] = append(all[q], fmt.Sprintf("%s fused %v dense %v lexical %v", p.Chunk.ID, p.Scores.Fused, number(p.Scores.Dense), number(p.Scores.Lexical)))
		}
	}
	return all
}

func number(score *float32) any {
	if score == nil {
		return nil
	}
	return *score
}

// busy keeps every core at work until the test ends.
func busy(t *testing.T) {
	ctx, cancel := context.WithCancel(operator(t))
	var wg sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for ctx.Err() == nil {
				runtime.Gosched()
			}
		})
	}
	t.Cleanup(func() { cancel(); wg.Wait() })
}

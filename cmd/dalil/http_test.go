package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// Every line of curl in the README and in docs/http.md works as it is written.
func TestLinesOfCurl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Fatal("curl is not installed")
	}
	grpcAddress, address := servingBoth(t, "--http", "127.0.0.1:0")
	if code, _, stderr := dalil(t, t.TempDir(), "", nil, "index", "--server", grpcAddress, "../../seeds"); code != 0 {
		t.Fatal(stderr)
	}
	for _, page := range []string{"../../README.md", "../../docs/http.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		lines := regexp.MustCompile(`(?m)^    ((?:curl|printf) .*)$`).FindAllStringSubmatch(string(text), -1)
		if len(lines) < 4 {
			t.Errorf("%s has %d lines", page, len(lines))
		}
		folder := t.TempDir()
		for _, line := range lines {
			command := strings.ReplaceAll(line[1], "127.0.0.1:7812", address)
			c := exec.Command("bash", "-c", "curl() { command curl --silent --show-error --fail-with-body --max-time 60 \"$@\"; }\n"+command)
			c.Dir = folder
			out, err := c.CombinedOutput()
			if err != nil || strings.HasPrefix(line[1], "curl") && !strings.HasPrefix(string(out), "{") || strings.Contains(string(out), `"FAILED"`) {
				t.Errorf("%s: %v\n%.500s", line[1], err, out)
			}
		}
	}
}

// The command line, HTTP and MCP give the same answer.
func TestAllDoorsAnswerTheSame(t *testing.T) {
	grpcAddress, address := servingBoth(t, "--http", "127.0.0.1:0")
	if code, _, stderr := dalil(t, t.TempDir(), "", nil, "index", "--server", grpcAddress, "../../seeds"); code != 0 {
		t.Fatal(stderr)
	}
	timings := regexp.MustCompile(`"timings":\[[^]]*\]`)
	const question = "poverty reduction cooperation"
	code, printed, stderr := dalil(t, t.TempDir(), "", nil, "search", "--server", grpcAddress, "--json", "--limit", "5", question)
	if code != 0 {
		t.Fatal(stderr)
	}
	overHTTP := post(t, address, "/v1/search", map[string]any{"query": question, "page_size": 5})
	if a, b := timings.ReplaceAllString(printed, ""), timings.ReplaceAllString(overHTTP, ""); a != b {
		t.Errorf("the command prints\n%.1500s\nHTTP answers\n%.1500s", a, b)
	}
	_, printed, _ = dalil(t, t.TempDir(), "", nil, "context", "--server", grpcAddress, "--json", "--max-tokens", "300", question)
	overHTTP = post(t, address, "/v1/context", map[string]any{"query": question, "max_tokens": 300})
	if a, b := timings.ReplaceAllString(printed, ""), timings.ReplaceAllString(overHTTP, ""); a != b {
		t.Errorf("the command prints\n%.1500s\nHTTP answers\n%.1500s", a, b)
	}
	_, printed, _ = dalil(t, t.TempDir(), "", nil, "info", "--server", grpcAddress, "--json")
	if answer := get(t, address, "/v1/info"); !strings.Contains(printed, strings.TrimSpace(answer)) && !sameMembers(t, printed, answer) {
		t.Errorf("the command prints\n%.1500s\nHTTP answers\n%.1500s", printed, answer)
	}
	var found struct {
		Passages []struct {
			DocumentID string `json:"document_id"`
		}
	}
	if err := json.Unmarshal([]byte(post(t, address, "/v1/search", map[string]any{"query": question, "page_size": 20})), &found); err != nil || len(found.Passages) == 0 {
		t.Fatal(err)
	}
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: "http://" + address + "/mcp"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "search", Arguments: map[string]any{"query": question, "limit": 3}})
	if err != nil || result.IsError {
		t.Fatal(result, err)
	}
	// An agent gets one passage of each document.
	var documents []string
	for _, p := range found.Passages {
		if !slices.Contains(documents, p.DocumentID) && len(documents) < 3 {
			documents = append(documents, p.DocumentID)
		}
	}
	var said struct{ Results []struct{ ID string } }
	encoded, err := json.Marshal(result.StructuredContent)
	if err != nil || json.Unmarshal(encoded, &said) != nil {
		t.Fatal(err)
	}
	var agents []string
	for _, r := range said.Results {
		agents = append(agents, r.ID)
	}
	if !slices.Equal(agents, documents) {
		t.Errorf("MCP finds %v, HTTP %v", agents, documents)
	}
}

// sameMembers reports whether every member of the answer is printed, whatever else is.
func sameMembers(t *testing.T, printed, answer string) bool {
	t.Helper()
	var a, b map[string]any
	if json.Unmarshal([]byte(printed), &a) != nil || json.Unmarshal([]byte(answer), &b) != nil {
		return false
	}
	for name, value := range b {
		if fmt.Sprint(a[name]) != fmt.Sprint(value) {
			t.Logf("%s: %v, %v", name, a[name], value)
			return false
		}
	}
	return len(b) > 0
}

func post(t *testing.T, address, path string, body any) string {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post("http://"+address+path, "application/json", strings.NewReader(string(encoded)))
	return bodyOf(t, response, err)
}

func get(t *testing.T, address, path string) string {
	t.Helper()
	response, err := http.Get("http://" + address + path)
	return bodyOf(t, response, err)
}

func bodyOf(t *testing.T, response *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil || !slices.Contains([]int{200}, response.StatusCode) {
		t.Fatalf("%d %v %s", response.StatusCode, err, data)
	}
	return string(data)
}

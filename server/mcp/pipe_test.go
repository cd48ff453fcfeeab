package mcp_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"dalil/server/mcp"
)

const (
	initialize  = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`
	initialized = `{"jsonrpc":"2.0","method":"notifications/initialized"}`
)

// talk sends lines to a server and returns its answers by id; those without an id are under "null".
func talk(t *testing.T, lines ...string) map[string][]json.RawMessage {
	t.Helper()
	var out bytes.Buffer
	server := mcp.New(indexedLibrary(t), mcp.Options{CountTokens: count})
	err := server.Run(t.Context(), &mcp.Pipe{In: strings.NewReader(strings.Join(lines, "\n") + "\n"), Out: &out})
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	answers := map[string][]json.RawMessage{}
	for scanner := bufio.NewScanner(&out); scanner.Scan(); {
		var message struct{ ID, Result, Error json.RawMessage }
		if err := json.Unmarshal(scanner.Bytes(), &message); err != nil {
			t.Fatalf("no message: %s", scanner.Bytes())
		}
		answers[string(message.ID)] = append(answers[string(message.ID)], bytes.Clone(scanner.Bytes()))
	}
	return answers
}

func TestCallsAreAnsweredAfterTheEndOfTheInput(t *testing.T) {
	answers := talk(t, initialize, initialized,
		`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","arguments":{"query":"fish heart"}}}`,
		`{"jsonrpc":"2.0","id":"three","method":"tools/call","params":{"name":"get_context","arguments":{"query":"fish heart"}}}`)
	for _, id := range []string{"1", "2", `"three"`} {
		if len(answers[id]) != 1 || !bytes.Contains(answers[id][0], []byte(`"result"`)) {
			t.Errorf("call %s: answers %s", id, answers[id])
		}
	}
}

func TestABadLineDoesNotEndTheSession(t *testing.T) {
	lines := []string{initialize, initialized, "garbage", "null", "[]", `{"jsonrpc":"1.0","id":9,"method":"ping"}`, strings.Repeat("x", 5<<20), ""}
	answers := talk(t, append(lines, `{"jsonrpc":"2.0","id":2,"method":"ping"}`)...)
	if len(answers["2"]) != 1 || !bytes.Contains(answers["2"][0], []byte(`"result"`)) {
		t.Errorf("the call after the bad lines: %s", answers["2"])
	}
	if n := len(answers["null"]); n != 5 {
		t.Errorf("%d errors for 5 bad lines: %s", n, answers["null"])
	}
	for _, a := range answers["null"] {
		if !bytes.Contains(a, []byte(`"code":-32700`)) && !bytes.Contains(a, []byte(`"code":-32600`)) {
			t.Errorf("%s", a)
		}
	}
}

func TestNoErrorHasCodeZero(t *testing.T) {
	answers := talk(t, `{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"search","arguments":{"query":"x"}}}`, initialize, initialized,
		`{"jsonrpc":"2.0","id":2,"method":"prompts/get","params":{"name":"answer_with_citations"}}`,
		`{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"none"}}`)
	for id, all := range answers {
		for _, a := range all {
			var message struct{ Error *struct{ Code int } }
			if json.Unmarshal(a, &message) == nil && message.Error != nil && message.Error.Code == 0 {
				t.Errorf("%s: %s", id, a)
			}
		}
	}
	if len(answers["2"]) != 1 || !bytes.Contains(answers["2"][0], []byte(`-32602`)) {
		t.Errorf("a prompt without its argument: %s", answers["2"])
	}
}

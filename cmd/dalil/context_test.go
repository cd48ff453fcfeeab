package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestContext(t *testing.T) {
	data := t.TempDir()
	if code, out, errs := dalil(t, data, "", nil, "context", "q"); code != 1 || out != "" {
		t.Errorf("without an index: %d\n%s%s", code, out, errs)
	}
	if code, out, errs := dalil(t, data, "", nil, "index", "../../seeds"); code != 0 {
		t.Fatalf("index: %d\n%s%s", code, out, errs)
	}
	type response struct {
		Text   string
		Tokens int
		Blocks []struct {
			Citation   string
			PassageIDs []string `json:"passage_ids"`
			Document   struct {
				DocumentID string `json:"document_id"`
			}
			Text string
		}
		Evidence     string
		TokenCounter string `json:"token_counter"`
		Dropped      []struct {
			PassageID string `json:"passage_id"`
			Reason    string
		}
	}
	code, out, errs := dalil(t, data, "", nil, "context", "--json", "--max-tokens", "400", "Who", "founded", "the cities forum in 2014?")
	var r response
	if err := json.Unmarshal([]byte(out), &r); code != 0 || err != nil {
		t.Fatalf("%d, %v\n%s%s", code, err, out, errs)
	}
	if r.Tokens < 1 || r.Tokens > 400 || r.TokenCounter != "estimate-1" || !strings.Contains(r.Text, "تأسس بمبادرة من جمعية الصداقة") {
		t.Errorf("%+v", r)
	}
	if len(r.Blocks) == 0 || r.Blocks[0].Citation != "1" || len(r.Blocks[0].PassageIDs) == 0 || r.Blocks[0].Document.DocumentID == "" ||
		len(r.Dropped) == 0 || r.Dropped[0].PassageID == "" || r.Dropped[0].Reason == "" {
		t.Errorf("%+v", r)
	}
	code, text, errs := dalil(t, data, "", nil, "context", "--max-tokens", "400", "Who founded the cities forum in 2014?")
	if code != 0 || strings.TrimSpace(text) != r.Text || !strings.Contains(errs, "tokens (estimate-1)") {
		t.Errorf("%d: for people\n%s\nin JSON\n%s\n%s", code, text, r.Text, errs)
	}
	code, out, _ = dalil(t, data, "", nil, "context", "--json", "--language", "zh", "poverty")
	r = response{}
	if err := json.Unmarshal([]byte(out), &r); code != 3 || err != nil || r.Evidence != "NONE" || r.Text != "" || len(r.Blocks) != 0 {
		t.Errorf("a filter that keeps nothing: %d, %v\n%s", code, err, out)
	}
	for flag, args := range map[string][]string{
		"--max-tokens": {"--max-tokens", "0", "q"}, "--neighbours": {"--neighbours", "9", "q"}, "the question": {"..."}, "--per-document": {"--per-document", "0", "q"},
	} {
		if code, out, errs := dalil(t, data, "", nil, append([]string{"context"}, args...)...); code != 1 || out != "" || !strings.Contains(errs, flag+":") {
			t.Errorf("%v: %d\n%s%s", args, code, out, errs)
		}
	}
	if code, _, errs := dalil(t, data, "", nil, "context", "--format", "html", "q"); code != 2 || !strings.Contains(errs, "--format") {
		t.Errorf("--format html: %d, %s", code, errs)
	}
}

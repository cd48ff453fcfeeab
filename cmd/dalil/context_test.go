package main

import (
	"encoding/json"
	"os"
	"path/filepath"
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
	if code != 0 || strings.TrimSpace(text) != r.Text || !strings.Contains(errs, "tokens (estimate-1)") || !strings.Contains(errs, " included, ") || !strings.Contains(errs, " left out\n") {
		t.Errorf("%d: for people\n%s\nin JSON\n%s\n%s", code, text, r.Text, errs)
	}
	code, out, _ = dalil(t, data, "", nil, "context", "--json", "--language", "zh", "poverty")
	r = response{}
	if err := json.Unmarshal([]byte(out), &r); code != 3 || err != nil || r.Evidence != "NONE" || r.Text != "" || len(r.Blocks) != 0 {
		t.Errorf("a filter that keeps nothing: %d, %v\n%s", code, err, out)
	}
	if code, upper, errs := dalil(t, data, "", nil, "context", "--format", "XML", "--order", "EDGES", "poverty"); code != 0 || !strings.HasPrefix(upper, "<documents>") {
		t.Errorf("names in capitals: %d\n%s%s", code, upper, errs)
	}
	if code, small, errs := dalil(t, data, "", nil, "--set", "context.max_tokens=60", "context", "--json", "poverty"); code != 0 || !strings.Contains(small, `"token_counter"`) {
		t.Errorf("a server that allows 60 tokens: %d\n%s%s", code, small, errs)
	} else if err := json.Unmarshal([]byte(small), &r); err != nil || r.Tokens > 60 {
		t.Errorf("%d tokens, 60 are allowed, %v", r.Tokens, err)
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

func TestContextOfAServer(t *testing.T) {
	address := serving(t)
	dalil(t, "", "", nil, "index", "--server", address, "../../seeds")
	code, out, errs := dalil(t, "", "", nil, "context", "--server", address, "--format", "xml", "--max-tokens", "300", "poverty reduction")
	if code != 0 || !strings.HasPrefix(out, "<documents>\n<document index=\"1\">") || !strings.HasSuffix(out, "</documents>\n") {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
	if code, out, _ := dalil(t, "", "", nil, "context", "--server", address, "--language", "zh", "poverty"); code != 3 || out != "" {
		t.Errorf("a filter that keeps nothing: %d\n%s", code, out)
	}
	if code, _, errs := dalil(t, "", "", nil, "context", "--server", "127.0.0.1:1", "--timeout", "300ms", "q"); code != 1 || !strings.Contains(errs, "127.0.0.1:1") {
		t.Errorf("nobody answers: %d %s", code, errs)
	}
}

func TestEvalOfContexts(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"corpus.jsonl":  `{"_id": "bridge", "text": "The bridge was opened in 2014 by the mayor."}` + "\n" + `{"_id": "harbour", "text": "Ships come to the harbour from all parts of the sea."}`,
		"queries.jsonl": `{"_id": "q1", "text": "When was the bridge opened?", "answers": ["in 2014"], "tags": ["en"]}` + "\n" + `{"_id": "q2", "text": "Where do ships come to?", "answers": ["the station"]}` + "\n" + `{"_id": "q3", "text": "harbour"}`,
		"qrels.tsv":     "q1\tbridge\t1\nq2\tharbour\t1\nq3\tharbour\t1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := dalil(t, t.TempDir(), "", nil, "eval", "--context", "200", "--json", dir)
	var got struct {
		Contexts []struct {
			Budget  int
			Overall struct {
				Questions int
				Inside    float64
			}
			Tags    map[string]struct{ Inside float64 }
			Over    *int `json:"over_budget"`
			Missing []string
		}
	}
	if err := json.Unmarshal([]byte(out), &got); code != 0 || err != nil || len(got.Contexts) != 1 {
		t.Fatalf("%d, %v\n%s%s", code, err, out, errs)
	}
	c := got.Contexts[0]
	if c.Budget != 200 || c.Overall.Questions != 3 || c.Overall.Inside < 0.66 || c.Overall.Inside > 0.67 || c.Tags["en"].Inside != 1 ||
		c.Over == nil || *c.Over != 0 || len(c.Missing) != 1 || c.Missing[0] != "q2" {
		t.Errorf("%s", out)
	}
	code, out, _ = dalil(t, t.TempDir(), "", nil, "eval", "--context", "200", dir)
	if code != 0 || !strings.Contains(out, "66.7%") {
		t.Errorf("%d\n%s", code, out)
	}
	for _, tokens := range []string{"-1", "0", "32001"} {
		if code, _, errs := dalil(t, t.TempDir(), "", nil, "eval", "--context="+tokens, dir); code != 1 || !strings.Contains(errs, "--context: must be 1 to 32000") {
			t.Errorf("--context %s: %d %s", tokens, code, errs)
		}
	}
}

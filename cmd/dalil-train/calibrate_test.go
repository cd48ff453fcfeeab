package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"dalil/searcher"
	"dalil/searcher/relevance"
)

func TestCalibrateFitsATable(t *testing.T) {
	set := t.TempDir()
	var documents, questions, judgements bytes.Buffer
	judgements.WriteString("query-id\tcorpus-id\tscore\n")
	for i, animal := range []string{"lion", "horse", "eagle", "whale", "snake", "tiger", "camel", "rabbit"} {
		fmt.Fprintf(&documents, "{\"_id\": \"d%d\", \"text\": \"The %s lives in a far country. It eats in the morning.\"}\n", i, animal)
		fmt.Fprintf(&questions, "{\"_id\": \"q%d\", \"text\": \"Where does the %s live?\"}\n", i, animal)
		fmt.Fprintf(&judgements, "q%d\td%d\t1\n", i, i)
	}
	for name, b := range map[string]*bytes.Buffer{"corpus.jsonl": &documents, "queries.jsonl": &questions, "qrels.tsv": &judgements} {
		if err := os.WriteFile(filepath.Join(set, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(t.TempDir(), "table.json")
	var stdout, stderr bytes.Buffer
	if code := run([]string{"calibrate", "--sets", set, "--trees", "2", "--out", out}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if table, err := relevance.Load(data, searcher.SignNames()); err != nil || table.Kind() != "static" {
		t.Errorf("the table cannot be read: %v", err)
	}
}

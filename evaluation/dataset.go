// Package evaluation measures ranked answers on judged query sets in the
// BEIR layout (Thakur et al., NeurIPS 2021): corpus.jsonl, queries.jsonl,
// qrels.tsv. Start with [Load] and [Measure].
package evaluation

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"dalil/corpus"
)

// Judged is a question with what should answer it.
type Judged struct {
	ID       string
	Text     string
	Relevant map[string]int // document id → gain, all > 0
	Tags     []string       // groups to report on their own, such as "ar"
	Answers  []string       // texts that answer, of which a context must have one; nil: any text of a relevant document does
}

// Set is a judged query set.
type Set struct {
	Name      string
	Documents []corpus.Document
	Queries   []Judged
}

// Load reads a folder in the BEIR layout. Queries without a relevant document are
// left out, as in BEIR's own tools. A judgement that names an unknown query or
// document is an error.
func Load(dir string) (Set, error) {
	set := Set{Name: filepath.Base(filepath.Clean(dir))}
	known := map[string]bool{}
	err := lines(filepath.Join(dir, "corpus.jsonl"), func(row record) error {
		if known[row.ID] {
			return fmt.Errorf("document %q appears twice", row.ID)
		}
		known[row.ID] = true
		set.Documents = append(set.Documents, corpus.Document{ID: row.ID, Title: row.Title, Text: row.Text})
		return nil
	})
	if err != nil {
		return Set{}, err
	}
	set.Queries, err = LoadQueries(filepath.Join(dir, "queries.jsonl"))
	if err != nil {
		return Set{}, err
	}
	at := map[string]int{}
	for i, q := range set.Queries {
		if _, twice := at[q.ID]; twice {
			return Set{}, fmt.Errorf("%s: query %q appears twice", dir, q.ID)
		}
		at[q.ID] = i
	}
	err = judgements(filepath.Join(dir, "qrels.tsv"), func(query, document string, gain int) error {
		i, ok := at[query]
		if !ok {
			return fmt.Errorf("judges query %q, which is not in queries.jsonl", query)
		}
		if !known[document] {
			return fmt.Errorf("judges document %q, which is not in corpus.jsonl", document)
		}
		if gain > 0 {
			set.Queries[i].Relevant[document] = gain
		}
		return nil
	})
	if err != nil {
		return Set{}, err
	}
	kept := set.Queries[:0]
	for _, q := range set.Queries {
		if len(q.Relevant) > 0 {
			kept = append(kept, q)
		}
	}
	set.Queries = kept
	if len(set.Queries) == 0 {
		return Set{}, fmt.Errorf("%s: no query has a relevant document", dir)
	}
	return set, nil
}

// LoadQueries reads a queries.jsonl. In addition to BEIR's _id and text, a line may
// have judgements ("relevant": {"document": gain}) and tags, so that a small set
// needs only one file.
func LoadQueries(path string) ([]Judged, error) {
	var queries []Judged
	err := lines(path, func(row record) error {
		if row.Relevant == nil {
			row.Relevant = map[string]int{}
		}
		queries = append(queries, Judged{ID: row.ID, Text: row.Text, Relevant: row.Relevant, Tags: row.Tags, Answers: row.Answers})
		return nil
	})
	return queries, err
}

type record struct {
	ID       string         `json:"_id"`
	Title    string         `json:"title"`
	Text     string         `json:"text"`
	Relevant map[string]int `json:"relevant"`
	Tags     []string       `json:"tags"`
	Answers  []string       `json:"answers"`
}

func lines(path string, each func(record) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	decoder := json.NewDecoder(bufio.NewReaderSize(f, 1<<16))
	for n := 1; ; n++ {
		var row record
		if err := decoder.Decode(&row); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: record %d: %w", path, n, err)
		}
		if row.ID == "" {
			return fmt.Errorf("%s: record %d: has no _id", path, n)
		}
		if err := each(row); err != nil {
			return fmt.Errorf("%s: record %d: %w", path, n, err)
		}
	}
}

func judgements(path string, each func(query, document string, gain int) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	for n := 1; scanner.Scan(); n++ {
		line := strings.TrimSpace(scanner.Text())
		if line == "" || n == 1 && strings.HasPrefix(line, "query-id") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			return fmt.Errorf("%s:%d: has %d fields, wants query, document and gain", path, n, len(fields))
		}
		gain, err := strconv.Atoi(fields[2])
		if err != nil {
			return fmt.Errorf("%s:%d: gain %q is not a whole number", path, n, fields[2])
		}
		if err := each(fields[0], fields[1], gain); err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	return scanner.Err()
}

package followups

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/training"
	"dalil/internal/training/relevance"
)

// written are conversations that a person wrote about passages of the training text, one a line: the file, the first row
// of the passage, a question, another one about the same passage that is complete, and the same as one asks it
// after the first. Each is in English and in Arabic.
//
//go:embed written.tsv
var written string

// Talk is a conversation of two questions about one passage.
type Talk struct {
	First    string
	Full     string // the second question, as it is asked without the first
	Follow   string // the second question
	Document string // the passage
	File     string // its file
	Twin     string // the first question in the other language
}

// AddWritten returns the conversations that a person wrote, with questions in one language (0: English, 1: Arabic), about
// passages in the other one or the same. half has them in two parts. The passages are added to the set.
func AddWritten(set *evaluation.Set, files map[string][]training.Pair, questions, passages, half int) ([]Talk, error) {
	held := map[string]bool{}
	for _, d := range set.Documents {
		held[d.ID] = true
	}
	var talks []Talk
	for n, line := range strings.Split(strings.TrimSpace(written), "\n") {
		fields := strings.Split(line, "\t")
		if len(fields) != 8 {
			return nil, fmt.Errorf("written.tsv:%d: has %d fields, wants 8", n+1, len(fields))
		}
		pairs, given := files[fields[0]]
		row, err := strconv.Atoi(fields[1])
		if !given || err != nil || row < 0 || row+5 > len(pairs) {
			return nil, fmt.Errorf("written.tsv:%d: %s has no passage at row %q", n+1, fields[0], fields[1])
		}
		id := fields[0] + ":" + fields[1]
		if row/5%2 != half {
			continue
		}
		if !held[id] {
			held[id] = true
			set.Documents = append(set.Documents, corpus.Document{ID: id, Text: relevance.Passage(pairs, row, passages)})
		}
		talks = append(talks, Talk{File: fields[0], Twin: fields[3-questions], First: fields[2+questions], Full: fields[4+questions], Follow: fields[6+questions], Document: id})
	}
	return talks, nil
}

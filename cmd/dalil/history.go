package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/wirejson"
)

// historyFlag is a conversation before the question.
type historyFlag struct {
	History string `placeholder:"FILE" help:"JSON file with the conversation before the question, oldest turn first, or - for standard input: [{\"role\": \"USER\", \"text\": \"...\"}, {\"role\": \"ASSISTANT\", \"text\": \"...\", \"passage_ids\": [\"...\"]}]."`
}

// mostHistoryFile bounds the file: the server takes less.
const mostHistoryFile = 1 << 20

// turns reads the file.
func (h *historyFlag) turns(s streams) ([]*dalilv1.Turn, error) {
	if h.History == "" {
		return nil, nil
	}
	in := s.in
	if h.History != "-" {
		f, err := os.Open(h.History)
		if err != nil {
			return nil, fmt.Errorf("--history: %w", err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, mostHistoryFile+1))
	if err != nil {
		return nil, fmt.Errorf("--history: %w", err)
	}
	if len(data) > mostHistoryFile {
		return nil, fmt.Errorf("--history %s: the file has more than %d bytes", h.History, mostHistoryFile)
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\uFEFF"))) // a byte order mark
	if len(data) == 0 || data[0] != '[' || !json.Valid(data) {
		return nil, fmt.Errorf("--history %s: must be a JSON array of turns with role, text and passage_ids", h.History)
	}
	var request dalilv1.SearchRequest // its field of this name has the form of the file
	if err := wirejson.Unmarshal(append(append([]byte(`{"history":`), data...), '}'), &request); err != nil {
		return nil, fmt.Errorf("--history %s: %w", h.History, err)
	}
	return request.GetHistory(), nil
}

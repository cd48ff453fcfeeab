package endpoint_test

import (
	"encoding/json"
	"strings"
	"testing"

	"dalil/embedder/endpoint"
)

// FuzzRow: whatever a reply holds, a vector is read as the numbers that it
// holds or refused; the plain form is read as the library reads it.
func FuzzRow(f *testing.F) {
	for _, seed := range []string{
		`[1,0.5,-2e-3]`, `["1"," 2 "]`, `[[1,2]]`, `[[1],[2]]`, `"AACAPwAAAAA="`, `null`, `[]`, `[ ]`, `[null,1]`, `[1e999]`, `{"a":1}`, `["NaN"]`, `[[[1]]]`, `[true]`, `["a,b"]`, `[[]]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) {
			return
		}
		var row endpoint.Row
		err := json.Unmarshal([]byte(text), &row)
		var plain []float32
		if json.Unmarshal([]byte(text), &plain) != nil || strings.Contains(text, "null") {
			return
		}
		if err != nil || len(row) != len(plain) {
			t.Fatalf("%s: %d numbers, %v, want %d", text, len(row), err, len(plain))
		}
		for i := range row {
			if row[i] != plain[i] {
				t.Fatalf("%s: number %d is %v, want %v", text, i, row[i], plain[i])
			}
		}
	})
}

package parser_test

import (
	"io"
	"testing"

	"dalil/parser"
)

// A pipe that gives a record and then nothing for long gives that record at once.
func TestJSONLinesDoNotWaitForMore(t *testing.T) {
	reader, writer := io.Pipe()
	go func() { _, _ = io.WriteString(writer, "{\"id\":\"a\",\"text\":\"x\"}\n") }() // and then silence
	for raw, err := range parser.JSONLines(reader, "-") {
		if err != nil || raw.Document.ID != "a" {
			t.Errorf("got %+v, %v", raw, err)
		}
		break
	}
	reader.Close()
}

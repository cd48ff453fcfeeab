// Package csv reads tables of separated values. Start with [Read].
package csv

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/parser/format"
)

// Read reads values between commas, semicolons, tabs or bars, and ReadTSV between
// tabs. They become a table, a line a row; the first row is its header
// where it reads as one.
func Read(in *format.Input) (corpus.Document, error) { return table(in, 0) }

// ReadTSV reads values between tabs.
func ReadTSV(in *format.Input) (corpus.Document, error) { return table(in, '\t') }

func table(in *format.Input, comma rune) (corpus.Document, error) {
	text, err := format.Decode(in)
	if err != nil {
		return corpus.Document{}, err
	}
	text = strings.TrimPrefix(text, "\uFEFF")
	if rest, found := strings.CutPrefix(text, "sep="); found { // a line for spreadsheets
		if r, size := utf8.DecodeRuneInString(rest); r != utf8.RuneError && r != '"' && r != '\n' && r != '\r' {
			comma = r
			_, text, _ = strings.Cut(rest[size:], "\n")
		}
	}
	if comma == 0 {
		comma = delimiter(text)
	}
	reader := newRows(text, comma)
	var b strings.Builder
	b.Grow(len(text))
	for n := 0; ; n++ {
		if n%1024 == 0 && in.Ctx.Err() != nil {
			return corpus.Document{}, in.Ctx.Err()
		}
		record, err := reader.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return corpus.Document{}, corpus.Invalid("body", fmt.Sprintf("cannot be read as a table: %v", err))
		}
		cells := make([]string, len(record))
		for i, cell := range record {
			cells[i] = strings.Join(strings.Fields(cell), " ")
		}
		for len(cells) > 0 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		if len(cells) == 0 {
			continue
		}
		first := b.Len() == 0
		b.WriteString(strings.Join(cells, " | "))
		b.WriteByte('\n')
		if first && isHeader(cells) && !reader.done() {
			b.WriteString(format.TableRule(len(cells)))
		}
	}
	if reader.loose > 0 {
		in.Warn("line %d has a quotation mark that is not closed or not doubled; %d such lines were read as one row each", reader.first, reader.loose)
	}
	return corpus.Document{Text: b.String()}, nil
}

// delimiter is what separates values: of the usual ones that which the first lines
// have most evenly.
func delimiter(text string) rune {
	lines := bytes.SplitN([]byte(text[:min(len(text), 1<<16)]), []byte("\n"), 12)
	if len(lines) > 1 {
		lines = lines[:len(lines)-1]
	}
	best, most := ',', 0
	for _, d := range []rune{',', ';', '\t', '|'} {
		with, least := 0, 1<<10 // lines that have it, and how often the poorest does
		for _, line := range lines {
			n, quoted := 0, false
			for _, r := range string(line) {
				switch {
				case r == '"':
					quoted = !quoted
				case r == d && !quoted:
					n++
				}
			}
			if n > 0 {
				with, least = with+1, min(least, n)
			}
		}
		if score := with<<10 + least; with > 0 && score > most {
			best, most = d, score
		}
	}
	return best
}

// isHeader reports whether the first row names columns: two at least, each of them
// named, none a number, none twice.
func isHeader(cells []string) bool {
	seen := map[string]bool{}
	for _, c := range cells {
		if c == "" || seen[c] || !strings.ContainsFunc(c, unicode.IsLetter) || len(c) > format.MaxCell {
			return false
		}
		seen[c] = true
	}
	return len(cells) > 1
}

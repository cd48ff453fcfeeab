package csv

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// rows reads the rows of a table. A row with a quotation mark that is not closed
// ends with its line; otherwise it would include all rows after it.
type rows struct {
	text   string
	comma  rune
	reader *csv.Reader
	from   int // where the reader began
	at     int // where the next row begins
	loose  int // lines that were wrongly quoted
	first  int // the first of them, from 1
}

func newRows(text string, comma rune) *rows {
	r := &rows{text: text, comma: comma}
	r.restart()
	return r
}

func (r *rows) restart() {
	r.reader, r.from = r.strict(r.text[r.at:]), r.at
}

func (r *rows) strict(text string) *csv.Reader {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.ReuseRecord = r.comma, -1, true
	return reader
}

func (r *rows) done() bool { return strings.TrimSpace(r.text[r.at:]) == "" }

// next returns the next row, and io.EOF behind the last.
func (r *rows) next() ([]string, error) {
	record, err := r.reader.Read()
	if !errors.Is(err, csv.ErrQuote) && !errors.Is(err, csv.ErrBareQuote) {
		r.at = r.from + int(r.reader.InputOffset())
		return record, err
	}
	for r.at < len(r.text) && (r.text[r.at] == '\n' || r.text[r.at] == '\r') { // the reader passes over empty lines
		r.at++
	}
	line, _, _ := strings.Cut(r.text[r.at:], "\n")
	if errors.Is(err, csv.ErrQuote) {
		if r.loose++; r.loose == 1 {
			r.first = 1 + strings.Count(r.text[:r.at], "\n")
		}
	}
	r.at = min(r.at+len(line)+1, len(r.text))
	r.restart()
	lazy := r.strict(line)
	lazy.LazyQuotes = true
	record, err = lazy.Read()
	if errors.Is(err, io.EOF) { // an empty line
		return nil, nil
	}
	return record, err
}

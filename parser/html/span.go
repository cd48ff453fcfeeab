package html

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// Bounds on cells that span rows or columns.
const (
	maxSpan    = 100      // columns
	maxSpanned = 32 << 10 // bytes that are repeated in one table
)

// spans are cells that reach down into the next rows, by their column. A row that
// is alone in a passage has to say what it belongs to.
type spans struct {
	cells []spanned
	left  int // bytes that may still be repeated
}

type spanned struct {
	text string
	rows int // still to come
}

// above fills in the cells that reach down into the columns that come next.
func (s *spans) above(cells []string) []string {
	for at := len(cells); at < len(s.cells) && s.cells[at].rows > 0; at++ {
		text := s.cells[at].text
		if s.left -= len(text) + 3; s.left < 0 {
			break
		}
		s.cells[at].rows--
		cells = append(cells, text)
	}
	return cells
}

// add appends a cell. Names of columns are repeated in each of them, other cells
// are written once.
func (s *spans) add(cells []string, text string, rows, columns int, name bool) []string {
	for i := range min(columns, maxSpan) {
		if i > 0 {
			if s.left -= len(text) + 3; s.left < 0 {
				break
			}
			if !name {
				text = ""
			}
		}
		at := len(cells)
		cells = append(cells, text)
		if rows > 1 && s.left > 0 {
			for len(s.cells) <= at {
				s.cells = append(s.cells, spanned{})
			}
			s.cells[at] = spanned{text, rows - 1}
		}
	}
	return cells
}

// spanOf reads how many rows or columns a cell takes.
func spanOf(n *html.Node, key string) int {
	span, err := strconv.Atoi(strings.TrimSpace(attribute(n, key)))
	if err != nil || span < 1 {
		return 1
	}
	return min(span, 1000)
}

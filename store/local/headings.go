package local

import (
	"context"
	"strings"
)

// The headings of passages have a table of their own: most passages have none, and
// folders of older versions do not have the table. Opening for writing adds it.
const headingTable = "CREATE TABLE IF NOT EXISTS heading (place INTEGER PRIMARY KEY, path BLOB NOT NULL)"

// headingsColumn is the expression that gives a passage's headings, NULL for none.
func headingsColumn(ctx context.Context, q querier) (string, error) {
	var n int
	if err := q.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'heading'").Scan(&n); err != nil || n == 0 {
		return "NULL", err
	}
	return "(SELECT path FROM heading WHERE heading.place = passage.place)", nil
}

// encodeHeadings writes each heading on a line of its own.
func encodeHeadings(headings []string) []byte {
	if len(headings) == 0 {
		return nil
	}
	return []byte(strings.Join(headings, "\n"))
}

func decodeHeadings(b []byte) []string {
	if len(b) == 0 {
		return nil
	}
	return strings.Split(string(b), "\n")
}

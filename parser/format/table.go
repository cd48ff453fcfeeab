package format

import "strings"

// MaxCell is the longest text of a cell, in bytes, that makes a line of a table; a
// table with more is there for the layout.
const MaxCell = 2000

// TableRule is the line between the header and the rows of a table.
func TableRule(columns int) string {
	return strings.TrimSuffix(strings.Repeat("--- | ", max(columns, 2)), " | ") + "\n"
}

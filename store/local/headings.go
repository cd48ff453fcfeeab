package local

import "strings"

// encodeHeadings encodes each heading on a line of its own.
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

package followups

import (
	_ "embed"
	"strings"
)

// generalLines are follow-ups that may be asked about many things, in English and in Arabic.
//
//go:embed general.tsv
var generalLines string

// generalFollowUp returns the follow-up of general words with a number. The numbers count around.
func generalFollowUp(n int, arabic bool) string {
	lines := strings.Split(strings.TrimSpace(generalLines), "\n")
	english, other, _ := strings.Cut(lines[n%len(lines)], "\t")
	if arabic {
		return other
	}
	return english
}

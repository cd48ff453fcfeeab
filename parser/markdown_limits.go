package parser

import (
	"fmt"
	"strings"

	"dalil/corpus"
)

// Bounds on Markdown: nested blocks, links and emphasis in one block, and link
// definitions cost the library quadratic time, and nesting costs stack.
const (
	maxMarkers     = 100
	maxBlockLinks  = 2_000
	maxEmphasis    = 10_000
	maxDefinitions = 10_000
)

// checkMarkdown refuses a text that would take the library too long.
func checkMarkdown(source string) error {
	links, emphasis, definitions := 0, 0, 0
	for line := range strings.SplitSeq(source, "\n") {
		markers, rest := blockMarkers(line)
		if markers > maxMarkers {
			return corpus.Invalid("body", fmt.Sprintf("nests more than %d Markdown blocks in a line", maxMarkers))
		}
		if markers > 0 || rest == "" {
			links, emphasis = 0, 0 // another block
		}
		if links += strings.Count(rest, "]("); links > maxBlockLinks {
			return corpus.Invalid("body", fmt.Sprintf("has more than %d links in one paragraph", maxBlockLinks))
		}
		if emphasis += strings.Count(rest, "*") + strings.Count(rest, "_"); emphasis > maxEmphasis {
			return corpus.Invalid("body", fmt.Sprintf("has more than %d marks of emphasis in one paragraph", maxEmphasis))
		}
		if strings.HasPrefix(rest, "[") && strings.Contains(rest, "]:") {
			definitions++
		}
		if definitions > maxDefinitions {
			return corpus.Invalid("body", fmt.Sprintf("has more than %d link definitions", maxDefinitions))
		}
	}
	return nil
}

// blockMarkers counts the quotes and list items that a line opens.
func blockMarkers(line string) (n int, rest string) {
	rest = strings.TrimSpace(line)
	for {
		marker := 0
		for marker < len(rest) && marker < 9 && rest[marker] >= '0' && rest[marker] <= '9' {
			marker++
		}
		if marker < len(rest) && (marker == 0 && strings.IndexByte(">-*+", rest[marker]) >= 0 || marker > 0 && strings.IndexByte(".)", rest[marker]) >= 0) {
			after := rest[marker+1:]
			if rest[marker] == '>' || strings.HasPrefix(after, " ") || strings.HasPrefix(after, "\t") {
				n, rest = n+1, strings.TrimLeft(after, " \t")
				continue
			}
		}
		return n, rest
	}
}

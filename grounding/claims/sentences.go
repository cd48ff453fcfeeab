package claims

import (
	"strings"
	"unicode/utf8"

	"dalil/chunker"
	"dalil/corpus"
)

// longSentence is how many bytes a sentence has at most: about 350 words. A longer one, such as a
// table in one line, counts as several, because the time of a comparison grows with the square of
// what is compared.
const longSentence = 2 << 10

// sentencesOf cuts a text into sentences of at most longSentence bytes. A longer one is cut behind
// its last space, or inside of a word that is longer.
func sentencesOf(text string) []corpus.Span {
	var all []corpus.Span
	for _, span := range chunker.Sentences(text) {
		for span.Len() > longSentence {
			end := span.Start + longSentence
			if at := strings.LastIndexAny(text[span.Start:end], " \t\n"); at > 0 {
				end = span.Start + at + 1
			} else {
				for !utf8.RuneStart(text[end]) {
					end--
				}
			}
			all = append(all, corpus.Span{Start: span.Start, End: end})
			span.Start = end
		}
		all = append(all, span)
	}
	return all
}
